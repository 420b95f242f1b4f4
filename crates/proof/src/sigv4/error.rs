//! Why a signature was refused, one variant per documented situation.
//!
//! `Display` is the message of the JSON and query protocols, word for word where it is known: these
//! sentences therefore start with a capital and end with a period. The S3 face has its own wording
//! and maps the variants itself. A message shows at most a short printable piece of what the client
//! sent, never the `Authorization` value, the signature expected, or the canonical request.
//!
//! **Source**: published error messages of STS, Cognito identity and S3; IAM user guide, *Troubleshoot
//! Signature Version 4 signing*; requirements S09 and S37.

use super::scope::TERMINATOR;
use super::timestamp::Timestamp;

/// Longest piece of a request that a message repeats.
const SHOWN_BYTES_MAX: usize = 128;

/// Most header names that one message lists.
const LISTED_MAX: usize = 4;

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
    provided. Check your AWS Secret Access Key and signing method. Consult the service \
    documentation for details.";
const INVALID_TOKEN: &str = "The security token included in the request is invalid.";

/// Why a request is not accepted as signed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SignatureError {
    /// The operation needs a signature and the request has none.
    #[error("Request is missing Authentication Token")]
    Missing,
    /// A header that decides identity, target or framing came twice.
    #[error("Request contains more than one '{name}' header.")]
    DuplicateHeader {
        /// The header, in lower case.
        name: &'static str,
    },
    /// An `X-Amz-` parameter came twice in the query.
    #[error(
        "AWS query-string parameters must not repeat '{name}'. Re-examine the query-string \
         parameters."
    )]
    DuplicateQueryParameter {
        /// The parameter, shortened and printable.
        name: String,
    },
    /// A query parameter differs from a signature parameter only in case.
    #[error(
        "AWS query-string parameters must include '{name}' with exactly this case. Re-examine \
         the query-string parameters."
    )]
    CaseVariant {
        /// The parameter as it should be written.
        name: &'static str,
    },
    /// Credentials came in the header and in the query.
    #[error(
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature \
         query string parameter or the Authorization header should be specified"
    )]
    BothForms,
    /// Signature Version 2, 4A, or something else that is not HMAC-SHA256.
    #[error("Unsupported AWS 'algorithm': '{algorithm}'.")]
    UnsupportedAlgorithm {
        /// The algorithm named, shortened and printable.
        algorithm: String,
    },
    /// The `Authorization` header lacks parameters, or there is no date beside it.
    #[error("{}", incomplete(missing, *date_missing))]
    IncompleteHeader {
        /// The parameters that are not there, in the order they are reported.
        missing: Vec<&'static str>,
        /// Neither `X-Amz-Date` nor `Date` came.
        date_missing: bool,
    },
    /// A piece of the `Authorization` header is not `key=value`.
    #[error("'{piece}' not a valid key=value pair (missing equal-sign) in Authorization header.")]
    NotKeyValue {
        /// The piece, shortened and printable.
        piece: String,
    },
    /// A parameter of the `Authorization` header is unknown or comes twice.
    #[error("Authorization header has an unexpected or repeated '{name}' parameter.")]
    UnexpectedParameter {
        /// The parameter, shortened and printable.
        name: String,
    },
    /// The `Authorization` header has bytes that are not visible ASCII.
    #[error("Authorization header is not printable ASCII.")]
    UnreadableHeader,
    /// Query parameters of a presigned request are missing.
    #[error("{}", incomplete_query(missing))]
    MissingQueryParameters {
        /// The parameters that are not there.
        missing: Vec<&'static str>,
    },
    /// The credential is not five slash-separated elements of plain characters.
    #[error(
        "Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got '{got}'"
    )]
    MalformedCredential {
        /// The credential, shortened and printable.
        got: String,
    },
    /// The signed header list is empty, unsorted, repeats a name, or has upper case in it.
    #[error("'SignedHeaders' must be a sorted list of unique lower-case header names.")]
    MalformedSignedHeaders,
    /// The timestamp is not a date of the calendar in the documented form.
    #[error("Date must be in ISO-8601 'basic format'. Got '{got}'.")]
    MalformedTimestamp {
        /// The timestamp, shortened and printable.
        got: String,
    },
    /// `X-Amz-Expires` is not an acceptable number of seconds.
    #[error("{0}")]
    Expires(ExpiresError),
    /// A percent escape in the path or query is cut short or not hexadecimal.
    #[error("The request target contains a malformed percent escape.")]
    MalformedEscape,
    /// No such key.
    #[error("{INVALID_TOKEN}")]
    UnknownAccessKey,
    /// A temporary key came without its session token.
    #[error("{INVALID_TOKEN}")]
    TokenMissing,
    /// The session token is not one of ours, not this key's, or beside a long-term key.
    #[error("{INVALID_TOKEN}")]
    TokenInvalid,
    /// The session is over.
    #[error("The security token included in the request is expired")]
    TokenExpired,
    /// The scope's date is not the timestamp's.
    #[error(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
         HTTP: '{scope_date}' != '{}', from '{timestamp}'.", timestamp.date()
    )]
    ScopeDate {
        /// The date in the scope.
        scope_date: String,
        /// The request's timestamp.
        timestamp: Timestamp,
    },
    /// The scope's region is not this endpoint's.
    #[error("Credential should be scoped to a valid region, not '{got}'.")]
    ScopeRegion {
        /// The region in the scope.
        got: String,
        /// The endpoint's region.
        expected: String,
    },
    /// The scope's service is not this endpoint's.
    #[error("Credential should be scoped to correct service: '{expected}'.")]
    ScopeService {
        /// The service in the scope.
        got: String,
        /// The endpoint's service.
        expected: String,
    },
    /// The scope does not end as every scope does.
    #[error("Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{got}'.")]
    ScopeTerminator {
        /// The terminator in the scope.
        got: String,
    },
    /// The request's clock is too far behind.
    #[error(
        "Signature expired: {timestamp} is now earlier than {earliest} ({now} - {}.)",
        span(*skew_seconds)
    )]
    TooOld {
        /// The request's timestamp.
        timestamp: Timestamp,
        /// The earliest timestamp accepted now.
        earliest: Timestamp,
        /// Our clock.
        now: Timestamp,
        /// The difference allowed.
        skew_seconds: i64,
    },
    /// The request's clock is too far ahead.
    #[error(
        "Signature not yet current: {timestamp} is still later than {latest} ({now} + {}.)",
        span(*skew_seconds)
    )]
    TooEarly {
        /// The request's timestamp.
        timestamp: Timestamp,
        /// The latest timestamp accepted now.
        latest: Timestamp,
        /// Our clock.
        now: Timestamp,
        /// The difference allowed.
        skew_seconds: i64,
    },
    /// A presigned request is past its `X-Amz-Expires`.
    #[error(
        "Signature expired: {timestamp} is now earlier than {earliest} ({now} - {}.)",
        span(*expires_seconds)
    )]
    PresignedExpired {
        /// The request's timestamp.
        timestamp: Timestamp,
        /// The earliest timestamp that would still be valid now.
        earliest: Timestamp,
        /// Our clock.
        now: Timestamp,
        /// The validity the URL asks for.
        expires_seconds: i64,
        /// When it ended.
        expired_at: Timestamp,
    },
    /// `host` is not signed.
    #[error("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")]
    HostNotSigned,
    /// Headers that change the request's meaning are not signed.
    #[error("{}", not_signed(names))]
    HeadersNotSigned {
        /// Their names, sorted.
        names: Vec<String>,
    },
    /// A header is listed as signed and did not come.
    #[error("{MISMATCH}")]
    SignedHeaderAbsent {
        /// The header.
        name: String,
    },
    /// S3 needs the payload's hash, or the name of a payload mode, in a header.
    #[error("Missing required header for this request: x-amz-content-sha256")]
    ContentSha256Missing,
    /// The payload header is neither a hash nor a known payload mode.
    #[error(
        "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
         STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
         STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, \
         STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value."
    )]
    ContentSha256Invalid,
    /// The payload mode is not for this service or form.
    #[error("{MISMATCH}")]
    PayloadModeRefused,
    /// The body is not the one that was hashed.
    #[error("{MISMATCH}")]
    PayloadMismatch,
    /// The signature of the request, a chunk or a trailer is not the one computed.
    #[error("{MISMATCH}")]
    Mismatch,
}

