//! `UntagResource`: take tags from a pool; a key that is not there is no error.
//!
//! **Source**: Cognito identity API reference, *UntagResource*; contract page section 2.21.
//! **Errors**: `InvalidParameterException` for an ARN that names no pool,
//! `ResourceNotFoundException`, and the common set.

use daypass_wire::json::Members;

use super::{error, load_pool, need_on_arn, shapes, tags};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UntagResource;

pub(super) struct Input {
    arn: String,
    keys: Vec<String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            arn: members.required_text("ResourceArn", &shapes::ARN),
            keys: members.required_list("TagKeys", &shapes::TAG_KEYS),
        }
    }
}

impl Operation for UntagResource {
    const NAME: &'static str = "UntagResource";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::Nothing;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = need_on_arn(env, Self::NAME, &input.arn).await?;
        Ok(vec![need.with_many("aws:TagKeys", input.keys.clone())])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<shapes::Nothing, Failure> {
        let id = tags::pool_of(env, &input.arn)?;
        let mut records = env.write().await?;
        let mut pool = load_pool(&mut records, &id).await?;
        pool.tags.retain(|key, _| !input.keys.contains(key));
        records.put_pool(&pool).await?;
        records.commit().await?;
        Ok(shapes::Nothing)
    }
}
