//! The ring turns without a gap, and never gives out a name twice.

use super::*;
use crate::jwt::testing::{ISSUER, NOW, claims, key, other_key};
use crate::jwt::{KeySetError, TokenClaims, TokenError, issue};
use crate::login::cognito;

const DAY: i64 = 86_400;

fn first() -> KeyRing {
    KeyRing::first("us-east-1", Arc::clone(key())).unwrap()
}

fn names(ring: &KeyRing) -> Vec<String> {
    let ids = ring.key_set().keys().iter().filter_map(Jwk::key_id);
    ids.map(ToString::to_string).collect()
}

#[test]
fn a_first_ring_signs_at_once() {
    let ring = first();
    let (key_id, key) = ring.active();
    assert_eq!(key_id.as_str(), "us-east-1-1");
    assert_eq!(ring.next_key_id().unwrap().as_str(), "us-east-1-2");
    let token = issue(key, key_id, &claims()).unwrap();
    assert!(cognito::verify(&token, ring.key_set(), ISSUER, NOW).is_ok());
}

#[test]
fn s26_a_key_is_published_one_rotation_before_it_signs() {
    let ring = first().publish_next(Arc::clone(other_key())).unwrap();
    assert_eq!(names(&ring), ["us-east-1-1", "us-east-1-2"]);
    assert_eq!(ring.active().0.as_str(), "us-east-1-1");
    let turned = ring.rotate(NOW).unwrap();
    assert_eq!(turned.active().0.as_str(), "us-east-1-2");
    assert_eq!(names(&turned), ["us-east-1-1", "us-east-1-2"]);
    assert_eq!(first().rotate(NOW).unwrap_err(), KeyRingError::NoNextKey);
    let again = ring.publish_next(Arc::clone(other_key())).unwrap_err();
    assert_eq!(again, KeyRingError::NextKeyPublished);
}

#[test]
fn s26_no_valid_token_is_refused_while_the_ring_turns() {
    let before = first().publish_next(Arc::clone(other_key())).unwrap();
    let longest = TokenClaims {
        expires_at: NOW + DAY,
        ..claims()
    };
    let (key_id, key) = before.active();
    let token = issue(key, key_id, &longest).unwrap();
    let after = before.rotate(NOW).unwrap();
    // A server that turned later verifies what one that turned earlier signs, and the reverse.
    let (key_id, key) = after.active();
    let newer = issue(key, key_id, &longest).unwrap();
    for ring in [&before, &after] {
        for token in [&token, &newer] {
            assert!(cognito::verify(token, ring.key_set(), ISSUER, NOW).is_ok());
        }
    }
    let late = after.forget(NOW + DAY - 1).unwrap();
    assert!(cognito::verify(&token, late.key_set(), ISSUER, NOW + DAY - 1).is_ok());
}

#[test]
fn s26_a_retired_key_is_forgotten_after_its_last_token() {
    let ring = first()
        .publish_next(Arc::clone(other_key()))
        .unwrap()
        .rotate(NOW)
        .unwrap();
    let key_id: KeyId = "us-east-1-1".parse().unwrap();
    let retired = ring.key(&key_id).unwrap();
    assert!(matches!(retired.stage(), Stage::Retired { since } if *since == NOW));
    let end = NOW + RETIRED_SECONDS_MIN;
    assert!(ring.forget(end - 1).unwrap().key(&key_id).is_some());
    let forgotten = ring.forget(end).unwrap();
    assert!(forgotten.key(&key_id).is_none());
    let lasting = TokenClaims {
        issued_at: end,
        expires_at: end + DAY,
        ..claims()
    };
    let token = issue(key(), &key_id, &lasting).unwrap();
    let refused = cognito::verify(&token, forgotten.key_set(), ISSUER, end).unwrap_err();
    assert_eq!(refused, TokenError::UnknownKey);
}

#[test]
fn s26_names_are_never_used_again() {
    let mut ring = first();
    for expected in 2..6 {
        assert_eq!(
            ring.next_key_id().unwrap().as_str(),
            format!("us-east-1-{expected}")
        );
        ring = ring.publish_next(Arc::clone(other_key())).unwrap();
        ring = ring
            .rotate(NOW)
            .unwrap()
            .forget(NOW + RETIRED_SECONDS_MIN)
            .unwrap();
    }
    assert_eq!(names(&ring), ["us-east-1-5"]);
    // After a restart only the stored number knows that four names are gone.
    let restored = KeyRing::restore("us-east-1", ring.highest_number(), ring.keys().to_vec());
    assert_eq!(
        restored.unwrap().next_key_id().unwrap().as_str(),
        "us-east-1-6"
    );
    let last = KeyRing::restore("us-east-1", u32::MAX, ring.keys().to_vec()).unwrap();
    assert_eq!(last.next_key_id().unwrap_err(), KeyRingError::NoKeyId);
}

#[test]
fn a_ring_is_restored_as_it_was_or_not_at_all() {
    let ring = first()
        .publish_next(Arc::clone(other_key()))
        .unwrap()
        .rotate(NOW)
        .unwrap();
    let keys = || ring.keys().to_vec();
    let restore = |region: &str, highest, keys| {
        KeyRing::restore(region, highest, keys).map(|ring| names(&ring))
    };
    assert_eq!(restore("us-east-1", 2, keys()).unwrap(), names(&ring));
    assert_eq!(
        restore("us-east-1", 1, keys()),
        Err(KeyRingError::Number(2))
    );
    assert_eq!(restore("eu-west-1", 2, keys()), Err(KeyRingError::Name(1)));
    assert_eq!(restore("us-east-1", 2, vec![]), Err(KeyRingError::Stages));
    assert_eq!(
        restore("us-east-1", 2, keys()[..1].to_vec()),
        Err(KeyRingError::Stages)
    );
    let twice = [keys(), keys()].concat();
    assert_eq!(restore("us-east-1", 2, twice), Err(KeyRingError::Number(1)));
    // A private key stored beside another key's public half.
    let mixed = KeyRing::stored_key(
        1,
        keys()[0].published().clone(),
        Stage::Active(Arc::clone(other_key())),
    );
    assert_eq!(
        restore("us-east-1", 1, vec![mixed]),
        Err(KeyRingError::Name(1))
    );
}

#[test]
fn the_published_set_can_be_read_back() {
    let ring = first().publish_next(Arc::clone(other_key())).unwrap();
    let read: Result<KeySet, KeySetError> = KeySet::parse(ring.key_set().to_json().as_bytes());
    assert_eq!(&read.unwrap(), ring.key_set().as_ref());
}
