//! `DeleteUser`: the end of a user that holds nothing any more.
//!
//! Whatever the user still signs with ends with it: a key or session of a user who is gone is
//! refused.
//!
//! **Source**: IAM API reference, *DeleteUser*; contract page section 4.3.
//! **Errors**: `NoSuchEntity`, `DeleteConflict` while policies or keys are left, and the common set.
//! The documented `LimitExceeded` has no limit here that could be exceeded, and
//! `ConcurrentModification` is never raised: a conflict is run again.

use daypass_wire::query::Members;

use super::{error, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteUser;

pub(super) struct Input {
    user_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
        }
    }
}

impl Operation for DeleteUser {
    const NAME: &'static str = "DeleteUser";
    const ERRORS: &'static [&'static str] = &[error::DELETE_CONFLICT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![users::need(env, Self::NAME, &input.user_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let user = users::existing(&mut records, &input.user_name).await?;
        let left = if !user.grants.attached.is_empty() {
            Some("Cannot delete entity, must detach all policies first.")
        } else if !user.grants.inline.is_empty() {
            Some("Cannot delete entity, must delete policies first.")
        } else if !records.access_keys_of(Some(&user.name)).await?.is_empty() {
            Some("Cannot delete entity, must delete access keys first.")
        } else {
            None
        };
        if let Some(message) = left {
            return Err(error::delete_conflict(message).into());
        }
        records.delete_user(&user.name).await?;
        records.commit().await?;
        Ok(())
    }
}
