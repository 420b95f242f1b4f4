//! Constraints on request members, and the message that lists every broken one.
//!
//! Both AWS protocols check the shape of all members first and answer with one message naming each
//! violation. Clients and tests read these texts, so they are spelled here once, exactly as AWS
//! spells them, for both faces.
//!
//! **Source**: Cognito identity reference page, section 1.5; STS reference page, section 1.3;
//! requirement S09 (what may be echoed).

use std::fmt;

use crate::limits;
use crate::pattern::Pattern;

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

/// One broken rule, where it was broken, and the value as it may be shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violation {
    path: String,
    /// Printable, cut, and masked if sensitive; `None` is a missing value.
    shown: Option<String>,
    constraint: Constraint,
}

impl Violation {
    /// The member's path, such as `tags.1.member.key`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The rule that was broken.
    pub fn constraint(&self) -> &Constraint {
        &self.constraint
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.shown {
            None => out.write_str("Value null")?,
            Some(value) => write!(out, "Value '{value}'")?,
        }
        let Self {
            path, constraint, ..
        } = self;
        write!(
            out,
            " at '{path}' failed to satisfy constraint: {constraint}"
        )
    }
}

/// Every broken rule of one request; `Display` is the message of the answer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Violations {
    echo_bytes_max: usize,
    found: Vec<Violation>,
}

impl Violations {
    /// No violations yet; values will be shown in at most `echo_bytes_max` bytes.
    pub const fn new(echo_bytes_max: usize) -> Self {
        Self {
            echo_bytes_max,
            found: Vec::new(),
        }
    }

    /// Whether nothing was broken.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many rules were broken.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// The violations in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        self.found.iter()
    }

    /// Records that the required member at `path` is missing.
    pub fn missing(&mut self, path: &str) {
        self.record(path, None, Constraint::NotNull);
    }

    /// Checks a string.
    pub fn text(&mut self, path: &str, value: &str, rule: &Text) {
        let shown = if rule.sensitive { MASK } else { value };
        for constraint in rule.broken(value) {
            self.record(path, Some(shown), constraint);
        }
    }

    /// Checks an integer.
    pub fn integer(&mut self, path: &str, value: i64, rule: &Integer) {
        let broken = if value > rule.max {
            Constraint::ValueMax(rule.max)
        } else if value < rule.min {
            Constraint::ValueMin(rule.min)
        } else {
            return;
        };
        self.record(path, Some(&value.to_string()), broken);
    }

    /// Checks an enumerated word, and answers the word itself when it is one of them.
    pub fn choice(&mut self, path: &str, value: &str, rule: &Choice) -> Option<&'static str> {
        let word = rule.0.iter().find(|word| **word == value).copied();
        if word.is_none() {
            self.record(path, Some(value), Constraint::OneOf(rule.0));
        }
        word
    }

    /// Checks how many items or entries there are; `shown` is the collection for the message.
    pub fn count(&mut self, path: &str, shown: &str, count: usize, min: usize, max: usize) {
        if count > max {
            self.record(path, Some(shown), Constraint::LengthMax(max));
        }
        if count < min {
            self.record(path, Some(shown), Constraint::LengthMin(min));
        }
    }

    /// Checks a map of strings; a `None` value is a missing one.
    pub fn map(&mut self, path: &str, entries: &[(&str, Option<&str>)], rule: &MapRule) {
        let shown = shown_map(entries, rule.sensitive || rule.value.sensitive);
        self.count(path, &shown, entries.len(), 0, rule.max_entries);
        if entries.iter().any(|(key, _)| !rule.key.accepts(key)) {
            let broken = Constraint::MapKey(rule.key.listed());
            self.record(path, Some(&shown), broken);
        }
        let mut values = entries.iter().map(|(_, value)| *value);
        if values
            .clone()
            .flatten()
            .any(|value| !rule.value.accepts(value))
        {
            let broken = Constraint::MapValue(rule.value.listed());
            self.record(path, Some(&shown), broken);
        }
        if values.any(|value| value.is_none()) {
            let broken = Constraint::MapValue(vec![Constraint::NotNull]);
            self.record(path, Some(&shown), broken);
        }
    }

    /// Checks the keys of a map whose values are structures.
    pub fn keys(&mut self, path: &str, keys: &[&str], rule: &Text) {
        if keys.iter().any(|key| !rule.accepts(key)) {
            let shown = shown_keys(keys);
            let broken = Constraint::MapKey(rule.listed());
            self.record(path, Some(&shown), broken);
        }
    }

    /// Records that `constraint` was broken at `path` by a value shown as `shown`.
    ///
    /// **Units and limits**: past [`limits::VIOLATIONS_MAX`] nothing more is recorded.
    pub fn record(&mut self, path: &str, shown: Option<&str>, constraint: Constraint) {
        if self.found.len() < limits::VIOLATIONS_MAX {
            self.found.push(Violation {
                path: path.to_owned(),
                shown: shown.map(|value| echo(value, self.echo_bytes_max)),
                constraint,
            });
        }
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.found.len();
        let plural = if count == 1 { "" } else { "s" };
        write!(
            out,
            "{count} validation error{plural} detected: {}",
            joined(&self.found, "; ")
        )
    }
}

impl std::error::Error for Violations {}

const MASK: &str = "***";
const CUT: &str = "...";

/// A value as it may stand in a message: printable ASCII, one line, at most `bytes_max` bytes.
///
/// Anything else is shown as `\u{…}`, so that a reader sees what was sent and a terminal does not.
pub fn echo(value: &str, bytes_max: usize) -> String {
    let mut shown = String::new();
    for character in value.chars() {
        if matches!(character, ' '..='~') {
            shown.push(character);
        } else {
            shown.extend(character.escape_unicode());
        }
        if shown.len() > bytes_max {
            // Everything shown is ASCII, so any byte is a boundary.
            shown.truncate(bytes_max.saturating_sub(CUT.len()));
            shown.push_str(CUT);
            break;
        }
    }
    shown
}

fn shown_map(entries: &[(&str, Option<&str>)], sensitive: bool) -> String {
    let entries = entries.iter().map(|(key, value)| match value {
        None => format!("{key}=null"),
        Some(_) if sensitive => format!("{key}={MASK}"),
        Some(value) => format!("{key}={value}"),
    });
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

fn shown_keys(keys: &[&str]) -> String {
    let entries: Vec<_> = keys.iter().map(|key| format!("{key}={{...}}")).collect();
    format!("{{{}}}", entries.join(", "))
}

/// A list as messages show it.
pub(crate) fn shown_list<'a>(items: impl Iterator<Item = &'a str>, sensitive: bool) -> String {
    let items = items.map(|item| if sensitive { MASK } else { item });
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
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
