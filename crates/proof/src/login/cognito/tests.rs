//! Our own tokens as a login: one pool, one identity, one statement of authentication.

use super::*;
use crate::jwt::testing::{
    HEADER, IDENTITY, ISSUER, NOW, POOL, any_algorithm, claims, forge, forge_with, key, key_id,
    key_set, other_key, payload_with,
};
use crate::jwt::{TokenClaims, issue};

fn with_claim(name: &str, value: Option<&str>) -> Result<CognitoToken, TokenError> {
    verify(
        &forge(HEADER, &payload_with(name, value)),
        &key_set(),
        ISSUER,
        NOW,
    )
}

#[test]
fn a_token_of_ours_names_its_identity_and_pool() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let token = verify(&token, &key_set(), ISSUER, NOW).unwrap();
    assert_eq!(token.identity_id(), IDENTITY);
    assert_eq!(token.pool_id(), POOL);
    assert_eq!(token.issued_at(), NOW);
    assert!(token.authenticated());
    assert_eq!(token.token().amr().len(), 3);
}

#[test]
fn s13_only_rs512_is_ours() {
    // Even if the key were published for every algorithm.
    let keys = KeySet::new(vec![any_algorithm(key(), "eu-west-1-1")]);
    let token = |algorithm: Algorithm| {
        let header = HEADER.replace("RS512", algorithm.name());
        forge_with(key(), algorithm, &header, &payload_with("", None))
    };
    assert!(verify(&token(Algorithm::Rs512), &keys, ISSUER, NOW).is_ok());
    for algorithm in [Algorithm::Rs256, Algorithm::Rs384] {
        let refused = verify(&token(algorithm), &keys, ISSUER, NOW).unwrap_err();
        assert_eq!(refused, TokenError::AlgorithmRefused);
    }
}

#[test]
fn s21_our_tokens_live_a_day_at_most() {
    let living = |seconds: i64| with_claim("exp", Some(&(NOW + seconds).to_string())).map(|_| ());
    assert_eq!(living(86_400), Ok(()));
    assert_eq!(living(86_401), Err(TokenError::LifetimeTooLong));
}

#[test]
fn s16_the_audience_is_one_string() {
    for value in [
        r#"["eu-west-1:d8cc0000"]"#,
        r#"["a","b"]"#,
        "[]",
        "7",
        "\"\"",
    ] {
        let refused = with_claim("aud", Some(value)).unwrap_err();
        assert_eq!(refused, TokenError::WrongClaim("aud"), "{value}");
    }
    assert_eq!(
        with_claim("aud", None).unwrap_err(),
        TokenError::MissingClaim("aud")
    );
}

#[test]
fn s16_amr_states_the_authentication_once_and_first() {
    assert!(
        with_claim("amr", Some(r#"["authenticated","a","a:b"]"#))
            .unwrap()
            .authenticated()
    );
    assert!(
        !with_claim("amr", Some(r#"["unauthenticated"]"#))
            .unwrap()
            .authenticated()
    );
    for value in [
        r#""authenticated""#,
        r#"["a","authenticated"]"#,
        r#"["authenticated","unauthenticated"]"#,
        r#"["unauthenticated","authenticated"]"#,
        r#"["authenticated","authenticated"]"#,
        r#"["Authenticated"]"#,
        r#"["authenticated",7]"#,
        r#"{"0":"authenticated"}"#,
    ] {
        let refused = with_claim("amr", Some(value)).unwrap_err();
        assert_eq!(refused, TokenError::WrongClaim("amr"), "{value}");
    }
    for value in [None, Some("[]")] {
        assert_eq!(
            with_claim("amr", value).unwrap_err(),
            TokenError::MissingClaim("amr")
        );
    }
}

#[test]
fn s21_our_tokens_have_no_grace() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let expires_at = claims().expires_at;
    let at = |now| verify(&token, &key_set(), ISSUER, now).map(|_| ());
    assert_eq!(at(expires_at - 1), Ok(()));
    assert_eq!(
        at(expires_at),
        Err(TokenError::Expired {
            now: expires_at,
            expires_at
        })
    );
    assert_eq!(
        at(expires_at + 1),
        Err(TokenError::Expired {
            now: expires_at + 1,
            expires_at
        })
    );
    let issued = claims().issued_at;
    assert_eq!(at(issued - 300), Ok(()));
    assert_eq!(at(issued - 301), Err(TokenError::NotYetValid));
}

#[test]
fn s22_a_token_names_one_pool_and_one_identity() {
    let pools = ["eu-west-1:pool-a", "eu-west-1:pool-b"];
    let identities = ["eu-west-1:identity-a", "eu-west-1:identity-b"];
    for pool in pools {
        for identity in identities {
            let claims = TokenClaims {
                subject: identity.to_owned(),
                audience: pool.to_owned(),
                ..claims()
            };
            let token = issue(key(), &key_id(), &claims).unwrap();
            let token = verify(&token, &key_set(), ISSUER, NOW).unwrap();
            for asked_pool in pools {
                for asked_identity in identities {
                    let same = asked_pool == pool && asked_identity == identity;
                    assert_eq!(token.names(asked_pool, asked_identity), same);
                }
            }
            assert!(!token.names(identity, pool));
        }
    }
}

#[test]
fn s22_another_deployment_is_another_issuer() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let refused = verify(&token, &key_set(), "https://other.example", NOW).unwrap_err();
    assert_eq!(refused, TokenError::IssuerMismatch);
    let theirs = issue(other_key(), &key_id(), &claims()).unwrap();
    let refused = verify(&theirs, &key_set(), ISSUER, NOW).unwrap_err();
    assert_eq!(refused, TokenError::BadSignature);
}
