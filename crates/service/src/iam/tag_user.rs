//! `TagUser`: tags added to a user, or their values replaced.
//!
//! **Source**: IAM API reference, *TagUser*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput`, `LimitExceeded`, and the common set. The documented
//! `ConcurrentModification` is never raised: a conflict is run again.

use daypass_wire::query::Members;

use super::{error, shapes, tags, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct TagUser;

pub(super) struct Input {
    user_name: String,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            tags: tags::read_required(members),
        }
    }
}

impl Operation for TagUser {
    const NAME: &'static str = "TagUser";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = users::need(env, Self::NAME, &input.user_name).await?;
        Ok(vec![tags::requested(need, &input.tags)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        tags::USER.put(&mut user.tags, &input.tags)?;
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
