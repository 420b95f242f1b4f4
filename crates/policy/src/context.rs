//! The request context: what is known about one request, by key.
//!
//! Keys are compared ignoring ASCII case, tag suffixes included. Only ASCII is folded: two tags
//! whose names differ in other letters stay two keys, so one can never stand in for the other.
//! A key set with [`Context::set_many`] is multi-valued however many values it holds; such a key
//! is never a policy variable.
//!
//! **Source**: IAM user guide, *Policy element reference: Condition*, sections on context keys.

use std::collections::BTreeMap;

/// The values of one context key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ContextValue {
    /// A single-valued key.
    One(String),
    /// A multi-valued key; holding no value is the same as being absent.
    Many(Vec<String>),
}

impl ContextValue {
    /// All values, however the key was set.
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// Keys and values of one request.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Context {
    entries: BTreeMap<String, ContextValue>,
}

impl Context {
    /// A context without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a single-valued key, replacing what it held.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.entries
            .insert(fold(key), ContextValue::One(value.into()));
    }

    /// Sets a multi-valued key, replacing what it held.
    pub fn set_many(&mut self, key: &str, values: Vec<String>) {
        self.entries.insert(fold(key), ContextValue::Many(values));
    }

    /// The values of a key, in any case.
    pub fn get(&self, key: &str) -> Option<&ContextValue> {
        self.entries.get(&fold(key))
    }

    /// All keys, lower-cased, in order, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ContextValue)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value))
    }

    /// The values of a key that is already folded: what compiled policies hold.
    pub(crate) fn folded(&self, key: &str) -> Option<&ContextValue> {
        self.entries.get(key)
    }
}

/// The form under which a key is stored and found.
pub(crate) fn fold(key: &str) -> String {
    key.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_ignore_case_and_the_last_value_stays() {
        let mut context = Context::new();
        context.set("aws:PrincipalTag/Team", "red");
        context.set("AWS:principaltag/TEAM", "blue");
        let value = context.get("aws:PrincipalTag/team").unwrap();
        assert_eq!(value.values(), ["blue"]);
        assert_eq!(context.iter().count(), 1);
    }

    #[test]
    fn letters_outside_ascii_are_not_folded_into_another_key() {
        let mut context = Context::new();
        context.set("aws:PrincipalTag/\u{212a}ey", "kelvin");
        assert_eq!(context.get("aws:PrincipalTag/key"), None);
    }
}
