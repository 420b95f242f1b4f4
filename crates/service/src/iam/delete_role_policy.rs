//! `DeleteRolePolicy`: remove an inline policy of a role.
//!
//! **Source**: IAM API reference, *DeleteRolePolicy*.
//! **Errors**: `NoSuchEntity`, and the common set. The documented `LimitExceeded` and
//! `UnmodifiableEntity` have no cause here.

use daypass_wire::query::Members;

use super::{error, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteRolePolicy;

pub(super) struct Input {
    role_name: String,
    policy_name: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
        }
    }
}

impl Operation for DeleteRolePolicy {
    const NAME: &'static str = "DeleteRolePolicy";
    const ERRORS: &'static [&'static str] = &[error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        shapes::check_name("policyName", &input.policy_name)?;
        Ok(vec![
            roles::need_within_boundary(env, Self::NAME, &input.role_name).await?,
        ])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        let removed = role.grants.inline.remove(&input.policy_name);
        removed.ok_or_else(|| error::no_such_inline_policy("role", &input.policy_name))?;
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
