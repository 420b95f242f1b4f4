//! `DeletePolicyVersion`: remove a version of a managed policy that is not in force.
//!
//! **Source**: IAM API reference, *DeletePolicyVersion*; contract page section 4.3.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, `DeleteConflict` for
//! the default version, and the common set; built-in policies change for nobody. The documented
//! `LimitExceeded` has no cause here.

use daypass_wire::query::Members;

use super::{error, managed, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeletePolicyVersion;

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

impl Operation for DeletePolicyVersion {
    const NAME: &'static str = "DeletePolicyVersion";
    const ERRORS: &'static [&'static str] = &[
        error::DELETE_CONFLICT,
        error::INVALID_INPUT,
        error::NO_SUCH_ENTITY,
    ];
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
        let number = managed::version_number(&policy, arn, &input.version_id)?;
        if number == policy.default_version {
            let message = "Cannot delete the default version of a policy.";
            return Err(error::delete_conflict(message).into());
        }
        policy.versions.remove(&number);
        records.put_managed_policy(&policy).await?;
        Ok(records.commit().await?)
    }
}
