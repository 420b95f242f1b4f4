//! Who is believed, and until when.

mod claims;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;
use crate::jwt::testing::{
    HEADER, IDENTITY, ISSUER, NOW, POOL, any_algorithm, claims, encoded, forge, forge_with, key,
    key_id, key_set, other_key, payload_with,
};
use crate::jwt::{Jwk, LIFETIME_SECONDS_MAX, issue};

const OURS: Expectation<'_> = Expectation {
    issuer: ISSUER,
    algorithms: &[Algorithm::Rs512],
    leeway_seconds: 0,
    max_lifetime: Some(LIFETIME_SECONDS_MAX),
};
const THEIRS: Expectation<'_> = Expectation {
    issuer: ISSUER,
    algorithms: &Algorithm::ALL,
    leeway_seconds: 300,
    max_lifetime: None,
};

fn with_claim(name: &str, value: Option<&str>) -> Result<VerifiedToken, TokenError> {
    verify(
        &forge(HEADER, &payload_with(name, value)),
        &key_set(),
        &OURS,
        NOW,
    )
}

fn refusal(token: &str) -> TokenError {
    verify(token, &key_set(), &OURS, NOW).unwrap_err()
}

#[test]
fn a_token_of_ours_is_believed() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let verified = verify(&token, &key_set(), &OURS, NOW).unwrap();
    assert_eq!(verified.issuer(), ISSUER);
    assert_eq!(verified.subject(), IDENTITY);
    assert_eq!(verified.audience(), [POOL]);
    assert_eq!(verified.authorized_party(), None);
    assert_eq!(verified.amr(), claims().amr);
    assert_eq!(verified.claim("aud").and_then(Value::as_str), Some(POOL));
}

#[test]
fn s13_an_hmac_over_the_public_key_is_refused() {
    let public = key().public_key();
    let modulus = URL_SAFE_NO_PAD.decode(public.n()).unwrap();
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n",
        STANDARD.encode(&modulus)
    );
    for secret in [
        &modulus,
        public.n().as_bytes(),
        pem.as_bytes(),
        b"client secret",
    ] {
        let header = HEADER.replace("RS512", "HS256");
        let input = format!("{}.{}", encoded(&header), encoded(&payload_with("", None)));
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), input.as_bytes());
        let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag));
        assert_eq!(refusal(&token), TokenError::AlgorithmRefused);
    }
}

#[test]
fn s13_the_algorithm_must_be_expected_and_be_that_of_the_key() {
    let header = |algorithm: Algorithm| HEADER.replace("RS512", algorithm.name());
    let token = |algorithm| {
        forge_with(
            key(),
            algorithm,
            &header(algorithm),
            &payload_with("", None),
        )
    };
    let any = KeySet::new(vec![any_algorithm(key(), "eu-west-1-1")]);
    for algorithm in [Algorithm::Rs256, Algorithm::Rs384] {
        let refused = verify(&token(algorithm), &any, &OURS, NOW).unwrap_err();
        assert_eq!(refused, TokenError::AlgorithmRefused, "not expected");
        let refused = verify(&token(algorithm), &key_set(), &THEIRS, NOW).unwrap_err();
        assert_eq!(refused, TokenError::AlgorithmRefused, "not that of the key");
        assert!(verify(&token(algorithm), &any, &THEIRS, NOW).is_ok());
    }
    // The header names one algorithm and the signature was made with another.
    let mixed = forge_with(key(), Algorithm::Rs256, HEADER, &payload_with("", None));
    assert_eq!(refusal(&mixed), TokenError::BadSignature);
}

#[test]
fn s14_a_key_id_only_names_a_key_of_the_issuer() {
    for kid in [
        "../eu-west-1-1",
        "eu-west-1-1' OR '1'='1",
        "EU-WEST-1-1",
        "eu-west-1-1 ",
        "/etc",
    ] {
        let header = HEADER.replace("eu-west-1-1", kid);
        assert_eq!(
            refusal(&forge(&header, &payload_with("", None))),
            TokenError::UnknownKey
        );
    }
    let own_key = format!(
        r#"{{"kid":"eu-west-1-1","alg":"RS512","jwk":{}}}"#,
        any_algorithm(other_key(), "eu-west-1-1").to_json()
    );
    let token = forge_with(
        other_key(),
        Algorithm::Rs512,
        &own_key,
        &payload_with("", None),
    );
    assert!(matches!(refusal(&token), TokenError::Malformed(_)));
}

