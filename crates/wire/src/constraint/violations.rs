//! Every broken rule of one request, and the values as a message may show them.
//!
//! A value is masked, escaped and cut when it is recorded, so nothing that keeps or prints a
//! violation can show more of it.
//!
//! **Source**: Cognito identity reference page, section 1.5; STS reference page, section 1.3;
//! requirement S09.

use std::fmt;

use super::{Choice, Constraint, Integer, MapRule, Text, joined};
use crate::limits;

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
