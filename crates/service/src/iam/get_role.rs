//! `GetRole`: one role, trust policy included.
//!
//! **Source**: IAM API reference, *GetRole*.
//! **Errors**: `NoSuchEntity`, and the common set.

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

pub(super) struct GetRole;

pub(super) struct Input {
    role_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
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
        Some(Element::new("GetRoleResult").child(role))
    }
}

impl Operation for GetRole {
    const NAME: &'static str = "GetRole";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        Ok(Output {
            account: env.account().clone(),
            role: roles::existing(&mut records, &input.role_name).await?,
        })
    }
}
