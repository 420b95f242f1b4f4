//! Which published keys are believed.

use super::*;
use crate::jwt::testing::{key, key_id, key_set};

fn set(key: &str) -> Result<KeySet, KeySetError> {
    KeySet::parse(format!(r#"{{"keys":[{key}]}}"#).as_bytes())
}

/// One key whose members are replaced or, with an empty text, left out.
fn jwk(changes: &[(&str, &str)]) -> Result<Jwk, JwkError> {
    let public = key().public_key();
    let (n, e) = (format!("\"{}\"", public.n()), format!("\"{}\"", public.e()));
    let mut members = vec![
        ("kty", "\"RSA\""),
        ("alg", "\"RS512\""),
        ("use", "\"sig\""),
        ("kid", "\"eu-west-1-1\""),
        ("n", &n),
        ("e", &e),
    ];
    for (name, value) in changes {
        members.retain(|(member, _)| member != name);
        if !value.is_empty() {
            members.push((name, value));
        }
    }
    let text: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    let text = format!("{{{}}}", text.join(","));
    let value = parse_json(text.as_bytes(), &Bounds::WIRE).unwrap();
    Jwk::from_object(value.as_object().unwrap())
}

#[test]
fn our_set_is_published_in_the_recorded_form() {
    let n = key().public_key().n();
    let expected = format!(
        r#"{{"keys":[{{"kty":"RSA","alg":"RS512","use":"sig","kid":"eu-west-1-1","n":"{n}","e":"AQAB"}}]}}"#
    );
    assert_eq!(key_set().to_json(), expected);
    assert_eq!(KeySet::parse(expected.as_bytes()).unwrap(), key_set());
}

#[test]
fn s15_a_key_must_fit_its_use() {
    let good = jwk(&[]).unwrap();
    assert_eq!(good.key_id(), Some(&key_id()));
    assert_eq!(good.algorithm(), Some(Algorithm::Rs512));
    for (changes, expected) in [
        (("kty", ""), JwkError::Member("kty")),
        (("kty", "1"), JwkError::Member("kty")),
        (("kty", "\"EC\""), JwkError::Member("crv")),
        (("kty", "\"oct\""), JwkError::Kind),
        (("kty", "\"rsa\""), JwkError::Kind),
        (("use", "\"enc\""), JwkError::Use),
        (("use", "null"), JwkError::Member("use")),
        (("key_ops", r#"["encrypt"]"#), JwkError::Use),
        (("key_ops", "[]"), JwkError::Use),
        (("key_ops", "\"verify\""), JwkError::Member("key_ops")),
        (("alg", "\"RSA-OAEP\""), JwkError::Algorithm),
        (("alg", "\"HS256\""), JwkError::Algorithm),
        (("alg", "\"none\""), JwkError::Algorithm),
        (("alg", "7"), JwkError::Member("alg")),
        (("kid", "7"), JwkError::Member("kid")),
        (("kid", "\"\""), JwkError::Member("kid")),
        (("n", ""), JwkError::Member("n")),
        (("n", "\"AQAB=\""), JwkError::Member("n")),
        (("n", "\"AQ+B\""), JwkError::Member("n")),
        (("n", "7"), JwkError::Member("n")),
        (("e", ""), JwkError::Member("e")),
    ] {
        assert_eq!(jwk(&[changes]).unwrap_err(), expected, "{changes:?}");
    }
    for absent in ["alg", "use", "kid"] {
        assert!(jwk(&[(absent, "")]).is_ok(), "{absent}");
    }
    assert!(jwk(&[("key_ops", r#"["verify"]"#), ("use", "")]).is_ok());
}

#[test]
fn s15_a_published_private_key_is_unusable() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        assert_eq!(
            jwk(&[(member, "\"AQAB\"")]).unwrap_err(),
            JwkError::Private,
            "{member}"
        );
    }
}

#[test]
fn s15_the_modulus_has_2048_to_8192_bits() {
    // An odd number of exactly so many bits; whether it has two prime factors nobody can see.
    let number = |bits: usize| {
        let mut octets = vec![0xff; bits.div_ceil(8)];
        octets[0] = if bits.is_multiple_of(8) {
            0xff
        } else {
            (1 << (bits % 8)) - 1
        };
        octets
    };
    let accepted = |bits| Jwk::new(None, None, &number(bits), &[1, 0, 1]).map(|_| ());
    for bits in [2_048, 2_049, 3_072, 4_096, 8_192] {
        assert_eq!(accepted(bits), Ok(()), "{bits}");
    }
    for bits in [1, 512, 1_024, 2_047, 8_193, 16_384] {
        assert_eq!(accepted(bits), Err(JwkError::Modulus { bits }), "{bits}");
    }
    let mut even = number(2_048);
    even[255] = 0xfe;
    let refused = Jwk::new(None, None, &even, &[1, 0, 1]).unwrap_err();
    assert_eq!(refused, JwkError::Modulus { bits: 2_048 });
    assert_eq!(
        Jwk::new(None, None, &[], &[1, 0, 1]).unwrap_err(),
        JwkError::Modulus { bits: 0 }
    );
}

#[test]
fn s15_the_exponent_is_odd_and_neither_small_nor_huge() {
    let with = |e: &[u8]| jwk(&[("e", &format!("\"{}\"", URL_SAFE_NO_PAD.encode(e)))]).map(|_| ());
    assert_eq!(with(&[1, 0, 1]), Ok(()));
    assert_eq!(with(&[1, 0, 3]), Ok(()));
    assert_eq!(with(&[0xff, 0xff, 0xff, 0xff]), Ok(()));
    for e in [
        &[][..],
        &[0],
        &[1],
        &[3],
        &[0xff, 0xff],
        &[1, 0, 2],
        &[1, 0, 0, 0, 1],
    ] {
        assert_eq!(with(e), Err(JwkError::Exponent), "{e:?}");
    }
}

#[test]
fn a_sign_octet_in_front_is_not_part_of_the_number() {
    let n = URL_SAFE_NO_PAD.decode(key().public_key().n()).unwrap();
    let with_zero = URL_SAFE_NO_PAD.encode([&[0][..], &n].concat());
    assert_eq!(
        jwk(&[("n", &format!("\"{with_zero}\""))]).unwrap(),
        jwk(&[]).unwrap()
    );
}

#[test]
fn s82_a_text_that_is_no_usable_set_is_refused() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"keys":{}}"#,
        r#"{"keys":[1]}"#,
        r#"{"keys":[],"keys":[]}"#,
    ] {
        assert_eq!(
            KeySet::parse(text.as_bytes()).unwrap_err(),
            KeySetError::Malformed,
            "{text}"
        );
    }
    assert_eq!(set("").unwrap_err(), KeySetError::NoUsableKey);
    assert_eq!(
        set(r#"{"kty":"EC"}"#).unwrap_err(),
        KeySetError::NoUsableKey
    );
}

#[test]
fn unusable_keys_are_set_aside_with_their_reason() {
    let good = jwk(&[]).unwrap().to_json();
    let set = set(&format!(
        r#"{{"kty":"OKP","kid":"a"}},{good},{{"kty":"RSA","d":"AQ"}}"#
    ))
    .unwrap();
    assert_eq!(set.keys(), [jwk(&[]).unwrap()]);
    assert_eq!(
        set.set_aside(),
        [
            (Some("a".to_owned()), JwkError::Kind),
            (None, JwkError::Private)
        ]
    );
}

#[test]
fn s81_a_set_is_bounded_on_both_sides() {
    let good = jwk(&[]).unwrap().to_json();
    let keys = |count| vec![good.as_str(); count].join(",");
    assert_eq!(set(&keys(100)).unwrap().keys().len(), 100);
    assert_eq!(set(&keys(101)).unwrap_err(), KeySetError::TooManyKeys);
}

#[test]
fn key_ids_are_bounded_and_printable() {
    assert!("k".repeat(256).parse::<KeyId>().is_ok());
    for text in ["", &"k".repeat(257), "a\nb", "a\0b"] {
        assert_eq!(text.parse::<KeyId>(), Err(KeyIdError), "{text:?}");
    }
}

proptest::proptest! {
    #[test]
    fn s12_any_bytes_are_read_or_refused_without_a_panic(bytes: Vec<u8>) {
        let _ = KeySet::parse(&bytes);
    }

    #[test]
    fn s12_any_numbers_make_a_key_or_are_refused(n: Vec<u8>, e: Vec<u8>) {
        let _ = Jwk::new(None, None, &n, &e);
    }
}
