//! Chunk signatures: each chunk signs the one before, the first signs the request.
//!
//! The framing is read elsewhere; here is only the chain. It stops at the first signature that does
//! not fit, and a body is complete only when the chain was closed: after the empty last chunk, and
//! after the trailer where the request announced one.
//!
//! **Source**: S3 API reference, *Signature calculations for the Authorization header: transferring
//! payload in multiple chunks*, and *…with trailing headers*; requirements S27 and S31.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::canonical::{hex, sha256, unhex};
use super::error::SignatureError;
use super::payload::Payload;
use super::scope::{CredentialScope, SigningKey};
use super::timestamp::Timestamp;
use super::verify::VerifiedSignature;
use crate::secret::SecretAccessKey;

/// A streamed body whose every chunk, and trailer, carried the right signature.
///
/// Only [`Chain`] can make it. **Units and limits**: compare `decoded_bytes` with
/// `x-amz-decoded-content-length` before committing anything.
///
/// ```compile_fail,E0451
/// let forged = daypass_proof::sigv4::chunked::VerifiedBody { decoded_bytes: 0 };
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct VerifiedBody {
    decoded_bytes: u64,
}

impl VerifiedBody {
    /// How many bytes the chunks carried together.
    pub fn decoded_bytes(&self) -> u64 {
        self.decoded_bytes
    }
}

/// The verifying side of the chain.
pub struct Chain {
    links: Links,
    trailer: bool,
    state: State,
    decoded_bytes: u64,
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum State {
    /// More chunks may come.
    Open,
    /// The empty last chunk was verified.
    Ended,
    /// A signature did not fit; nothing more is accepted.
    Broken,
}

impl Chain {
    /// Starts at the signature of the request; `None` unless its payload is signed in chunks.
    pub fn start(verified: &VerifiedSignature, secret: &SecretAccessKey) -> Option<Self> {
        let Payload::StreamingSigned { trailer } = verified.payload() else {
            return None;
        };
        let links = Links {
            key: SigningKey::derive(secret, verified.scope()),
            timestamp: verified.timestamp(),
            scope: verified.scope().clone(),
            previous: verified.seed(),
        };
        Some(Self {
            links,
            trailer,
            state: State::Open,
            decoded_bytes: 0,
        })
    }

    /// Checks the next chunk; an empty one ends the body.
    pub fn chunk(&mut self, signature: &[u8], data: &[u8]) -> Result<(), SignatureError> {
        let length = u64::try_from(data.len()).map_err(|_| SignatureError::Mismatch)?;
        self.hashed_chunk(signature, &sha256(data), length)
    }

    /// Checks the next chunk by the SHA-256 and length of its data.
    pub fn hashed_chunk(
        &mut self,
        signature: &[u8],
        sha256: &[u8; 32],
        length: u64,
    ) -> Result<(), SignatureError> {
        let was = self.state;
        self.state = State::Broken;
        let expected = self.links.chunk(sha256);
        if was != State::Open || !equal(&expected, signature) {
            return Err(SignatureError::Mismatch);
        }
        self.decoded_bytes = self
            .decoded_bytes
            .checked_add(length)
            .ok_or(SignatureError::Mismatch)?;
        self.links.previous = expected;
        self.state = if length == 0 {
            State::Ended
        } else {
            State::Open
        };
        Ok(())
    }

    /// Closes a body that has no trailer.
    pub fn finish(self) -> Result<VerifiedBody, SignatureError> {
        if self.state == State::Ended && !self.trailer {
            Ok(VerifiedBody {
                decoded_bytes: self.decoded_bytes,
            })
        } else {
            Err(SignatureError::Mismatch)
        }
    }

    /// Checks the trailers, lower-case names in the order received, and closes the body.
    pub fn trailer(
        self,
        signature: &[u8],
        trailers: &[(&str, &str)],
    ) -> Result<VerifiedBody, SignatureError> {
        let right = equal(&self.links.trailer(trailers), signature);
        if self.state == State::Ended && self.trailer && right {
            Ok(VerifiedBody {
                decoded_bytes: self.decoded_bytes,
            })
        } else {
            Err(SignatureError::Mismatch)
        }
    }
}

/// The signing side of the chain, for clients.
pub struct ChunkSigner(Links);

impl ChunkSigner {
    pub(super) fn start(
        key: SigningKey,
        timestamp: Timestamp,
        scope: CredentialScope,
        seed: [u8; 32],
    ) -> Self {
        Self(Links {
            key,
            timestamp,
            scope,
            previous: seed,
        })
    }

    /// The signature of the next chunk.
    pub fn chunk(&mut self, data: &[u8]) -> String {
        self.0.previous = self.0.chunk(&sha256(data));
        hex(&self.0.previous)
    }

    /// The signature of the trailers after the empty last chunk.
    pub fn trailer(self, trailers: &[(&str, &str)]) -> String {
        hex(&self.0.trailer(trailers))
    }
}

/// What both sides compute.
struct Links {
    key: SigningKey,
    timestamp: Timestamp,
    scope: CredentialScope,
    previous: [u8; 32],
}

impl Links {
    fn chunk(&self, data_hash: &[u8; 32]) -> [u8; 32] {
        let Self {
            timestamp, scope, ..
        } = self;
        let (previous, nothing, data) = (hex(&self.previous), hex(&sha256(b"")), hex(data_hash));
        self.key.sign(&format!(
            "AWS4-HMAC-SHA256-PAYLOAD\n{timestamp}\n{scope}\n{previous}\n{nothing}\n{data}"
        ))
    }

    fn trailer(&self, trailers: &[(&str, &str)]) -> [u8; 32] {
        let Self {
            timestamp, scope, ..
        } = self;
        let mut lines = String::new();
        for (name, value) in trailers {
            for part in [name, ":", value, "\n"] {
                lines.push_str(part);
            }
        }
        let (previous, lines) = (hex(&self.previous), hex(&sha256(lines.as_bytes())));
        self.key.sign(&format!(
            "AWS4-HMAC-SHA256-TRAILER\n{timestamp}\n{scope}\n{previous}\n{lines}"
        ))
    }
}

fn equal(expected: &[u8; 32], signature: &[u8]) -> bool {
    // INVARIANT: comparisons of secrets take the same time wherever they differ (DESIGN 12.7).
    unhex(signature).is_some_and(|given| verify_slices_are_equal(expected, &given).is_ok())
}