#[test]
fn without_a_key_id_the_issuer_must_have_one_key() {
    let token = forge(r#"{"alg":"RS512"}"#, &payload_with("", None));
    assert!(verify(&token, &key_set(), &OURS, NOW).is_ok());
    let two = KeySet::new(vec![
        any_algorithm(key(), "a"),
        any_algorithm(other_key(), "b"),
    ]);
    assert_eq!(
        verify(&token, &two, &OURS, NOW).unwrap_err(),
        TokenError::UnknownKey
    );
}

#[test]
fn s15_of_keys_with_one_name_four_are_tried() {
    let named = |key| any_algorithm(key, "eu-west-1-1");
    let behind = |others: usize| {
        let mut keys: Vec<Jwk> = vec![named(other_key()); others];
        keys.push(named(key()));
        let token = forge(HEADER, &payload_with("", None));
        verify(&token, &KeySet::new(keys), &OURS, NOW).map(|_| ())
    };
    assert_eq!(behind(3), Ok(()));
    assert_eq!(behind(4), Err(TokenError::BadSignature));
}

#[test]
fn s15_a_token_of_an_unusable_key_says_why() {
    let small = URL_SAFE_NO_PAD.encode([0xff; 128]);
    let small = format!(r#"{{"kty":"RSA","kid":"eu-west-1-1","n":"{small}","e":"AQAB"}}"#);
    let other = any_algorithm(other_key(), "b").to_json();
    let keys = KeySet::parse(format!(r#"{{"keys":[{small},{other}]}}"#).as_bytes()).unwrap();
    let token = forge(HEADER, &payload_with("", None));
    let expected = TokenError::UnusableKey(JwkError::Modulus { bits: 1_024 });
    assert_eq!(verify(&token, &keys, &OURS, NOW).unwrap_err(), expected);
}

#[test]
fn s18_keys_of_one_issuer_never_verify_another() {
    // Both issuers call their key the same.
    let [a, b] = [key(), other_key()].map(|key| KeySet::new(vec![any_algorithm(key, "1")]));
    let header = r#"{"alg":"RS512","kid":"1"}"#;
    let of = |issuer: &str, key| {
        let payload = payload_with("iss", Some(&format!("\"{issuer}\"")));
        forge_with(key, Algorithm::Rs512, header, &payload)
    };
    let [one, two] = ["https://one.example", "https://two.example"];
    let expect = |issuer| Expectation { issuer, ..THEIRS };
    assert!(verify(&of(one, key()), &a, &expect(one), NOW).is_ok());
    assert!(verify(&of(two, other_key()), &b, &expect(two), NOW).is_ok());
    for (token, keys, issuer, expected) in [
        (of(one, key()), &b, two, TokenError::IssuerMismatch),
        (of(two, other_key()), &a, one, TokenError::IssuerMismatch),
        (of(one, other_key()), &a, one, TokenError::BadSignature),
        (of(two, key()), &b, two, TokenError::BadSignature),
        (
            of("https://one.example/", key()),
            &a,
            one,
            TokenError::IssuerMismatch,
        ),
        (
            of("HTTPS://one.example", key()),
            &a,
            one,
            TokenError::IssuerMismatch,
        ),
        (
            of("https://one.exampl", key()),
            &a,
            one,
            TokenError::IssuerMismatch,
        ),
    ] {
        assert_eq!(
            verify(&token, keys, &expect(issuer), NOW).unwrap_err(),
            expected
        );
    }
}

#[test]
fn s20_a_changed_token_is_refused() {
    let token = forge(HEADER, &payload_with("", None));
    for index in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        assert!(
            verify(&changed, &key_set(), &OURS, NOW).is_err(),
            "character {index}"
        );
    }
}

/// The published examples under `vectors/token`, each with the refusal it must meet.
#[test]
fn published_jose_examples() {
    let files = [
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../vectors/token/rfc7515-a1.txt"
        )),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../vectors/token/rfc7515-a2.txt"
        )),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../vectors/token/rfc7515-a3.txt"
        )),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../vectors/token/rfc7515-a5.txt"
        )),
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../vectors/token/rfc7797-4.txt"
        )),
    ];
    let example = files[1];
    let keys = format!(
        r#"{{"keys":[{{"kty":"RSA","n":"{}","e":"{}"}}]}}"#,
        field(example, "n"),
        field(example, "e")
    );
    let keys = KeySet::parse(keys.as_bytes()).unwrap();
    let expectation = Expectation {
        issuer: "joe",
        ..THEIRS
    };
    for file in files {
        let token = field(file, "token");
        let refused = verify(&token, &keys, &expectation, 1_300_819_379).unwrap_err();
        assert_eq!(
            refused.to_string(),
            field(file, "expect"),
            "{}",
            field(file, "source")
        );
    }
    // The example's own signature verifies: with one bit changed the refusal comes earlier.
    let changed = field(example, "token").replace(".cC4hi", ".cC4hj");
    let refused = verify(&changed, &keys, &expectation, 1_300_819_379).unwrap_err();
    assert_eq!(refused, TokenError::BadSignature);
}

/// The value of a `name: value` line, with the indented lines below it.
fn field(file: &str, name: &str) -> String {
    let mut lines = file
        .lines()
        .skip_while(|line| !line.starts_with(&format!("{name}: ")));
    let first = lines.next().unwrap().split_once(": ").unwrap().1;
    let rest = lines
        .take_while(|line| line.starts_with("  "))
        .map(str::trim);
    std::iter::once(first).chain(rest).collect()
}

proptest::proptest! {
    #[test]
    fn s12_signed_nonsense_is_refused_without_a_panic(claims: Vec<u8>) {
        let input = format!("{}.{}", encoded(HEADER), URL_SAFE_NO_PAD.encode(claims));
        let token = format!("{input}.{}", URL_SAFE_NO_PAD.encode([7; 256]));
        proptest::prop_assert!(verify(&token, &key_set(), &OURS, NOW).is_err());
    }
}
