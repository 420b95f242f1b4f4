//! A `Logins` map and a pool: what is proved, what is refused, and with which words.
//!
//! **Source**: contract page, Cognito identity sections 3.3, 5.3 and 6.3.

mod open_id;
mod public;
mod server_side;

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::claims;
use daypass_core::identity::{self, GuestError, Identity};
use daypass_core::ids::IdentityId;
use daypass_core::pool::IdentityPool;
use daypass_core::time::Timestamp;
use daypass_proof::login::cognito::{self, CognitoToken};
use daypass_store::records::Records;

use crate::circumstances::Circumstances;
use crate::cognito::error;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::quota::Rate;

pub(crate) use public::{refuse_unverifiable, verify_public};

/// How an identity showed who it is.
pub(crate) enum Proof {
    /// It is a guest and showed nothing.
    Guest,
    /// By one of our own tokens that names it.
    OwnToken(Box<CognitoToken>),
}

/// The identity of this id with its pool. Ids that do not exist are counted per address, so that
/// nobody tries them out.
pub(crate) async fn load_identity(
    env: &Env,
    records: &mut Records,
    id: &IdentityId,
    circumstances: &Circumstances,
) -> Result<(Identity, IdentityPool), Failure> {
    if let Some(identity) = records.identity(id).await?
        && let Some(pool) = records.pool(&identity.pool_id).await?
    {
        return Ok((identity, pool));
    }
    env.quota().count(Rate::UnknownIdentities, circumstances)?;
    Err(error::identity_not_found(id.as_str()).into())
}

/// What the logins prove, and of which identity: of the one named, or of the one it was merged
/// into.
pub(crate) async fn prove(
    env: &Env,
    records: &mut Records,
    pool: &IdentityPool,
    identity: Identity,
    logins: &BTreeMap<String, String>,
    now: Timestamp,
) -> Result<(Identity, Proof), Failure> {
    let mut others = logins.clone();
    let Some(token) = others.remove(COGNITO_PROVIDER) else {
        refuse_unverifiable(pool, logins)?;
        require_guest(pool, &identity)?;
        return Ok((identity, Proof::Guest));
    };
    let token = cognito::verify(&token, env.signer().key_set(), env.issuer(), now.seconds())
        .map_err(error::invalid_login_token)?;
    refuse_unverifiable(pool, &others)?;
    if token.pool_id() != pool.id.as_str() {
        return Err(error::logins_do_not_match("token.wrong_pool").into());
    }
    // An app may hold an id from before a merge: it stands for the survivor from then on.
    let identity = records.survivor(identity).await?;
    if !token.authenticated() || !names(records, pool, &token, &identity).await? {
        return Err(error::logins_do_not_match("token.wrong_identity").into());
    }
    if !identity::require_authenticated(&identity) {
        return Err(error::logins_do_not_match("identity.disabled").into());
    }
    Ok((identity, Proof::OwnToken(Box::new(token))))
}

/// Whether a token names this identity. One from before a merge names the survivor, too, for as
/// long as the user it was made for is linked to that.
async fn names(
    records: &mut Records,
    pool: &IdentityPool,
    token: &CognitoToken,
    identity: &Identity,
) -> Result<bool, Failure> {
    if token.identity_id() == identity.id.as_str() {
        return Ok(true);
    }
    let Some(user) = claims::developer_user(pool, token.token().amr()) else {
        return Ok(false);
    };
    let Ok(id) = token.identity_id().parse() else {
        return Ok(false);
    };
    let Some(merged) = records.identity(&id).await? else {
        return Ok(false);
    };
    let survivor = records.survivor(merged).await?;
    Ok(survivor.id == identity.id && identity.developer_users.contains(&user))
}

/// Refuses a guest's request of an identity that is none, or in a pool without guests.
pub(crate) fn require_guest(pool: &IdentityPool, identity: &Identity) -> Result<(), ApiError> {
    identity::require_guest(identity, pool.settings.allow_unauthenticated).map_err(|error| {
        match error {
            GuestError::GuestsNotAllowed => error::unauthenticated_access_not_supported(),
            GuestError::LoginRequired => error::identity_forbidden(identity.id.as_str()),
        }
    })
}
