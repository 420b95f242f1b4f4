//! `DeleteAccessKey`: the end of a key.
//!
//! **Source**: IAM API reference, *DeleteAccessKey*.
//! **Errors**: `NoSuchEntity` for a key that is not this user's, `ValidationError` for a role
//! session that names no user, and the common set. The documented `LimitExceeded` has no limit here
//! that could be exceeded.

use daypass_wire::query::Members;

use super::users::{self, Owner};
use super::{error, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteAccessKey;

pub(super) struct Input {
    user_name: Option<String>,
    access_key_id: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.optional_text("UserName", &shapes::LONG_NAME),
            access_key_id: members.required_text("AccessKeyId", &users::ACCESS_KEY_ID),
        }
    }
}

impl Operation for DeleteAccessKey {
    const NAME: &'static str = "DeleteAccessKey";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    /// Whose key it is depends on who asks; [`Owner::admitted`] decides.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let owner = Owner::admitted(env, &permit, Self::NAME, input.user_name.as_deref()).await?;
        let mut records = env.write().await?;
        let owner = owner.again(&mut records).await?;
        let key = owner.key(&mut records, &input.access_key_id).await?;
        records.delete_access_key(&key).await?;
        records.commit().await?;
        env.last_used().forget(&key.id);
        Ok(())
    }
}
