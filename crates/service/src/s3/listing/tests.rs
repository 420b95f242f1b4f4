//! Listings against a plain model: filter, group, cut.

use std::collections::{BTreeMap, BTreeSet};

use daypass_core::time::Timestamp;
use daypass_proof::seal::{SealingKey, SealingRing};
use daypass_store::records::Vault;
use daypass_store::{MemoryStore, Store};

use super::*;

async fn bucket(keys: &[&str]) -> Records {
    let key = SealingKey::from_bytes("master".parse().unwrap(), &[7; 32]).unwrap();
    let vault = Vault::new(SealingRing::new(key, Vec::new()).unwrap());
    let store = MemoryStore::new();
    let mut records = Records::new(store.write().await.unwrap(), vault);
    for key in keys {
        let object = Object {
            body: (*key).to_owned(),
            size_bytes: 0,
            etag: String::new(),
            modified: Timestamp::from_millis(0),
            checksum: None,
            headers: BTreeMap::new(),
            metadata: BTreeMap::new(),
        };
        records.put_object("bkt", key, &object).await.unwrap();
    }
    records
}

/// Every line of a listing, page by page of `limit`, prefixes marked with a star.
async fn pages(
    records: &mut Records,
    prefix: &str,
    delimiter: Option<&str>,
    limit: usize,
) -> Vec<String> {
    let mut lines = Vec::new();
    let mut from = Position::Start;
    loop {
        let question = Question {
            bucket: "bkt",
            prefix,
            delimiter,
            from,
            limit,
        };
        let page = objects(records, question).await.unwrap();
        assert!(page.items.len() + page.prefixes.len() <= limit);
        lines.extend(page.items.into_iter().map(|(key, _)| key));
        lines.extend(page.prefixes.into_iter().map(|prefix| format!("{prefix}*")));
        match page.next {
            Some(next) => from = position(&token(&next)).unwrap(),
            None => return lines,
        }
    }
}

/// The same, from the definition.
fn expected(keys: &[&str], prefix: &str, delimiter: Option<&str>) -> BTreeSet<String> {
    keys.iter()
        .filter_map(|key| {
            let rest = key.strip_prefix(prefix)?;
            let cut = delimiter.and_then(|delimiter| Some((rest.find(delimiter)?, delimiter)));
            Some(match cut {
                Some((at, delimiter)) => {
                    format!("{prefix}{}*", &rest[..at + delimiter.len()])
                }
                None => (*key).to_owned(),
            })
        })
        .collect()
}

const KEYS: [&str; 16] = [
    "a", "a b", "a!", "a-", "a/", "a/1", "a/b/1", "a/b/2", "a/b//3", "a0", "b", "b/", "c/x", "é/1",
    "é/2", "z\u{1}",
];

#[tokio::test]
async fn every_page_size_gives_the_same_lines() {
    let mut records = bucket(&KEYS).await;
    for prefix in ["", "a", "a/", "a/b", "a/b/", "é", "none", "a/b/1"] {
        for delimiter in [None, Some("/"), Some("b"), Some("//"), Some(" ")] {
            let expected = expected(&KEYS, prefix, delimiter);
            for limit in [1, 2, 3, 5, 100] {
                let lines = pages(&mut records, prefix, delimiter, limit).await;
                let found: BTreeSet<String> = lines.iter().cloned().collect();
                assert_eq!(found.len(), lines.len(), "no line twice");
                assert_eq!(found, expected, "{prefix:?} {delimiter:?} {limit}");
            }
        }
    }
}

#[tokio::test]
async fn a_marker_is_behind_and_a_marker_that_is_a_group_is_behind_as_a_whole() {
    let mut records = bucket(&["a/1", "a/2", "b", "c/1"]).await;
    let mut listed = async |marker: &str, delimiter: Option<&'static str>| {
        let question = Question {
            bucket: "bkt",
            prefix: "",
            delimiter,
            from: behind(Some(marker), "", delimiter),
            limit: 10,
        };
        let page = objects(&mut records, question).await.unwrap();
        let keys = page.items.into_iter().map(|(key, _)| key);
        keys.chain(page.prefixes).collect::<Vec<_>>()
    };
    assert_eq!(listed("a/1", None).await, ["a/2", "b", "c/1"]);
    assert_eq!(listed("a/", Some("/")).await, ["b", "c/"]);
    assert_eq!(listed("a/1", Some("/")).await, ["b", "a/", "c/"]);
    assert_eq!(listed("", Some("/")).await, ["b", "a/", "c/"]);
}

#[tokio::test]
async fn a_group_is_stepped_over_and_not_read_through() {
    let names: Vec<String> = (0..2_000).map(|number| format!("a/{number:04}")).collect();
    let mut keys: Vec<&str> = names.iter().map(String::as_str).collect();
    keys.push("b");
    let mut records = bucket(&keys).await;
    let lines = pages(&mut records, "", Some("/"), 10).await;
    assert_eq!(lines, ["b", "a/*"]);
    let lines = pages(&mut records, "a/", Some("/"), 999).await;
    assert_eq!(lines.len(), 2_000);
}

#[test]
fn tokens_that_were_not_given_out_are_refused() {
    for place in [
        Position::AfterKey("k".repeat(1_024)),
        Position::AfterPrefix("é/".to_owned()),
    ] {
        assert_eq!(position(&token(&place)).unwrap(), place);
    }
    for text in ["", "!", "YQ", "eGs"] {
        assert_eq!(
            position(text).unwrap_err().code,
            "InvalidArgument",
            "{text}"
        );
    }
    assert_eq!(limit(Some(-1)).unwrap_err().code, "InvalidArgument");
    assert_eq!(limit(Some(5_000)).unwrap(), LINES_MAX);
}
