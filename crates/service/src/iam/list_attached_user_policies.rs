//! `ListAttachedUserPolicies`: the managed policies attached to a user, or those
//! of them under one path.
//!
//! **Source**: IAM API reference, *ListAttachedUserPolicies*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a marker of another listing, and the common
//! set. The documented `InvalidInput` has nothing to come from: the shape of a prefix is checked
//! before.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::{error, shapes, users};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListAttachedUserPolicies;

pub(super) struct Input {
    user_name: String,
    path_prefix: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        let prefix = members.optional_text("PathPrefix", &shapes::POLICY_PATH);
        Self {
            user_name: members.required_text("UserName", &shapes::NAME),
            path_prefix: prefix.unwrap_or_else(|| "/".to_owned()),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let policies = self.0.items.iter().map(|arn| shapes::attached_policy(arn));
        let result =
            Element::new("ListAttachedUserPoliciesResult").list("AttachedPolicies", policies);
        Some(self.0.end(result))
    }
}

impl Operation for ListAttachedUserPolicies {
    const NAME: &'static str = "ListAttachedUserPolicies";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![users::need(env, Self::NAME, &input.user_name).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let user = users::existing(&mut records, &input.user_name).await?;
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&user.name, &input.path_prefix],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let under = |arn: &String| shapes::path_in_policy_arn(arn).starts_with(&input.path_prefix);
        let arns = user.grants.attached.into_iter().filter(under).collect();
        Ok(Output(pages.cut(arns, String::clone)?))
    }
}
