//! `SetDefaultPolicyVersion`: put another version of a managed policy in force.
//!
//! **Source**: IAM API reference, *SetDefaultPolicyVersion*.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, and the common set;
//! built-in policies change for nobody. The documented `LimitExceeded` has no cause here.

use daypass_wire::query::Members;

use super::{error, managed, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct SetDefaultPolicyVersion;

pub(super) struct Input {
    policy_arn: String,
    version_id: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            version_id: members.required_text("VersionId", &shapes::VERSION_ID),
        }
    }
}

impl Operation for SetDefaultPolicyVersion {
    const NAME: &'static str = "SetDefaultPolicyVersion";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            managed::need(env, Self::NAME, &input.policy_arn).await?,
        ])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.policy_arn;
        let mut records = env.write().await?;
        let mut policy = managed::changeable(env, &permit, &mut records, Self::NAME, arn).await?;
        policy.default_version = managed::version_number(&policy, arn, &input.version_id)?;
        records.put_managed_policy(&policy).await?;
        Ok(records.commit().await?)
    }
}
