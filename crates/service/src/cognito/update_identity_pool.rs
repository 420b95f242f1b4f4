//! `UpdateIdentityPool`: replace a pool's settings.
//!
//! **Source**: Cognito identity API reference, *UpdateIdentityPool*.
//! **Errors**: `ResourceNotFoundException`, `InvalidParameterException` for a changed developer
//! provider name or a provider in the wrong form, `ConcurrentModificationException` when other
//! updates keep getting there first, and the common set.

use std::collections::BTreeMap;

use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::Settings;
use daypass_wire::json::Members;

use super::create_identity_pool::refuse;
use super::{error, load_pool, need_on_pool, shapes, tags};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateIdentityPool;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    settings: Settings,
    tags: Option<BTreeMap<String, String>>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            settings: shapes::settings(members),
            tags: shapes::pool_tags(members),
        }
    }
}

impl Operation for UpdateIdentityPool {
    const NAME: &'static str = "UpdateIdentityPool";
    const ERRORS: &'static [&'static str] = &[
        error::CONCURRENT_MODIFICATION,
        error::INVALID_PARAMETER,
        error::LIMIT_EXCEEDED,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::PoolOutput;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let mut needs = vec![need_on_pool(env, Self::NAME, &input.pool_id).await?];
        if let Some(given) = &input.tags {
            let tag = need_on_pool(env, "TagResource", &input.pool_id).await?;
            needs.push(tags::requested(tag, given));
            needs.push(need_on_pool(env, "UntagResource", &input.pool_id).await?);
        }
        Ok(needs)
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<shapes::PoolOutput, Failure> {
        let mut records = env.write().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;

        let mut updated = pool.update(input.settings).map_err(refuse)?;
        if let Some(given) = input.tags {
            tags::check(&given)?;
            updated.tags = given;
        }

        records.put_pool(&updated).await?;
        records.commit().await?;
        Ok(shapes::PoolOutput(updated))
    }
}
