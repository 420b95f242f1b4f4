//! Paths and header values of the REST faces.
//!
//! A path is decoded exactly once, here, into the value that both the policy check and the storage
//! use. Nothing is normalised: `a//b`, `./a` and `..` are names like any other, so there is no
//! second spelling that could pass one and reach the other.
//!
//! **Source**: requirements S08, S09 and S55; RFC 3986, sections 2.1 and 2.3.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::limits::ECHO_BYTES_MAX;

/// What a path names: nothing, a bucket, or an object in one. Both names are raw text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ResourcePath {
    /// `/`
    Root,
    /// `/bucket` or `/bucket/`
    Bucket(String),
    /// `/bucket/key`; the key is everything after the slash, slashes included.
    Object {
        /// The bucket's name, not yet checked against any rule for names.
        bucket: String,
        /// The object's key, never empty.
        key: String,
    },
}

/// Why a path names nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PathError {
    /// It does not begin with a slash.
    #[error("path must begin with `/`")]
    NotRooted,
    /// A percent sign without two hexadecimal digits.
    #[error("path holds a broken percent escape")]
    Escape,
    /// The decoded bytes are not UTF-8.
    #[error("path is not valid UTF-8")]
    Utf8,
    /// The decoded text holds NUL.
    #[error("path holds a NUL character")]
    Nul,
    /// The first segment hides a slash: readers that split before and after decoding would differ.
    #[error("bucket name holds an escaped slash")]
    SlashInBucket,
    /// The first segment is empty but the path goes on.
    #[error("bucket name is empty")]
    NoBucket,
}

/// Splits and decodes the path of a request, given without its query.
///
/// **Shape**: `/photos/a%2Fb%20c` is bucket `photos`, key `a/b c`.
pub fn resource_path(path: &str) -> Result<ResourcePath, PathError> {
    let rest = path.strip_prefix('/').ok_or(PathError::NotRooted)?;
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    let (bucket, key) = (decode(bucket)?, decode(key)?);
    if bucket.contains('/') {
        return Err(PathError::SlashInBucket);
    }
    match (bucket.is_empty(), key.is_empty()) {
        (true, true) if rest.is_empty() => Ok(ResourcePath::Root),
        (true, _) => Err(PathError::NoBucket),
        (false, true) => Ok(ResourcePath::Bucket(bucket)),
        (false, false) => Ok(ResourcePath::Object { bucket, key }),
    }
}

/// Decodes percent escapes once; `+` stands for itself.
///
/// **Errors**: a broken escape, bytes that are not UTF-8, NUL.
pub fn decode(text: &str) -> Result<String, PathError> {
    if !escapes_are_whole(text.as_bytes()) {
        return Err(PathError::Escape);
    }
    let decoded = percent_decode_str(text)
        .decode_utf8()
        .map_err(|_| PathError::Utf8)?;
    if decoded.contains('\0') {
        return Err(PathError::Nul);
    }
    Ok(decoded.into_owned())
}

/// RFC 3986, section 2.3: the characters that stand for themselves everywhere.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Escapes everything but unreserved characters, as policy documents travel in answers.
///
/// **Shape**: `{"a": 1}` is `%7B%22a%22%3A%201%7D`.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

/// A text as a header may carry it: printable ASCII, one line, at most [`ECHO_BYTES_MAX`] bytes;
/// everything else is left out.
pub fn printable(text: &str) -> String {
    text.chars()
        .filter(|character| matches!(character, ' '..='~'))
        .take(ECHO_BYTES_MAX)
        .collect()
}

/// Whether every `%` is followed by two hexadecimal digits.
pub(crate) fn escapes_are_whole(text: &[u8]) -> bool {
    let mut pieces = text.split(|byte| *byte == b'%');
    pieces.next();
    pieces.all(|piece| {
        matches!(piece, [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests;
