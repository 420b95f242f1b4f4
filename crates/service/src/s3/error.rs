//! The error catalogue of the S3 face: the only place that knows its codes.
//!
//! **Source**: S3 API reference, *Error responses*; contract page, SigV4 section 6.6.

use daypass_proof::sigv4::{SignatureError, Timestamp};
use daypass_wire::time::iso8601;

use crate::error::{ApiError, Failure};

/// A failure in this face's words. `key` is the key the client says it signed with, `query_form`
/// whether the signature stands in the query.
pub(super) fn translate(failure: Failure, key: &str, query_form: bool) -> ApiError {
    match failure {
        Failure::Api(error) => error,
        Failure::Signature(error) => signature(&error, key, query_form),
        Failure::Denied(denial) => {
            ApiError::new("AccessDenied", 403, denial.message(), denial.reason())
        }
        Failure::Busy(busy) => {
            let message = "Please reduce your request rate.";
            ApiError::new("SlowDown", 503, message, busy.reason)
                .retry_after(busy.retry_after_seconds)
        }
        Failure::TooLarge => ApiError::new(
            "MaxMessageLengthExceeded",
            400,
            "Your request was too big.",
            "limit.body",
        ),
        Failure::Conflict | Failure::Unavailable(_) => ApiError::new(
            "ServiceUnavailable",
            503,
            "Service is unable to handle request.",
            "store.unavailable",
        ),
        Failure::Internal(_) => ApiError::new(
            "InternalError",
            500,
            "We encountered an internal error. Please try again.",
            "internal",
        ),
    }
}

fn signature(error: &SignatureError, key: &str, query_form: bool) -> ApiError {
    use SignatureError as E;
    match error {
        E::Missing => access_denied("Access Denied", "sig.missing"),
        E::BothForms => invalid_argument(error.to_string(), "sig.both_forms"),
        E::UnsupportedAlgorithm { .. } => invalid_request(
            "The authorization mechanism you have provided is not supported. Please use \
             AWS4-HMAC-SHA256.",
            "sig.algorithm",
        ),
        E::DuplicateHeader { .. } => invalid_request(error.to_string(), "sig.malformed"),
        E::MissingQueryParameters { .. } => query_parameters(
            "Query-string authentication version 4 requires the X-Amz-Algorithm, \
             X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and \
             X-Amz-Expires parameters.",
        ),
        E::DuplicateQueryParameter { .. } | E::CaseVariant { .. } | E::Expires(_) => {
            query_parameters(error.to_string())
        }
        E::MalformedEscape => invalid_uri(),
        E::UnknownAccessKey | E::TokenMissing => unknown_key(key),
        E::TokenInvalid => ApiError::new(
            "InvalidToken",
            400,
            "The provided token is malformed or otherwise invalid.",
            "sig.session_token",
        ),
        E::TokenExpired => ApiError::new(
            "ExpiredToken",
            400,
            "The provided token has expired.",
            "sig.expired_session",
        ),
        E::TooOld {
            timestamp,
            now,
            skew_seconds,
            ..
        }
        | E::TooEarly {
            timestamp,
            now,
            skew_seconds,
            ..
        } => skewed(*timestamp, *now, *skew_seconds),
        E::PresignedExpired {
            expired_at,
            now,
            expires_seconds,
            ..
        } => access_denied("Request has expired", "sig.expired_url")
            .with("X-Amz-Expires", expires_seconds.to_string())
            .with("Expires", shown(*expired_at))
            .with("ServerTime", shown(*now)),
        E::HostNotSigned => not_signed("host"),
        E::HeadersNotSigned { names } => not_signed(&names.join(", ")),
        E::SignedHeaderAbsent { .. } | E::Mismatch => mismatch(key),
        E::ContentSha256Missing | E::PayloadModeRefused => payload_refused(error),
        E::ContentSha256Invalid => invalid_argument(error.to_string(), "sig.payload"),
        E::PayloadMismatch => content_sha256_mismatch(),
        malformed => scope(malformed, query_form),
    }
}

