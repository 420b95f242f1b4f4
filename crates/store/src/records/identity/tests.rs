//! Logins lead to one identity of a pool, and to none that lost them.

use daypass_core::merge::{Merge, merge};
use daypass_core::time::Timestamp;
use daypass_proof::seal::{SealingKey, SealingRing};

use super::*;
use crate::records::Vault;
use crate::{MemoryStore, Store};

const NOW: Timestamp = Timestamp::from_seconds(1);

async fn records(store: &MemoryStore) -> Records {
    let key = SealingKey::from_bytes("master".parse().unwrap(), &[7; 32]).unwrap();
    let vault = Vault::new(SealingRing::new(key, Vec::new()).unwrap());
    Records::new(store.write().await.unwrap(), vault)
}

fn pool() -> IdentityPoolId {
    "r:bb".parse().unwrap()
}

fn user(name: &str) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(name.to_owned())
}

fn google() -> ProviderName {
    "accounts.google.com".parse().unwrap()
}

fn identity(id: &str, users: &[&str], subject: Option<&str>) -> Identity {
    let guest = Identity::guest(id.parse().unwrap(), pool(), NOW);
    let mut identity = users
        .iter()
        .fold(guest, |identity, name| identity.linked(user(name), NOW));
    let subject = subject.map(|text| Subject::stored(text.to_owned()));
    identity
        .public_logins
        .extend(subject.map(|s| (google(), s)));
    identity
}

async fn of_user(records: &mut Records, name: &str) -> Option<String> {
    let found = records
        .identity_by_developer_user(&pool(), &user(name))
        .await;
    found.unwrap().map(|identity| identity.id.to_string())
}

async fn of_subject(records: &mut Records, subject: &str) -> Option<String> {
    let subject = Subject::stored(subject.to_owned());
    let found = records
        .identity_by_public_login(&pool(), &google(), &subject)
        .await;
    found.unwrap().map(|identity| identity.id.to_string())
}

#[tokio::test]
async fn s67_a_login_is_taken_by_the_identity_that_has_it() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let long = "x".repeat(PLAIN_USER_BYTES_MAX + 1);
    let first = identity("r:01", &["ana", &long], Some("1"));
    records.put_identity(&first).await.unwrap();
    assert_eq!(of_user(&mut records, &long).await.as_deref(), Some("r:01"));
    for second in [
        identity("r:02", &["ana"], None),
        identity("r:02", &[&long], None),
        identity("r:02", &["bob"], Some("1")),
    ] {
        let refused = records.put_identity(&second).await;
        assert!(matches!(refused, Err(RecordError::Taken(_))), "{second:?}");
    }
    let other_user = identity("r:02", &["1"], Some("ana"));
    records.put_identity(&other_user).await.unwrap();
    assert_eq!(of_subject(&mut records, "1").await.as_deref(), Some("r:01"));
}

#[tokio::test]
async fn logins_that_an_identity_lost_lead_to_it_no_more() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let before = identity("r:01", &["ana", "ann"], Some("1"));
    records.put_identity(&before).await.unwrap();
    let after = identity("r:01", &["ana"], None);
    records.put_identity(&after).await.unwrap();
    assert_eq!(of_user(&mut records, "ana").await.as_deref(), Some("r:01"));
    assert_eq!(of_user(&mut records, "ann").await, None);
    assert_eq!(of_subject(&mut records, "1").await, None);
    records.delete_identity(&after).await.unwrap();
    assert_eq!(of_user(&mut records, "ana").await, None);
    assert_eq!(records.identity(&after.id).await.unwrap(), None);
}

#[tokio::test]
async fn after_a_merge_every_login_leads_to_the_survivor() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let (one, two) = (
        identity("r:01", &["ana"], Some("1")),
        identity("r:02", &["bob"], None),
    );
    for identity in [&one, &two] {
        records.put_identity(identity).await.unwrap();
    }
    let Ok(Merge::Moved { survivor, retired }) = merge(one, two, NOW) else {
        panic!("two identities are one now");
    };
    let wrong_order = records.put_identity(&survivor).await;
    assert!(matches!(wrong_order, Err(RecordError::Taken(_))));
    records.put_identity(&retired).await.unwrap();
    records.put_identity(&survivor).await.unwrap();
    for name in ["ana", "bob"] {
        assert_eq!(of_user(&mut records, name).await.as_deref(), Some("r:02"));
    }
    assert_eq!(of_subject(&mut records, "1").await.as_deref(), Some("r:02"));
    assert_eq!(records.survivor(retired).await.unwrap(), survivor);
}

#[tokio::test]
async fn a_chain_of_merges_is_followed_so_far_and_no_further() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let last = MERGES_FOLLOWED_MAX + 1;
    for number in 0..=last {
        let mut identity = identity(&format!("r:{number:02x}"), &[], None);
        if number < last {
            identity.merged_into = Some(format!("r:{:02x}", number + 1).parse().unwrap());
        }
        records.put_identity(&identity).await.unwrap();
    }
    let mut survivor_of = async |number: usize| {
        let id = format!("r:{number:02x}").parse().unwrap();
        let identity = records.identity(&id).await.unwrap().unwrap();
        records.survivor(identity).await.unwrap()
    };
    assert_eq!(survivor_of(1).await.merged_into, None);
    assert!(survivor_of(0).await.merged_into.is_some());
}
