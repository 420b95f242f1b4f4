//! `UpdateAssumeRolePolicy`: say anew who may assume a role.
//!
//! **Source**: IAM API reference, *UpdateAssumeRolePolicy*; contract page sections 4.2 and 4.6;
//! requirement S59.
//! **Errors**: `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded`, and the common set. The
//! documented `UnmodifiableEntity` is about roles linked to services, and there are none.

use daypass_wire::query::Members;

use super::{documents, error, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateAssumeRolePolicy;

pub(super) struct Input {
    role_name: String,
    trust_policy: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            trust_policy: members.required_text("PolicyDocument", &shapes::DOCUMENT),
        }
    }
}

impl Operation for UpdateAssumeRolePolicy {
    const NAME: &'static str = "UpdateAssumeRolePolicy";
    const ERRORS: &'static [&'static str] = &[
        error::LIMIT_EXCEEDED,
        error::MALFORMED_POLICY_DOCUMENT,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![roles::need(env, Self::NAME, &input.role_name).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut role = roles::existing(&mut records, &input.role_name).await?;
        documents::check_trust(env.account(), &mut records, &input.trust_policy).await?;
        role.trust_policy = input.trust_policy;
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
