//! `UntagUser`: tags taken from a user.
//!
//! **Source**: IAM API reference, *UntagUser*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, and the common set. The documented `ConcurrentModification` is never
//! raised: a conflict is run again.

use daypass_wire::query::Members;

use super::{error, shapes, tags, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UntagUser;

pub(super) struct Input {
    user_name: String,
    tag_keys: Vec<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            tag_keys: tags::read_keys(members),
        }
    }
}

impl Operation for UntagUser {
    const NAME: &'static str = "UntagUser";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = users::need(env, Self::NAME, &input.user_name).await?;
        Ok(vec![tags::named(need, input.tag_keys.iter().cloned())])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        tags::USER.remove(&mut user.tags, &input.tag_keys);
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
