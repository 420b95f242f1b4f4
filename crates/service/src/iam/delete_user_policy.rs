//! `DeleteUserPolicy`: an inline policy taken from a user.
//!
//! **Source**: IAM API reference, *DeleteUserPolicy*.
//! **Errors**: `NoSuchEntity` for the user or the policy, and the common set. The documented
//! `LimitExceeded` has no limit here that could be exceeded.

use daypass_wire::query::Members;

use super::{error, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteUserPolicy;

pub(super) struct Input {
    user_name: String,
    policy_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
        }
    }
}

impl Operation for DeleteUserPolicy {
    const NAME: &'static str = "DeleteUserPolicy";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("policyName", &input.policy_name)?;
        let need = users::need_within_boundary(env, Self::NAME, &input.user_name).await?;
        Ok(vec![need])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        let removed = user.grants.inline.remove(&input.policy_name);
        removed.ok_or_else(|| error::no_such_inline_policy("user", &input.policy_name))?;
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
