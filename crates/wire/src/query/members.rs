//! The members of a query request, read by name and checked on the way.
//!
//! **Source**: STS reference page, sections 1.1 (names of members) and 1.3 (paths, constraints).

use std::collections::BTreeSet;

use super::{Parameters, QueryError, Rejection, is_case_variant};
use crate::constraint::{
    Choice, Integer, ListRule, Text, Violations, echo, lower_camel, shown_list,
};
use crate::limits::QUERY_ECHO_BYTES_MAX;

/// A reader over the parameters that collects every problem it meets.
///
/// A reading method always answers something, so that one pass finds everything; what it answered
/// may be used only after [`Members::finish`] said yes. Names nobody asks for are ignored, but a
/// name asked for and present only in another case is refused.
///
/// **Shape**:
///
/// ```
/// use daypass_wire::constraint::Text;
/// use daypass_wire::query;
///
/// let parameters = query::read("", b"Action=Tag&Tags.member.1.Key=a&Tags.member.3.Key=b")?;
/// let mut members = query::Members::new(&parameters);
/// let keys = members.structures("Tags", |tag| tag.required_text("Key", &Text::length(1, 128)));
/// assert!(members.finish().is_ok());
/// assert_eq!(keys, ["a", "b"]);
/// # Ok::<(), query::QueryError>(())
/// ```
#[must_use = "problems are reported by `finish` only"]
pub struct Members<'p> {
    parameters: &'p Parameters,
    /// What stands before a member's name: empty, or `Tags.member.1.`.
    prefix: String,
    /// What stands before a member's name in its path: empty, or `tags.1.member.`.
    path_prefix: String,
    problems: Problems,
}

struct Problems {
    malformed: Option<QueryError>,
    violations: Violations,
}

impl Problems {
    const fn none() -> Self {
        Self {
            malformed: None,
            violations: Violations::new(QUERY_ECHO_BYTES_MAX),
        }
    }
}

impl<'p> Members<'p> {
    /// Reads the members of `parameters`.
    pub const fn new(parameters: &'p Parameters) -> Self {
        Self {
            parameters,
            prefix: String::new(),
            path_prefix: String::new(),
            problems: Problems::none(),
        }
    }

    /// Whether the member is present, in any of its forms: a value, a list, a structure.
    pub fn has(&self, name: &str) -> bool {
        let full = self.full(name);
        self.parameters.get(&full).is_some()
            || self.parameters.below(&format!("{full}.")).next().is_some()
    }

    /// A string that must be there.
    pub fn required_text(&mut self, name: &str, rule: &Text) -> String {
        self.require_value(name);
        self.optional_text(name, rule).unwrap_or_default()
    }

    /// A string, if it is there.
    pub fn optional_text(&mut self, name: &str, rule: &Text) -> Option<String> {
        let text = self.value(name)?;
        self.problems.violations.text(&self.path(name), text, rule);
        Some(text.to_owned())
    }

    /// A boolean that must be there.
    pub fn required_flag(&mut self, name: &str) -> bool {
        self.require_value(name);
        self.optional_flag(name).unwrap_or_default()
    }

