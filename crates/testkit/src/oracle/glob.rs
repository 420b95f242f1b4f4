//! The oracle's matcher: one glyph after the other, every length tried for every `*`.
//!
//! It is exponential on purpose: nobody has to trust a trick in it. Keep patterns short.
//!
//! **Source**: IAM user guide, *Policy element reference: Resource*; *Variables and tags*.

use daypass_policy::{Context, ContextValue};

/// One character of a pattern, with its meaning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Glyph {
    /// This character.
    Exactly(char),
    /// Any one character.
    AnyOne,
    /// Any run of characters.
    AnyRun,
    /// A variable without a value: the whole pattern fits nothing.
    Never,
}

/// Whether the whole value fits.
pub(super) fn fits(pattern: &[Glyph], value: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    !pattern.contains(&Glyph::Never) && walk(pattern, &value)
}

fn walk(pattern: &[Glyph], value: &[char]) -> bool {
    let Some((first, rest)) = pattern.split_first() else {
        return value.is_empty();
    };
    match first {
        Glyph::AnyRun => (0..=value.len())
            .filter_map(|skipped| value.get(skipped..))
            .any(|left| walk(rest, left)),
        Glyph::AnyOne => value
            .split_first()
            .is_some_and(|(_, left)| walk(rest, left)),
        Glyph::Exactly(expected) => value
            .split_first()
            .is_some_and(|(found, left)| found == expected && walk(rest, left)),
        Glyph::Never => false,
    }
}

/// A pattern without variables.
pub(super) fn plain(text: &str) -> Vec<Glyph> {
    text.chars().map(wildcard).collect()
}

/// A text that means itself.
pub(super) fn exactly(text: &str) -> Vec<Glyph> {
    text.chars().map(Glyph::Exactly).collect()
}

/// A text whose `${…}` are variables; its `*` and `?` are wildcards when it is a pattern.
pub(super) fn with_variables(text: &str, is_pattern: bool, context: &Context) -> Vec<Glyph> {
    let Some((before, rest)) = text.split_once("${") else {
        return if is_pattern {
            plain(text)
        } else {
            exactly(text)
        };
    };
    let mut glyphs = if is_pattern {
        plain(before)
    } else {
        exactly(before)
    };
    let end = closing(rest);
    let inside: String = rest.chars().take(end).collect();
    let after: String = rest.chars().skip(end + 1).collect();
    glyphs.extend(value(&inside, context));
    glyphs.extend(with_variables(&after, is_pattern, context));
    glyphs
}

/// Where the closing brace stands; one inside quotes does not close.
fn closing(rest: &str) -> usize {
    let mut quotes = 0;
    for (place, character) in rest.chars().enumerate() {
        match character {
            '\'' => quotes += 1,
            '}' if quotes % 2 == 0 => return place,
            _ => {}
        }
    }
    rest.chars().count()
}

fn value(inside: &str, context: &Context) -> Vec<Glyph> {
    if ["*", "?", "$"].contains(&inside) {
        return exactly(inside);
    }
    let (name, default) = match inside.split_once(',') {
        Some((name, default)) => (name, Some(default.trim().trim_matches('\''))),
        None => (inside, None),
    };
    match (context.get(name), default) {
        (Some(ContextValue::One(text)), _) => exactly(text),
        (_, Some(default)) => exactly(default),
        (_, None) => vec![Glyph::Never],
    }
}

fn wildcard(character: char) -> Glyph {
    match character {
        '*' => Glyph::AnyRun,
        '?' => Glyph::AnyOne,
        other => Glyph::Exactly(other),
    }
}
