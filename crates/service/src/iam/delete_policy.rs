//! `DeletePolicy`: remove a managed policy with its one version.
//!
//! **Source**: IAM API reference, *DeletePolicy*; contract page section 4.3.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, `DeleteConflict`
//! while someone holds it or it has more versions, and the common set; built-in policies change for
//! nobody. The documented `LimitExceeded` has no cause here.

use daypass_wire::query::Members;

use super::holders::Usage;
use super::{error, managed, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeletePolicy;

pub(super) struct Input {
    policy_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
        }
    }
}

impl Operation for DeletePolicy {
    const NAME: &'static str = "DeletePolicy";
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
        let policy = managed::changeable(env, &permit, &mut records, Self::NAME, arn).await?;
        if Usage::count(&mut records).await?.holds(arn) {
            let message = "Cannot delete a policy attached to entities.";
            return Err(error::delete_conflict(message).into());
        }
        if policy.versions.len() > 1 {
            let message = "This policy has more than one version. Before you delete a policy, you \
                           must delete the policy's versions. The default version is deleted with \
                           the policy.";
            return Err(error::delete_conflict(message).into());
        }
        records.delete_managed_policy(&policy.name).await?;
        Ok(records.commit().await?)
    }
}
