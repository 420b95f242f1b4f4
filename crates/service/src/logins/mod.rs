//! A `Logins` map and a pool: what is proved, what is refused, and with which words.
//!
//! **Source**: contract page, Cognito identity sections 3.3, 5.3 and 6.3.

mod open_id;
mod public;
mod saml;
mod server_side;
mod settle;

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::claims;
use daypass_core::identity::{self, Identity};
use daypass_core::ids::IdentityId;
use daypass_core::login::{PublicLogin, ShownLogins};
use daypass_core::pool::IdentityPool;
use daypass_proof::login::cognito::{self, CognitoToken};
use daypass_store::records::Records;

use crate::activity::GUEST;
use crate::assertions::Presented;
use crate::circumstances::Circumstances;
use crate::cognito::{error, load_pool};
use crate::env::Env;
use crate::error::Failure;
use crate::quota::Rate;

pub(crate) use public::verify_public;
pub(crate) use settle::{Settled, settle};

/// How an identity showed who it is.
pub(crate) enum Proof {
    /// By one of our own tokens that names it.
    OwnToken {
        /// The token.
        token: Box<CognitoToken>,
        /// Public logins of the identity that were shown beside it.
        beside: Vec<PublicLogin>,
    },
    /// By public logins; a guest shows none.
    Public(Vec<PublicLogin>),
}

impl Proof {
    /// The providers on whose word this rests: a token of ours was counted when it was signed.
    pub(crate) fn providers(&self) -> Vec<&str> {
        match self {
            Self::OwnToken { .. } => Vec::new(),
            Self::Public(public) => providers(public),
        }
    }
}

/// The providers of these logins; of none, that it was a guest.
pub(crate) fn providers(public: &[PublicLogin]) -> Vec<&str> {
    if public.is_empty() {
        return vec![GUEST];
    }
    let names = public.iter().map(|shown| shown.login.provider().as_str());
    names.collect()
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

/// Whom public logins, none of them a token of ours, mean under the id of `named`.
pub(crate) async fn prove_public(
    env: &Env,
    pool: &IdentityPool,
    named: &IdentityId,
    logins: &BTreeMap<String, String>,
    presented: &Presented,
) -> Result<(Settled, Vec<PublicLogin>), Failure> {
    // No transaction is open while providers are asked.
    let public = verify_public(env, pool, logins, presented).await?;
    let shown = ShownLogins::public(public.iter().map(|shown| &shown.login));
    let settled = settle(env, &pool.id, Some(named), &shown, presented.now);
    Ok((settled.await?, public))
}

/// The same of logins that may hold a token of ours: it proves who the identity is, and nothing
/// beside it changes that. What the developer vouches for is linked by the developer alone.
pub(crate) async fn prove(
    env: &Env,
    pool: &IdentityPool,
    named: &IdentityId,
    logins: &BTreeMap<String, String>,
    presented: &Presented,
) -> Result<(Settled, Proof), Failure> {
    let mut others = logins.clone();
    let Some(token) = others.remove(COGNITO_PROVIDER) else {
        let (settled, public) = prove_public(env, pool, named, logins, presented).await?;
        return Ok((settled, Proof::Public(public)));
    };
    let token = cognito::verify(
        &token,
        env.signer().key_set(),
        env.issuer(),
        presented.now.seconds(),
    )
    .map_err(error::invalid_login_token)?;
    let mut beside = verify_public(env, pool, &others, presented).await?;
    if token.pool_id() != pool.id.as_str() {
        return Err(error::logins_do_not_match("token.wrong_pool").into());
    }
    let mut records = env.read().await?;
    let pool = load_pool(&mut records, &pool.id).await?;
    let identity = records.identity(named).await?;
    let identity = identity.ok_or_else(|| error::identity_not_found(named.as_str()))?;
    // An app may hold an id from before a merge: it stands for the survivor from then on.
    let identity = records.survivor(identity).await?;
    if !token.authenticated() || !names(&mut records, &pool, &token, &identity).await? {
        return Err(error::logins_do_not_match("token.wrong_identity").into());
    }
    if !identity::require_authenticated(&identity) {
        return Err(error::logins_do_not_match("identity.disabled").into());
    }
    beside.retain(|shown| identity.has_login(&shown.login));
    let token = Box::new(token);
    let settled = Settled::unchanged(identity, pool, records);
    Ok((settled, Proof::OwnToken { token, beside }))
}

/// Whether a token names this identity. One from before a merge names the survivor, too, for as
/// long as a login it was made for is linked to that.
async fn names(
    records: &mut Records,
    pool: &IdentityPool,
    token: &CognitoToken,
    identity: &Identity,
) -> Result<bool, Failure> {
    if token.identity_id() == identity.id.as_str() {
        return Ok(true);
    }
    let Ok(id) = token.identity_id().parse() else {
        return Ok(false);
    };
    let Some(merged) = records.identity(&id).await? else {
        return Ok(false);
    };
    let survivor = records.survivor(merged).await?;
    Ok(survivor.id == identity.id && claims::is_of(pool, identity, token.token().amr()))
}