    /// A boolean, if it is there: `true` or `false`.
    pub fn optional_flag(&mut self, name: &str) -> Option<bool> {
        let flag = match self.value(name)? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        };
        self.typed(name, "`true` or `false`", flag)
    }

    /// An integer that must be there.
    pub fn required_integer(&mut self, name: &str, rule: &Integer) -> i64 {
        self.require_value(name);
        self.optional_integer(name, rule).unwrap_or_default()
    }

    /// An integer, if it is there: decimal digits, perhaps after a minus sign.
    pub fn optional_integer(&mut self, name: &str, rule: &Integer) -> Option<i64> {
        let text = self.value(name)?;
        let number = text.parse().ok().filter(|_| !text.starts_with('+'));
        let number = self.typed(name, "a 64-bit integer", number)?;
        let path = self.path(name);
        self.problems.violations.integer(&path, number, rule);
        Some(number)
    }

    /// One of the words of `rule`, which must be there.
    pub fn required_choice(&mut self, name: &str, rule: &Choice) -> &'static str {
        self.require_value(name);
        self.optional_choice(name, rule).unwrap_or_default()
    }

    /// One of the words of `rule`, if it is there.
    pub fn optional_choice(&mut self, name: &str, rule: &Choice) -> Option<&'static str> {
        let word = self.value(name)?;
        let path = self.path(name);
        self.problems.violations.choice(&path, word, rule)
    }

    /// A list of strings; an absent one is empty.
    pub fn texts(&mut self, name: &str, rule: &ListRule) -> Vec<String> {
        self.optional_list(name, rule).unwrap_or_default()
    }

    /// A list of strings that must be there.
    pub fn required_list(&mut self, name: &str, rule: &ListRule) -> Vec<String> {
        self.require(name);
        self.optional_list(name, rule).unwrap_or_default()
    }

    /// A list of strings, if it is there, in the order of its numbers.
    pub fn optional_list(&mut self, name: &str, rule: &ListRule) -> Option<Vec<String>> {
        let numbers = self.numbers(name)?;
        let (full, path) = (self.full(name), self.path(name));
        let mut items = Vec::with_capacity(numbers.len());
        for number in numbers {
            let at = format!("{path}.{number}.member");
            if let Some(text) = self.parameters.get(&format!("{full}.member.{number}")) {
                self.problems.violations.text(&at, text, &rule.item);
                items.push(text.to_owned());
            } else {
                self.mistyped(at, "a string");
            }
        }
        let shown = shown_list(items.iter().map(String::as_str), rule.item.sensitive);
        let violations = &mut self.problems.violations;
        violations.count(&path, &shown, items.len(), rule.min, rule.max);
        Some(items)
    }

    /// A list of structures, each read by `read`; an absent one is empty.
    pub fn structures<T>(&mut self, name: &str, read: impl FnMut(&mut Members<'p>) -> T) -> Vec<T> {
        self.optional_structures(name, read).unwrap_or_default()
    }

    /// A list of structures that must be there, each read by `read`.
    pub fn required_structures<T>(
        &mut self,
        name: &str,
        read: impl FnMut(&mut Members<'p>) -> T,
    ) -> Vec<T> {
        self.require(name);
        self.optional_structures(name, read).unwrap_or_default()
    }

    /// A list of structures, if it is there, in the order of its numbers; see [`Members::count`].
    pub fn optional_structures<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Members<'p>) -> T,
    ) -> Option<Vec<T>> {
        let numbers = self.numbers(name)?;
        let (full, path) = (self.full(name), self.path(name));
        let mut items = Vec::with_capacity(numbers.len());
        for number in numbers {
            let prefix = format!("{full}.member.{number}.");
            let path_prefix = format!("{path}.{number}.member.");
            if self.parameters.below(&prefix).next().is_some() {
                items.push(self.inside(prefix, path_prefix, &mut read));
            } else {
                self.mistyped(format!("{path}.{number}.member"), "a structure");
            }
        }
        Some(items)
    }

    /// Checks how many items a list has. An absent one is not counted.
    pub fn count(&mut self, name: &str, min: usize, max: usize) {
        if let Some(numbers) = self.numbers(name) {
            let path = self.path(name);
            let violations = &mut self.problems.violations;
            violations.count(&path, "[...]", numbers.len(), min, max);
        }
    }

    /// Ends the reading.
    ///
    /// **Errors**: [`Rejection::Malformed`] for the first ambiguous name or wrong type, otherwise
    /// [`Rejection::Violations`] with every broken constraint.
    pub fn finish(self) -> Result<(), Rejection> {
        match self.problems.malformed {
            Some(malformed) => Err(Rejection::Malformed(malformed)),
            None if self.problems.violations.is_empty() => Ok(()),
            None => Err(Rejection::Violations(self.problems.violations)),
        }
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    fn path(&self, name: &str) -> String {
        format!("{}{}", self.path_prefix, lower_camel(name))
    }

    fn value(&mut self, name: &str) -> Option<&'p str> {
        self.refuse_case_variant(name);
        self.parameters.get(&self.full(name))
    }

    /// Everything we were asked for is a known name, so a variant of it is not just unknown.
    fn refuse_case_variant(&mut self, name: &str) {
        let parameters = self.parameters;
        let variant = parameters.below(&self.prefix).find(|(rest, _)| {
            let first = rest.split('.').next().unwrap_or_default();
            is_case_variant(first, name)
        });
        if let Some((rest, _)) = variant {
            self.malformed(QueryError::CaseVariant(shown(rest)));
        }
    }

    /// The numbers of a list in rising order. `Name=` alone is an empty list.
    fn numbers(&mut self, name: &str) -> Option<Vec<u32>> {
        let direct = self.value(name);
        let parameters = self.parameters;
        let prefix = format!("{}.member.", self.full(name));
        let mut numbers = BTreeSet::new();
        for (rest, _) in parameters.below(&prefix) {
            match index(rest.split('.').next().unwrap_or_default()) {
                Some(number) => {
                    numbers.insert(number);
                }
                None => self.malformed(QueryError::Index(shown(&format!("{prefix}{rest}")))),
            }
        }
        match direct {
            Some(text) if !text.is_empty() => self.mistyped(self.path(name), "a list"),
            None if numbers.is_empty() => return None,
            _ => {}
        }
        Some(numbers.into_iter().collect())
    }

    fn require_value(&mut self, name: &str) {
        if self.parameters.get(&self.full(name)).is_none() {
            self.problems.violations.missing(&self.path(name));
        }
    }

    fn require(&mut self, name: &str) {
        if !self.has(name) {
            self.problems.violations.missing(&self.path(name));
        }
    }

    fn typed<T>(&mut self, name: &str, expected: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.mistyped(self.path(name), expected);
        }
        value
    }

    fn mistyped(&mut self, path: String, expected: &'static str) {
        self.malformed(QueryError::Type { path, expected });
    }

    fn malformed(&mut self, error: QueryError) {
        self.problems.malformed.get_or_insert(error);
    }

    /// Reads a nested structure; its problems become ours.
    fn inside<T>(
        &mut self,
        prefix: String,
        path_prefix: String,
        read: impl FnOnce(&mut Members<'p>) -> T,
    ) -> T {
        let mut inner = Members {
            parameters: self.parameters,
            prefix,
            path_prefix,
            problems: std::mem::replace(&mut self.problems, Problems::none()),
        };
        let value = read(&mut inner);
        self.problems = inner.problems;
        value
    }
}

/// A plain decimal number from 1: `01` would be a second name for the same item.
fn index(text: &str) -> Option<u32> {
    let plain = text.starts_with(|first: char| matches!(first, '1'..='9'));
    text.parse().ok().filter(|_| plain)
}

/// A name as it may stand in a message.
pub(super) fn shown(name: &str) -> String {
    echo(name, QUERY_ECHO_BYTES_MAX)
}

#[cfg(test)]
mod tests;
