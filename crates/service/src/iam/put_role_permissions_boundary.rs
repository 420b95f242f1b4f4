//! `PutRolePermissionsBoundary`: bound what a role may do by a managed policy.
//!
//! **Source**: IAM API reference, *PutRolePermissionsBoundary*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, and the common set.
//! The documented `UnmodifiableEntity` and `PolicyNotAttachable` are about roles and policies of
//! services, and there are none.

use daypass_wire::query::Members;

use super::{error, managed, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct PutRolePermissionsBoundary;

pub(super) struct Input {
    role_name: String,
    boundary: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            boundary: members.required_text("PermissionsBoundary", &shapes::ARN),
        }
    }
}

impl Operation for PutRolePermissionsBoundary {
    const NAME: &'static str = "PutRolePermissionsBoundary";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = roles::need(env, Self::NAME, &input.role_name).await?;
        Ok(vec![need.with("iam:PermissionsBoundary", &input.boundary)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        managed::require_boundary(env.account(), &mut records, &input.boundary).await?;
        role.grants.boundary = Some(input.boundary);
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
