//! `GetPrincipalTagAttributeMap`: which attributes of a provider's logins become principal tags.
//!
//! **Source**: Cognito identity API reference, *GetPrincipalTagAttributeMap*; contract page section
//! 2.9.
//! **Errors**: `ResourceNotFoundException`, `InvalidParameterException` for a provider that the pool
//! does not have, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_wire::json::Members;

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetPrincipalTagAttributeMap;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    provider: String,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            provider: shapes::identity_provider_name(members),
        }
    }
}

impl Operation for GetPrincipalTagAttributeMap {
    const NAME: &'static str = "GetPrincipalTagAttributeMap";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::AttributeMapOutput;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Self::Output, Failure> {
        let mut pool = load_pool(&mut env.read().await?, &input.pool_id).await?;
        if !pool.settings.names_provider(&input.provider) {
            return Err(shapes::not_a_provider(&input.provider).into());
        }
        Ok(shapes::AttributeMapOutput {
            map: pool.attribute_maps.remove(&input.provider),
            pool_id: pool.id,
            provider: input.provider,
        })
    }
}
