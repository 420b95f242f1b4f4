//! The reader: `serde_json` does the lexing, this file decides what is allowed.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

use crate::{Object, Value};

/// How much a text may hold before it is refused.
///
/// **Source**: limits table of the reliability and security page, section 3.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How deeply arrays and objects may nest.
    pub depth: usize,
    /// How many members one object may have.
    pub members: usize,
    /// How many elements one array may have.
    pub elements: usize,
}

impl Bounds {
    /// The bounds of requests, tokens and key sets: depth 32, 1,000 members, 1,000 elements.
    pub const WIRE: Self = Self {
        depth: 32,
        members: 1_000,
        elements: 1_000,
    };
    /// The bounds of policy documents: depth 16, 1,000 members, 1,000 elements.
    pub const POLICY: Self = Self {
        depth: 16,
        members: 1_000,
        elements: 1_000,
    };
}

/// Why a text is not acceptable JSON.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{reason} at line {line} column {column}")]
pub struct ParseError {
    /// What is wrong, without any of the text itself.
    pub reason: &'static str,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

/// Reads one JSON text.
///
/// **Errors**: [`ParseError`] for anything that is not exactly one JSON value inside `bounds`.
pub fn parse(text: &[u8], bounds: &Bounds) -> Result<Value, ParseError> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let seed = Seed {
        bounds,
        depth_left: bounds.depth,
    };
    let value = seed
        .deserialize(&mut reader)
        .map_err(|error| explain(&error))?;
    reader.end().map_err(|error| explain(&error))?;
    Ok(value)
}

const DUPLICATE: &str = "duplicate member";
const TOO_DEEP: &str = "nested too deeply";
const TOO_MANY: &str = "too many members or elements";

/// Our own refusals travel through `serde_json` as messages; anything else is plain syntax.
/// `serde_json`'s own message is not passed on: it can quote the text, which may hold a secret.
fn explain(error: &serde_json::Error) -> ParseError {
    let message = error.to_string();
    let reason = [DUPLICATE, TOO_DEEP, TOO_MANY]
        .into_iter()
        .find(|reason| message.starts_with(reason))
        .unwrap_or(if error.is_eof() {
            "unexpected end"
        } else {
            "invalid syntax"
        });
    ParseError {
        reason,
        line: error.line(),
        column: error.column(),
    }
}

#[derive(Clone, Copy)]
struct Seed<'b> {
    bounds: &'b Bounds,
    depth_left: usize,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        // INVARIANT: every nesting level passes here, so the stack is bounded by `bounds.depth`.
        let depth_left = self
            .depth_left
            .checked_sub(1)
            .ok_or_else(|| E::custom(TOO_DEEP))?;
        Ok(Self { depth_left, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Value, D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "out of range is only ever refused"
        )]
        Ok(i64::try_from(value).map_or(Value::Fraction(value as f64), Value::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(inner)? {
            if elements.len() == self.bounds.elements {
                return Err(A::Error::custom(TOO_MANY));
            }
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        while let Some(name) = access.next_key::<String>()? {
            if members.len() == self.bounds.members {
                return Err(A::Error::custom(TOO_MANY));
            }
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(DUPLICATE));
            }
            members.push((name, access.next_value_seed(inner)?));
        }
        Ok(Value::Object(Object::from_members(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> &'static str {
        parse(text.as_bytes(), &Bounds::WIRE).unwrap_err().reason
    }

    #[test]
    fn members_keep_their_order_and_numbers_their_kind() {
        let value = parse(
            br#"{"b":1,"a":[1e3,-7,9223372036854775808]}"#,
            &Bounds::WIRE,
        )
        .unwrap();
        let object = value.as_object().unwrap();
        assert_eq!(
            object.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            ["b", "a"]
        );
        let numbers = object.get("a").unwrap().as_array().unwrap();
        assert_eq!(numbers[0].as_integer(), None);
        assert_eq!(numbers[1].as_integer(), Some(-7));
        assert_eq!(numbers[2].as_integer(), None);
    }

    #[test]
    fn s02_depth_is_bounded_on_both_sides() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(parse(nested(32).as_bytes(), &Bounds::WIRE).is_ok());
        assert_eq!(reason(&nested(33)), TOO_DEEP);
        assert_eq!(reason(&"[".repeat(10_000)), TOO_DEEP);
    }

    #[test]
    fn s03_duplicates_are_refused_at_any_depth() {
        assert_eq!(reason(r#"{"a":1,"a":1}"#), DUPLICATE);
        assert_eq!(reason(r#"{"x":[{"a":1,"\u0061":2}]}"#), DUPLICATE);
    }

    #[test]
    fn members_and_elements_are_bounded_on_both_sides() {
        let array = |count: usize| format!("[{}]", vec!["0"; count].join(","));
        assert!(parse(array(1_000).as_bytes(), &Bounds::WIRE).is_ok());
        assert_eq!(reason(&array(1_001)), TOO_MANY);
        let object = |count: usize| {
            let members: Vec<_> = (0..count).map(|index| format!("\"m{index}\":0")).collect();
            format!("{{{}}}", members.join(","))
        };
        assert!(parse(object(1_000).as_bytes(), &Bounds::WIRE).is_ok());
        assert_eq!(reason(&object(1_001)), TOO_MANY);
    }

    #[test]
    fn s08_text_that_is_not_one_json_value_is_refused() {
        for text in [
            "",
            "{",
            "{} {}",
            "nul",
            "\"\\ud800\"",
            "01",
            "[1,]",
            "{\"a\":1e400}",
            "\u{feff}{}",
        ] {
            assert!(
                parse(text.as_bytes(), &Bounds::WIRE).is_err(),
                "{text:?} was accepted"
            );
        }
        assert!(parse(b"\"\xff\"", &Bounds::WIRE).is_err());
    }

    #[test]
    fn errors_never_quote_the_text() {
        let error = parse(b"{\"password\": hunter2}", &Bounds::WIRE).unwrap_err();
        assert!(!error.to_string().contains("hunter2"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_a_panic(bytes: Vec<u8>) {
            let _ = parse(&bytes, &Bounds::WIRE);
        }
    }
}
