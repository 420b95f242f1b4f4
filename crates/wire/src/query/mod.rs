//! The AWS query protocol: a form of dotted names, read into checked members.
//!
//! One name has one value: a repeated name, and a name that differs from another or from a known
//! one only by case, is refused rather than resolved, since a proxy, a log or a policy check in
//! front of us might resolve it the other way.
//!
//! **Source**: STS reference page, section 1.1; requirements S04, S07 and S08.

mod members;

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use percent_encoding::percent_decode;

use crate::constraint::Violations;
use crate::limits::QUERY_PARAMETERS_MAX;
use crate::rest::escapes_are_whole;

pub use members::Members;

/// Why a form is not a request of this protocol; the face's `ValidationError`.
///
/// A name is shown as it may be echoed, a value never.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum QueryError {
    /// A percent sign without two hexadecimal digits.
    #[error("parameters hold a broken percent escape")]
    Escape,
    /// Decoded bytes that are not UTF-8.
    #[error("parameters are not valid UTF-8")]
    Utf8,
    /// A NUL character in a name or a value.
    #[error("parameters hold a NUL character")]
    Nul,
    /// More than [`QUERY_PARAMETERS_MAX`] parameters.
    #[error("more than {QUERY_PARAMETERS_MAX} parameters")]
    TooMany,
    /// A parameter given twice.
    #[error("parameter `{0}` is repeated")]
    Repeated(String),
    /// A name that is a known one in another case.
    #[error("parameter `{0}` is spelled in another case")]
    CaseVariant(String),
    /// A list index that is not a plain decimal number from 1.
    #[error("parameter `{0}` has a list index that is not a number from 1")]
    Index(String),
    /// A member of another type than the protocol says.
    #[error("`{path}` must be {expected}")]
    Type {
        /// The member's path.
        path: String,
        /// The type it must have, with its article.
        expected: &'static str,
    },
}

/// Why the members of a form cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// A member has the wrong type or an ambiguous name.
    #[error(transparent)]
    Malformed(QueryError),
    /// Members break their constraints.
    #[error(transparent)]
    Violations(Violations),
}

/// The parameters of one request, decoded, each name once.
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Parameters {
    values: BTreeMap<String, String>,
}

impl Parameters {
    /// The operation asked for.
    pub fn action(&self) -> Option<&str> {
        self.get("Action")
    }

    /// The version of the interface asked for.
    pub fn version(&self) -> Option<&str> {
        self.get("Version")
    }

    /// The value of exactly this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// Names and values in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// How many parameters there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Everything whose name begins with `prefix`, with the rest of the name.
    fn below(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.values
            .range(prefix.to_owned()..)
            .map_while(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

/// Values may be tokens, so only names are shown.
impl fmt::Debug for Parameters {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_set().entries(self.values.keys()).finish()
    }
}

/// How the parameters of a signature begin; one may travel among the members.
const SIGNATURE_PREFIX: &str = "X-Amz-";

/// Names that mean something to every operation.
const KNOWN: [&str; 9] = [
    "Action",
    "Version",
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
];

/// Reads the parameters of a request from its query string (without `?`) and its form body.
///
/// Both are read; where both name a parameter, the body's value stands.
///
/// **Errors**: [`QueryError`] for anything with more than one reading: a name repeated within the
/// query string or within the body, two names that differ only by case, a known name in another
/// case, a broken escape, invalid UTF-8, NUL, too many parameters.
pub fn read(query: &str, body: &[u8]) -> Result<Parameters, QueryError> {
    let mut values = form(query.as_bytes())?;
    values.extend(form(body)?);
    if values.len() > QUERY_PARAMETERS_MAX {
        return Err(QueryError::TooMany);
    }
    refuse_case_variants(&values)?;
    Ok(Parameters { values })
}

fn form(text: &[u8]) -> Result<BTreeMap<String, String>, QueryError> {
    let mut values = BTreeMap::new();
    for piece in text.split(|byte| *byte == b'&') {
        if piece.is_empty() {
            continue;
        }
        // INVARIANT: counted before it is decoded or kept, so a body cannot grow the map past it.
        if values.len() == QUERY_PARAMETERS_MAX {
            return Err(QueryError::TooMany);
        }
        let mut halves = piece.splitn(2, |byte| *byte == b'=');
        let name = decoded(halves.next().unwrap_or_default())?;
        let value = decoded(halves.next().unwrap_or_default())?;
        if values.contains_key(&name) {
            return Err(QueryError::Repeated(members::shown(&name)));
        }
        values.insert(name, value);
    }
    Ok(values)
}

/// Undoes form encoding: `+` is a space, then percent escapes.
fn decoded(text: &[u8]) -> Result<String, QueryError> {
    if !escapes_are_whole(text) {
        return Err(QueryError::Escape);
    }
    let spaced: Vec<u8> = text
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded = percent_decode(&spaced)
        .decode_utf8()
        .map_err(|_| QueryError::Utf8)?;
    if decoded.contains('\0') {
        return Err(QueryError::Nul);
    }
    Ok(decoded.into_owned())
}

fn refuse_case_variants(values: &BTreeMap<String, String>) -> Result<(), QueryError> {
    let mut seen = HashSet::new();
    for name in values.keys() {
        let repeated = !seen.insert(name.to_ascii_lowercase());
        let variant =
            has_variant_prefix(name) || KNOWN.iter().any(|known| is_case_variant(name, known));
        if repeated || variant {
            return Err(QueryError::CaseVariant(members::shown(name)));
        }
    }
    Ok(())
}

/// Whether `name` is one of a signature's parameters, seen without regard to case only.
fn has_variant_prefix(name: &str) -> bool {
    name.get(..SIGNATURE_PREFIX.len())
        .is_some_and(|prefix| is_case_variant(prefix, SIGNATURE_PREFIX))
}

fn is_case_variant(name: &str, known: &str) -> bool {
    name != known && name.eq_ignore_ascii_case(known)
}

#[cfg(test)]
mod tests;
