//! What can go wrong, in our words and in the wire's.
//!
//! Rooms below speak in their own small errors. An operation ends in a [`Failure`]; the catalogue of
//! its face (`<face>/error.rs`) is the only place that turns one into a wire code and a status.

use daypass_proof::sigv4::SignatureError;
use daypass_store::StoreError;
use daypass_store::records::RecordError;

use crate::guard::Denial;
use crate::quota::Busy;

/// An error in a face's own words.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ApiError {
    /// The wire code.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The sentence the client reads.
    pub message: String,
    /// A stable code for the cause, for the log and the audit line.
    pub reason: &'static str,
    /// When to come back, if coming back helps.
    pub retry_after_seconds: Option<u32>,
    /// More elements of the answer, where a face has them.
    pub details: Vec<(&'static str, String)>,
}

impl ApiError {
    /// An error with a message.
    pub(crate) fn new(
        code: &'static str,
        status: u16,
        message: impl Into<String>,
        reason: &'static str,
    ) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            reason,
            retry_after_seconds: None,
            details: Vec::new(),
        }
    }

    /// The same, with the hint when to come back.
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_seconds = Some(seconds);
        self
    }

    /// The same, with one more element in the answer.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }
}

/// Why an operation gave no output.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A refusal in the face's own words.
    Api(ApiError),
    /// The caller could not be established.
    Signature(SignatureError),
    /// The caller may not do this.
    Denied(Box<Denial>),
    /// Another transaction got there first: run the operation again.
    Conflict,
    /// Too much at once.
    Busy(Busy),
    /// The body is over its limit.
    TooLarge,
    /// The store did not take it; the cause goes to the log only.
    Unavailable(String),
    /// Something that should not happen; the cause goes to the log only.
    Internal(String),
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<Busy> for Failure {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Self {
        Self::Signature(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            // Either way nothing happened, and the operation may begin again.
            StoreError::Conflict | StoreError::Interrupted(_) => Self::Conflict,
            other => Self::Unavailable(chain(&other)),
        }
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Store(store) => store.into(),
            // Two calls raced for one name; the second run sees what the first one wrote.
            RecordError::Taken(_) => Self::Conflict,
            other => Self::Internal(chain(&other)),
        }
    }
}

/// An error with its causes, for one log line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}
