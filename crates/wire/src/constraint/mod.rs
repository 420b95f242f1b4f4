//! Constraints on request members, and the message that lists every broken one.
//!
//! Both AWS protocols check the shape of all members first and answer with one message naming each
//! violation. Clients and tests read these texts, so they are spelled here once, exactly as AWS
//! spells them, for both faces.
//!
//! **Source**: Cognito identity reference page, section 1.5; STS reference page, section 1.3;
//! requirement S09 (what may be echoed).

mod violations;

use std::fmt;

use crate::pattern::Pattern;

pub(crate) use violations::shown_list;
pub use violations::{Violation, Violations, echo};

/// What a string member must satisfy.
///
/// **Units and limits**: lengths are UTF-16 code units, as AWS counts them.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    /// Shortest accepted length.
    pub min: usize,
    /// Longest accepted length; `usize::MAX` is no bound.
    pub max: usize,
    /// The pattern the whole value must match.
    pub pattern: Option<Pattern>,
    /// Whether the value must never appear in a message.
    pub sensitive: bool,
}

impl Text {
    /// Any text at all.
    pub const ANY: Self = Self::length(0, usize::MAX);

    /// Text of `min` to `max` code units.
    pub const fn length(min: usize, max: usize) -> Self {
        Self {
            min,
            max,
            pattern: None,
            sensitive: false,
        }
    }

    /// The same, also matching `pattern` as a whole.
    #[must_use]
    pub const fn matching(self, pattern: Pattern) -> Self {
        Self {
            pattern: Some(pattern),
            ..self
        }
    }

    /// The same, shown as `***` in messages.
    #[must_use]
    pub const fn sensitive(self) -> Self {
        Self {
            sensitive: true,
            ..self
        }
    }

    /// Whether `value` satisfies every part.
    pub fn accepts(&self, value: &str) -> bool {
        self.broken(value).is_empty()
    }

    fn broken(&self, value: &str) -> Vec<Constraint> {
        let length = value.encode_utf16().count();
        let mut broken = Vec::new();
        if length > self.max {
            broken.push(Constraint::LengthMax(self.max));
        }
        if length < self.min {
            broken.push(Constraint::LengthMin(self.min));
        }
        if let Some(pattern) = self.pattern
            && !(pattern.matches)(value)
        {
            broken.push(Constraint::Pattern(pattern.text));
        }
        broken
    }

    /// Every part as a map's message lists them: upper bound, lower bound, pattern.
    fn listed(&self) -> Vec<Constraint> {
        let mut listed = Vec::new();
        if self.max != usize::MAX {
            listed.push(Constraint::LengthMax(self.max));
            listed.push(Constraint::LengthMin(self.min));
        }
        if let Some(pattern) = self.pattern {
            listed.push(Constraint::Pattern(pattern.text));
        }
        listed
    }
}

/// What an integer member must satisfy: both bounds are accepted values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Integer {
    /// Smallest accepted value.
    pub min: i64,
    /// Largest accepted value.
    pub max: i64,
}

impl Integer {
    /// Integers from `min` to `max`.
    pub const fn range(min: i64, max: i64) -> Self {
        Self { min, max }
    }
}

/// What an enumerated member must be: one of these words, in this case.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice(pub &'static [&'static str]);

/// What a list of strings must satisfy.
#[derive(Clone, Copy, Debug)]
pub struct ListRule {
    /// Fewest accepted items.
    pub min: usize,
    /// Most accepted items; `usize::MAX` is no bound.
    pub max: usize,
    /// What each item must satisfy.
    pub item: Text,
}

/// What a map of strings must satisfy.
#[derive(Clone, Copy, Debug)]
pub struct MapRule {
    /// Most accepted entries; `usize::MAX` is no bound.
    pub max_entries: usize,
    /// What each key must satisfy.
    pub key: Text,
    /// What each value must satisfy.
    pub value: Text,
    /// Whether values must never appear in a message.
    pub sensitive: bool,
}

/// One rule that a value broke; `Display` is the text AWS prints after `constraint: `.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Constraint {
    /// The member is required.
    NotNull,
    /// Too short, or too few.
    LengthMin(usize),
    /// Too long, or too many.
    LengthMax(usize),
    /// Does not match the pattern.
    Pattern(&'static str),
    /// Too small.
    ValueMin(i64),
    /// Too large.
    ValueMax(i64),
    /// None of the words.
    OneOf(&'static [&'static str]),
    /// Some key of a map breaks one of these.
    MapKey(Vec<Constraint>),
    /// Some value of a map breaks one of these.
    MapValue(Vec<Constraint>),
}

impl fmt::Display for Constraint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotNull => out.write_str("Member must not be null"),
            Self::LengthMin(bound) => write!(
                out,
                "Member must have length greater than or equal to {bound}"
            ),
            Self::LengthMax(bound) => {
                write!(out, "Member must have length less than or equal to {bound}")
            }
            Self::Pattern(pattern) => write!(
                out,
                "Member must satisfy regular expression pattern: {pattern}"
            ),
            Self::ValueMin(bound) => write!(
                out,
                "Member must have value greater than or equal to {bound}"
            ),
            Self::ValueMax(bound) => {
                write!(out, "Member must have value less than or equal to {bound}")
            }
            Self::OneOf(words) => {
                write!(
                    out,
                    "Member must satisfy enum value set: [{}]",
                    words.join(", ")
                )
            }
            Self::MapKey(parts) => {
                write!(
                    out,
                    "Map keys must satisfy constraint: [{}]",
                    joined(parts, ", ")
                )
            }
            Self::MapValue(parts) => {
                write!(
                    out,
                    "Map value must satisfy constraint: [{}]",
                    joined(parts, ", ")
                )
            }
        }
    }
}

/// A member's name as paths spell it: the first letter in lower case, the rest as it is.
pub(crate) fn lower_camel(name: &str) -> String {
    let mut rest = name.chars();
    match rest.next() {
        Some(first) => first.to_ascii_lowercase().to_string() + rest.as_str(),
        None => String::new(),
    }
}

fn joined<T: fmt::Display>(parts: &[T], separator: &str) -> String {
    let parts: Vec<_> = parts.iter().map(ToString::to_string).collect();
    parts.join(separator)
}

#[cfg(test)]
mod tests;