/// What is wrong with the credential and its scope, or with the form of the header.
fn scope(error: &SignatureError, query_form: bool) -> ApiError {
    use SignatureError as E;
    let (tail, reason) = match error {
        E::ScopeDate {
            scope_date,
            timestamp,
        } => (
            format!(
                "Invalid credential date \"{scope_date}\". This date is not the same as \
                 X-Amz-Date: \"{}\".",
                timestamp.date()
            ),
            "sig.scope",
        ),
        E::ScopeRegion { got, expected } => (
            format!("the region '{got}' is wrong; expecting '{expected}'"),
            "sig.scope",
        ),
        E::ScopeService { got, expected } => (
            format!("incorrect service \"{got}\". This endpoint belongs to \"{expected}\"."),
            "sig.scope",
        ),
        E::ScopeTerminator { got } => (
            format!("incorrect terminal \"{got}\". This endpoint uses \"aws4_request\"."),
            "sig.scope",
        ),
        other => (other.to_string(), "sig.malformed"),
    };
    let refused = if query_form {
        query_parameters(format!(
            "Error parsing the X-Amz-Credential parameter; {tail}"
        ))
    } else {
        let message = format!("The authorization header is malformed; {tail}");
        ApiError::new("AuthorizationHeaderMalformed", 400, message, reason)
    };
    match error {
        E::ScopeRegion { expected, .. } => refused.with("Region", expected.clone()),
        _ => refused,
    }
}

fn shown(moment: Timestamp) -> String {
    iso8601(moment.epoch_seconds())
}

fn skewed(timestamp: Timestamp, now: Timestamp, skew_seconds: i64) -> ApiError {
    let message = "The difference between the request time and the current time is too large.";
    ApiError::new("RequestTimeTooSkewed", 403, message, "sig.skew")
        .with("RequestTime", timestamp.as_str())
        .with("ServerTime", shown(now))
        .with(
            "MaxAllowedSkewMilliseconds",
            (skew_seconds * 1_000).to_string(),
        )
}

fn query_parameters(message: impl Into<String>) -> ApiError {
    ApiError::new(
        "AuthorizationQueryParametersError",
        400,
        message,
        "sig.malformed",
    )
}

fn unknown_key(key: &str) -> ApiError {
    let message = "The AWS Access Key Id you provided does not exist in our records.";
    ApiError::new("InvalidAccessKeyId", 403, message, "sig.unknown_key").with("AWSAccessKeyId", key)
}

/// The documented elements that would show what was expected stay out on purpose.
fn mismatch(key: &str) -> ApiError {
    let message = "The request signature we calculated does not match the signature you provided. \
                   Check your key and signing method.";
    ApiError::new("SignatureDoesNotMatch", 403, message, "sig.mismatch").with("AWSAccessKeyId", key)
}

fn not_signed(names: &str) -> ApiError {
    let message = "There were headers present in the request which were not signed";
    access_denied(message, "sig.unsigned_header").with("HeadersNotSigned", names)
}

fn payload_refused(error: &SignatureError) -> ApiError {
    let message = match error {
        SignatureError::ContentSha256Missing => error.to_string(),
        _ => "A presigned request cannot stream its payload in chunks.".to_owned(),
    };
    invalid_request(message, "sig.payload")
}

/// The body is not the one that was signed.
pub(super) fn content_sha256_mismatch() -> ApiError {
    let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
    ApiError::new("XAmzContentSHA256Mismatch", 400, message, "sig.payload")
}

/// A refusal that says no more than its sentence.
pub(super) fn access_denied(message: &'static str, reason: &'static str) -> ApiError {
    ApiError::new("AccessDenied", 403, message, reason)
}

/// A request that makes no sense as a whole.
pub(super) fn invalid_request(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new("InvalidRequest", 400, message, reason)
}

/// A value that is not acceptable.
pub(super) fn invalid_argument(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new("InvalidArgument", 400, message, reason)
}

/// A path or query that does not decode.
pub(super) fn invalid_uri() -> ApiError {
    ApiError::new(
        "InvalidURI",
        400,
        "Couldn't parse the specified URI.",
        "request.uri",
    )
}

