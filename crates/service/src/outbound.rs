//! Calling others: one small request, one small answer, and no more than that.
//!
//! Issuers publish their keys, providers of opaque tokens say whose they are, a user pool says
//! whether a user is still there. All of it goes through [`Outbound`], so that one place decides
//! which addresses may be called, for how long, and how much is read. How to call somebody:
//!
//! ```ignore
//! let request = OutboundRequest::get(format!("{base}/me?fields=id"))
//!     .with_header("authorization", format!("Bearer {token}"));
//! let document = env.outbound().fetch(request).await?; // any status
//! let json = document.success()?; // the body, if the status is 200
//! ```
//!
//! Never call while a transaction is open: read, let go, call, read again.
//!
//! **Source**: requirements S79 and S81; DESIGN §5.

use async_trait::async_trait;
use bytes::Bytes;

/// The longest answer that is read. **Source**: requirement S81.
pub const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// How long connecting may take, in milliseconds. **Source**: requirement S81.
pub const CONNECT_MILLIS_MAX: u64 = 2_000;
/// How long the whole exchange may take, in milliseconds. **Source**: requirement S81.
pub const EXCHANGE_MILLIS_MAX: u64 = 5_000;

/// One request to somebody else's server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboundRequest {
    /// Where: `https://…`, or `http://…` for hosts that the operator named.
    pub url: String,
    /// Headers beside `host`, `accept` and `user-agent`; names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// What is posted; without it the request is a `GET`.
    pub body: Option<Bytes>,
}

impl OutboundRequest {
    /// Asks for a document.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// Posts a small body of this type.
    pub fn post(url: impl Into<String>, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            url: url.into(),
            headers: vec![("content-type", content_type.to_owned())],
            body: Some(body.into()),
        }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// What came back, whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboundDocument {
    /// The status.
    pub status: u16,
    /// The body, at most [`DOCUMENT_BYTES_MAX`].
    pub body: Bytes,
}

impl OutboundDocument {
    /// The body of an answer with status 200; nothing else is a document.
    pub fn success(self) -> Result<Bytes, OutboundError> {
        if self.status == 200 {
            Ok(self.body)
        } else {
            Err(OutboundError(format!("status {}", self.status)))
        }
    }
}

/// Nothing usable came back: the address may not be called, nobody answered, or not in time, or too
/// much.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct OutboundError(pub String);

/// Calls others on behalf of the house.
#[async_trait]
pub trait Outbound: Send + Sync + 'static {
    /// Makes one request within the bounds of this module. Redirects are answers like any other.
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundDocument, OutboundError>;
}

/// Calls nobody.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

#[async_trait]
impl Outbound for Nobody {
    async fn fetch(&self, _: OutboundRequest) -> Result<OutboundDocument, OutboundError> {
        Err(OutboundError("nobody is called from here".to_owned()))
    }
}
