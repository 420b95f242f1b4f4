//! What a login's artefact says beside who the user is, as texts.
//!
//! Role rules and principal tags look at claims by name and compare text. A token says them as JSON,
//! an assertion as attributes with values; here both are lists of texts under names.
//!
//! **Source**: Cognito identity reference, sections 5.4 and 5.6.

use std::collections::BTreeMap;

use daypass_json::Value;

use crate::jwt::VerifiedToken;

/// The claims of a verified artefact: each name with one text, or with several for an array.
///
/// **Shape**: booleans and numbers are their JSON text; objects and `null` are left out.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct LoginClaims(BTreeMap<String, Vec<String>>);

impl LoginClaims {
    /// All claims of a token that are texts, or lists of texts.
    pub fn of_token(token: &VerifiedToken) -> Self {
        let named = |(name, value): (&str, &Value)| Some((name.to_owned(), texts(value)?));
        Self(token.claims().filter_map(named).collect())
    }

    /// The attributes of an assertion, each with its values.
    pub fn of_attributes(attributes: impl IntoIterator<Item = (String, Vec<String>)>) -> Self {
        Self(attributes.into_iter().collect())
    }

    /// The texts of a claim; none if it is absent.
    pub fn values(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every claim with its texts.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        let claims = self.0.iter();
        claims.map(|(name, texts)| (name.as_str(), texts.as_slice()))
    }

    /// The first text of a claim.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.values(name).first().map(String::as_str)
    }
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(elements) => Some(elements.iter().filter_map(text).collect()),
        one => text(one).map(|text| vec![text]),
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Fraction(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use daypass_json::{Bounds, parse};

    use super::*;

    #[test]
    fn scalars_are_one_text_arrays_several_and_objects_none() {
        let texts = |text: &str| texts(&parse(text.as_bytes(), &Bounds::WIRE).unwrap());
        let one = |text: &str| Some(vec![text.to_owned()]);
        assert_eq!(texts("\"a\""), one("a"));
        assert_eq!(texts("true"), one("true"));
        assert_eq!(texts("7"), one("7"));
        assert_eq!(texts("0.5"), one("0.5"));
        let several = Some(vec!["a".to_owned(), "1".to_owned()]);
        assert_eq!(texts(r#"["a", 1, {"b": 2}, null]"#), several);
        assert_eq!(texts(r#"{"a": "b"}"#), None);
        assert_eq!(texts("null"), None);
    }
}
