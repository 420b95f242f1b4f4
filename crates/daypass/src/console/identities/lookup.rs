//! Finding an identity when its pool is not known.
//!
//! An identity id does not name its pool, and no operation answers it; a pool with a developer
//! provider can be asked whether an identity is in it. What is asked is bounded.
//!
//! **Source**: Cognito identity API reference, *LookupDeveloperIdentity* and *DescribeIdentity*.

use daypass_core::ids::IdentityId;

use crate::api::identities::DeveloperLookup;
use crate::api::pools::PoolRow;
use crate::api::{Api, CallError, Json};

/// The most pools that are asked.
pub(in crate::console) const POOLS_MAX: usize = 20;

/// Whether a text could be the id of an identity or of a pool.
pub(in crate::console) fn is_id(text: &str) -> bool {
    text.parse::<IdentityId>().is_ok()
}

/// What a pool says about an identity.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Says {
    Yes,
    No,
    /// It has no developer provider, or the caller may not ask.
    Nothing,
}

/// The pool an identity is in, if that can be found out.
///
/// When all pools but one say no, it is in that one.
pub(in crate::console) async fn pool_of(
    api: Api<'_>,
    identity: &str,
    pools: &[PoolRow],
) -> Option<PoolRow> {
    let mut silent = Vec::new();
    for pool in pools.iter().take(POOLS_MAX) {
        match ask(api, &pool.identity_pool_id, identity).await {
            Says::Yes => return Some(pool.clone()),
            Says::No => {}
            Says::Nothing => silent.push(pool),
        }
    }
    match silent.as_slice() {
        [only] if pools.len() <= POOLS_MAX => Some((*only).clone()),
        _ => None,
    }
}

async fn ask(api: Api<'_>, pool: &str, identity: &str) -> Says {
    match users(api, pool, identity, 1).await {
        Ok(_) => Says::Yes,
        Err(error) if error.is_absent() => Says::No,
        Err(_) => Says::Nothing,
    }
}

/// The first developer users of an identity in a pool.
pub(super) async fn users(
    api: Api<'_>,
    pool: &str,
    identity: &str,
    most: usize,
) -> Result<DeveloperLookup, CallError> {
    let input = serde_json::json!({
        "IdentityPoolId": pool, "IdentityId": identity, "MaxResults": most,
    });
    api.json(Json::Cognito, "LookupDeveloperIdentity", &input)
        .await
}

/// Every identity of a developer user, each with its pool; and the last refusal, if a pool refused.
pub(in crate::console) async fn of_user(
    api: Api<'_>,
    user: &str,
    pools: &[PoolRow],
) -> (Vec<(PoolRow, String)>, Option<CallError>) {
    let (mut found, mut refused) = (Vec::new(), None);
    for pool in pools.iter().take(POOLS_MAX) {
        match api.identity_of_user(&pool.identity_pool_id, user).await {
            Ok(lookup) => found.push((pool.clone(), lookup.identity_id)),
            Err(error) if error.is_denied() => refused = Some(error),
            Err(_) => {}
        }
    }
    (found, refused)
}
