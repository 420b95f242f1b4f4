//! What a signature says about the body.
//!
//! A signed request without a bound body is a signed blank cheque, so every mode is one arm of a
//! closed enum, only S3 may leave the body unsigned or stream it, and whatever is not a known mode
//! or a hash is refused.
//!
//! **Source**: S3 API reference, *Signature calculations for the Authorization header*, HashedPayload;
//! requirements S27 and S31.

use super::canonical::{hex, sha256, unhex};
use super::error::SignatureError;
use super::presented::{Form, Presentation, printable};
use super::{Body, Dialect, RequestView};

const HEADER: &str = "x-amz-content-sha256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const STREAMING_SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const STREAMING_SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const STREAMING_UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
const STREAMING_ECDSA: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
const STREAMING_ECDSA_TRAILER: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER";

/// How the signature binds the body.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Payload {
    /// The whole body has this SHA-256; a streamed body must be compared with it at its end.
    Signed([u8; 32]),
    /// The body is not bound.
    Unsigned,
    /// The body comes in chunks, each signed; see [`chunked`](super::chunked).
    StreamingSigned {
        /// Whether signed trailers follow the last chunk.
        trailer: bool,
    },
    /// The body comes in chunks without signatures, followed by trailers.
    StreamingUnsignedTrailer,
}

impl Payload {
    /// The payload of a body at hand.
    pub fn of(body: &[u8]) -> Self {
        Self::Signed(sha256(body))
    }

    /// The text that stands for the payload in the canonical request.
    pub(super) fn text(self) -> String {
        match self {
            Self::Signed(hash) => hex(&hash),
            Self::Unsigned => UNSIGNED.to_owned(),
            Self::StreamingSigned { trailer: false } => STREAMING_SIGNED.to_owned(),
            Self::StreamingSigned { trailer: true } => STREAMING_SIGNED_TRAILER.to_owned(),
            Self::StreamingUnsignedTrailer => STREAMING_UNSIGNED_TRAILER.to_owned(),
        }
    }

    fn parse(text: &str) -> Result<Self, SignatureError> {
        match text {
            UNSIGNED => Ok(Self::Unsigned),
            STREAMING_SIGNED => Ok(Self::StreamingSigned { trailer: false }),
            STREAMING_SIGNED_TRAILER => Ok(Self::StreamingSigned { trailer: true }),
            STREAMING_UNSIGNED_TRAILER => Ok(Self::StreamingUnsignedTrailer),
            STREAMING_ECDSA | STREAMING_ECDSA_TRAILER => {
                Err(SignatureError::UnsupportedAlgorithm {
                    algorithm: text.to_owned(),
                })
            }
            _ => unhex(text.as_bytes())
                .map(Self::Signed)
                .ok_or(SignatureError::ContentSha256Invalid),
        }
    }
}

/// A payload together with its text exactly as the client wrote it, which is what was signed.
pub(super) struct Claim {
    pub(super) payload: Payload,
    pub(super) text: String,
}

/// Finds what the request says about its body, and holds the body against it if it is at hand.
pub(super) fn claim(
    presentation: &Presentation,
    request: &RequestView,
    body: Body,
    dialect: Dialect,
) -> Result<Claim, SignatureError> {
    let header = request
        .single(HEADER)?
        .map(|value| printable(value).unwrap_or_default());
    match dialect {
        Dialect::S3 => s3(presentation, header, body),
        Dialect::Json | Dialect::Query => whole(presentation.form, header, body),
    }
}

fn s3(
    presentation: &Presentation,
    header: Option<&str>,
    body: Body,
) -> Result<Claim, SignatureError> {
    let text = match presentation.form {
        Form::Header => header.ok_or(SignatureError::ContentSha256Missing)?,
        Form::Query { .. } => {
            let signed = presentation
                .signed_headers
                .iter()
                .any(|name| name == HEADER);
            let header = header.filter(|_| signed);
            match (presentation.content_sha256.as_deref(), header) {
                (Some(parameter), Some(header)) if parameter != header => {
                    return Err(SignatureError::ContentSha256Invalid);
                }
                (parameter, header) => parameter.or(header).unwrap_or(UNSIGNED),
            }
        }
    };
    let payload = Payload::parse(text)?;
    match (payload, body, presentation.form) {
        (Payload::Signed(hash), Body::Whole(bytes), _) if sha256(bytes) != hash => {
            Err(SignatureError::PayloadMismatch)
        }
        // Chunks are signed from the seed in the header; a URL has no stream to continue.
        (
            Payload::StreamingSigned { .. } | Payload::StreamingUnsignedTrailer,
            _,
            Form::Query { .. },
        ) => Err(SignatureError::PayloadModeRefused),
        _ => Ok(Claim {
            payload,
            text: text.to_owned(),
        }),
    }
}

fn whole(form: Form, header: Option<&str>, body: Body) -> Result<Claim, SignatureError> {
    let Body::Whole(bytes) = body else {
        return Err(SignatureError::PayloadModeRefused);
    };
    let hash = sha256(bytes);
    let payload = Payload::Signed(hash);
    let Some(header) = header else {
        return Ok(Claim {
            payload,
            text: payload.text(),
        });
    };
    match Payload::parse(header) {
        Ok(Payload::Signed(claimed)) if claimed == hash => {}
        Ok(Payload::Signed(_)) | Err(SignatureError::ContentSha256Invalid) => {
            return Err(SignatureError::PayloadMismatch);
        }
        Ok(_) => return Err(SignatureError::PayloadModeRefused),
        Err(error) => return Err(error),
    }
    let text = match form {
        Form::Header => header.to_owned(),
        Form::Query { .. } => payload.text(),
    };
    Ok(Claim { payload, text })
}
