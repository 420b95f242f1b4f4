//! `UntagPolicy`: take tags from a managed policy.
//!
//! **Source**: IAM API reference, *UntagPolicy*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no policy's, and the common set;
//! built-in policies change for nobody. The documented `ConcurrentModification` never shows: what
//! collides is run again.

use daypass_wire::query::Members;

use super::{error, managed, shapes, tags};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UntagPolicy;

pub(super) struct Input {
    policy_arn: String,
    tag_keys: Vec<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            policy_arn: members.required_text("PolicyArn", &shapes::ARN),
            tag_keys: tags::read_keys(members),
        }
    }
}

impl Operation for UntagPolicy {
    const NAME: &'static str = "UntagPolicy";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = managed::need(env, Self::NAME, &input.policy_arn).await?;
        Ok(vec![tags::named(need, input.tag_keys.clone())])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.policy_arn;
        let mut records = env.write().await?;
        let mut policy = managed::changeable(env, &permit, &mut records, Self::NAME, arn).await?;
        tags::POLICY.remove(&mut policy.tags, &input.tag_keys);
        records.put_managed_policy(&policy).await?;
        Ok(records.commit().await?)
    }
}
