//! `DeleteUserPermissionsBoundary`: a user without a bound; one that has none stays so.
//!
//! **Source**: IAM API reference, *DeleteUserPermissionsBoundary*; contract page section 4.4.
//! **Errors**: `NoSuchEntity` for the user, and the common set.

use daypass_wire::query::Members;

use super::{error, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteUserPermissionsBoundary;

pub(super) struct Input {
    user_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::NAME),
        }
    }
}

impl Operation for DeleteUserPermissionsBoundary {
    const NAME: &'static str = "DeleteUserPermissionsBoundary";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = users::need_within_boundary(env, Self::NAME, &input.user_name).await?;
        Ok(vec![need])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        user.grants.boundary = None;
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
