//! Which identity do these logins mean? The heart of the house.
//!
//! The shell looks up what is known, asks here, and carries the answer out in one transaction.
//!
//! **Source**: contract page section 4.2 (*GetOpenIdTokenForDeveloperIdentity*, resolution).

use crate::identity::{DeveloperUserIdentifier, Identity, State};
use crate::ids::IdentityId;
use crate::limits::LINKED_LOGINS_MAX;

/// What has to happen so that the logins name one identity.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Resolution {
    /// They already do; nothing is written.
    Existing(Identity),
    /// The developer user is linked to this identity.
    Link(Identity),
    /// A new identity is made and linked.
    Create,
}

/// Why the logins do not name one identity.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ResolveError {
    /// The user belongs to another identity than the one asked for.
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
    /// The identity has public logins only, and nobody showed one of them.
    #[error("identity `{0}` belongs to a public login that was not shown")]
    LoginNotShown(IdentityId),
    /// The identity has as many logins as it may have.
    #[error("identity `{0}` has the most logins it may have")]
    TooManyLogins(IdentityId),
}

/// Resolves a developer user.
///
/// `linked` is the identity the user is linked to now; `requested` is the identity the caller
/// named, already known to stand in the same pool.
pub fn developer(
    user: &DeveloperUserIdentifier,
    linked: Option<Identity>,
    requested: Option<Identity>,
) -> Result<Resolution, ResolveError> {
    let requested = requested.map(usable).transpose()?;
    match (linked, requested) {
        (None, None) => Ok(Resolution::Create),
        (Some(linked), None) => usable(linked).map(Resolution::Existing),
        (Some(linked), Some(requested)) if linked.id == requested.id => {
            usable(linked).map(Resolution::Existing)
        }
        // INVARIANT: a login belongs to at most one identity; this call never merges.
        (Some(linked), Some(requested)) => Err(ResolveError::RegisteredElsewhere {
            linked: linked.id,
            requested: requested.id,
        }),
        (None, Some(requested)) => link(user, requested),
    }
}

fn usable(identity: Identity) -> Result<Identity, ResolveError> {
    match identity.state() {
        State::Authenticated | State::Guest => Ok(identity),
        State::Inaccessible | State::Disabled => Err(ResolveError::Unusable(identity.id)),
    }
}

fn link(user: &DeveloperUserIdentifier, requested: Identity) -> Result<Resolution, ResolveError> {
    debug_assert!(
        !requested.developer_users.contains(user),
        "the index said it was not linked"
    );
    if requested.developer_users.is_empty() && !requested.public_logins.is_empty() {
        return Err(ResolveError::LoginNotShown(requested.id));
    }
    if requested.login_count() >= LINKED_LOGINS_MAX {
        return Err(ResolveError::TooManyLogins(requested.id));
    }
    Ok(Resolution::Link(requested))
}

#[cfg(test)]
mod tests {
    use daypass_proof::login::Subject;

    use super::*;
    use crate::time::Timestamp;

    fn user(name: &str) -> DeveloperUserIdentifier {
        DeveloperUserIdentifier::new(name.into())
    }

    fn guest(id: &str) -> Identity {
        let now = Timestamp::from_seconds(1);
        Identity::guest(id.parse().unwrap(), "us-east-1:bb".parse().unwrap(), now)
    }

    fn known(id: &str, users: &[&str]) -> Identity {
        users.iter().fold(guest(id), |identity, name| {
            identity.linked(user(name), Timestamp::from_seconds(2))
        })
    }

    #[test]
    fn an_unknown_user_gets_a_new_identity_and_a_known_one_keeps_theirs() {
        let ana = known("r:a", &["ana"]);
        assert_eq!(developer(&user("ana"), None, None), Ok(Resolution::Create));
        let existing = Ok(Resolution::Existing(ana.clone()));
        assert_eq!(developer(&user("ana"), Some(ana.clone()), None), existing);
        assert_eq!(
            developer(&user("ana"), Some(ana.clone()), Some(ana)),
            existing
        );
    }

    #[test]
    fn a_user_of_another_identity_is_refused_and_never_merged() {
        let refused = developer(
            &user("ana"),
            Some(known("r:a", &["ana"])),
            Some(guest("r:b")),
        );
        assert!(matches!(
            refused,
            Err(ResolveError::RegisteredElsewhere { .. })
        ));
    }

    #[test]
    fn a_guest_is_upgraded_and_an_identity_takes_further_users_up_to_twenty() {
        assert_eq!(
            developer(&user("ana"), None, Some(guest("r:a"))),
            Ok(Resolution::Link(guest("r:a")))
        );
        let names: Vec<String> = (0..20).map(|number| format!("u{number}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let nineteen = known("r:a", &names[..19]);
        assert!(matches!(
            developer(&user("ana"), None, Some(nineteen)),
            Ok(Resolution::Link(_))
        ));
        let twenty = known("r:a", &names);
        assert!(matches!(
            developer(&user("ana"), None, Some(twenty)),
            Err(ResolveError::TooManyLogins(_))
        ));
    }

    #[test]
    fn disabled_and_inaccessible_identities_are_not_used_again() {
        let disabled = Identity {
            enabled: false,
            ..guest("r:a")
        };
        let mut inaccessible = known("r:a", &["x"]);
        inaccessible.developer_users.clear();
        for identity in [disabled, inaccessible] {
            for linked in [None, Some(known("r:c", &["ana"]))] {
                let result = developer(&user("ana"), linked, Some(identity.clone()));
                assert_eq!(result, Err(ResolveError::Unusable(identity.id.clone())));
            }
        }
    }

    #[test]
    fn a_developer_user_joins_public_logins_only_beside_another_developer_user() {
        let google = "accounts.google.com".parse().unwrap();
        let mut identity = known("r:a", &["bob"]);
        let subject = Subject::stored("1".into());
        identity.public_logins.insert(google, subject);
        let linked = developer(&user("ana"), None, Some(identity.clone()));
        assert_eq!(linked, Ok(Resolution::Link(identity.clone())));
        identity.developer_users.clear();
        let refused = developer(&user("ana"), None, Some(identity.clone()));
        assert_eq!(refused, Err(ResolveError::LoginNotShown(identity.id)));
    }
}
