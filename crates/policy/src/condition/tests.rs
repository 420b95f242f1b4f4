//! Conditions: what surrounds the comparison: absence, emptiness, negation, sets.

use super::*;

fn condition(operator: &str, values: &[&str]) -> Condition {
    let values = values.iter().map(|&value| value.to_owned()).collect();
    Condition::read(Spec::read(operator).unwrap(), "k", values, Version::V2012).unwrap()
}

fn one(value: &str) -> Context {
    let mut context = Context::new();
    context.set("K", value);
    context
}

fn many(values: &[&str]) -> Context {
    let mut context = Context::new();
    context.set_many("K", values.iter().map(|&value| value.to_owned()).collect());
    context
}

/// An operator of each family that is positive, and its negation, with a value.
const PAIRS: [(&str, &str, &str); 6] = [
    ("StringEquals", "StringNotEquals", "a"),
    ("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "a"),
    ("StringLike", "StringNotLike", "a*"),
    ("NumericEquals", "NumericNotEquals", "1"),
    ("IpAddress", "NotIpAddress", "192.0.2.0/24"),
    ("ArnLike", "ArnNotLike", "arn:aws:s3:::b*"),
];

#[test]
fn s50_an_absent_key() {
    let absent = Context::new();
    for (positive, negated, value) in PAIRS {
        assert!(!condition(positive, &[value]).holds(&absent), "{positive}");
        assert!(condition(negated, &[value]).holds(&absent), "{negated}");
        for name in [positive, negated] {
            for (form, expected) in [
                (format!("{name}IfExists"), true),
                (format!("ForAllValues:{name}"), true),
                (format!("ForAnyValue:{name}"), false),
                (format!("ForAnyValue:{name}IfExists"), true),
            ] {
                assert_eq!(
                    condition(&form, &[value]).holds(&absent),
                    expected,
                    "{form}"
                );
            }
        }
    }
    assert!(!condition("Bool", &["false"]).holds(&absent));
    assert!(condition("BoolIfExists", &["false"]).holds(&absent));
    assert!(condition("Null", &["true"]).holds(&absent));
    assert!(!condition("Null", &["false"]).holds(&absent));
}

#[test]
fn s50_an_empty_list_is_an_absent_key() {
    let empty = many(&[]);
    let absent = Context::new();
    for (positive, negated, value) in PAIRS {
        for name in [positive, negated] {
            for prefix in ["", "ForAllValues:", "ForAnyValue:"] {
                for suffix in ["", "IfExists"] {
                    let condition = condition(&format!("{prefix}{name}{suffix}"), &[value]);
                    assert_eq!(condition.holds(&empty), condition.holds(&absent));
                }
            }
        }
    }
    assert!(condition("Null", &["true"]).holds(&empty));
}

#[test]
fn an_empty_text_is_a_value_except_to_the_set_prefixes() {
    let empty = one("");
    assert!(condition("StringEquals", &[""]).holds(&empty));
    assert!(condition("Null", &["false"]).holds(&empty));
    assert!(condition("ForAllValues:StringEquals", &["a"]).holds(&empty));
    assert!(!condition("ForAnyValue:StringEquals", &[""]).holds(&empty));
    assert!(!condition("ForAnyValue:StringNotEquals", &["a"]).holds(&empty));
}

#[test]
fn values_are_any_for_positive_and_none_for_negated() {
    assert!(condition("StringEquals", &["a", "b"]).holds(&one("b")));
    assert!(!condition("StringNotEquals", &["a", "b"]).holds(&one("b")));
    assert!(condition("StringNotEquals", &["a", "b"]).holds(&one("c")));
    assert!(!condition("StringEquals", &[]).holds(&one("a")));
    assert!(condition("StringNotEquals", &[]).holds(&one("a")));
}

#[test]
fn s50_set_prefixes_over_several_values() {
    let context = many(&["a", "b"]);
    for (form, values, expected) in [
        ("ForAnyValue:StringEquals", &["a"][..], true),
        ("ForAnyValue:StringEquals", &["c"], false),
        ("ForAllValues:StringEquals", &["a"], false),
        ("ForAllValues:StringEquals", &["a", "b", "c"], true),
        ("ForAnyValue:StringNotEquals", &["a"], true),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false),
        ("ForAllValues:StringNotEquals", &["a"], false),
        ("ForAllValues:StringNotEquals", &["c"], true),
        ("StringEquals", &["a"], false),
        ("StringNotEquals", &["c"], false),
        ("StringNotEqualsIfExists", &["c"], false),
    ] {
        assert_eq!(
            condition(form, values).holds(&context),
            expected,
            "{form} {values:?}"
        );
    }
    assert!(condition("StringEquals", &["a"]).holds(&many(&["a"])));
}

#[test]
fn what_cannot_be_compared_is_not_equal() {
    for (operator, value, expected) in [
        ("NumericEquals", "1", false),
        ("NumericLessThan", "1", false),
        ("NumericGreaterThanEquals", "1", false),
        ("NumericNotEquals", "1", true),
        ("DateNotEquals", "2020-01-01", true),
        ("DateLessThan", "2020-01-01", false),
        ("NotIpAddress", "192.0.2.1", true),
        ("IpAddress", "192.0.2.1", false),
        ("ArnNotEquals", "arn:aws:s3:::b", true),
        ("Bool", "true", false),
    ] {
        assert_eq!(
            condition(operator, &[value]).holds(&one("x")),
            expected,
            "{operator}"
        );
    }
}

#[test]
fn a_variable_without_value_follows_the_negation() {
    assert!(!condition("StringEquals", &["${aws:nobody}"]).holds(&one("a")));
    assert!(condition("StringNotEquals", &["${aws:nobody}"]).holds(&one("a")));
    assert!(!condition("StringNotEquals", &["${aws:nobody}", "a"]).holds(&one("a")));
    assert!(condition("StringEquals", &["${aws:nobody, 'a'}"]).holds(&one("a")));
}

#[test]
fn a_trust_policy_can_be_asked_what_it_pins() {
    let pins = |operator| {
        let condition = condition(operator, &["pool"]);
        (condition.is_positive_equality(), condition.tests_key("K"))
    };
    assert_eq!(pins("StringEquals"), (true, true));
    assert_eq!(pins("ForAnyValue:StringLike"), (true, true));
    assert_eq!(pins("StringEqualsIfExists"), (false, true));
    assert_eq!(pins("ForAllValues:StringEquals"), (false, true));
    assert_eq!(pins("StringNotEquals"), (false, true));
}
