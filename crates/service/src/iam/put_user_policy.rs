//! `PutUserPolicy`: an inline policy for a user, new or in place of the one of that name.
//!
//! **Source**: IAM API reference, *PutUserPolicy*; contract page sections 4.2 and 4.6.
//! **Errors**: `NoSuchEntity`, `MalformedPolicyDocument`, `LimitExceeded` for all inline policies
//! together, and the common set.

use daypass_wire::query::Members;

use super::limits::USER_INLINE_CHARS_MAX;
use super::{documents, error, shapes, users};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct PutUserPolicy;

pub(super) struct Input {
    user_name: String,
    policy_name: String,
    document: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            user_name: members.required_text("UserName", &shapes::LONG_NAME),
            policy_name: members.required_text("PolicyName", &shapes::LONG_NAME),
            document: members.required_text("PolicyDocument", &shapes::DOCUMENT),
        }
    }
}

impl Operation for PutUserPolicy {
    const NAME: &'static str = "PutUserPolicy";
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
        let need = users::need_within_boundary(env, Self::NAME, &input.user_name).await?;
        Ok(vec![need])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let mut user = users::existing(&mut records, &input.user_name).await?;
        let owner = format!("user {}", user.name);
        let Input {
            policy_name,
            document,
            ..
        } = input;
        documents::checked_inline(
            &owner,
            &user.grants,
            &policy_name,
            &document,
            USER_INLINE_CHARS_MAX,
        )?;
        user.grants.inline.insert(policy_name, document);
        records.put_user(&user).await?;
        records.commit().await?;
        Ok(())
    }
}
