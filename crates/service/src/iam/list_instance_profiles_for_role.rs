//! `ListInstanceProfilesForRole`: nothing; there are no machines here to give roles to.
//!
//! Tools ask before they delete a role.
//!
//! **Source**: IAM API reference, *ListInstanceProfilesForRole*.
//! **Errors**: `NoSuchEntity`, `ValidationError` for a marker, and the common set.

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

pub(super) struct ListInstanceProfilesForRole;

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
        let result = Element::new("ListInstanceProfilesForRoleResult");
        Some(self.0.end(result.list("InstanceProfiles", [])))
    }
}

impl Operation for ListInstanceProfilesForRole {
    const NAME: &'static str = "ListInstanceProfilesForRole";
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
        roles::existing(&mut records, &input.role_name).await?;
        Ok(Output(pages.cut(Vec::new(), String::clone)?))
    }
}
