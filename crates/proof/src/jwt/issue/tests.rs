//! The letter of our tokens, and a second reader that agrees with it.

use jsonwebtoken::{DecodingKey, EncodingKey, Header, Validation};

use super::*;
use crate::jwt::testing::{
    HEADER, ISSUER, NOW, POOL, any_algorithm, claims, key, key_id, key_set, payload_with,
};
use crate::jwt::{Expectation, KeySet, TokenError, VerifiedToken, verify};

fn segments(token: &str) -> (String, String) {
    let decoded =
        |segment: &str| String::from_utf8(URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap();
    let mut segments = token.split('.');
    (
        decoded(segments.next().unwrap()),
        decoded(segments.next().unwrap()),
    )
}

fn ours(token: &str) -> Result<VerifiedToken, TokenError> {
    let expectation = Expectation {
        issuer: ISSUER,
        algorithms: &[Algorithm::Rs512],
        leeway_seconds: 0,
        max_lifetime: Some(LIFETIME_SECONDS_MAX),
    };
    verify(token, &key_set(), &expectation, NOW)
}

#[test]
fn the_token_is_written_as_recorded() {
    let mut claims = claims();
    claims.principal_tags = [("account_id", "3d31"), ("type", "developer_identity")]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .into();
    let (header, payload) = segments(&issue(key(), &key_id(), &claims).unwrap());
    assert_eq!(header, HEADER);
    assert_eq!(
        payload,
        concat!(
            r#"{"sub":"eu-west-1:04740000-202b-4d34-96b9-a36600000000","#,
            r#""aud":"eu-west-1:d8cc0000-9fe3-45df-bfc8-52c800000000","#,
            r#""amr":["authenticated","login.mycompany.myapp","#,
            r#""login.mycompany.myapp:eu-west-1:d8cc0000-9fe3-45df-bfc8-52c800000000:user-42"],"#,
            r#""https://aws.amazon.com/tags":{"principal_tags":"#,
            r#"{"account_id":["3d31"],"type":["developer_identity"]}},"#,
            r#""iss":"https://cognito-identity.amazonaws.com","#,
            r#""https://cognito-identity.amazonaws.com/identity-pool-arn":"#,
            r#""arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/"#,
            r#"eu-west-1:d8cc0000-9fe3-45df-bfc8-52c800000000","#,
            r#""exp":1754669427,"iat":1754668527}"#,
        )
    );
}

#[test]
fn without_tags_there_is_no_tags_claim() {
    let (_, payload) = segments(&issue(key(), &key_id(), &claims()).unwrap());
    assert!(!payload.contains("tags"));
}

#[test]
fn the_same_claims_give_the_same_bytes() {
    let once = issue(key(), &key_id(), &claims()).unwrap();
    assert_eq!(issue(key(), &key_id(), &claims()).unwrap(), once);
}

#[test]
fn no_token_outlives_a_day() {
    let living = |seconds: i64| {
        issue(
            key(),
            &key_id(),
            &TokenClaims {
                expires_at: NOW + seconds,
                ..claims()
            },
        )
        .map(|_| ())
    };
    assert_eq!(living(1), Ok(()));
    assert_eq!(living(LIFETIME_SECONDS_MAX), Ok(()));
    for seconds in [LIFETIME_SECONDS_MAX + 1, 0, -1] {
        assert_eq!(living(seconds), Err(IssueError::Lifetime), "{seconds}");
    }
    let wide = TokenClaims {
        expires_at: i64::MAX,
        issued_at: i64::MIN,
        ..claims()
    };
    assert_eq!(
        issue(key(), &key_id(), &wide).unwrap_err(),
        IssueError::Lifetime
    );
}

#[test]
fn a_key_survives_its_stored_form() {
    let stored = key().to_pkcs8().unwrap();
    let restored = SigningKey::from_pkcs8(&stored).unwrap();
    assert_eq!(restored.public_key(), key().public_key());
    let token = issue(&restored, &key_id(), &claims()).unwrap();
    assert_eq!(token, issue(key(), &key_id(), &claims()).unwrap());
    assert_eq!(
        SigningKey::from_pkcs8(&stored[1..]).unwrap_err(),
        IssueError::Key
    );
}

#[test]
fn s75_a_key_does_not_show_itself() {
    assert_eq!(format!("{:?}", key()), "SigningKey(***)");
}

#[test]
fn one_key_signs_on_many_threads() {
    let expected = issue(key(), &key_id(), &claims()).unwrap();
    let same = || issue(key(), &key_id(), &claims()).unwrap() == expected;
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(same)).collect();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    });
}

