//! ID tokens: the provider is ours to choose, the audience exact.

use super::*;
use crate::jwt::testing::{
    IDENTITY, ISSUER, NOW, any_algorithm, forge_with, key, other_key, payload_with,
};

const HEADER: &str = r#"{"alg":"RS256","kid":"1"}"#;

fn with_payload(payload: &str) -> Result<(VerifiedLogin, VerifiedToken), TokenError> {
    let name = "cognito-identity.amazonaws.com".parse().unwrap();
    let client_ids = ["ours".to_owned(), "also-ours".to_owned()];
    let provider = Provider {
        name: &name,
        issuer: ISSUER,
        client_ids: &client_ids,
        algorithms: &Algorithm::RSA,
        is_user_pool: false,
    };
    let keys = KeySet::new(vec![
        any_algorithm(key(), "1"),
        any_algorithm(other_key(), "2"),
    ]);
    verify(
        &forge_with(key(), Algorithm::Rs256, HEADER, payload),
        &keys,
        &provider,
        NOW,
    )
}

fn with_audience(audience: &str, party: Option<&str>) -> Result<(), TokenError> {
    let payload = payload_with("aud", Some(audience));
    let payload = match party {
        None => payload,
        Some(party) => payload.replacen('{', &format!("{{\"azp\":{party},"), 1),
    };
    with_payload(&payload).map(|_| ())
}

#[test]
fn a_login_is_the_provider_and_the_subject() {
    let (login, token) = with_payload(&payload_with("aud", Some("\"ours\""))).unwrap();
    assert_eq!(login.provider().as_str(), "cognito-identity.amazonaws.com");
    assert_eq!(login.subject().as_str(), IDENTITY);
    assert_eq!(token.audience(), ["ours"]);
}

#[test]
fn s17_the_audience_is_matched_exactly() {
    for audience in [
        "\"ours\"",
        "\"also-ours\"",
        r#"["x","ours"]"#,
        r#"["ours","also-ours"]"#,
    ] {
        assert_eq!(with_audience(audience, None), Ok(()), "{audience}");
    }
    for audience in [
        "\"ours/\"",
        "\"OURS\"",
        "\"our\"",
        "\"*\"",
        "\" ours\"",
        r#"["x"]"#,
    ] {
        assert_eq!(
            with_audience(audience, None),
            Err(TokenError::AudienceRefused),
            "{audience}"
        );
    }
    for audience in ["[]", r#"["ours",7]"#, "null"] {
        assert_eq!(
            with_audience(audience, None),
            Err(TokenError::WrongClaim("aud")),
            "{audience}"
        );
    }
}

#[test]
fn s17_an_authorized_party_must_be_known_too() {
    assert_eq!(with_audience("\"ours\"", Some("\"also-ours\"")), Ok(()));
    assert_eq!(
        with_audience("\"ours\"", Some("\"x\"")),
        Err(TokenError::AudienceRefused)
    );
    assert_eq!(
        with_audience("\"x\"", Some("\"ours\"")),
        Err(TokenError::AudienceRefused)
    );
    let refused = with_audience("\"ours\"", Some("[\"ours\"]"));
    assert_eq!(refused, Err(TokenError::WrongClaim("azp")));
}

#[test]
fn s17_without_client_ids_nothing_is_accepted() {
    let (_, token) = with_payload(&payload_with("aud", Some("\"ours\""))).unwrap();
    assert!(!is_for(&token, &[]));
}

#[test]
fn s18_the_issuer_is_the_configured_one() {
    let other = payload_with("iss", Some("\"https://other.example\""));
    assert_eq!(
        with_payload(&other).unwrap_err(),
        TokenError::IssuerMismatch
    );
    let several = payload_with("iss", Some(&format!("[\"{ISSUER}\"]")));
    assert_eq!(
        with_payload(&several).unwrap_err(),
        TokenError::WrongClaim("iss")
    );
}

#[test]
fn s24_the_subject_is_not_the_mail_address() {
    let payload =
        payload_with("aud", Some("\"ours\"")).replacen('{', r#"{"email":"a@b.example","#, 1);
    assert_eq!(
        with_payload(&payload).unwrap().0.subject().as_str(),
        IDENTITY
    );
}

#[test]
fn s25_an_access_token_is_not_an_id_token() {
    let with_use = |kind: &str| {
        let payload = payload_with("aud", Some("\"ours\""));
        with_payload(&payload.replacen('{', &format!("{{\"token_use\":{kind},"), 1)).map(|_| ())
    };
    assert_eq!(with_use("\"id\""), Ok(()));
    for kind in ["\"access\"", "\"ID\"", "null", "7"] {
        assert_eq!(
            with_use(kind),
            Err(TokenError::WrongClaim("token_use")),
            "{kind}"
        );
    }
    let without_audience = payload_with("aud", None);
    assert_eq!(
        with_payload(&without_audience).unwrap_err(),
        TokenError::MissingClaim("aud")
    );
}
