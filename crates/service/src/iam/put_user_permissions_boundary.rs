//! `PutUserPermissionsBoundary`: a managed policy as the bound of what a user may do.
//!
//! **Source**: IAM API reference, *PutUserPermissionsBoundary*; contract page section 4.4.
//! **Errors**: `InvalidInput` for an ARN that is no policy's, `NoSuchEntity` for the user or the policy,
//! and the common set. The documented `PolicyNotAttachable` is about policies of service-linked
//! roles, which do not exist here.

use daypass_wire::query::Members;

use super::{error, managed, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct PutUserPermissionsBoundary;

pub(super) struct Input {
    user_name: String,
    boundary: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::NAME),
            boundary: members.required_text("PermissionsBoundary", &shapes::ARN),
        }
    }
}

impl Operation for PutUserPermissionsBoundary {
    const NAME: &'static str = "PutUserPermissionsBoundary";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = users::need(env, Self::NAME, &input.user_name).await?;
        Ok(vec![need.with("iam:PermissionsBoundary", &input.boundary)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        managed::require_boundary(env.account(), &mut records, &input.boundary).await?;
        user.grants.boundary = Some(input.boundary);
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
