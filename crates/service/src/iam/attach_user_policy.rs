//! `AttachUserPolicy`: a managed policy attached to a user; twice is once.
//!
//! **Source**: IAM API reference, *AttachUserPolicy*; contract page sections 4.2 and 4.3.
//! **Errors**: `InvalidInput` for an ARN that is no policy's, `NoSuchEntity` for the user or the policy,
//! `LimitExceeded` past ten attached policies, and the common set. The documented
//! `PolicyNotAttachable` is about policies of service-linked roles, which do not exist here.

use daypass_wire::query::Members;

use super::limits::ATTACHED_POLICIES_MAX;
use super::{error, managed, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct AttachUserPolicy;

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

impl Operation for AttachUserPolicy {
    const NAME: &'static str = "AttachUserPolicy";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
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
        let managed = managed::find(env.account(), &mut records, &input.policy_arn).await?;
        let managed = managed.ok_or_else(|| error::not_attachable(&input.policy_arn))?;
        user.grants.attached.insert(managed.arn);
        if user.grants.attached.len() > ATTACHED_POLICIES_MAX {
            return Err(error::quota("PoliciesPerUser", ATTACHED_POLICIES_MAX).into());
        }
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
