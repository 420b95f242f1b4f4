//! The logins of a call come to mean one identity, in the one transaction of the operation.
//!
//! What is known already is only read. Whatever has to change is decided again inside a write
//! transaction, and nothing of it stands before the operation commits: a call that is refused for
//! its role, say, links nothing.
//!
//! **Source**: contract page, Cognito identity sections 3.2 to 3.4 and 4.2; DESIGN §5.

use daypass_core::identity::Identity;
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::login::ShownLogins;
use daypass_core::pool::IdentityPool;
use daypass_core::resolve::{self, Resolution, ResolveError};
use daypass_core::time::Timestamp;
use daypass_store::records::Records;

use crate::cognito::{error, load_pool};
use crate::env::Env;
use crate::error::{ApiError, Failure};

/// Which identity the logins mean, in a transaction that has not ended.
pub(crate) struct Settled {
    /// The identity, as it is once the transaction is durable.
    pub(crate) identity: Identity,
    /// Its pool, as this transaction sees it.
    pub(crate) pool: IdentityPool,
    /// The transaction.
    pub(crate) records: Records,
    change: Change,
}

/// What the transaction is to change.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Change {
    Nothing,
    Logins,
    NewIdentity,
}

impl Settled {
    /// An identity that is as it was.
    pub(super) fn unchanged(identity: Identity, pool: IdentityPool, records: Records) -> Self {
        Self {
            identity,
            pool,
            records,
            change: Change::Nothing,
        }
    }

    /// Makes it so, durably.
    pub(crate) async fn commit(
        self,
        env: &Env,
        now: Timestamp,
    ) -> Result<(Identity, IdentityPool), Failure> {
        if self.change != Change::Nothing {
            self.records.commit().await?;
        }
        if self.change == Change::NewIdentity {
            env.activity().new_identity(now, self.pool.id.as_str());
        }
        Ok((self.identity, self.pool))
    }
}

/// Settles which identity of a pool `logins` mean; the caller may name one.
pub(crate) async fn settle(
    env: &Env,
    pool_id: &IdentityPoolId,
    named: Option<&IdentityId>,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Settled, Failure> {
    let mut records = env.read().await?;
    let (pool, resolution) = ask(&mut records, pool_id, named, logins, now).await?;
    if let Resolution::Existing(identity) = resolution {
        return Ok(Settled::unchanged(identity, pool, records));
    }
    drop(records);
    let mut records = env.write().await?;
    let (pool, resolution) = ask(&mut records, pool_id, named, logins, now).await?;
    let (identity, change) = match resolution {
        // Another call got there first.
        Resolution::Existing(identity) => (identity, Change::Nothing),
        Resolution::Link(identity) => (identity, Change::Logins),
        Resolution::Create => {
            let id = IdentityId::fresh(env.region(), env.random()?);
            let fresh = resolve::create(id, pool.id.clone(), logins, now).map_err(refuse)?;
            (fresh, Change::NewIdentity)
        }
        Resolution::Merge { survivor, retired } => {
            // The survivor takes logins that were theirs.
            for identity in &retired {
                records.put_identity(identity).await?;
            }
            (survivor, Change::Logins)
        }
    };
    if change != Change::Nothing {
        records.put_identity(&identity).await?;
    }
    Ok(Settled {
        identity,
        pool,
        records,
        change,
    })
}

async fn ask(
    records: &mut Records,
    pool_id: &IdentityPoolId,
    named: Option<&IdentityId>,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<(IdentityPool, Resolution), Failure> {
    let pool = load_pool(records, pool_id).await?;
    let named = match named {
        None => None,
        Some(id) => {
            let identity = records.identity(id).await?;
            // An identity of another pool is answered like one that does not exist.
            let identity = identity.filter(|identity| identity.pool_id == pool.id);
            Some(identity.ok_or_else(|| error::identity_not_found(id.as_str()))?)
        }
    };
    let known = records.known(&pool.id, named, logins).await?;
    let resolution = if logins.developer_user().is_some() {
        resolve::developer(known, logins, now)
    } else {
        resolve::public(known, logins, pool.settings.allow_unauthenticated, now)
    };
    Ok((pool, resolution.map_err(refuse)?))
}

fn refuse(error: ResolveError) -> ApiError {
    match error {
        ResolveError::GuestsNotAllowed => error::unauthenticated_access_not_supported(),
        ResolveError::LoginRequired(id) => error::identity_forbidden(id.as_str()),
        ResolveError::RegisteredElsewhere { .. } => error::developer_user_already_registered(),
        ResolveError::Unusable(_) => error::logins_do_not_match("identity.disabled"),
        ResolveError::LoginNotShown(_) => error::logins_do_not_match("logins.mismatch"),
        ResolveError::TwoUsers(_) => error::login_already_linked("identity.two_logins"),
        ResolveError::TooManyLogins(_) => error::login_already_linked("limit.links"),
    }
}