/// Why `X-Amz-Expires` is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ExpiresError {
    /// Not decimal digits.
    #[error("X-Amz-Expires should be a number")]
    NotANumber,
    /// Below zero.
    #[error("X-Amz-Expires must be non-negative")]
    Negative,
    /// Zero: such a URL was never valid.
    #[error("X-Amz-Expires must be greater than 0")]
    Zero,
    /// More than a week.
    #[error(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
         must be less than 604800 seconds"
    )]
    TooLong,
}

/// A piece of a request, made safe to repeat: printable ASCII, bounded.
pub(super) fn shown(text: &str) -> String {
    text.chars()
        .take(SHOWN_BYTES_MAX)
        .map(|character| match character {
            ' '..='~' => character,
            _ => '?',
        })
        .collect()
}

fn incomplete(missing: &[&str], date_missing: bool) -> String {
    let mut sentences: Vec<String> = missing
        .iter()
        .map(|name| format!("Authorization header requires '{name}' parameter."))
        .collect();
    if date_missing {
        sentences.push(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                .to_owned(),
        );
    }
    sentences.join(" ")
}

fn incomplete_query(missing: &[&str]) -> String {
    let mut sentences: Vec<String> = missing
        .iter()
        .map(|name| format!("AWS query-string parameters must include '{name}'."))
        .collect();
    sentences.push("Re-examine the query-string parameters.".to_owned());
    sentences.join(" ")
}

fn not_signed(names: &[String]) -> String {
    let sentences: Vec<String> = names
        .iter()
        .take(LISTED_MAX)
        .map(|name| {
            format!(
                "'{}' must be a 'SignedHeader' in the AWS Authorization.",
                shown(name)
            )
        })
        .collect();
    sentences.join(" ")
}

/// A span of time as the messages write it: whole minutes where they are whole.
fn span(seconds: i64) -> String {
    if seconds % 60 == 0 {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} sec")
    }
}
