//! `PutRolePolicy`: write a policy into a role, in place of one of the same name.
//!
//! **Source**: IAM API reference, *PutRolePolicy*; contract page sections 4.2 and 4.6.
//! **Errors**: `NoSuchEntity`, `LimitExceeded` for all inline policies together,
//! `MalformedPolicyDocument`, and the common set. The documented `UnmodifiableEntity` is about
//! roles linked to services, and there are none.

use daypass_wire::query::Members;

use super::limits::ROLE_INLINE_CHARS_MAX;
use super::{documents, error, roles, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct PutRolePolicy;

pub(super) struct Input {
    role_name: String,
    policy_name: String,
    document: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_name: members.required_text("RoleName", &shapes::NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
            document: members.required_text("PolicyDocument", &shapes::DOCUMENT),
        }
    }
}

impl Operation for PutRolePolicy {
    const NAME: &'static str = "PutRolePolicy";
    const ERRORS: &'static [&'static str] = &[
        error::LIMIT_EXCEEDED,
        error::MALFORMED_POLICY_DOCUMENT,
        error::NO_SUCH_ENTITY,
    ];
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
        documents::checked_inline(
            &format!("role {}", role.name),
            &role.grants,
            &input.policy_name,
            &input.document,
            ROLE_INLINE_CHARS_MAX,
        )?;
        role.grants.inline.insert(input.policy_name, input.document);
        records.put_role(&role).await?;
        Ok(records.commit().await?)
    }
}
