//! Taking a login away from an identity.
//!
//! Whoever shows that login the next time is somebody new. An identity whose last login is taken
//! away is out of reach for good: it does not turn back into a guest.
//!
//! **Source**: Cognito identity API reference, *UnlinkDeveloperIdentity* and *UnlinkIdentity*;
//! contract page sections 2.19, 2.20 and 3.1.

use daypass_proof::login::{ProviderName, Subject, VerifiedLogin};

use crate::identity::{DeveloperUserIdentifier, Identity, State};
use crate::ids::IdentityId;
use crate::pool::IdentityPool;
use crate::time::Timestamp;

/// Why a login is not taken away.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum UnlinkError {
    /// Nobody has this developer user.
    #[error("the developer user is linked to no identity")]
    UnknownUser,
    /// The developer user belongs to another identity than the one named.
    #[error("the developer user is linked to identity `{linked}`, not `{named}`")]
    LinkedElsewhere {
        /// Where the user is.
        linked: IdentityId,
        /// What was named.
        named: IdentityId,
    },
    /// None of the logins that were shown belongs to the identity.
    #[error("no login of identity `{0}` was shown")]
    NotProved(IdentityId),
    /// The developer provider is taken away by the developer alone.
    #[error("`{0}` is the developer provider")]
    DeveloperProvider(String),
}

/// `identity` without one of its developer users; `linked` is the identity that user means now.
pub fn developer(
    identity: Identity,
    user: &DeveloperUserIdentifier,
    linked: Option<&Identity>,
    now: Timestamp,
) -> Result<Identity, UnlinkError> {
    let linked = linked.ok_or(UnlinkError::UnknownUser)?;
    if linked.id != identity.id {
        return Err(UnlinkError::LinkedElsewhere {
            linked: linked.id.clone(),
            named: identity.id,
        });
    }
    let mut rest = identity;
    rest.developer_users.remove(user);
    rest.modified = now;
    Ok(rest)
}

/// `identity` without its logins of the providers in `remove`, as whoever showed `proofs` asks.
///
/// One login of the identity is proof enough to take away any of its public logins. A provider it
/// has no login of changes nothing.
pub fn public(
    pool: &IdentityPool,
    identity: Identity,
    proofs: &[VerifiedLogin],
    remove: &[String],
    now: Timestamp,
) -> Result<Identity, UnlinkError> {
    let proofs = proofs
        .iter()
        .map(|login| (login.provider(), login.subject()));
    without(pool, identity, proofs, remove, now)
}

fn without<'p>(
    pool: &IdentityPool,
    mut identity: Identity,
    mut proofs: impl Iterator<Item = (&'p ProviderName, &'p Subject)>,
    remove: &[String],
    now: Timestamp,
) -> Result<Identity, UnlinkError> {
    let developer = pool.settings.developer_provider.as_ref();
    let is_developer = |name: &&String| developer.is_some_and(|own| own.as_str() == *name);
    if let Some(name) = remove.iter().find(is_developer) {
        return Err(UnlinkError::DeveloperProvider(name.clone()));
    }
    let own = |(provider, subject)| identity.public_logins.get(provider) == Some(subject);
    if identity.state() != State::Authenticated || !proofs.any(own) {
        return Err(UnlinkError::NotProved(identity.id));
    }
    let before = identity.public_logins.len();
    identity
        .public_logins
        .retain(|provider, _| !remove.iter().any(|name| name == provider.as_str()));
    if identity.public_logins.len() < before {
        identity.modified = now;
    }
    Ok(identity)
}

#[cfg(test)]
mod tests;
