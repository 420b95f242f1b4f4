//! What people paste, and what they are told about it.

use std::collections::BTreeMap;

use daypass_proof::jwt::{KeyId, SigningKey, TokenClaims, issue};

use super::*;

const ISSUER: &str = "https://daypass.example";

fn claims() -> TokenClaims {
    TokenClaims {
        subject: "us-east-1:a".to_owned(),
        audience: "us-east-1:b".to_owned(),
        amr: vec!["authenticated".to_owned(), "login.example".to_owned()],
        principal_tags: BTreeMap::from([("tenant".to_owned(), "blue".to_owned())]),
        issuer: ISSUER.to_owned(),
        pool_arn: "arn:aws:cognito-identity:us-east-1:0:identitypool/us-east-1:b".to_owned(),
        expires_at: 1_900,
        issued_at: 1_000,
    }
}

fn issued() -> (String, Vec<u8>) {
    let key = SigningKey::generate().unwrap();
    let id: KeyId = "k-1".parse().unwrap();
    let published = key.public_key().published_as(id.clone()).unwrap();
    let set = format!("{{\"keys\":[{}]}}", published.to_json());
    (issue(&key, &id, &claims()).unwrap(), set.into_bytes())
}

#[test]
fn a_token_is_told_claim_by_claim_the_important_ones_first() {
    let (text, _) = issued();
    let token = read(&format!("  {text}\n")).unwrap();
    let names: Vec<_> = token.claim_rows().into_iter().map(|row| row.name).collect();
    assert_eq!(&names[..3], ["sub", "aud", "amr"]);
    let amr = &token.claim_rows()[2];
    assert_eq!(amr.value, "authenticated, login.example");
    assert!(amr.meaning.contains("logged in"));
    assert_eq!(token.header_rows()[0].value, "k-1");
    assert_eq!(token.text("sub"), Some("us-east-1:a"));
}

#[test]
fn its_life_is_counted_down() {
    let token = read(&issued().0).unwrap();
    assert_eq!(token.life(1_000).to_string(), "expires in 15m00s");
    assert_eq!(token.life(1_899), Life::Remaining(1));
    assert_eq!(token.life(1_900), Life::Expired(0));
    assert_eq!(span(59), "59s");
    assert_eq!(span(7_260), "2h01m");
    assert_eq!(span(864_000), "10d");
}

#[test]
fn s77_a_pasted_secret_is_refused_and_not_repeated() {
    let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    for text in [
        secret.to_owned(),
        format!("{{\"SecretKey\":\"{secret}\"}}"),
        format!("AWS_SECRET_ACCESS_KEY={secret}"),
    ] {
        let refused = read(&text).unwrap_err();
        assert_eq!(refused, NotAToken::SecretAccessKey);
        assert!(!refused.to_string().contains(secret));
    }
    assert_eq!(read("AKIAIOSFODNN7EXAMPLE"), Err(NotAToken::AccessKeyId));
}

#[test]
fn what_is_no_token_says_why() {
    assert_eq!(read(" \n"), Err(NotAToken::Empty));
    for text in ["a.b", "a.b.c.d", "!.!.!", "e30.W10.x"] {
        assert!(matches!(read(text), Err(NotAToken::Malformed(_))), "{text}");
    }
    assert!(
        read("e30.e30.").is_ok(),
        "an unsigned token can be looked at"
    );
}

#[test]
fn a_token_is_good_only_with_its_signature_issuer_and_time() {
    let (text, set) = issued();
    assert!(verify(&text, &set, ISSUER, 1_500).is_ok());
    assert!(matches!(
        verify(&text, &set, ISSUER, 1_900),
        Err(Unverified::Refused(TokenError::Expired { .. }))
    ));
    assert_eq!(
        verify(&text, &set, "https://other.example", 1_500),
        Err(Unverified::Refused(TokenError::IssuerMismatch))
    );
    let (_, others) = issued();
    assert_eq!(
        verify(&text, &others, ISSUER, 1_500),
        Err(Unverified::Refused(TokenError::BadSignature))
    );
    assert!(matches!(
        verify(&text, b"{}", ISSUER, 1_500),
        Err(Unverified::Keys(_))
    ));
}
