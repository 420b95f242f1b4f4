//! `ListTagsForResource`: the tags of a pool.
//!
//! **Source**: Cognito identity API reference, *ListTagsForResource*; contract page section 2.21.
//! **Errors**: `InvalidParameterException` for an ARN that names no pool,
//! `ResourceNotFoundException`, and the common set.

use std::collections::BTreeMap;

use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_arn, shapes, tags};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct ListTagsForResource;

pub(super) struct Input {
    arn: String,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            arn: members.required_text("ResourceArn", &shapes::ARN),
        }
    }
}

pub(super) struct Output {
    tags: BTreeMap<String, String>,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(Answer::new().map("Tags", &self.tags))
    }
}

impl Operation for ListTagsForResource {
    const NAME: &'static str = "ListTagsForResource";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_arn(env, Self::NAME, &input.arn).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let id = tags::pool_of(env, &input.arn)?;
        let pool = load_pool(&mut env.read().await?, &id).await?;
        Ok(Output { tags: pool.tags })
    }
}
