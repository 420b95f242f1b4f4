//! A seal opens for one purpose, one context, one deployment, unchanged.

use proptest::prelude::*;

use super::*;
use crate::jwt::testing::{ISSUER, NOW, claims, key, key_id, key_set};
use crate::jwt::{claimed_issuer, issue};
use crate::login::cognito;

const NONCE: [u8; 12] = *b"twelve bytes";
const CONTEXT: [&str; 3] = ["daypass-a", "000000000000", "ASIAEXAMPLEEXAMPLE01"];

fn sealing_key(id: &str, octet: u8) -> SealingKey {
    SealingKey::from_bytes(id.parse().unwrap(), &[octet; 32]).unwrap()
}

fn ring() -> SealingRing {
    SealingRing::new(sealing_key("k2", 2), vec![sealing_key("k1", 1)]).unwrap()
}

fn sealed(purpose: Purpose) -> String {
    ring()
        .seal(purpose, &CONTEXT, NONCE, b"role and expiry")
        .unwrap()
}

fn open(purpose: Purpose, context: &[&str], text: &str) -> Result<Vec<u8>, SealError> {
    ring()
        .open(purpose, context, text)
        .map(|plaintext| plaintext.to_vec())
}

#[test]
fn what_was_sealed_opens() {
    for purpose in Purpose::ALL {
        let text = sealed(purpose);
        assert_eq!(open(purpose, &CONTEXT, &text).unwrap(), b"role and expiry");
        assert!(text.starts_with(&format!("{}1_k2.", purpose.prefix())));
        let safe = |one: char| one.is_ascii_alphanumeric() || "-_.".contains(one);
        assert!(text.chars().all(safe), "{text}");
    }
}

#[test]
fn s72_a_text_is_sealed_the_same_way_for_ever() {
    // A stored secret must open after every upgrade: this text pins derivation, binding and form.
    let text = ring()
        .seal(
            Purpose::StoredSecret,
            &["access key", "AKIA"],
            NONCE,
            b"secret",
        )
        .unwrap();
    assert_eq!(text, PINNED);
    assert_eq!(
        open(Purpose::StoredSecret, &["access key", "AKIA"], PINNED).unwrap(),
        b"secret"
    );
}

const PINNED: &str = "dpx1_k2.dHdlbHZlIGJ5dGVzx9lkZ6Y0TbgTPuzM45BvWeHW-yOzqw";

#[test]
fn s72_every_flipped_bit_breaks_the_seal() {
    let text = sealed(Purpose::SessionToken);
    for index in 0..text.len() {
        for bit in 0..8 {
            let mut octets = text.clone().into_bytes();
            octets[index] ^= 1 << bit;
            // A text that is no longer UTF-8 never gets here.
            if let Ok(changed) = String::from_utf8(octets) {
                let outcome = open(Purpose::SessionToken, &CONTEXT, &changed);
                assert!(outcome.is_err(), "octet {index}, bit {bit}");
            }
        }
    }
    for length in 0..text.len() {
        assert!(open(Purpose::SessionToken, &CONTEXT, &text[..length]).is_err());
    }
    assert!(open(Purpose::SessionToken, &CONTEXT, &format!("{text}A")).is_err());
}

#[test]
fn s72_a_token_of_another_deployment_is_refused() {
    // Another deployment has other keys, even where it gave them the same names.
    let other = SealingRing::new(sealing_key("k2", 7), vec![]).unwrap();
    let text = sealed(Purpose::SessionToken);
    let refused = other
        .open(Purpose::SessionToken, &CONTEXT, &text)
        .unwrap_err();
    assert_eq!(refused, SealError::Broken);
    // And if two share a key, the context still parts them.
    let elsewhere = ["daypass-b", CONTEXT[1], CONTEXT[2]];
    let refused = open(Purpose::SessionToken, &elsewhere, &text).unwrap_err();
    assert_eq!(refused, SealError::Broken);
}

#[test]
fn s72_the_access_key_id_cannot_be_swapped() {
    let text = sealed(Purpose::SessionToken);
    for context in [
        &["daypass-a", "000000000000", "ASIAEXAMPLEEXAMPLE02"][..],
        &["daypass-a", "000000000001", "ASIAEXAMPLEEXAMPLE01"],
        &["daypass-a", "000000000000"],
        &["daypass-a", "000000000000", "ASIAEXAMPLEEXAMPLE01", ""],
        &["daypass-a000000000000", "", "ASIAEXAMPLEEXAMPLE01"],
        &["000000000000", "daypass-a", "ASIAEXAMPLEEXAMPLE01"],
        &[],
    ] {
        let refused = open(Purpose::SessionToken, context, &text).unwrap_err();
        assert_eq!(refused, SealError::Broken, "{context:?}");
    }
}

#[test]
fn s72_unknown_versions_and_keys_are_refused() {
    let text = sealed(Purpose::SessionToken);
    for (from, to, expected) in [
        ("dps1_", "dps2_", SealError::UnknownVersion),
        ("dps1_", "dps01_", SealError::UnknownVersion),
        ("dps1_", "dps_", SealError::UnknownVersion),
        ("_k2.", "_k3.", SealError::UnknownKey),
        ("_k2.", "_K2.", SealError::UnknownKey),
        ("_k2.", "_.", SealError::UnknownKey),
        // The key is in the ring, but it is not the one this text was sealed under.
        ("_k2.", "_k1.", SealError::Broken),
        ("_k2.", "_k2", SealError::Malformed),
        ("dps1_", "", SealError::WrongKind),
    ] {
        let changed = text.replacen(from, to, 1);
        let refused = open(Purpose::SessionToken, &CONTEXT, &changed).unwrap_err();
        assert_eq!(refused, expected, "{from} to {to}");
    }
}

