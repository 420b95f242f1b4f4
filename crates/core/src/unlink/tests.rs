//! Which logins are taken away, by whom, and what is left.

use std::collections::BTreeMap;

use super::*;
use crate::pool::{DeveloperProvider, Settings};

const LATER: Timestamp = Timestamp::from_seconds(9);

fn pool() -> IdentityPool {
    let settings = Settings {
        developer_provider: Some(DeveloperProvider::new("login.app".into())),
        ..Settings::default()
    };
    let id = "us-east-1:bb".parse().unwrap();
    IdentityPool::create(id, settings, BTreeMap::new(), Timestamp::from_seconds(1)).unwrap()
}

fn user(name: &str) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(name.to_owned())
}

fn login(provider: &str, subject: &str) -> (ProviderName, Subject) {
    let subject = Subject::stored(subject.to_owned());
    (provider.parse().unwrap(), subject)
}

fn identity(id: &str, users: &[&str], publics: &[(&str, &str)]) -> Identity {
    let now = Timestamp::from_seconds(1);
    let mut identity = Identity::guest(id.parse().unwrap(), pool().id, now);
    identity.developer_users = users.iter().map(|name| user(name)).collect();
    identity.public_logins = publics
        .iter()
        .map(|(provider, subject)| login(provider, subject))
        .collect();
    identity.ever_authenticated = identity.login_count() > 0;
    identity
}

fn take(
    identity: Identity,
    proofs: &[(&str, &str)],
    remove: &[&str],
) -> Result<Identity, UnlinkError> {
    let proofs: Vec<_> = proofs
        .iter()
        .map(|(provider, subject)| login(provider, subject))
        .collect();
    let proofs = proofs.iter().map(|(provider, subject)| (provider, subject));
    let remove: Vec<String> = remove.iter().map(|name| (*name).to_owned()).collect();
    without(&pool(), identity, proofs, &remove, LATER)
}

#[test]
fn one_developer_user_goes_and_the_others_stay() {
    let two = identity("r:a", &["ana", "ann"], &[]);
    let one = developer(two.clone(), &user("ann"), Some(&two), LATER).unwrap();
    assert_eq!(one.developer_users, [user("ana")].into());
    assert_eq!((one.state(), one.modified), (State::Authenticated, LATER));
}

#[test]
fn s70_the_last_login_leaves_an_identity_out_of_reach_and_no_guest() {
    let one = identity("r:a", &["ana"], &[]);
    let none = developer(one.clone(), &user("ana"), Some(&one), LATER).unwrap();
    assert_eq!(none.state(), State::Inaccessible);
    let google = ("accounts.google.com", "1");
    let one = identity("r:a", &[], &[google]);
    let none = take(one, &[google], &["accounts.google.com"]).unwrap();
    assert_eq!(none.state(), State::Inaccessible);
    let both = identity("r:a", &["ana"], &[google]);
    let rest = developer(both.clone(), &user("ana"), Some(&both), LATER).unwrap();
    assert_eq!(rest.state(), State::Authenticated);
}

#[test]
fn a_developer_user_of_nobody_or_of_another_identity_is_not_taken_away() {
    let ana = identity("r:a", &["ana"], &[]);
    let bob = identity("r:b", &["bob"], &[]);
    let unknown = developer(ana.clone(), &user("zoe"), None, LATER);
    assert_eq!(unknown, Err(UnlinkError::UnknownUser));
    let elsewhere = developer(ana.clone(), &user("bob"), Some(&bob), LATER);
    let expected = UnlinkError::LinkedElsewhere {
        linked: bob.id,
        named: ana.id,
    };
    assert_eq!(elsewhere, Err(expected));
}

#[test]
fn any_login_of_the_identity_is_proof_enough() {
    let google = ("accounts.google.com", "1");
    let amazon = ("www.amazon.com", "7");
    let both = identity("r:a", &[], &[google, amazon]);
    let rest = take(both.clone(), &[google], &["www.amazon.com"]).unwrap();
    assert_eq!(rest.public_logins, [login(google.0, google.1)].into());
    assert_eq!(rest.modified, LATER);
    let ignored = take(both.clone(), &[amazon], &["graph.facebook.com"]).unwrap();
    assert_eq!(ignored, both, "a provider it has no login of");
}

#[test]
fn without_a_login_of_the_identity_nothing_is_taken_away() {
    let google = ("accounts.google.com", "1");
    let one = identity("r:a", &["ana"], &[google]);
    let refused = || Err(UnlinkError::NotProved(one.id.clone()));
    let remove = ["accounts.google.com"];
    assert_eq!(take(one.clone(), &[], &remove), refused());
    let another = ("accounts.google.com", "2");
    assert_eq!(take(one.clone(), &[another], &remove), refused());
    let disabled = Identity {
        enabled: false,
        ..one.clone()
    };
    assert_eq!(take(disabled, &[google], &remove), refused());
}

#[test]
fn the_developer_provider_is_taken_away_by_the_developer_alone() {
    let google = ("accounts.google.com", "1");
    let one = identity("r:a", &["ana"], &[google]);
    let refused = take(one, &[google], &["accounts.google.com", "login.app"]);
    let expected = UnlinkError::DeveloperProvider("login.app".into());
    assert_eq!(refused, Err(expected));
}
