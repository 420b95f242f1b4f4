//! The key encoding: injective, order-preserving, readable (S67).

use super::{Key, Range};
use proptest::prelude::*;

fn key(parts: &[String]) -> Key {
    Key::of(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Parts built from the bytes that could confuse an encoding, and from any text.
fn part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ !\"#0-2a\u{0}\u{1f}\u{7f}-]{0,4}",
        ".{0,3}",
        Just("root".to_owned()),
        Just(char::MAX.to_string()),
    ]
}

fn parts() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(part(), 0..4)
}

proptest! {
    #[test]
    fn s67_keys_are_injective_and_order_preserving(left in parts(), right in parts()) {
        prop_assert_eq!(key(&left).cmp(&key(&right)), left.cmp(&right));
    }

    #[test]
    fn s67_keys_give_back_their_parts(parts in parts()) {
        let key = key(&parts);
        prop_assert_eq!(key.parts(), parts);
        prop_assert_eq!(Key::parse(key.as_str()), Some(key));
    }

    #[test]
    fn s67_only_written_keys_are_read(text in "[ !\"#0-2aA\u{1}\u{7f}-]{0,6}") {
        if let Some(key) = Key::parse(&text) {
            prop_assert_eq!(key.as_str(), text);
        }
    }

    #[test]
    fn s67_a_prefix_reaches_exactly_its_whole_parts(prefix in parts(), other in parts()) {
        let range = Range::prefix(&key(&prefix), 1);
        prop_assert_eq!(range.contains(&key(&other)), other.starts_with(&prefix));
    }

    #[test]
    fn a_text_prefix_reaches_exactly_the_parts_that_start_so(
        before in parts(), partial in part(), other in parts(), close in part(),
    ) {
        let names: Vec<&str> = before.iter().map(String::as_str).collect();
        let range = Range::text_prefix(&names, &partial, 1);
        let near = [before.clone(), vec![format!("{partial}{close}")], other.clone()].concat();
        for candidate in [other, near, before.clone()] {
            let reached = candidate.starts_with(&before)
                && candidate.get(before.len()).is_some_and(|next| next.starts_with(&partial));
            // The key of no parts at all is the one key with no next part to compare.
            let reached = reached || (before.is_empty() && partial.is_empty());
            prop_assert_eq!(range.contains(&key(&candidate)), reached, "{:?}", candidate);
        }
    }

    #[test]
    fn after_leaves_out_the_key_and_all_below(start in parts(), other in parts()) {
        let range = Range::prefix(&Key::of(&[]), 1).after(&key(&start));
        prop_assert_eq!(range.contains(&key(&other)), other > start);
    }

    #[test]
    fn after_text_prefix_leaves_out_the_group_and_all_below(partial in part(), other in part()) {
        let all = Range::prefix(&Key::of(&["object"]), 1);
        let range = all.after_text_prefix(&["object"], &partial);
        let left_in = other > partial && !other.starts_with(&partial);
        prop_assert_eq!(range.contains(&Key::of(&["object", &other])), left_in);
    }
}

#[test]
fn s67_a_key_reads_as_its_parts() {
    let key = Key::of(&["identity", "eu-west-1:7", "my user!", "", "né\u{0}"]);
    assert_eq!(key.to_string(), "identity eu-west-1:7 my!20user!21 ! né!00");
}

#[test]
fn s67_order_of_the_shapes_that_confuse() {
    let ascending: [&[&str]; 9] = [
        &[],
        &[""],
        &["", "b"],
        &["\u{0}"],
        &[" "],
        &["a"],
        &["a", "b"],
        &["a-b"],
        &["b"],
    ];
    for pair in ascending.windows(2) {
        assert!(Key::of(pair[0]) < Key::of(pair[1]), "{pair:?}");
    }
}

#[test]
fn s67_text_no_key_is_written_as_is_refused() {
    for text in [
        "!0", "!!", "a!", "!2G", "!41", "!ff", "!1F", "a!!", "! !0", "a\u{1}", "  ",
    ] {
        assert_eq!(Key::parse(text), None, "{text:?}");
    }
}