#[test]
fn s72_a_retired_key_still_opens_and_an_erased_one_does_not() {
    let before = SealingRing::new(sealing_key("k1", 1), vec![]).unwrap();
    let text = before
        .seal(Purpose::SessionToken, &CONTEXT, NONCE, b"x")
        .unwrap();
    assert_eq!(open(Purpose::SessionToken, &CONTEXT, &text).unwrap(), b"x");
    let after = SealingRing::new(sealing_key("k2", 2), vec![]).unwrap();
    let refused = after
        .open(Purpose::SessionToken, &CONTEXT, &text)
        .unwrap_err();
    assert_eq!(refused, SealError::UnknownKey);
}

#[test]
fn s23_no_purpose_opens_for_another() {
    for sealed_for in Purpose::ALL {
        let text = sealed(sealed_for);
        for opened_for in Purpose::ALL {
            if sealed_for == opened_for {
                continue;
            }
            let refused = open(opened_for, &CONTEXT, &text).unwrap_err();
            assert_eq!(refused, SealError::WrongKind);
            // Nor if someone changes the front of the text.
            let disguised = text.replacen(sealed_for.prefix(), opened_for.prefix(), 1);
            let refused = open(opened_for, &CONTEXT, &disguised).unwrap_err();
            assert_eq!(refused, SealError::Broken);
        }
    }
}

#[test]
fn s23_sealed_texts_and_signed_tokens_never_pass_for_each_other() {
    let saml = "PHNhbWxwOlJlc3BvbnNlIHhtbG5zOnNhbWxwPSJ1cm46b2FzaXM6bmFtZXM6dGM6U0FNTDoyLjAiPg==";
    let token = issue(key(), &key_id(), &claims()).unwrap();
    for purpose in Purpose::ALL {
        let text = sealed(purpose);
        assert!(claimed_issuer(&text).is_err());
        assert!(cognito::verify(&text, &key_set(), ISSUER, NOW).is_err());
        for foreign in [token.as_str(), saml] {
            let refused = open(purpose, &CONTEXT, foreign).unwrap_err();
            assert!(matches!(refused, SealError::WrongKind | SealError::TooLong));
        }
    }
    assert!(claimed_issuer(saml).is_err());
}

#[test]
fn s72_each_kind_is_bounded_on_both_sides() {
    for purpose in Purpose::ALL {
        let frame = sealed(purpose).find('.').unwrap() + 1;
        // Nonce and tag take 28 bytes; three bytes take four characters.
        let fits = (purpose.text_bytes_max() - frame) * 3 / 4 - 28;
        let seal = |bytes: usize| ring().seal(purpose, &CONTEXT, NONCE, &vec![7; bytes]);
        let longest = seal(fits).unwrap();
        assert!(longest.len() <= purpose.text_bytes_max());
        assert_eq!(open(purpose, &CONTEXT, &longest).unwrap().len(), fits);
        assert_eq!(seal(fits + 1).unwrap_err(), SealError::TooLong);
        let padded = format!("{longest}{}", "A".repeat(8));
        assert_eq!(
            open(purpose, &CONTEXT, &padded).unwrap_err(),
            SealError::TooLong
        );
    }
}

#[test]
fn s75_a_sealing_key_does_not_show_itself() {
    assert_eq!(format!("{:?}", sealing_key("k1", 1)), "SealingKey(k1, ***)");
}

#[test]
fn key_names_are_plain_and_unique() {
    for id in ["", "K1", "a.b", "a_b", "é", &"k".repeat(33)] {
        assert_eq!(id.parse::<SealingKeyId>(), Err(SealingKeyIdError), "{id}");
    }
    let twice = SealingRing::new(sealing_key("k1", 1), vec![sealing_key("k1", 2)]).unwrap_err();
    assert_eq!(twice, SameKeyId("k1".parse().unwrap()));
    let retired = vec![sealing_key("k1", 1), sealing_key("k1", 2)];
    assert!(SealingRing::new(sealing_key("k2", 1), retired).is_err());
}

proptest! {
    #[test]
    fn s72_a_seal_opens_in_its_own_context_only(
        context in proptest::collection::vec("[a-b]{0,2}", 0..4),
        other in proptest::collection::vec("[a-b]{0,2}", 0..4),
        nonce: [u8; 12],
        plaintext: Vec<u8>,
    ) {
        let context: Vec<_> = context.iter().map(String::as_str).collect();
        let other: Vec<_> = other.iter().map(String::as_str).collect();
        let text = ring().seal(Purpose::StoredSecret, &context, nonce, &plaintext).unwrap();
        prop_assert_eq!(open(Purpose::StoredSecret, &context, &text).unwrap(), plaintext);
        let opened = open(Purpose::StoredSecret, &other, &text).is_ok();
        prop_assert_eq!(opened, context == other);
    }

    #[test]
    fn s12_any_text_is_refused_without_a_panic(text: String, body: Vec<u8>) {
        prop_assert!(open(Purpose::SessionToken, &CONTEXT, &text).is_err());
        let framed = format!("dps1_k2.{}", URL_SAFE_NO_PAD.encode(&body));
        prop_assert!(open(Purpose::SessionToken, &CONTEXT, &framed).is_err());
    }
}
