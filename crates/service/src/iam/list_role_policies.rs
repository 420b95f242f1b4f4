//! `ListRolePolicies`: the names of the inline policies of a role, page by page.
//!
//! **Source**: IAM API reference, *ListRolePolicies*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a marker of another listing, and the common
//! set.

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

pub(super) struct ListRolePolicies;

pub(super) struct Input {
    role_name: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let names = self.0.items.iter().map(String::as_str);
        let result = Element::new("ListRolePoliciesResult").texts("PolicyNames", names);
        Some(self.0.end(result))
    }
}

impl Operation for ListRolePolicies {
    const NAME: &'static str = "ListRolePolicies";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&input.role_name],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let role = roles::existing(&mut records, &input.role_name).await?;
        let names = role.grants.inline.into_keys().collect();
        Ok(Output(pages.cut(names, String::clone)?))
    }
}
