//! Signature Version 4: is this request made by the holder of this key, now, for this service?
//!
//! A check happens in steps, so that the caller can look the key up between them and every refusal
//! has the place the published order gives it: [`presented`] reads the structure and the
//! algorithm, [`check_scope`] the credential scope, the caller finds the secret and judges the
//! session token, and [`verify`] checks time, signed headers, body and signature. Only [`verify`]
//! makes a [`VerifiedSignature`].
//!
//! Canonicalisation works on the path and query *as received*; decode once, afterwards.
//!
//! **Source**: IAM user guide, *AWS Signature Version 4 for API requests*; S3 API reference,
//! *Authenticating requests*; requirements S04, S05, S27–S35, S37, S38 of the reliability and
//! security page.

mod canonical;
pub mod chunked;
mod error;
mod payload;
mod presented;
mod presign;
mod scope;
pub mod sign;
#[cfg(test)]
mod tests;
mod timestamp;
mod verify;

use std::fmt;

pub use error::{ExpiresError, SignatureError};
pub use payload::Payload;
pub use presented::{Form, Presentation, Presented, check_token, presented};
pub use scope::{CredentialScope, check_scope};
pub use timestamp::Timestamp;
pub use verify::{VerifiedSignature, verify};

/// The one algorithm this room speaks.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// Longest validity of a presigned URL: one week.
///
/// **Source**: S3 API reference, *Authenticating requests: using query parameters*.
pub const PRESIGNED_SECONDS_MAX: u64 = 604_800;
/// Most names in a `SignedHeaders` list; a request has at most as many headers.
pub const SIGNED_HEADERS_MAX: usize = 100;

/// A request as it came off the wire, before anything was decoded.
#[derive(Clone, Copy)]
pub struct RequestView<'a> {
    /// The method, upper case as sent.
    pub method: &'a str,
    /// The path as received: still percent-encoded, not normalised.
    pub path: &'a str,
    /// The query as received, without the `?`; empty when there was none.
    pub query: &'a str,
    /// Names in lower case with their values as received, in the order received, duplicates kept.
    /// `host` must be there (HTTP/2: fill it from `:authority`).
    pub headers: &'a [(String, Vec<u8>)],
}

impl<'a> RequestView<'a> {
    /// The values of every header of one name, in the order received.
    fn values(&self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        self.headers
            .iter()
            .filter(move |(header, _)| header == name)
            .map(|(_, value)| value.as_slice())
    }

    /// The value of a header that may come at most once.
    fn single(&self, name: &'static str) -> Result<Option<&'a [u8]>, SignatureError> {
        let mut values = self.values(name);
        let first = values.next();
        match values.next() {
            Some(_) => Err(SignatureError::DuplicateHeader { name }),
            None => Ok(first),
        }
    }
}

impl fmt::Debug for RequestView<'_> {
    /// Method and path only: headers and query carry session tokens.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestView")
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The protocol a face speaks, which decides canonical form, headers that must be signed, and
/// payload modes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// JSON 1.0 and 1.1, with the operation in `X-Amz-Target`.
    Json,
    /// The query protocol of STS and IAM.
    Query,
    /// S3: the path is kept as sent, bodies may be unsigned or streamed.
    S3,
}

/// What a face demands of a signature.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The protocol of the face.
    pub dialect: Dialect,
    /// The service name the scope must carry.
    pub service: &'a str,
    /// The region the scope must carry; `None` accepts any.
    pub region: Option<&'a str>,
    /// How far the request's clock may be from ours, in either direction.
    pub skew_seconds: i64,
}

/// The body a signature is checked against.
#[derive(Clone, Copy)]
pub enum Body<'a> {
    /// All of it, read and at hand; its hash is compared here.
    Whole(&'a [u8]),
    /// Not read yet (S3 only): the caller compares the hash of [`Payload::Signed`], or the chunk
    /// signatures, at the end of the stream and commits nothing before that.
    Streamed,
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(bytes) => write!(formatter, "Whole({} bytes)", bytes.len()),
            Self::Streamed => formatter.write_str("Streamed"),
        }
    }
}
