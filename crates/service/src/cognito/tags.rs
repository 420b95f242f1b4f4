//! Tags of a pool: checked, shown to policies, and found by the ARN they hang on.
//!
//! **Shape**: `arn:aws:cognito-identity:<region>:<account>:identitypool/<pool id>`; the pool id has a
//! colon of its own.
//! **Source**: contract page, Cognito identity sections 2.0, 2.21 and 8.1.

use std::collections::BTreeMap;

use daypass_core::ids::IdentityPoolId;
use daypass_core::limits::TAGS_MAX;
use daypass_core::tags::is_reserved;
use daypass_wire::pattern;

use super::{error, pool_arn};
use crate::env::Env;
use crate::error::ApiError;
use crate::guard::Need;

/// Holds the tags that a pool is about to have to their documented rules.
///
/// **Errors**: `InvalidParameterException` for the reserved prefix, for characters that tags do not
/// have, and past 50 tags.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(error::invalid_parameter(message, "pool.tags"));
    if tags.keys().any(|key| is_reserved(key)) {
        return refuse("Tag keys must not start with the reserved prefix aws:.");
    }
    let plain = |(key, value): (&String, &String)| {
        (pattern::TAG_KEY.matches)(key) && (pattern::TAG_VALUE.matches)(value)
    };
    if !tags.iter().all(plain) {
        return refuse(
            "Tag keys and values may have letters, digits, spaces and the characters _ . : / = + - @ only.",
        );
    }
    if tags.len() > TAGS_MAX {
        return refuse("A resource may have 50 tags.");
    }
    Ok(())
}

/// The same need, with the tags that a request would put.
pub(super) fn requested(need: Need, tags: &BTreeMap<String, String>) -> Need {
    let keys = tags.keys().cloned().collect();
    let tagged = tags.iter().fold(need, |need, (key, value)| {
        need.with(format!("aws:RequestTag/{key}"), value)
    });
    tagged.with_many("aws:TagKeys", keys)
}

/// The pool that an ARN names. One of another account or Region is as unknown as any.
///
/// **Errors**: `InvalidParameterException` for what is no ARN of a pool,
/// `ResourceNotFoundException` for a pool that cannot be ours.
pub(super) fn pool_of(env: &Env, arn: &str) -> Result<IdentityPoolId, ApiError> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let named = match parts.as_slice() {
        ["arn", partition, "cognito-identity", _, _, resource] if !partition.is_empty() => resource
            .strip_prefix("identitypool/")
            .and_then(|id| id.parse::<IdentityPoolId>().ok()),
        _ => None,
    };
    let id = named.ok_or_else(|| {
        let message = "The resource ARN does not name an identity pool.";
        error::invalid_parameter(message, "request.invalid")
    })?;
    if pool_arn(env, &id) != arn {
        return Err(error::identity_pool_not_found(id.as_str()));
    }
    Ok(id)
}
