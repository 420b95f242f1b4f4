//! `SetPrincipalTagAttributeMap`: say which attributes of a provider's logins become principal tags.
//!
//! **Source**: Cognito identity API reference, *SetPrincipalTagAttributeMap*; contract page sections
//! 2.8 and 5.6.
//! **Errors**: `ResourceNotFoundException`, `InvalidParameterException` for a provider that the pool
//! does not have (the developer provider has no attributes) and for keys that tags cannot have, and
//! the common set.

use std::collections::BTreeMap;

use daypass_core::attribute_map::{AttributeMap, AttributeMapError, MAP_BYTES_MAX};
use daypass_core::ids::IdentityPoolId;
use daypass_core::tags::TagError;
use daypass_wire::json::Members;

use super::{error, load_pool, need_anywhere, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct SetPrincipalTagAttributeMap;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    provider: String,
    use_defaults: bool,
    entries: BTreeMap<String, String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            provider: shapes::identity_provider_name(members),
            use_defaults: members.optional_flag("UseDefaults").unwrap_or(false),
            entries: members
                .optional_map("PrincipalTags", &shapes::PRINCIPAL_TAGS)
                .unwrap_or_default(),
        }
    }
}

impl Operation for SetPrincipalTagAttributeMap {
    const NAME: &'static str = "SetPrincipalTagAttributeMap";
    const ERRORS: &'static [&'static str] = &[error::INVALID_PARAMETER, error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = shapes::AttributeMapOutput;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_anywhere(Self::NAME)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Self::Output, Failure> {
        let mut records = env.write().await?;
        let mut pool = load_pool(&mut records, &input.pool_id).await?;
        if !pool.settings.names_provider(&input.provider) {
            return Err(shapes::not_a_provider(&input.provider).into());
        }
        let map = if input.use_defaults {
            Some(AttributeMap::Defaults)
        } else {
            AttributeMap::custom(input.entries).map_err(|why| refuse(&why))?
        };
        let maps = &mut pool.attribute_maps;
        match &map {
            Some(map) => maps.insert(input.provider.clone(), map.clone()),
            // No map and an empty one are the same: no tags.
            None => maps.remove(&input.provider),
        };
        records.put_pool(&pool).await?;
        records.commit().await?;
        Ok(shapes::AttributeMapOutput {
            pool_id: pool.id,
            provider: input.provider,
            map,
        })
    }
}

fn refuse(error: &AttributeMapError) -> ApiError {
    let message = match error {
        AttributeMapError::Keys(TagError::Duplicate) => {
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.".to_owned()
        }
        AttributeMapError::Keys(TagError::Reserved) => {
            "Principal tags must not start with the reserved prefix aws:.".to_owned()
        }
        AttributeMapError::Keys(TagError::TooMany | TagError::TooLong) => {
            "At most 50 principal tags of at most 128 characters may be given.".to_owned()
        }
        AttributeMapError::TooLong => {
            format!("Tag keys and attribute names may have {MAP_BYTES_MAX} bytes together.")
        }
    };
    error::invalid_parameter(message, "tags.invalid")
}
