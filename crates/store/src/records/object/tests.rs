//! Objects in the order of their keys, and the files they name.

use std::collections::BTreeMap;

use daypass_core::time::Timestamp;
use daypass_proof::seal::{SealingKey, SealingRing};

use super::{Object, Position};
use crate::records::{Part, Records, Upload, Vault};
use crate::{MemoryStore, Store};

async fn records(store: &MemoryStore) -> Records {
    let key = SealingKey::from_bytes("master".parse().unwrap(), &[7; 32]).unwrap();
    let vault = Vault::new(SealingRing::new(key, Vec::new()).unwrap());
    Records::new(store.write().await.unwrap(), vault)
}

fn object(body: &str) -> Object {
    Object {
        body: body.to_owned(),
        size_bytes: 1,
        etag: "e".to_owned(),
        modified: Timestamp::from_millis(5),
        checksum: None,
        headers: BTreeMap::new(),
        metadata: BTreeMap::new(),
    }
}

async fn keys(records: &mut Records, prefix: &str, from: Position) -> Vec<String> {
    let found = records.objects("b", prefix, &from, 100).await.unwrap();
    found.into_iter().map(|(key, _)| key).collect()
}

#[tokio::test]
async fn keys_come_in_the_order_of_their_bytes_and_stay_in_their_bucket() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let mut names = vec![
        "a", "a b", "a!", "a/b", "a/", "b", "../x", "é", "\u{1}", "A",
    ];
    for (index, name) in names.iter().enumerate() {
        let object = object(&index.to_string());
        records.put_object("b", name, &object).await.unwrap();
    }
    records
        .put_object("b2", "a", &object("other"))
        .await
        .unwrap();
    names.sort_unstable();
    assert_eq!(keys(&mut records, "", Position::Start).await, names);
    assert_eq!(
        keys(&mut records, "a/", Position::Start).await,
        ["a/", "a/b"]
    );
    let after = Position::AfterKey("a/".to_owned());
    assert_eq!(keys(&mut records, "a", after).await, ["a/b"]);
    let passed = Position::AfterPrefix("a".to_owned());
    assert_eq!(keys(&mut records, "", passed).await, ["b", "é"]);
}

#[tokio::test]
async fn a_file_is_claimed_as_long_as_its_object_is_there() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    assert_eq!(
        records.put_object("b", "k", &object("one")).await.unwrap(),
        None
    );
    let replaced = records.put_object("b", "k", &object("two")).await.unwrap();
    assert_eq!(replaced.map(|object| object.body), Some("one".to_owned()));
    assert!(!records.body_is_claimed("one").await.unwrap());
    assert!(records.body_is_claimed("two").await.unwrap());
    let removed = records.delete_object("b", "k").await.unwrap();
    assert_eq!(removed.map(|object| object.body), Some("two".to_owned()));
    assert!(!records.body_is_claimed("two").await.unwrap());
    assert!(!records.has_objects("b").await.unwrap());
    assert_eq!(records.delete_object("b", "k").await.unwrap(), None);
}

#[tokio::test]
async fn an_upload_keeps_its_parts_in_order_and_takes_them_along() {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    let upload = Upload {
        created: Timestamp::from_millis(1),
        algorithm: Some("CRC32".to_owned()),
        composite: true,
        headers: BTreeMap::new(),
        metadata: BTreeMap::new(),
    };
    for (key, id) in [("k", "1"), ("k", "2"), ("l", "1"), ("k/x", "1")] {
        records.put_upload("b", key, id, &upload).await.unwrap();
    }
    let part = |body: &str| Part {
        body: body.to_owned(),
        size_bytes: 1,
        etag: "e".to_owned(),
        checksum: None,
        modified: Timestamp::from_millis(1),
    };
    for number in [10, 2, 10_000] {
        let body = number.to_string();
        records.put_part("1", number, &part(&body)).await.unwrap();
    }
    let replaced = records.put_part("1", 2, &part("again")).await.unwrap();
    assert_eq!(replaced.map(|part| part.body), Some("2".to_owned()));
    let numbers = |parts: Vec<(u32, Part)>| -> Vec<u32> {
        parts.into_iter().map(|(number, _)| number).collect()
    };
    let all = records.parts("1", 0, 100).await.unwrap();
    assert_eq!(numbers(all), [2, 10, 10_000]);
    let later = records.parts("1", 2, 1).await.unwrap();
    assert_eq!(numbers(later), [10]);

    let after = Position::AfterKey("k".to_owned());
    let found = records
        .uploads("b", "", &after, Some("1"), 9)
        .await
        .unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|(key, id, _)| (key.as_str(), id.as_str()))
        .collect();
    assert_eq!(names, [("k", "2"), ("k/x", "1"), ("l", "1")]);
    let found = records.uploads("b", "", &after, None, 9).await.unwrap();
    assert_eq!(found.len(), 2);

    let gone = records.delete_upload("b", "k", "1").await.unwrap();
    assert_eq!(gone.len(), 3);
    assert!(!records.body_is_claimed("again").await.unwrap());
    assert_eq!(records.upload("b", "k", "1").await.unwrap(), None);
}
