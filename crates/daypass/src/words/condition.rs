//! Conditions as the second half of a sentence: "if `s3:prefix` is like `photos/`".
//!
//! **Source**: IAM user guide, *Policy element reference: Condition operators*.

use daypass_policy::{Condition, Operator, SetPrefix};

use super::{Sentence, Values};

/// Says when a condition holds.
pub(super) fn tell(sentence: Sentence, condition: &Condition, values: Values<'_>) -> Sentence {
    let of = match condition.set_prefix() {
        Some(SetPrefix::ForAnyValue) => "some value of ",
        Some(SetPrefix::ForAllValues) => "every value of ",
        None => "",
    };
    let sentence = sentence.say(of).name(condition.key());
    let sentence = if condition.operator() == Operator::Null {
        presence(sentence, condition)
    } else {
        let sentence = sentence.say(phrase(condition.operator()));
        sentence.list(condition.values(), " or ", |sentence, value| {
            if value.is_empty() {
                sentence.say("empty")
            } else {
                sentence.value(value, values)
            }
        })
    };
    if condition.if_exists() {
        sentence.say(" (or is absent)")
    } else {
        sentence
    }
}

fn presence(sentence: Sentence, condition: &Condition) -> Sentence {
    let says = |word: &str| {
        let mut values = condition.values().iter();
        values.any(|value| value.eq_ignore_ascii_case(word))
    };
    sentence.say(match (says("true"), says("false")) {
        (true, false) => " is absent",
        (false, _) => " is present",
        (true, true) => " is present or absent",
    })
}

fn phrase(operator: Operator) -> &'static str {
    match operator {
        Operator::StringEquals
        | Operator::NumericEquals
        | Operator::DateEquals
        | Operator::Bool
        | Operator::BinaryEquals
        | Operator::Null => " is ",
        Operator::StringNotEquals | Operator::NumericNotEquals | Operator::DateNotEquals => {
            " is not "
        }
        Operator::StringEqualsIgnoreCase => " is, in any case, ",
        Operator::StringNotEqualsIgnoreCase => " is not, in any case, ",
        Operator::StringLike | Operator::ArnLike | Operator::ArnEquals => " is like ",
        Operator::StringNotLike | Operator::ArnNotLike | Operator::ArnNotEquals => " is not like ",
        Operator::NumericLessThan => " is less than ",
        Operator::NumericLessThanEquals => " is at most ",
        Operator::NumericGreaterThan => " is more than ",
        Operator::NumericGreaterThanEquals => " is at least ",
        Operator::DateLessThan => " is before ",
        Operator::DateLessThanEquals => " is not after ",
        Operator::DateGreaterThan => " is after ",
        Operator::DateGreaterThanEquals => " is not before ",
        Operator::IpAddress => " is within ",
        Operator::NotIpAddress => " is outside of ",
    }
}
