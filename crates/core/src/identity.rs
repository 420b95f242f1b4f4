//! The identity: one user of one pool, for ever.
//!
//! **Source**: Cognito developer guide, *identity pools, developer authenticated identities*;
//! contract page sections 3.1 and 3.3.

use std::collections::{BTreeMap, BTreeSet};

use daypass_proof::login::{ProviderName, Subject};

use crate::ids::{IdentityId, IdentityPoolId};
use crate::time::Timestamp;

/// What an app's own backend calls a user. Bytes as given: no case folding, no normalisation.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DeveloperUserIdentifier(String);

impl DeveloperUserIdentifier {
    /// The user with this identifier.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// An identity of a pool.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Identity {
    /// Its id; never reassigned.
    pub id: IdentityId,
    /// The pool it belongs to.
    pub pool_id: IdentityPoolId,
    /// Developer users linked to it.
    pub developer_users: BTreeSet<DeveloperUserIdentifier>,
    /// Users of public providers linked to it, at most one of each provider.
    pub public_logins: BTreeMap<ProviderName, Subject>,
    /// Whether a login was ever linked. Sticky: an identity never turns back into a guest.
    pub ever_authenticated: bool,
    /// Whether it may be used at all.
    pub enabled: bool,
    /// The identity that took over its logins, if it lost a merge.
    pub merged_into: Option<IdentityId>,
    /// When it was made.
    pub created: Timestamp,
    /// When its logins last changed.
    pub modified: Timestamp,
}

/// What an identity may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// Never had a login.
    Guest,
    /// Has a login.
    Authenticated,
    /// Had a login and has none now.
    Inaccessible,
    /// Lost a merge, or was switched off.
    Disabled,
}

impl Identity {
    /// A new guest.
    pub fn guest(id: IdentityId, pool_id: IdentityPoolId, now: Timestamp) -> Self {
        Self {
            id,
            pool_id,
            developer_users: BTreeSet::new(),
            public_logins: BTreeMap::new(),
            ever_authenticated: false,
            enabled: true,
            merged_into: None,
            created: now,
            modified: now,
        }
    }

    /// This identity with one more developer user.
    #[must_use]
    pub fn linked(mut self, user: DeveloperUserIdentifier, now: Timestamp) -> Self {
        self.developer_users.insert(user);
        self.ever_authenticated = true;
        self.modified = now;
        self
    }

    /// How many logins are linked to it, public and developer together.
    pub fn login_count(&self) -> usize {
        self.developer_users.len() + self.public_logins.len()
    }

    /// What it may do.
    pub fn state(&self) -> State {
        match (self.enabled, self.ever_authenticated, self.login_count()) {
            (false, _, _) => State::Disabled,
            (true, false, _) => State::Guest,
            (true, true, 0) => State::Inaccessible,
            (true, true, _) => State::Authenticated,
        }
    }
}

/// Why an identity is not served without logins.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum GuestError {
    /// The pool does not (or no longer) take guests.
    #[error("the pool takes no guests")]
    GuestsNotAllowed,
    /// The identity is not a guest.
    #[error("the identity needs a login")]
    LoginRequired,
}

/// May this identity be served with no logins at all?
pub fn require_guest(identity: &Identity, guests_allowed: bool) -> Result<(), GuestError> {
    // INVARIANT: disabled, inaccessible and authenticated identities vend nothing without logins.
    match identity.state() {
        State::Guest if guests_allowed => Ok(()),
        State::Guest => Err(GuestError::GuestsNotAllowed),
        State::Authenticated | State::Inaccessible | State::Disabled => {
            Err(GuestError::LoginRequired)
        }
    }
}

/// May this identity be served by a token of ours that names it?
pub fn require_authenticated(identity: &Identity) -> bool {
    identity.state() == State::Authenticated
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guest() -> Identity {
        let now = Timestamp::from_seconds(1);
        Identity::guest(
            "us-east-1:aa".parse().unwrap(),
            "us-east-1:bb".parse().unwrap(),
            now,
        )
    }

    fn user() -> DeveloperUserIdentifier {
        DeveloperUserIdentifier::new("user-1".into())
    }

    #[test]
    fn a_guest_becomes_authenticated_and_never_a_guest_again() {
        let mut identity = guest();
        assert_eq!(identity.state(), State::Guest);
        identity = identity.linked(user(), Timestamp::from_seconds(2));
        assert_eq!(identity.state(), State::Authenticated);
        assert_eq!(identity.modified, Timestamp::from_seconds(2));
        identity.developer_users.clear();
        assert_eq!(identity.state(), State::Inaccessible);
        identity.enabled = false;
        assert_eq!(identity.state(), State::Disabled);
    }

    #[test]
    fn only_a_guest_of_a_pool_with_guests_is_served_without_logins() {
        assert_eq!(require_guest(&guest(), true), Ok(()));
        assert_eq!(
            require_guest(&guest(), false),
            Err(GuestError::GuestsNotAllowed)
        );
        let known = guest().linked(user(), Timestamp::from_seconds(2));
        assert_eq!(require_guest(&known, true), Err(GuestError::LoginRequired));
        let disabled = Identity {
            enabled: false,
            ..guest()
        };
        assert_eq!(
            require_guest(&disabled, true),
            Err(GuestError::LoginRequired)
        );
        assert!(require_authenticated(&known));
        assert!(!require_authenticated(&guest()));
        assert!(!require_authenticated(&Identity {
            enabled: false,
            ..known
        }));
    }
}
