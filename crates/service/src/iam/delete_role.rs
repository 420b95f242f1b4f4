//! `DeleteRole`: remove a role; its sessions end with it.
//!
//! **Source**: IAM API reference, *DeleteRole*; contract page section 4.3.
//! **Errors**: `NoSuchEntity`, `DeleteConflict` while policies hang on it, and the common set. The
//! documented `LimitExceeded`, `ConcurrentModification` and `UnmodifiableEntity` have no cause
//! here.

use daypass_wire::query::Members;

use super::{error, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteRole;

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

impl Operation for DeleteRole {
    const NAME: &'static str = "DeleteRole";
    const ERRORS: &'static [&'static str] = &[error::DELETE_CONFLICT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let role = roles::existing(&mut records, &input.role_name).await?;
        if !role.grants.attached.is_empty() {
            let message = "Cannot delete entity, must detach all policies first.";
            return Err(error::delete_conflict(message).into());
        }
        if !role.grants.inline.is_empty() {
            let message = "Cannot delete entity, must delete policies first.";
            return Err(error::delete_conflict(message).into());
        }
        records.delete_role(&role.name).await?;
        Ok(records.commit().await?)
    }
}
