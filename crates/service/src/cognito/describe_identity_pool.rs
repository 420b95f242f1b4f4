//! `DescribeIdentityPool`: the pool as it was last set.
//!
//! **Source**: Cognito identity API reference, *DescribeIdentityPool*.
//! **Errors**: `ResourceNotFoundException`, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_wire::json::Members;

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DescribeIdentityPool;

pub(super) struct Input {
    pool_id: IdentityPoolId,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
        }
    }
}

impl Operation for DescribeIdentityPool {
    const NAME: &'static str = "DescribeIdentityPool";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::PoolOutput;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<shapes::PoolOutput, Failure> {
        let mut records = env.read().await?;
        Ok(shapes::PoolOutput(
            load_pool(&mut records, &input.pool_id).await?,
        ))
    }
}
