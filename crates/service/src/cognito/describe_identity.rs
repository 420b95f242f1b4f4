//! `DescribeIdentity`: which providers an identity has logins of, and since when.
//!
//! **Source**: Cognito identity API reference, *DescribeIdentity*.
//! **Errors**: `ResourceNotFoundException`, and the common set.

use daypass_core::identity::Identity;
use daypass_core::ids::IdentityId;
use daypass_core::pool::IdentityPool;
use daypass_wire::json::{Answer, Members};

use super::{error, need_anywhere, pool_arn, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DescribeIdentity;

pub(super) struct Input {
    identity_id: IdentityId,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_id: shapes::identity_id(members),
        }
    }
}

pub(super) struct Output {
    identity: Identity,
    pool: IdentityPool,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(shapes::identity(&self.identity, &self.pool))
    }
}

impl Operation for DescribeIdentity {
    const NAME: &'static str = "DescribeIdentity";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    /// IAM knows no resource for this action, only the key that names the pool.
    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = need_anywhere(Self::NAME);
        let identity = env.read().await?.identity(&input.identity_id).await?;
        Ok(vec![match identity {
            Some(identity) => need.with(
                "cognito-identity:IdentityPoolArn",
                pool_arn(env, &identity.pool_id),
            ),
            None => need,
        }])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let not_found = || Failure::from(error::identity_not_found(input.identity_id.as_str()));
        let identity = records
            .identity(&input.identity_id)
            .await?
            .ok_or_else(not_found)?;
        let pool = records
            .pool(&identity.pool_id)
            .await?
            .ok_or_else(not_found)?;
        Ok(Output { identity, pool })
    }
}
