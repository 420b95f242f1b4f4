//! The AWS query protocol: form parameters in, XML out.
//!
//! **Source**: contract page, STS and IAM sections 1.1 to 1.3.

use std::future::Future;
use std::pin::Pin;

use daypass_proof::sigv4::SignatureError;
use daypass_wire::query::{Members, Parameters, Rejection};
use daypass_wire::xml::{self, Element};

use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Admission, FaceRules};
use crate::incoming::Incoming;
use crate::operation::{Operation, perform};

/// The content type of every answer.
pub(crate) const CONTENT_TYPE: &str = "text/xml";

/// An input read from form parameters.
pub(crate) trait QueryInput: Sized {
    /// Reads the members, collecting what is wrong with them.
    fn read(members: &mut Members<'_>) -> Self;
}

/// An input without members.
impl QueryInput for () {
    fn read(_: &mut Members<'_>) -> Self {}
}

/// An output written as XML.
pub(crate) trait QueryOutput {
    /// The result element, under any name; `None` for operations without an output shape.
    fn write(self) -> Option<Element>;
}

impl QueryOutput for () {
    fn write(self) -> Option<Element> {
        None
    }
}

type Run = for<'a> fn(
    &'a Env,
    &'a Incoming,
    &'a FaceRules,
    &'a Parameters,
    &'static str,
) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send + 'a>>;

/// One row of a query face's table.
pub(crate) struct QueryOperation {
    /// Its wire name.
    pub name: &'static str,
    /// Whether a signature is needed.
    pub signed: bool,
    /// The errors of its own that it may return.
    pub errors: &'static [&'static str],
    run: Run,
}

impl QueryOperation {
    /// The row of `O`.
    pub(crate) const fn of<O>() -> Self
    where
        O: Operation,
        O::Input: QueryInput,
        O::Output: QueryOutput,
    {
        Self {
            name: O::NAME,
            signed: O::Admission::SIGNED,
            errors: O::ERRORS,
            run: run::<O>,
        }
    }

    /// Runs it and gives the body of its answer.
    pub(crate) async fn run(
        &self,
        env: &Env,
        incoming: &Incoming,
        rules: &FaceRules,
        parameters: &Parameters,
        namespace: &'static str,
    ) -> Result<Vec<u8>, Failure> {
        (self.run)(env, incoming, rules, parameters, namespace).await
    }
}

fn run<'a, O>(
    env: &'a Env,
    incoming: &'a Incoming,
    rules: &'a FaceRules,
    parameters: &'a Parameters,
    namespace: &'static str,
) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send + 'a>>
where
    O: Operation,
    O::Input: QueryInput,
    O::Output: QueryOutput,
{
    Box::pin(async move {
        let output = perform::<O>(env, incoming, rules, || decode(parameters)).await?;
        let request_id = incoming.circumstances.request_id.to_string();
        Ok(xml::success(
            O::NAME,
            namespace,
            output.write().as_ref(),
            &request_id,
        ))
    })
}

fn decode<I: QueryInput>(parameters: &Parameters) -> Result<I, Failure> {
    let mut members = Members::new(parameters);
    let input = I::read(&mut members);
    members.finish().map_err(|rejection| {
        let reason = match &rejection {
            Rejection::Malformed(_) => "request.malformed",
            Rejection::Violations(_) => "request.invalid",
        };
        validation_error(rejection.to_string(), reason)
    })?;
    Ok(input)
}

/// The one error of this protocol for whatever is wrong with parameters.
pub(crate) fn validation_error(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new("ValidationError", 400, message, reason)
}

/// A failure in the words that STS and IAM share.
///
/// **Source**: contract page, STS and IAM sections 1.3 and 6.6.
pub(crate) fn translate(failure: Failure, internal_code: &'static str) -> ApiError {
    match failure {
        Failure::Api(error) => error,
        Failure::Signature(error) => signature(&error),
        Failure::Denied(denial) => {
            ApiError::new("AccessDenied", 403, denial.message(), denial.reason())
        }
        Failure::Busy(busy) => ApiError::new("Throttling", 400, "Rate exceeded", busy.reason)
            .retry_after(busy.retry_after_seconds),
        Failure::TooLarge => ApiError::new(
            "RequestEntityTooLarge",
            413,
            "The request body is over the limit.",
            "limit.body",
        ),
        Failure::Conflict | Failure::Unavailable(_) => ApiError::new(
            "ServiceUnavailable",
            503,
            "The service cannot take the request now.",
            "store.unavailable",
        ),
        Failure::Internal(_) => ApiError::new(
            internal_code,
            500,
            "The service met an unexpected condition.",
            "internal",
        ),
    }
}

fn signature(error: &SignatureError) -> ApiError {
    let (code, status, reason) = match error {
        SignatureError::Missing => ("MissingAuthenticationToken", 403, "sig.missing"),
        SignatureError::UnknownAccessKey => ("InvalidClientTokenId", 403, "sig.unknown_key"),
        SignatureError::TokenMissing | SignatureError::TokenInvalid => {
            ("InvalidClientTokenId", 403, "sig.session_token")
        }
        SignatureError::TokenExpired => ("ExpiredToken", 403, "sig.expired_session"),
        SignatureError::TooOld { .. }
        | SignatureError::TooEarly { .. }
        | SignatureError::PresignedExpired { .. } => ("SignatureDoesNotMatch", 403, "sig.skew"),
        SignatureError::ScopeDate { .. }
        | SignatureError::ScopeRegion { .. }
        | SignatureError::ScopeService { .. }
        | SignatureError::ScopeTerminator { .. } => ("SignatureDoesNotMatch", 403, "sig.scope"),
        SignatureError::HostNotSigned
        | SignatureError::HeadersNotSigned { .. }
        | SignatureError::SignedHeaderAbsent { .. }
        | SignatureError::PayloadModeRefused
        | SignatureError::PayloadMismatch
        | SignatureError::ContentSha256Missing
        | SignatureError::ContentSha256Invalid
        | SignatureError::Mismatch => ("SignatureDoesNotMatch", 403, "sig.mismatch"),
        SignatureError::DuplicateQueryParameter { .. } | SignatureError::CaseVariant { .. } => {
            ("ValidationError", 400, "sig.malformed")
        }
        _ => ("IncompleteSignature", 400, "sig.malformed"),
    };
    ApiError::new(code, status, error.to_string(), reason)
}
