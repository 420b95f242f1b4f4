//! `ListAttachedRolePolicies`: the managed policies attached to a role, page by page.
//!
//! **Source**: IAM API reference, *ListAttachedRolePolicies*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a marker of another listing, and the common
//! set. The documented `InvalidInput` has no cause here.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::{error, roles, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListAttachedRolePolicies;

pub(super) struct Input {
    role_name: String,
    path_prefix: Option<String>,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            path_prefix: members.optional_text("PathPrefix", &shapes::POLICY_PATH),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let policies = self.0.items.iter().map(|arn| shapes::attached_policy(arn));
        let result = Element::new("ListAttachedRolePoliciesResult");
        let result = result.list("AttachedPolicies", policies);
        Some(self.0.end(result))
    }
}

impl Operation for ListAttachedRolePolicies {
    const NAME: &'static str = "ListAttachedRolePolicies";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let path_prefix = input.path_prefix.as_deref().unwrap_or("/");
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&input.role_name, path_prefix],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let role = roles::existing(&mut records, &input.role_name).await?;
        let attached = role.grants.attached.into_iter();
        let under = |arn: &String| shapes::path_in_policy_arn(arn).starts_with(path_prefix);
        let attached = attached.filter(under).collect();
        Ok(Output(pages.cut(attached, String::clone)?))
    }
}
