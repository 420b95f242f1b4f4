//! AWS JSON 1.1: reading a request body into checked members, writing an answer.
//!
//! A wrong type is a different error from a broken constraint: the first is a
//! `SerializationException` and says nothing of the rest, the second lists everything that is
//! wrong. [`Members`] therefore keeps both apart until [`Members::finish`].
//!
//! **Source**: Cognito identity reference page, sections 1.1, 1.2 and 1.5; requirements S02, S03,
//! S07 and S08.

mod answer;
mod members;

use daypass_json::{Bounds, Object, ParseError, Value, parse};

use crate::constraint::Violations;

pub use answer::Answer;
pub use members::Members;

/// Why a body is not a request of this protocol; the face's `SerializationException`.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Malformed {
    /// Not one acceptable JSON text.
    #[error("body is not acceptable JSON: {0}")]
    Syntax(ParseError),
    /// JSON, but not an object.
    #[error("body must be a JSON object")]
    NotAnObject,
    /// A string holds the character NUL.
    #[error("body holds a NUL character")]
    Nul,
    /// A member has another type than the protocol says.
    #[error("`{path}` must be {expected}")]
    Type {
        /// The member's path.
        path: String,
        /// The type it must have, with its article.
        expected: &'static str,
    },
}

/// Why the members of a body cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// A member has the wrong type.
    #[error(transparent)]
    Malformed(Malformed),
    /// Members break their constraints.
    #[error(transparent)]
    Violations(Violations),
}

/// Reads a body: one JSON object, or nothing at all, which stands for an empty one.
///
/// **Errors**: [`Malformed`] for anything that is not exactly one JSON object inside
/// [`Bounds::WIRE`], and for NUL in any string or member name.
pub fn read(body: &[u8]) -> Result<Value, Malformed> {
    if body.is_empty() {
        return Ok(Value::Object(Object::default()));
    }
    let value = parse(body, &Bounds::WIRE).map_err(Malformed::Syntax)?;
    if value.as_object().is_none() {
        return Err(Malformed::NotAnObject);
    }
    if holds_nul(&value) {
        return Err(Malformed::Nul);
    }
    Ok(value)
}

/// The parser has bounded the depth, and with it this recursion.
fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(holds_nul),
        Value::Object(object) => object
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Fraction(_) => false,
    }
}

#[cfg(test)]
mod tests;
