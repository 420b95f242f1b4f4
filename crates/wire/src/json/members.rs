//! The members of one JSON object, read by name and checked on the way.
//!
//! **Source**: Cognito identity reference page, sections 1.1 (null is absent, unknown members are
//! ignored) and 1.5 (paths and constraints).

use std::collections::BTreeMap;

use daypass_json::{Object, Value};

use super::{Malformed, Rejection};
use crate::constraint::{
    Choice, Integer, ListRule, MapRule, Text, Violations, echo, lower_camel, shown_list,
};
use crate::limits::ECHO_BYTES_MAX;

/// A reader over one object that collects every problem it meets.
///
/// A reading method always answers something, so that one pass finds everything; what it answered
/// may be used only after [`Members::finish`] said yes.
///
/// **Shape**:
///
/// ```
/// use daypass_wire::constraint::{Integer, Text};
/// use daypass_wire::json;
///
/// let body = json::read(br#"{"Name": "", "Size": 61}"#)?;
/// let mut members = json::Members::new(body.as_object().expect("`read` answers an object"));
/// let _name = members.required_text("Name", &Text::length(1, 128));
/// let _size = members.optional_integer("Size", &Integer::range(1, 60));
/// let rejection = members.finish().unwrap_err();
/// assert!(rejection.to_string().starts_with("2 validation errors detected: Value '' at 'name'"));
/// # Ok::<(), json::Malformed>(())
/// ```
#[must_use = "problems are reported by `finish` only"]
pub struct Members<'v> {
    object: &'v Object,
    /// What stands before a member's name in its path: empty, or `tags.1.member.`.
    prefix: String,
    problems: Problems,
}

struct Problems {
    malformed: Option<Malformed>,
    violations: Violations,
}

impl Problems {
    const fn none() -> Self {
        Self {
            malformed: None,
            violations: Violations::new(ECHO_BYTES_MAX),
        }
    }
}

const STRING: &str = "a string";
const OBJECT: &str = "an object";

impl<'v> Members<'v> {
    /// Reads the members of `object`.
    pub const fn new(object: &'v Object) -> Self {
        Self {
            object,
            prefix: String::new(),
            problems: Problems::none(),
        }
    }

    /// Whether the member is present and not null.
    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// A string that must be there.
    pub fn required_text(&mut self, name: &str, rule: &Text) -> String {
        self.require(name);
        self.optional_text(name, rule).unwrap_or_default()
    }

    /// A string, if it is there.
    pub fn optional_text(&mut self, name: &str, rule: &Text) -> Option<String> {
        let text = self.typed(name, STRING, Value::as_str)?;
        self.problems.violations.text(&self.path(name), text, rule);
        Some(text.to_owned())
    }

    /// A boolean that must be there.
    pub fn required_flag(&mut self, name: &str) -> bool {
        self.require(name);
        self.optional_flag(name).unwrap_or_default()
    }

    /// A boolean, if it is there.
    pub fn optional_flag(&mut self, name: &str) -> Option<bool> {
        self.typed(name, "a boolean", Value::as_bool)
    }

    /// An integer that must be there.
    pub fn required_integer(&mut self, name: &str, rule: &Integer) -> i64 {
        self.require(name);
        self.optional_integer(name, rule).unwrap_or_default()
    }

    /// An integer, if it is there: a number written without fraction or exponent.
    pub fn optional_integer(&mut self, name: &str, rule: &Integer) -> Option<i64> {
        let number = self.typed(name, "a 64-bit integer", Value::as_integer)?;
        let path = self.path(name);
        self.problems.violations.integer(&path, number, rule);
        Some(number)
    }

