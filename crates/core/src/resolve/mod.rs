//! Which identity do these logins mean? The heart of the house.
//!
//! The shell looks up what is known, asks here, and carries the answer out in one transaction. An
//! answer that writes holds the identities as they are to be written, so that nothing is decided
//! twice; of a merge, the retired identities are written before the survivor takes their logins.
//!
//! What is documented and what is our choice stands beside each rule in `vectors/identity/`, which
//! runs as a test of this file.
//!
//! **Source**: contract page sections 3.2 to 3.4, 3.6 and 4.2; its section 12 lists the choices.

use daypass_proof::login::ProviderName;

use crate::identity::{GuestError, Identity, State, require_guest};
use crate::ids::{IdentityId, IdentityPoolId};
use crate::limits::LINKED_LOGINS_MAX;
use crate::login::ShownLogins;
use crate::merge::{MergeError, absorb, retire};
use crate::time::Timestamp;

/// What the records know of a call: the identity it names, and whom its logins belong to.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The identity the caller named, already known to stand in the same pool.
    pub named: Option<Identity>,
    /// What the named identity was merged into, if it was.
    pub survivor: Option<Identity>,
    /// The identity the developer user is linked to.
    pub developer: Option<Identity>,
    /// The identities the public logins are linked to, in any order.
    pub public: Vec<Identity>,
}

/// What has to happen so that the logins name one identity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Resolution {
    /// They already do; nothing is written.
    Existing(Identity),
    /// This identity takes the logins it did not have; here it has them.
    Link(Identity),
    /// Several identities become one.
    Merge {
        /// The one that stays, with the logins of all.
        survivor: Identity,
        /// The others, switched off.
        retired: Vec<Identity>,
    },
    /// A new identity is made, see [`create`].
    Create,
}

/// Why the logins do not name one identity.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// There are no logins, and the pool takes no guests.
    #[error("the pool takes no guests")]
    GuestsNotAllowed,
    /// There are no logins, and the identity named is no guest.
    #[error("identity `{0}` needs a login")]
    LoginRequired(IdentityId),
    /// The developer user belongs to another identity than the one asked for.
    #[error("the developer user is registered with identity `{linked}`, not `{requested}`")]
    RegisteredElsewhere {
        /// Where the user is.
        linked: IdentityId,
        /// What was asked for.
        requested: IdentityId,
    },
    /// The identity asked for is disabled or has lost its last login.
    #[error("identity `{0}` cannot be used")]
    Unusable(IdentityId),
    /// No login of the identity asked for was shown.
    #[error("no login of identity `{0}` was shown")]
    LoginNotShown(IdentityId),
    /// The identity would have two users of one public provider.
    #[error("two users of `{0}` cannot share an identity")]
    TwoUsers(ProviderName),
    /// The identity would have more logins than it may have.
    #[error("identity `{0}` would have more logins than it may")]
    TooManyLogins(IdentityId),
}

/// Resolves a public call: `GetId` names no identity, `GetOpenIdToken` and
/// `GetCredentialsForIdentity` do.
pub fn public(
    known: Known,
    logins: &ShownLogins,
    guests_allowed: bool,
    now: Timestamp,
) -> Result<Resolution, ResolveError> {
    let Some(named) = known.named else {
        return match logins.is_empty() {
            true if guests_allowed => Ok(Resolution::Create),
            true => Err(ResolveError::GuestsNotAllowed),
            false => unnamed(known.public, logins, now),
        };
    };
    if logins.is_empty() {
        return guest(named, guests_allowed);
    }
    // An app may hold an id from before a merge: whoever owns the survivor may use it.
    let named = known.survivor.unwrap_or(named);
    match named.state() {
        State::Guest => upgrade(named, known.public, logins, now),
        State::Authenticated if known.public.iter().any(|one| one.id == named.id) => {
            settle(named, known.public, logins, now)
        }
        State::Authenticated => Err(ResolveError::LoginNotShown(named.id)),
        State::Inaccessible | State::Disabled => Err(ResolveError::Unusable(named.id)),
    }
}

