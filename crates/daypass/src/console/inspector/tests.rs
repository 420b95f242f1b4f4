//! Texts that people paste, and what is said about them.

use serde_json::json;

use super::*;

fn encoded(value: &serde_json::Value) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string())
}

fn token(claims: &serde_json::Value) -> String {
    let header = json!({"alg": "RS512", "kid": "k1", "typ": "JWS"});
    format!("{}.{}.c2ln", encoded(&header), encoded(claims))
}

#[test]
fn s77_secrets_are_refused_and_never_repeated() {
    for (secret, says) in [
        (
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "secret access key",
        ),
        ("dps1_k1.c2VjcmV0LXNlc3Npb24tdG9rZW4", "session token"),
        ("IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVz", "session token"),
        (
            r#"{"SecretAccessKey": "abc", "Token": "eyJ"}"#,
            "secret access key",
        ),
    ] {
        let said = read(secret).unwrap_err();
        assert!(said.contains(says), "{said}");
        assert!(said.contains("cleared") && !said.contains(secret), "{said}");
    }
}

#[test]
fn what_is_no_token_is_told_from_a_token_that_was_cut_off() {
    let whole = token(&json!({"sub": "a"}));
    let (cut, _) = whole.rsplit_once('.').unwrap();
    assert!(read(cut).unwrap_err().contains("not copied whole"));
    assert!(
        read("hello")
            .unwrap_err()
            .starts_with("This is not a token")
    );
    assert_eq!(read("  ").unwrap_err(), "Paste a token first.");
    assert!(read(&whole).is_ok());
}

#[test]
fn a_token_from_the_future_tells_of_clocks_that_differ() {
    let dated = |iat: i64| read(&token(&json!({"iat": iat}))).unwrap();
    assert!(clocks(&dated(160), 100).starts_with("It was issued 1m00s from now"));
    assert!(clocks(&dated(40), 100).starts_with("It was issued 1m00s ago"));
    let undated = read(&token(&json!({}))).unwrap();
    assert!(clocks(&undated, 100).contains("does not say"));
}
