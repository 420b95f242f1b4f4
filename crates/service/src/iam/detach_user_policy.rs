//! `DetachUserPolicy`: a managed policy taken from a user.
//!
//! **Source**: IAM API reference, *DetachUserPolicy*; contract page sections 4.2 and 4.3.
//! **Errors**: `InvalidInput` for an ARN that is no policy's, `NoSuchEntity` for the user or for a
//! policy that is not attached, and the common set. The documented `LimitExceeded` has no limit
//! here that could be exceeded.

use daypass_wire::query::Members;

use super::{error, managed, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DetachUserPolicy;

pub(super) struct Input {
    user_name: String,
    policy_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::NAME),
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
        }
    }
}

impl Operation for DetachUserPolicy {
    const NAME: &'static str = "DetachUserPolicy";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        managed::check_arn(&input.policy_arn)?;
        let need = users::need_within_boundary(env, Self::NAME, &input.user_name).await?;
        Ok(vec![need.with("iam:PolicyARN", &input.policy_arn)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        if !user.grants.attached.remove(&input.policy_arn) {
            return Err(error::no_such_policy(&input.policy_arn).into());
        }
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