/// Resolves a call of the app's own backend, which vouches for a developer user.
pub fn developer(
    known: Known,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Resolution, ResolveError> {
    let named = known.named.map(usable).transpose()?;
    match (known.developer, named) {
        // INVARIANT: a login belongs to at most one identity; a name never moves a developer user.
        (Some(linked), Some(named)) if linked.id != named.id => {
            Err(ResolveError::RegisteredElsewhere {
                linked: linked.id,
                requested: named.id,
            })
        }
        (Some(linked), _) => settle(linked, known.public, logins, now),
        (None, None) => unnamed(known.public, logins, now),
        (None, Some(named)) if named.state() == State::Guest => {
            upgrade(named, known.public, logins, now)
        }
        (None, Some(named)) => {
            let shown = known.public.iter().any(|one| one.id == named.id);
            // A backend that has a user here already is trusted with a further one.
            if shown || !named.developer_users.is_empty() {
                settle(named, known.public, logins, now)
            } else {
                Err(ResolveError::LoginNotShown(named.id))
            }
        }
    }
}

/// The new identity of these logins; without any, a guest.
pub fn create(
    id: IdentityId,
    pool_id: IdentityPoolId,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Identity, ResolveError> {
    let mut identity = Identity::guest(id, pool_id, now);
    link(&mut identity, logins)?;
    Ok(identity)
}

fn guest(named: Identity, guests_allowed: bool) -> Result<Resolution, ResolveError> {
    match require_guest(&named, guests_allowed) {
        Ok(()) => Ok(Resolution::Existing(named)),
        Err(GuestError::GuestsNotAllowed) => Err(ResolveError::GuestsNotAllowed),
        Err(GuestError::LoginRequired) => Err(ResolveError::LoginRequired(named.id)),
    }
}

/// The logins alone say whom they mean: of several identities the oldest stays.
fn unnamed(
    linked: Vec<Identity>,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Resolution, ResolveError> {
    match oldest(&linked) {
        Some(owner) => settle(owner, linked, logins, now),
        None => Ok(Resolution::Create),
    }
}

/// A guest signs in: as somebody new it stays who it is, as somebody known it becomes them.
fn upgrade(
    guest: Identity,
    mut linked: Vec<Identity>,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Resolution, ResolveError> {
    match oldest(&linked) {
        Some(owner) => {
            linked.push(guest);
            settle(owner, linked, logins, now)
        }
        None => settle(guest, Vec::new(), logins, now),
    }
}

fn oldest(linked: &[Identity]) -> Option<Identity> {
    let age = |identity: &&Identity| (identity.created, identity.id.clone());
    linked.iter().min_by_key(age).cloned()
}

/// `owner` takes all of `logins`, and every other identity that has one of them goes up in it.
fn settle(
    owner: Identity,
    linked: Vec<Identity>,
    logins: &ShownLogins,
    now: Timestamp,
) -> Result<Resolution, ResolveError> {
    let owner = usable(owner)?;
    let mut settled = owner.clone();
    let mut retired: Vec<Identity> = Vec::new();
    for other in linked {
        if other.id == owner.id || retired.iter().any(|known| known.id == other.id) {
            continue;
        }
        let other = usable(other)?;
        absorb(&mut settled, &other).map_err(unmerged)?;
        retired.push(retire(other, &owner.id, now));
    }
    link(&mut settled, logins)?;
    if retired.is_empty() && settled == owner {
        return Ok(Resolution::Existing(owner));
    }
    settled.modified = now;
    if retired.is_empty() {
        return Ok(Resolution::Link(settled));
    }
    Ok(Resolution::Merge {
        survivor: settled,
        retired,
    })
}

/// Adds what is missing of `logins`, within the limits of an identity.
fn link(identity: &mut Identity, logins: &ShownLogins) -> Result<(), ResolveError> {
    for (provider, subject) in logins.public_users() {
        let users = &mut identity.public_logins;
        let known = users.insert(provider.clone(), subject.clone());
        if known.is_some_and(|known| known != *subject) {
            return Err(ResolveError::TwoUsers(provider.clone()));
        }
    }
    let user = logins.developer_user().cloned();
    identity.developer_users.extend(user);
    if identity.login_count() > LINKED_LOGINS_MAX {
        return Err(ResolveError::TooManyLogins(identity.id.clone()));
    }
    // Sticky: an identity never turns back into a guest.
    identity.ever_authenticated |= !logins.is_empty();
    Ok(())
}

fn usable(identity: Identity) -> Result<Identity, ResolveError> {
    match identity.state() {
        State::Authenticated | State::Guest => Ok(identity),
        State::Inaccessible | State::Disabled => Err(ResolveError::Unusable(identity.id)),
    }
}

fn unmerged(error: MergeError) -> ResolveError {
    match error {
        MergeError::Unusable(id) => ResolveError::Unusable(id),
        MergeError::TwoUsers(provider) => ResolveError::TwoUsers(provider),
        MergeError::TooManyLogins(id) => ResolveError::TooManyLogins(id),
    }
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
