//! `TagResource`: put tags on a pool, new or with new values.
//!
//! **Source**: Cognito identity API reference, *TagResource*; contract page section 2.21.
//! **Errors**: `InvalidParameterException` for an ARN that names no pool, for tags out of rule and
//! past 50 of them, `ResourceNotFoundException`, and the common set.

use std::collections::BTreeMap;

use daypass_wire::json::Members;

use super::{error, load_pool, need_on_arn, shapes, tags};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct TagResource;

pub(super) struct Input {
    arn: String,
    tags: BTreeMap<String, String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            arn: members.required_text("ResourceArn", &shapes::ARN),
            tags: shapes::required_tags(members),
        }
    }
}

impl Operation for TagResource {
    const NAME: &'static str = "TagResource";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::Nothing;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = need_on_arn(env, Self::NAME, &input.arn).await?;
        Ok(vec![tags::requested(need, &input.tags)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<shapes::Nothing, Failure> {
        let id = tags::pool_of(env, &input.arn)?;
        let mut records = env.write().await?;
        let mut pool = load_pool(&mut records, &id).await?;
        pool.tags.extend(input.tags);
        tags::check(&pool.tags)?;
        records.put_pool(&pool).await?;
        records.commit().await?;
        Ok(shapes::Nothing)
    }
}
