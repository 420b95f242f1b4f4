//! `DetachRolePolicy`: take from a role what a managed policy allows.
//!
//! **Source**: IAM API reference, *DetachRolePolicy*; contract page section 4.3.
//! **Errors**: `NoSuchEntity` for the role or for a policy that is not attached to it,
//! `InvalidInput` for an ARN that is no policy's, and the common set. The documented
//! `LimitExceeded` and `UnmodifiableEntity` have no cause here.

use daypass_wire::query::Members;

use super::{error, managed, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DetachRolePolicy;

pub(super) struct Input {
    role_name: String,
    policy_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
        }
    }
}

impl Operation for DetachRolePolicy {
    const NAME: &'static str = "DetachRolePolicy";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        managed::check_arn(&input.policy_arn)?;
        let need = roles::need_within_boundary(env, Self::NAME, &input.role_name).await?;
        Ok(vec![need.with("iam:PolicyARN", &input.policy_arn)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        if !role.grants.attached.remove(&input.policy_arn) {
            return Err(error::no_such_policy(&input.policy_arn).into());
        }
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