/// A bucket name that no bucket can have.
pub(super) fn invalid_bucket_name(name: &str) -> ApiError {
    let message = "The specified bucket is not valid.";
    ApiError::new("InvalidBucketName", 400, message, "request.bucket_name").with("BucketName", name)
}

/// A key longer than keys are.
pub(super) fn key_too_long() -> ApiError {
    ApiError::new("KeyTooLongError", 400, "Your key is too long", "limit.key")
}

/// Something that this S3 does not do.
pub(super) fn not_implemented() -> ApiError {
    let message = "A header or query you provided implies functionality that is not implemented.";
    ApiError::new("NotImplemented", 501, message, "operation.unknown")
}

/// A method that means nothing here.
pub(super) fn method_not_allowed() -> ApiError {
    let message = "The specified method is not allowed against this resource.";
    ApiError::new("MethodNotAllowed", 405, message, "operation.unknown")
}

/// The bucket is not there.
pub(super) fn no_such_bucket(name: &str) -> ApiError {
    let message = "The specified bucket does not exist";
    ApiError::new("NoSuchBucket", 404, message, "bucket.missing").with("BucketName", name)
}

/// The object is not there.
pub(super) fn no_such_key(key: &str) -> ApiError {
    let message = "The specified key does not exist.";
    ApiError::new("NoSuchKey", 404, message, "object.missing").with("Key", key)
}

/// The upload is not there.
pub(super) fn no_such_upload(id: &str) -> ApiError {
    let message = "The specified upload does not exist. The upload ID may be invalid, or the \
                   upload may have been aborted or completed.";
    ApiError::new("NoSuchUpload", 404, message, "upload.missing").with("UploadId", id)
}

/// A condition of the request does not hold.
pub(super) fn precondition_failed(condition: &'static str) -> ApiError {
    let message = "At least one of the pre-conditions you specified did not hold";
    ApiError::new("PreconditionFailed", 412, message, "object.precondition")
        .with("Condition", condition)
}

/// The range lies outside the object.
pub(super) fn invalid_range(size_bytes: u64) -> ApiError {
    ApiError::new(
        "InvalidRange",
        416,
        "The requested range is not satisfiable",
        "object.range",
    )
    .with("ActualObjectSize", size_bytes.to_string())
}

/// Fewer or more bytes than announced.
pub(super) fn incomplete_body() -> ApiError {
    let message =
        "You did not provide the number of bytes specified by the Content-Length HTTP header";
    ApiError::new("IncompleteBody", 400, message, "request.body")
}

/// A body of unknown length.
pub(super) fn missing_content_length() -> ApiError {
    let message = "You must provide the Content-Length HTTP header.";
    ApiError::new("MissingContentLength", 411, message, "request.body")
}

/// More bytes than an object has.
pub(super) fn entity_too_large(bytes_max: u64) -> ApiError {
    let message = "Your proposed upload exceeds the maximum allowed size";
    ApiError::new("EntityTooLarge", 400, message, "limit.object")
        .with("MaxSizeAllowed", bytes_max.to_string())
}

/// Chunks or trailers that are not framed as documented.
pub(super) fn malformed_trailer() -> ApiError {
    let message = "The request contained trailing data that was not well-formed or did not conform \
                   to our published schema.";
    ApiError::new("MalformedTrailerError", 400, message, "request.body")
}

/// A digest that is no digest.
pub(super) fn invalid_digest() -> ApiError {
    let message = "The Content-MD5 or checksum value that you specified is not valid.";
    ApiError::new("InvalidDigest", 400, message, "request.digest")
}

/// A digest of other bytes.
pub(super) fn bad_digest(name: &str) -> ApiError {
    let message = format!("The {name} you specified did not match the calculated checksum.");
    ApiError::new("BadDigest", 400, message, "request.digest")
}

/// XML that does not say what the operation needs.
pub(super) fn malformed_xml() -> ApiError {
    let message = "The XML you provided was not well-formed or did not validate against our \
                   published schema";
    ApiError::new("MalformedXML", 400, message, "request.malformed")
}

#[cfg(test)]
mod tests;
