//! What moves in a merge, and what stands in its way.

use daypass_proof::login::Subject;

use super::*;
use crate::identity::DeveloperUserIdentifier;

const LATER: Timestamp = Timestamp::from_seconds(9);

fn identity(id: &str, users: &[&str], publics: &[(&str, &str)]) -> Identity {
    let now = Timestamp::from_seconds(1);
    let guest = Identity::guest(id.parse().unwrap(), "us-east-1:bb".parse().unwrap(), now);
    let mut identity = users.iter().fold(guest, |identity, user| {
        identity.linked(DeveloperUserIdentifier::new((*user).to_owned()), now)
    });
    for (provider, subject) in publics {
        let subject = Subject::stored((*subject).to_owned());
        identity
            .public_logins
            .insert(provider.parse().unwrap(), subject);
    }
    identity
}

#[test]
fn every_login_of_the_source_moves_and_the_source_is_switched_off() {
    let source = identity("r:a", &["ana", "ann"], &[("www.amazon.com", "7")]);
    let destination = identity("r:b", &["bob"], &[("accounts.google.com", "1")]);
    let Ok(Merge::Moved { survivor, retired }) = merge(source.clone(), destination, LATER) else {
        panic!("two identities are one now");
    };
    let wanted = identity(
        "r:b",
        &["ana", "ann", "bob"],
        &[("accounts.google.com", "1"), ("www.amazon.com", "7")],
    );
    assert_eq!(
        survivor,
        Identity {
            modified: LATER,
            ..wanted
        }
    );
    assert_eq!(retired.state(), State::Disabled);
    assert_eq!(retired.login_count(), 0);
    assert_eq!(retired.merged_into, Some(survivor.id));
    assert_eq!((retired.id, retired.created), (source.id, source.created));
    assert_eq!(retired.modified, LATER);
}

#[test]
fn one_identity_is_one_already() {
    let one = identity("r:a", &["ana", "bob"], &[]);
    let merged = merge(one.clone(), one.clone(), LATER);
    assert_eq!(merged, Ok(Merge::Same(one)));
}

#[test]
fn two_users_of_one_public_provider_are_not_one_person() {
    let source = identity("r:a", &["ana"], &[("accounts.google.com", "1")]);
    let destination = identity("r:b", &["bob"], &[("accounts.google.com", "2")]);
    let google = "accounts.google.com".parse().unwrap();
    assert_eq!(
        merge(source, destination, LATER),
        Err(MergeError::TwoUsers(google))
    );
}

#[test]
fn twenty_logins_are_the_most_public_and_developer_together() {
    let names: Vec<String> = (0..18).map(|number| format!("u{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let destination = identity("r:b", &names, &[("accounts.google.com", "1")]);
    let twenty = merge(identity("r:a", &["ana"], &[]), destination.clone(), LATER);
    assert!(matches!(twenty, Ok(Merge::Moved { .. })));
    let many = identity("r:a", &["ana"], &[("www.amazon.com", "7")]);
    let refused = merge(many, destination.clone(), LATER);
    assert_eq!(refused, Err(MergeError::TooManyLogins(destination.id)));
}

#[test]
fn only_identities_of_one_pool_that_users_sign_in_to_are_merged() {
    let good = || identity("r:a", &["ana"], &[]);
    let mut inaccessible = identity("r:b", &["bob"], &[]);
    inaccessible.developer_users.clear();
    let disabled = Identity {
        enabled: false,
        ..identity("r:b", &["bob"], &[])
    };
    let elsewhere = Identity {
        pool_id: "us-east-1:cc".parse().unwrap(),
        ..identity("r:b", &["bob"], &[])
    };
    for bad in [identity("r:b", &[], &[]), inaccessible, disabled] {
        let refused = Err(MergeError::Unusable(bad.id.clone()));
        assert_eq!(merge(bad.clone(), good(), LATER), refused);
        assert_eq!(merge(good(), bad, LATER), refused);
    }
    assert!(merge(good(), elsewhere.clone(), LATER).is_err());
    assert!(merge(elsewhere, good(), LATER).is_err());
}
