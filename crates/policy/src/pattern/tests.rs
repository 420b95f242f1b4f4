//! Patterns: published examples, the naive matcher beside ours, and the worst cases for time.

use proptest::prelude::*;

use super::*;
use crate::document::Version;
use crate::variable::{Reading, read};

fn fits(pattern: &str, value: &str) -> bool {
    Pattern::glob(pattern).matches(value, &Context::new())
}

/// The obvious matcher: try every length for every `*`.
fn naive(pattern: &[char], value: &[char]) -> bool {
    match pattern.split_first() {
        None => value.is_empty(),
        Some(('*', rest)) => (0..=value.len()).any(|skip| naive(rest, &value[skip..])),
        Some((expected, rest)) => value.split_first().is_some_and(|(found, left)| {
            (*expected == '?' || expected == found) && naive(rest, left)
        }),
    }
}

#[test]
fn s52_the_whole_value_must_fit() {
    assert!(fits("demo", "demo"));
    assert!(!fits("demo", "demo2"));
    assert!(!fits("demo", "ademo"));
    assert!(!fits("", "a"));
    assert!(fits("", ""));
    assert!(fits("*", ""));
    assert!(fits("**", "a/b:c"));
    assert!(!fits("?", ""));
    assert!(fits("?", "\u{1f600}"));
    assert!(!fits("a*a", "a"));
    assert!(fits("a*a", "aa"));
    assert!(!fits("*ab?", "ab"));
    assert!(fits("*?", "ab"));
    assert!(fits("*?*", "a"));
}

#[test]
fn documented_examples_of_a_star_between_slashes() {
    for value in [
        "bkt/1/test/object.jpg",
        "bkt/1/2/test/3/object.jpg",
        "bkt/1///test///object.jpg",
        "bkt//test/object.jpg",
        "bkt/1/test/",
    ] {
        assert!(fits("bkt/*/test/*", value), "{value}");
    }
    for value in [
        "bkt/1-test/object.jpg",
        "bkt/test/object.jpg",
        "bkt/1/2/test.jpg",
    ] {
        assert!(!fits("bkt/*/test/*", value), "{value}");
    }
}

#[test]
fn s51_a_value_brings_no_wildcards() {
    let pieces = read("home/${aws:username}/*", Reading::pattern(Version::V2012)).unwrap();
    let pattern = Pattern::from_pieces(pieces);
    let mut context = Context::new();
    assert!(!pattern.matches("home//x", &context));
    for name in ["*", "?", "a/../b", "${aws:userid}", "us-east-1:1"] {
        context.set("aws:username", name);
        assert!(
            pattern.matches(&format!("home/{name}/x"), &context),
            "{name}"
        );
        assert!(!pattern.matches("home/y/x", &context), "{name}");
    }
}

#[test]
fn s10_many_stars_cost_no_more_than_pattern_times_value() {
    let value = "a".repeat(2_048);
    for pattern in [
        "*a".repeat(1_023) + "b",
        "*a?".repeat(680) + "b",
        format!("*{}b", "?".repeat(1_024)),
        format!("*{}b*", "a".repeat(1_024)),
        format!("*{}?b*", "a".repeat(1_024)),
    ] {
        assert!(!fits(&pattern, &value));
    }
}

#[test]
fn case_folding_brings_letters_of_one_capital_together() {
    for (left, right) in [('A', 'a'), ('σ', 'ς'), ('Ä', 'ä'), ('\u{212a}', 'k')] {
        assert_eq!(fold_case(left), fold_case(right));
    }
    assert_ne!(fold_case('ß'), fold_case('s'));
}

proptest! {
    #[test]
    fn agrees_with_the_naive_matcher(pattern in "[ab*?é]{0,8}", value in "[abé]{0,8}") {
        let characters: Vec<char> = pattern.chars().collect();
        let expected = naive(&characters, &value.chars().collect::<Vec<_>>());
        prop_assert_eq!(fits(&pattern, &value), expected);
    }

    #[test]
    fn any_text_matches_itself_escaped(value: String) {
        let escaped: String = value
            .chars()
            .map(|character| match character {
                '*' | '?' | '$' => format!("${{{character}}}"),
                other => other.to_string(),
            })
            .collect();
        let pieces = read(&escaped, Reading::pattern(Version::V2012)).unwrap();
        prop_assert!(Pattern::from_pieces(pieces).matches(&value, &Context::new()));
    }
}
