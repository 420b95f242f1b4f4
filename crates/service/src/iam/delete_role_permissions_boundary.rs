//! `DeleteRolePermissionsBoundary`: let a role do all that its policies say.
//!
//! **Source**: IAM API reference, *DeleteRolePermissionsBoundary*.
//! **Errors**: `NoSuchEntity` for the role, and the common set; a role without a boundary is no
//! error. The documented `UnmodifiableEntity` is about roles linked to services, and there are
//! none.

use daypass_wire::query::Members;

use super::{error, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteRolePermissionsBoundary;

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

impl Operation for DeleteRolePermissionsBoundary {
    const NAME: &'static str = "DeleteRolePermissionsBoundary";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            roles::need_within_boundary(env, Self::NAME, &input.role_name).await?,
        ])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        role.grants.boundary = None;
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
