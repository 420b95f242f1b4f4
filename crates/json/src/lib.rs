//! Strict JSON reading: one text, one meaning.
//!
//! Two readers that treat a doubled member differently can be played against each other: one
//! checks the first value, the other uses the second. Every JSON text from outside (a request, a
//! policy, a token, a key set) therefore passes through [`parse`], which refuses duplicate members
//! at any depth, lone surrogates, invalid UTF-8, trailing text and anything past its [`Bounds`].
//!
//! **Source**: RFC 8259; requirements S02, S03, S07, S08 of the reliability and security page.

mod read;
mod value;

pub use read::{Bounds, ParseError, parse};
pub use value::{Object, Value};