    /// One of the words of `rule`, which must be there.
    pub fn required_choice(&mut self, name: &str, rule: &Choice) -> &'static str {
        self.require(name);
        self.optional_choice(name, rule).unwrap_or_default()
    }

    /// One of the words of `rule`, if it is there.
    pub fn optional_choice(&mut self, name: &str, rule: &Choice) -> Option<&'static str> {
        let word = self.typed(name, STRING, Value::as_str)?;
        let path = self.path(name);
        self.problems.violations.choice(&path, word, rule)
    }

    /// A map of strings that must be there; it may be empty.
    pub fn required_map(&mut self, name: &str, rule: &MapRule) -> BTreeMap<String, String> {
        self.require(name);
        self.optional_map(name, rule).unwrap_or_default()
    }

    /// A map of strings, if it is there.
    pub fn optional_map(&mut self, name: &str, rule: &MapRule) -> Option<BTreeMap<String, String>> {
        let object = self.typed(name, OBJECT, Value::as_object)?;
        let path = self.path(name);
        let mut entries = Vec::with_capacity(object.len());
        for (key, value) in object.iter() {
            if let Value::String(text) = value {
                entries.push((key, Some(text.as_str())));
            } else if *value == Value::Null {
                entries.push((key, None));
            } else {
                self.mistyped(within(&path, key), STRING);
            }
        }
        self.problems.violations.map(&path, &entries, rule);
        let pairs = entries
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned())));
        Some(pairs.collect())
    }

    /// A list of strings that must be there.
    pub fn required_list(&mut self, name: &str, rule: &ListRule) -> Vec<String> {
        self.require(name);
        self.optional_list(name, rule).unwrap_or_default()
    }

    /// A list of strings, if it is there.
    pub fn optional_list(&mut self, name: &str, rule: &ListRule) -> Option<Vec<String>> {
        let elements = self.typed(name, "an array", Value::as_array)?;
        let path = self.path(name);
        let texts = elements.iter().filter_map(Value::as_str);
        let shown = shown_list(texts, rule.item.sensitive);
        let violations = &mut self.problems.violations;
        violations.count(&path, &shown, elements.len(), rule.min, rule.max);
        let mut items = Vec::with_capacity(elements.len());
        for (element, number) in elements.iter().zip(1_usize..) {
            let at = format!("{path}.{number}.member");
            match element {
                Value::String(text) => {
                    self.problems.violations.text(&at, text, &rule.item);
                    items.push(text.clone());
                }
                Value::Null => self.problems.violations.missing(&at),
                _ => self.mistyped(at, STRING),
            }
        }
        Some(items)
    }

    /// A structure that must be there, read by `read`.
    pub fn required_structure<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Members<'v>) -> T,
    ) -> Option<T> {
        self.require(name);
        self.optional_structure(name, read)
    }

    /// A structure, if it is there, read by `read`.
    pub fn optional_structure<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Members<'v>) -> T,
    ) -> Option<T> {
        let object = self.typed(name, OBJECT, Value::as_object)?;
        let path = self.path(name);
        Some(self.inside(object, format!("{path}."), read))
    }

    /// A list of structures that must be there, each read by `read`.
    pub fn required_structures<T>(
        &mut self,
        name: &str,
        read: impl FnMut(&mut Members<'v>) -> T,
    ) -> Vec<T> {
        self.require(name);
        self.optional_structures(name, read).unwrap_or_default()
    }

    /// A list of structures, if it is there, each read by `read`; see [`Members::count`].
    pub fn optional_structures<T>(
        &mut self,
        name: &str,
        mut read: impl FnMut(&mut Members<'v>) -> T,
    ) -> Option<Vec<T>> {
        let elements = self.typed(name, "an array", Value::as_array)?;
        let path = self.path(name);
        let mut items = Vec::with_capacity(elements.len());
        for (element, number) in elements.iter().zip(1_usize..) {
            let at = format!("{path}.{number}.member");
            items.extend(self.element(element, at, &mut read));
        }
        Some(items)
    }

    /// A map of structures, if it is there, each value read by `read`; see [`Members::count`].
    pub fn optional_structure_map<T>(
        &mut self,
        name: &str,
        key: &Text,
        mut read: impl FnMut(&mut Members<'v>) -> T,
    ) -> Option<BTreeMap<String, T>> {
        let object = self.typed(name, OBJECT, Value::as_object)?;
        let path = self.path(name);
        let keys: Vec<_> = object.iter().map(|(key, _)| key).collect();
        self.problems.violations.keys(&path, &keys, key);
        let mut values = BTreeMap::new();
        for (key, value) in object.iter() {
            let at = format!("{}.member", within(&path, key));
            if let Some(value) = self.element(value, at, &mut read) {
                values.insert(key.to_owned(), value);
            }
        }
        Some(values)
    }

    /// Checks how many elements a list, or entries a map, has. An absent one is not counted.
    pub fn count(&mut self, name: &str, min: usize, max: usize) {
        let (count, shown) = match self.value(name) {
            Some(Value::Array(elements)) => (elements.len(), "[...]"),
            Some(Value::Object(object)) => (object.len(), "{...}"),
            _ => return,
        };
        let path = self.path(name);
        let violations = &mut self.problems.violations;
        violations.count(&path, shown, count, min, max);
    }

    /// Ends the reading.
    ///
    /// **Errors**: [`Rejection::Malformed`] for the first member of a wrong type, otherwise
    /// [`Rejection::Violations`] with every broken constraint.
    pub fn finish(self) -> Result<(), Rejection> {
        match self.problems.malformed {
            Some(malformed) => Err(Rejection::Malformed(malformed)),
            None if self.problems.violations.is_empty() => Ok(()),
            None => Err(Rejection::Violations(self.problems.violations)),
        }
    }

    fn value(&self, name: &str) -> Option<&'v Value> {
        self.object.get(name).filter(|value| **value != Value::Null)
    }

    fn path(&self, name: &str) -> String {
        format!("{}{}", self.prefix, lower_camel(name))
    }

    fn require(&mut self, name: &str) {
        if !self.has(name) {
            let path = self.path(name);
            self.problems.violations.missing(&path);
        }
    }

    fn typed<T>(
        &mut self,
        name: &str,
        expected: &'static str,
        read: impl FnOnce(&'v Value) -> Option<T>,
    ) -> Option<T> {
        let typed = read(self.value(name)?);
        if typed.is_none() {
            self.mistyped(self.path(name), expected);
        }
        typed
    }

    fn mistyped(&mut self, path: String, expected: &'static str) {
        let malformed = &mut self.problems.malformed;
        malformed.get_or_insert(Malformed::Type { path, expected });
    }

    fn element<T>(
        &mut self,
        element: &'v Value,
        path: String,
        read: impl FnOnce(&mut Members<'v>) -> T,
    ) -> Option<T> {
        match element {
            Value::Object(object) => Some(self.inside(object, format!("{path}."), read)),
            Value::Null => {
                self.problems.violations.missing(&path);
                None
            }
            _ => {
                self.mistyped(path, OBJECT);
                None
            }
        }
    }

    /// Reads a nested object; its problems become ours.
    fn inside<T>(
        &mut self,
        object: &'v Object,
        prefix: String,
        read: impl FnOnce(&mut Members<'v>) -> T,
    ) -> T {
        let mut inner = Members {
            object,
            prefix,
            problems: std::mem::replace(&mut self.problems, Problems::none()),
        };
        let value = read(&mut inner);
        self.problems = inner.problems;
        value
    }
}

/// The path of a map's entry. The key is the client's own text, so it is shown with care.
fn within(path: &str, key: &str) -> String {
    format!("{path}.{}", echo(key, ECHO_BYTES_MAX))
}