#[test]
fn a_second_reader_accepts_our_tokens() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let public = key().public_key();
    let reader = DecodingKey::from_rsa_components(&public.n(), &public.e()).unwrap();
    let mut rules = Validation::new(jsonwebtoken::Algorithm::RS512);
    rules.set_audience(&[POOL]);
    rules.set_issuer(&[ISSUER]);
    rules.validate_exp = false;
    let read = jsonwebtoken::decode::<serde_json::Value>(&token, &reader, &rules).unwrap();
    assert_eq!(read.header.kid.as_deref(), Some("eu-west-1-1"));
    assert_eq!(read.claims["sub"], claims().subject);
    let changed = token.replace("eyJ", "eyK");
    assert!(jsonwebtoken::decode::<serde_json::Value>(&changed, &reader, &rules).is_err());
}

#[test]
fn tokens_of_a_second_writer_are_accepted() {
    // The library wants PKCS#1, which stands behind the 26 octets of a 2,048-bit key's PKCS#8 head.
    let writer = EncodingKey::from_rsa_der(&key().to_pkcs8().unwrap()[26..]);
    let payload: serde_json::Value = serde_json::from_str(&payload_with("", None)).unwrap();
    let keys = KeySet::new(vec![any_algorithm(key(), "k")]);
    let expectation = Expectation {
        issuer: ISSUER,
        algorithms: &Algorithm::ALL,
        leeway_seconds: 0,
        max_lifetime: None,
    };
    for algorithm in [
        jsonwebtoken::Algorithm::RS256,
        jsonwebtoken::Algorithm::RS384,
        jsonwebtoken::Algorithm::RS512,
    ] {
        let header = Header {
            kid: Some("k".to_owned()),
            ..Header::new(algorithm)
        };
        let token = jsonwebtoken::encode(&header, &payload, &writer).unwrap();
        assert_eq!(
            verify(&token, &keys, &expectation, NOW).unwrap().audience(),
            [POOL]
        );
        let (rest, _) = token.rsplit_once('.').unwrap();
        let forged = format!("{rest}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
        let refused = verify(&forged, &keys, &expectation, NOW).unwrap_err();
        assert_eq!(refused, TokenError::BadSignature);
    }
    let header = Header {
        kid: Some("k".to_owned()),
        ..Header::new(jsonwebtoken::Algorithm::PS256)
    };
    let token = jsonwebtoken::encode(&header, &payload, &writer).unwrap();
    let refused = verify(&token, &keys, &expectation, NOW).unwrap_err();
    assert_eq!(refused, TokenError::AlgorithmRefused);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_issued_is_what_is_verified(
        subject in "[^\0]{1,64}",
        user in "[^\0]{1,128}",
        tags in proptest::collection::btree_map("[^\0]{1,32}", "[^\0]{0,32}", 0..6),
        lifetime in 1..=LIFETIME_SECONDS_MAX,
        age in 0..LIFETIME_SECONDS_MAX,
    ) {
        let issued_at = NOW - age;
        let claims = TokenClaims {
            subject,
            amr: vec!["authenticated".to_owned(), user],
            principal_tags: tags,
            issued_at,
            expires_at: issued_at + lifetime,
            ..claims()
        };
        let token = issue(key(), &key_id(), &claims).unwrap();
        match ours(&token) {
            Ok(verified) => {
                proptest::prop_assert!(age < lifetime);
                proptest::prop_assert_eq!(verified.subject(), &claims.subject);
                proptest::prop_assert_eq!(verified.amr(), claims.amr.as_slice());
                proptest::prop_assert_eq!(verified.principal_tags(), &claims.principal_tags);
                proptest::prop_assert_eq!(verified.expires_at(), claims.expires_at);
                proptest::prop_assert_eq!(verified.issued_at(), Some(issued_at));
            }
            Err(error) => {
                let expires_at = claims.expires_at;
                proptest::prop_assert!(age >= lifetime);
                proptest::prop_assert_eq!(error, TokenError::Expired { now: NOW, expires_at });
            }
        }
    }
}
