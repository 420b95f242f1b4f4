//! `AttachRolePolicy`: give a role what a managed policy allows.
//!
//! **Source**: IAM API reference, *AttachRolePolicy*; contract page sections 4.2 and 4.3.
//! **Errors**: `NoSuchEntity`, `LimitExceeded`, `InvalidInput` for an ARN that is no policy's, and
//! the common set; attaching twice succeeds. The documented `UnmodifiableEntity` and
//! `PolicyNotAttachable` are about roles and policies of services, and there are none.

use daypass_wire::query::Members;

use super::limits::ATTACHED_POLICIES_MAX;
use super::{error, managed, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct AttachRolePolicy;

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

impl Operation for AttachRolePolicy {
    const NAME: &'static str = "AttachRolePolicy";
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
        let need = roles::need_within_boundary(env, Self::NAME, &input.role_name).await?;
        Ok(vec![need.with("iam:PolicyARN", &input.policy_arn)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        let managed = managed::find(env.account(), &mut records, &input.policy_arn).await?;
        let managed = managed.ok_or_else(|| error::not_attachable(&input.policy_arn))?;
        role.grants.attached.insert(managed.arn);
        if role.grants.attached.len() > ATTACHED_POLICIES_MAX {
            return Err(error::quota("PoliciesPerRole", ATTACHED_POLICIES_MAX).into());
        }
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
