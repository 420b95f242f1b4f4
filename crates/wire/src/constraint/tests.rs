//! The texts byte for byte as the references print them, and both sides of each rule.

use proptest::prelude::*;

use super::*;
use crate::{limits, pattern};

fn message(record: impl FnOnce(&mut Violations)) -> String {
    let mut violations = Violations::new(limits::ECHO_BYTES_MAX);
    record(&mut violations);
    if violations.is_empty() {
        return String::new();
    }
    violations.to_string()
}

#[test]
fn published_messages_are_reproduced_exactly() {
    const LABEL: Text = Text::length(1, 128).matching(pattern::LABEL);
    const ID: Text = Text::length(1, 55).matching(pattern::WORD_COLON_HEX);
    assert_eq!(
        message(|v| v.text("identityPoolName", "pool#name", &LABEL)),
        "1 validation error detected: Value 'pool#name' at 'identityPoolName' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w\\s+=,.@-]+"
    );
    assert_eq!(
        message(|v| v.text("identityPoolId", "us-east-2:mock", &ID)),
        "1 validation error detected: Value 'us-east-2:mock' at 'identityPoolId' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    );
    assert_eq!(
        message(|v| v.integer("durationSeconds", 899, &Integer::range(900, 43_200))),
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value greater than or equal to 900"
    );
    assert_eq!(
        message(|v| v.missing("roleArn")),
        "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: \
         Member must not be null"
    );
}

const LOGINS: MapRule = MapRule {
    max_entries: 10,
    key: Text::length(1, 128),
    value: Text::length(1, 50_000),
    sensitive: true,
};

#[test]
fn s09_a_sensitive_value_is_never_echoed() {
    let token = "t".repeat(50_001);
    assert_eq!(
        message(|v| v.map("logins", &[("login.example", Some(&token))], &LOGINS)),
        "1 validation error detected: Value '{login.example=***}' at 'logins' failed to satisfy \
         constraint: Map value must satisfy constraint: [Member must have length less than or \
         equal to 50000, Member must have length greater than or equal to 1]"
    );
    let rule = Text::length(4, 20).sensitive();
    let shown = message(|v| v.text("webIdentityToken", "abc", &rule));
    assert!(
        shown.contains("Value '***' at 'webIdentityToken'"),
        "{shown}"
    );
    assert!(!shown.contains("abc"));
}

#[test]
fn several_violations_are_counted_and_joined() {
    assert_eq!(
        message(|v| {
            v.missing("a");
            v.choice("status", "On", &Choice(&["Active", "Inactive"]));
            v.integer("maxResults", 61, &Integer::range(1, 60));
        }),
        "3 validation errors detected: Value null at 'a' failed to satisfy constraint: Member must \
         not be null; Value 'On' at 'status' failed to satisfy constraint: Member must satisfy \
         enum value set: [Active, Inactive]; Value '61' at 'maxResults' failed to satisfy \
         constraint: Member must have value less than or equal to 60"
    );
}

#[test]
fn lengths_hold_on_both_sides_and_count_utf16_code_units() {
    let rule = Text::length(2, 4);
    for accepted in ["ab", "abcd", "éé", "\u{1f600}", "\u{1f600}\u{1f600}"] {
        assert!(rule.accepts(accepted), "{accepted:?}");
    }
    for (refused, text) in [
        ("a", "Member must have length greater than or equal to 2"),
        ("abcde", "Member must have length less than or equal to 4"),
        (
            "\u{1f600}\u{1f600}a",
            "Member must have length less than or equal to 4",
        ),
    ] {
        assert!(message(|v| v.text("m", refused, &rule)).ends_with(text));
    }
    assert!(Text::ANY.accepts(""));
}

#[test]
fn length_and_pattern_are_reported_separately() {
    const NAME: Text = Text::length(1, 3).matching(pattern::NAME);
    let mut violations = Violations::new(limits::ECHO_BYTES_MAX);
    violations.text("roleName", "a#cd", &NAME);
    let found: Vec<_> = violations.iter().map(|v| v.constraint().clone()).collect();
    assert_eq!(
        found,
        [
            Constraint::LengthMax(3),
            Constraint::Pattern("[\\w+=,.@-]+")
        ]
    );
    assert!(violations.iter().all(|v| v.path() == "roleName"));
}

#[test]
fn integers_hold_on_both_sides() {
    let rule = Integer::range(1, 86_400);
    for accepted in [1, 86_400] {
        assert_eq!(message(|v| v.integer("n", accepted, &rule)), "");
    }
    for refused in [0, -1, i64::MIN, 86_401, i64::MAX] {
        assert_ne!(message(|v| v.integer("n", refused, &rule)), "");
    }
}

#[test]
fn a_choice_is_case_sensitive_and_answers_the_word() {
    let mut violations = Violations::new(limits::ECHO_BYTES_MAX);
    let rule = Choice(&["Token", "Rules"]);
    assert_eq!(violations.choice("type", "Rules", &rule), Some("Rules"));
    assert_eq!(violations.choice("type", "rules", &rule), None);
    assert_eq!(violations.len(), 1);
}

#[test]
fn counts_hold_on_both_sides() {
    for accepted in [1, 60] {
        assert_eq!(message(|v| v.count("ids", "[...]", accepted, 1, 60)), "");
    }
    assert_eq!(
        message(|v| v.count("ids", "[]", 0, 1, 60)),
        "1 validation error detected: Value '[]' at 'ids' failed to satisfy constraint: Member \
         must have length greater than or equal to 1"
    );
    assert!(message(|v| v.count("ids", "[...]", 61, 1, 60)).contains("less than or equal to 60"));
}

#[test]
fn maps_name_every_part_of_the_broken_half() {
    let roles = MapRule {
        max_entries: 2,
        key: Text::length(1, 128).matching(pattern::AUTHENTICATED_OR_NOT),
        value: Text::length(2, 4),
        sensitive: false,
    };
    let good = [
        ("authenticated", Some("arn")),
        ("unauthenticated", Some("arn")),
    ];
    assert_eq!(message(|v| v.map("roles", &good, &roles)), "");
    assert_eq!(
        message(|v| v.map("roles", &[("guest", Some("arn"))], &roles)),
        "1 validation error detected: Value '{guest=arn}' at 'roles' failed to satisfy constraint: \
         Map keys must satisfy constraint: [Member must have length less than or equal to 128, \
         Member must have length greater than or equal to 1, Member must satisfy regular \
         expression pattern: (un)?authenticated]"
    );
    assert_eq!(
        message(|v| v.map("roles", &[("authenticated", None)], &roles)),
        "1 validation error detected: Value '{authenticated=null}' at 'roles' failed to satisfy \
         constraint: Map value must satisfy constraint: [Member must not be null]"
    );
    let three = [good[0], good[1], ("authenticated", Some("arn"))];
    assert!(
        message(|v| v.map("roles", &three, &roles)).ends_with("length less than or equal to 2")
    );
    let strict = MapRule {
        value: Text::length(9, 9),
        ..roles
    };
    let listed = message(|v| v.map("roles", &good, &strict));
    assert!(listed.contains("Value '{authenticated=arn, unauthenticated=arn}' at 'roles'"));
}

#[test]
fn s09_echoed_values_are_printable_one_line_and_cut() {
    assert_eq!(
        echo("a\r\nb\u{1b}[0m\u{202e}é", 1_024),
        "a\\u{d}\\u{a}b\\u{1b}[0m\\u{202e}\\u{e9}"
    );
    assert_eq!(echo(&"x".repeat(256), 256), "x".repeat(256));
    assert_eq!(echo(&"x".repeat(257), 256), "x".repeat(253) + "...");
}

#[test]
fn an_answer_lists_a_bounded_number_of_violations() {
    let mut violations = Violations::new(limits::ECHO_BYTES_MAX);
    for _ in 0..=limits::VIOLATIONS_MAX {
        violations.missing("a");
    }
    assert_eq!(violations.len(), limits::VIOLATIONS_MAX);
    assert!(
        violations
            .to_string()
            .starts_with("100 validation errors detected: ")
    );
}

#[test]
fn member_names_become_paths_by_their_first_letter() {
    for (name, path) in [
        ("IdentityPoolName", "identityPoolName"),
        ("OpenIdConnectProviderARNs", "openIdConnectProviderARNs"),
        ("arn", "arn"),
        ("", ""),
    ] {
        assert_eq!(lower_camel(name), path);
    }
}

proptest! {
    #[test]
    fn s09_any_value_makes_a_printable_bounded_message(value: String, max in 3_usize..300) {
        let shown = echo(&value, max);
        prop_assert!(shown.len() <= max);
        prop_assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }

    #[test]
    fn printable_ascii_that_fits_is_echoed_as_it_is(value in "[ -~]{0,256}") {
        prop_assert_eq!(echo(&value, 256), value);
    }
}
