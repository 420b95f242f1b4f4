//! `CreateIdentityPool`: make a pool.
//!
//! **Source**: Cognito identity API reference, *CreateIdentityPool*.
//! **Errors**: `InvalidParameterException` for a provider in the wrong form, `LimitExceededException`
//! past the quota of pools, `NotAuthorizedException`, and the common set. The documented
//! `ResourceConflictException` has no known cause and is never raised.

use std::collections::BTreeMap;

use daypass_core::ids::IdentityPoolId;
use daypass_core::limits::{IDENTITY_POOLS_MAX, USER_POOL_PROVIDERS_MAX};
use daypass_core::pool::{IdentityPool, PoolError, Settings};
use daypass_wire::json::Members;

use super::{error, need_anywhere, shapes, tags};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateIdentityPool;

pub(super) struct Input {
    settings: Settings,
    tags: BTreeMap<String, String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            settings: shapes::settings(members),
            tags: shapes::pool_tags(members).unwrap_or_default(),
        }
    }
}

impl Operation for CreateIdentityPool {
    const NAME: &'static str = "CreateIdentityPool";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::LIMIT_EXCEEDED];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::PoolOutput;

    async fn needs(_: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let mut needs = vec![tags::requested(need_anywhere(Self::NAME), &input.tags)];
        if !input.tags.is_empty() {
            needs.push(tags::requested(need_anywhere("TagResource"), &input.tags));
        }
        Ok(needs)
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<shapes::PoolOutput, Failure> {
        tags::check(&input.tags)?;
        let mut records = env.write().await?;
        if records.count_pools(IDENTITY_POOLS_MAX).await? >= IDENTITY_POOLS_MAX {
            let message = format!("An account may have {IDENTITY_POOLS_MAX} identity pools.");
            return Err(error::limit_exceeded(message, "limit.pools").into());
        }
        let id = IdentityPoolId::fresh(env.region(), env.random()?);

        let now = permit.circumstances().now;
        let pool = IdentityPool::create(id, input.settings, input.tags, now).map_err(refuse)?;

        records.put_pool(&pool).await?;
        records.commit().await?;
        Ok(shapes::PoolOutput(pool))
    }
}

/// A pool error in the words of this face; the same for create and update.
pub(super) fn refuse(pool_error: PoolError) -> ApiError {
    let message = match &pool_error {
        PoolError::TooManyUserPools => {
            let message =
                format!("An identity pool may have {USER_POOL_PROVIDERS_MAX} user pool providers.");
            return error::limit_exceeded(message, "limit.user_pools");
        }
        PoolError::UnknownLoginProvider(key) => format!("Invalid SupportedLoginProvider: {key}"),
        PoolError::InvalidCognitoProvider => "Invalid Cognito Identity Provider".to_owned(),
        PoolError::InvalidProviderArn(arn) => format!("Invalid provider ARN: {arn}"),
        PoolError::DeveloperProviderFixed => {
            "Developer provider name cannot be changed once it has been set.".to_owned()
        }
    };
    error::invalid_parameter(message, "pool.settings")
}
