//! `ListUserPolicies`: the names of a user's inline policies.
//!
//! **Source**: IAM API reference, *ListUserPolicies*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a marker of another listing, and the common
//! set.

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

pub(super) struct ListUserPolicies;

pub(super) struct Input {
    user_name: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("ListUserPoliciesResult").texts("PolicyNames", &self.0.items);
        Some(self.0.end(result))
    }
}

impl Operation for ListUserPolicies {
    const NAME: &'static str = "ListUserPolicies";
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
            bound: &[&user.name],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let names = user.grants.inline.into_keys().collect();
        Ok(Output(pages.cut(names, String::clone)?))
    }
}
