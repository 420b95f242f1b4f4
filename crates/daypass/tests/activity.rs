//! What a process counted is there again after it was asked to stop.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use daypass_json::{Object, Value};
use serde_json::json;
use support::{Keys, Server, cognito, json_call, serve, text};

fn read(server: &Server, keys: &Keys, operation: &str) -> Object {
    let face = ("daypass", "Daypass");
    let (status, answer) = json_call(server.address, keys, face, operation, &json!({})).unwrap();
    assert_eq!(status, 200);
    answer
}

/// The structures of a list.
fn structures<'a>(answer: &'a Object, member: &str) -> Vec<&'a Object> {
    let items = answer.get(member).and_then(Value::as_array).unwrap();
    items.iter().filter_map(Value::as_object).collect()
}

#[test]
fn counts_are_saved_at_the_end_and_secrets_among_the_settings_are_stars() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let root = Keys::fresh();
    let mut first = Server::start(&mut serve(&data, Some(&root)));
    let told = read(&first, &root, "GetActivity");
    assert!(structures(&told, "Refusals").is_empty());
    let stranger = Keys::fresh();
    let refused = cognito(first.address, &stranger, "ListIdentityPools", &json!({}));
    assert_eq!(refused.unwrap().0, 400);
    assert_eq!(first.stop().0, Some(0));

    let second = Server::start(&mut serve(&data, Some(&root)));
    let told = read(&second, &root, "GetActivity");
    let refusals = structures(&told, "Refusals");
    assert_eq!(refusals.len(), 1);
    assert_eq!(text(refusals[0], "Reason"), "sig.unknown_key");

    let described = read(&second, &root, "DescribeDeployment");
    assert_eq!(text(&described, "Version"), env!("CARGO_PKG_VERSION"));
    let settings = structures(&described, "Settings");
    let of = |name: &str| {
        let mut named = settings.iter().filter(|one| text(one, "Name") == name);
        named.next().map(|setting| text(setting, "Value"))
    };
    assert_eq!(of("root_secret_access_key").as_deref(), Some("\"***\""));
    assert_eq!(of("region").as_deref(), Some("\"us-east-1\""));
}
