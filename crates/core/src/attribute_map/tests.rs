//! What a map makes of the claims of a login.

use super::*;
use crate::pool::Settings;
use crate::time::Timestamp;

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn claim(name: &str) -> Option<String> {
    let claims = map(&[
        ("sub", "user-1"),
        ("aud", "app"),
        ("user_id", "amzn1"),
        ("department", "legal"),
        ("empty", ""),
        ("evil", "aws:root"),
        ("long", &"x".repeat(257)),
        (SAML_NAME, "Ana"),
        (SAML_NAME_IDENTIFIER, "ana@example.com"),
    ]);
    claims.get(name).cloned()
}

fn custom(entries: &[(&str, &str)]) -> AttributeMap {
    AttributeMap::custom(map(entries)).unwrap().unwrap()
}

#[test]
fn a_claim_becomes_a_tag_and_an_absent_one_becomes_none() {
    let mapped = custom(&[("team", "department"), ("x", "absent"), ("y", "empty")]);
    let tags = mapped.tags("accounts.google.com", claim).unwrap();
    assert_eq!(*tags.as_map(), map(&[("team", "legal")]));
}

#[test]
fn the_defaults_differ_by_kind_of_provider() {
    let google = map(&[("client", "app"), ("username", "user-1")]);
    let amazon = map(&[("client", "app"), ("username", "amzn1")]);
    let saml = map(&[("name", "Ana"), ("username", "ana@example.com")]);
    for (provider, expected) in [
        ("accounts.google.com", &google),
        ("cognito-idp.us-east-1.amazonaws.com/us-east-1_x", &google),
        ("arn:aws:iam::123456789012:oidc-provider/x.example", &google),
        ("www.amazon.com", &amazon),
        ("arn:aws:iam::123456789012:saml-provider/x", &saml),
    ] {
        let tags = AttributeMap::Defaults.tags(provider, claim).unwrap();
        assert_eq!(tags.as_map(), expected, "{provider}");
    }
}

#[test]
fn s64_a_claim_makes_no_reserved_and_no_endless_tag() {
    let tags = |entries| custom(entries).tags("accounts.google.com", claim);
    assert_eq!(tags(&[("team", "evil")]), Err(TagError::Reserved));
    assert_eq!(tags(&[("team", "long")]), Err(TagError::TooLong));
    let refused = |entries| AttributeMap::custom(map(entries)).unwrap_err();
    let reserved = AttributeMapError::Keys(TagError::Reserved);
    assert_eq!(refused(&[("AWS:team", "department")]), reserved);
    let twice = AttributeMapError::Keys(TagError::Duplicate);
    assert_eq!(refused(&[("team", "a"), ("Team", "b")]), twice);
}

#[test]
fn keys_and_claim_names_have_460_bytes_together() {
    let of = |claim_bytes: usize| {
        let claims = ["x".repeat(230 - 4), "x".repeat(claim_bytes)];
        let [first, second] = &claims;
        AttributeMap::custom(map(&[("key1", first), ("key2", second)]))
    };
    assert!(of(226).is_ok());
    assert_eq!(of(227), Err(AttributeMapError::TooLong));
}

#[test]
fn an_empty_map_is_none() {
    assert_eq!(AttributeMap::custom(BTreeMap::new()), Ok(None));
}

#[test]
fn a_login_finds_the_map_of_its_provider() {
    let arn = "arn:aws:iam::123456789012:oidc-provider/x.example/a";
    let settings = Settings {
        open_id_connect_provider_arns: vec![arn.to_owned()],
        supported_login_providers: map(&[("www.amazon.com", "app")]),
        ..Settings::default()
    };
    let now = Timestamp::from_seconds(1);
    let id = "us-east-1:00".parse().unwrap();
    let mut pool = IdentityPool::create(id, settings.clone(), BTreeMap::new(), now).unwrap();
    for provider in [arn, "www.amazon.com"] {
        let maps = &mut pool.attribute_maps;
        maps.insert(provider.to_owned(), AttributeMap::Defaults);
    }
    let user = |login| {
        let tags = pool.tags_of_login(login, claim).unwrap();
        tags.as_map().get("username").cloned()
    };
    assert_eq!(user("x.example/a").as_deref(), Some("user-1"));
    assert_eq!(user("www.amazon.com").as_deref(), Some("amzn1"));
    assert_eq!(user("x.example"), None);

    let amazon_only = Settings {
        open_id_connect_provider_arns: Vec::new(),
        ..settings
    };
    let updated = pool.update(amazon_only).unwrap();
    let left: Vec<_> = updated.attribute_maps.keys().collect();
    assert_eq!(left, ["www.amazon.com"], "a provider takes its map along");
}
