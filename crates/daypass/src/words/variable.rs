//! Variables: where they stand in a text, what they are filled with, what they mean.
//!
//! **Source**: IAM user guide, *IAM policy elements: Variables and tags*; Cognito developer guide,
//! *Using attributes for access control*.

use daypass_policy::{Context, ContextValue};

use super::Span;

/// Cuts a text at its variables and fills in those that the context has.
///
/// The escapes `${*}`, `${?}` and `${$}` are no variables and stay as they are.
pub(crate) fn expand(text: &str, context: &Context) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, variable, inner, after)) = next(rest) {
        plain.push_str(before);
        rest = after;
        if matches!(inner, "*" | "?" | "$") {
            plain.push_str(variable);
            continue;
        }
        if !plain.is_empty() {
            spans.push(Span::Plain(std::mem::take(&mut plain)));
        }
        spans.push(filled(variable, inner, context));
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        spans.push(Span::Plain(plain));
    }
    spans
}

/// What stands before the next `${…}`, itself, its inside, and what follows.
fn next(text: &str) -> Option<(&str, &str, &str, &str)> {
    let start = text.find("${")?;
    let (before, from) = text.split_at(start);
    let mut quoted = false;
    for (at, character) in from.char_indices().skip(2) {
        match character {
            '\'' => quoted = !quoted,
            '}' if !quoted => {
                let (variable, after) = from.split_at_checked(at.saturating_add(1))?;
                let inner = variable.strip_prefix("${")?.strip_suffix('}')?;
                return Some((before, variable, inner, after));
            }
            _ => {}
        }
    }
    None
}

fn filled(variable: &str, inner: &str, context: &Context) -> Span {
    let (key, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((key, default)) => (key, Some(default.trim_matches([' ', '\'']))),
    };
    let variable = variable.to_owned();
    match (context.get(key), default) {
        (Some(ContextValue::One(value)), _) => Span::Filled {
            variable,
            value: value.clone(),
        },
        _ => Span::Open {
            variable,
            meaning: meaning(key),
        },
    }
}

/// What a key stands for, as far as it can be said without a request.
pub(super) fn meaning(key: &str) -> &'static str {
    let key = key.to_ascii_lowercase();
    match key.as_str() {
        key if key.ends_with(":sub") => "the identity id",
        key if key.ends_with(":aud") => "the identity pool id",
        key if key.ends_with(":amr") => {
            "how the person logged in; it has several values, so it fits nothing"
        }
        "aws:userid" => "the unique id of the caller",
        "aws:username" => "the name of the user",
        "aws:principalarn" => "the ARN of the caller",
        "aws:principalaccount" => "the account of the caller",
        "aws:sourceip" => "the address the request comes from",
        "aws:currenttime" | "aws:epochtime" => "the time of the request",
        key if key.starts_with("aws:principaltag/") => "a tag of the person, from their token",
        key if key.starts_with("s3:") => "taken from the request to S3",
        _ => "filled in at request time",
    }
}
