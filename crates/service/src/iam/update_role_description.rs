//! `UpdateRoleDescription`: say what a role is for. `UpdateRole` does the same and more.
//!
//! **Source**: IAM API reference, *UpdateRoleDescription*.
//! **Errors**: `NoSuchEntity`, and the common set. The documented `UnmodifiableEntity` is about
//! roles linked to services, and there are none.

use daypass_core::ids::AccountId;
use daypass_core::role::Role;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, roles, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateRoleDescription;

pub(super) struct Input {
    role_name: String,
    description: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            description: members.required_text("Description", &shapes::DESCRIPTION),
        }
    }
}

pub(super) struct Output {
    account: AccountId,
    role: Role,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let role = shapes::role(&self.account, &self.role);
        Some(Element::new("UpdateRoleDescriptionResult").child(role))
    }
}

impl Operation for UpdateRoleDescription {
    const NAME: &'static str = "UpdateRoleDescription";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        role.description = Some(input.description);
        records.put_role(&role).await?;
        records.commit().await?;
        Ok(Output {
            account: env.account().clone(),
            role,
        })
    }
}
