//! `UpdateAccessKey`: switch a key off, and on again.
//!
//! From the next request on, a key that is off signs nothing.
//!
//! **Source**: IAM API reference, *UpdateAccessKey*; contract page section 4.4.
//! **Errors**: `NoSuchEntity` for a key that is not this user's, `InvalidInput` for the status
//! `Expired`, which nobody can give a key, `ValidationError` for a role session that names no user,
//! and the common set. The documented `LimitExceeded` has no limit here that could be exceeded.

use daypass_core::user::KeyStatus;
use daypass_wire::constraint::Choice;
use daypass_wire::query::Members;

use super::users::{self, Owner};
use super::{error, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

const STATUS: Choice = Choice(&["Active", "Inactive", "Expired"]);

pub(super) struct UpdateAccessKey;

pub(super) struct Input {
    user_name: Option<String>,
    access_key_id: String,
    status: &'static str,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.optional_text("UserName", &shapes::LONG_NAME),
            access_key_id: members.required_text("AccessKeyId", &users::ACCESS_KEY_ID),
            status: members.required_choice("Status", &STATUS),
        }
    }
}

impl Operation for UpdateAccessKey {
    const NAME: &'static str = "UpdateAccessKey";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY, error::INVALID_INPUT];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    /// Whose key it is depends on who asks; [`Owner::admitted`] decides.
    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let owner = Owner::admitted(env, &permit, Self::NAME, input.user_name.as_deref()).await?;
        let status = match input.status {
            "Active" => KeyStatus::Active,
            "Inactive" => KeyStatus::Inactive,
            other => {
                let message = format!("Status {other} cannot be set.");
                return Err(error::invalid_input(message, "key.status").into());
            }
        };
        let mut records = env.write().await?;
        let owner = owner.again(&mut records).await?;
        let mut key = owner.key(&mut records, &input.access_key_id).await?;
        key.status = status;
        records.put_access_key(&key, env.random()?).await?;
        records.commit().await?;
        Ok(())
    }
}
