//! The error catalogue of the Cognito identity face: the only place that knows its codes.
//!
//! **Source**: contract page, Cognito identity sections 1.3 and 11.

use daypass_core::pool::ClassicFlowError;
use daypass_core::tags::TagError;
use daypass_proof::jwt::TokenError;
use daypass_proof::sigv4::SignatureError;

use crate::error::{ApiError, Failure};

pub(crate) const CONCURRENT_MODIFICATION: &str = "ConcurrentModificationException";
pub(crate) const DEVELOPER_USER_ALREADY_REGISTERED: &str =
    "DeveloperUserAlreadyRegisteredException";
pub(crate) const EXTERNAL_SERVICE: &str = "ExternalServiceException";
pub(crate) const INTERNAL_ERROR: &str = "InternalErrorException";
pub(crate) const INVALID_CONFIGURATION: &str = "InvalidIdentityPoolConfigurationException";
pub(crate) const INVALID_PARAMETER: &str = "InvalidParameterException";
pub(crate) const LIMIT_EXCEEDED: &str = "LimitExceededException";
pub(crate) const NOT_AUTHORIZED: &str = "NotAuthorizedException";
pub(crate) const RESOURCE_CONFLICT: &str = "ResourceConflictException";
pub(crate) const RESOURCE_NOT_FOUND: &str = "ResourceNotFoundException";
pub(crate) const TOO_MANY_REQUESTS: &str = "TooManyRequestsException";

/// No pool has this id.
pub(crate) fn identity_pool_not_found(id: &str) -> ApiError {
    ApiError::new(
        RESOURCE_NOT_FOUND,
        400,
        format!("IdentityPool '{id}' not found."),
        "pool.not_found",
    )
}

/// No identity has this id, or none that the caller may know of.
pub(crate) fn identity_not_found(id: &str) -> ApiError {
    ApiError::new(
        RESOURCE_NOT_FOUND,
        400,
        format!("Identity '{id}' not found."),
        "identity.not_found",
    )
}

/// No developer user has this identifier.
pub(crate) fn developer_user_not_found(user: &str) -> ApiError {
    let message = format!("Developer user identifier '{user}' not found.");
    ApiError::new(RESOURCE_NOT_FOUND, 400, message, "developer.not_found")
}

/// None of the logins belongs to the identity.
pub(crate) fn logins_do_not_match(reason: &'static str) -> ApiError {
    let message = "Logins don't match. Please include at least one valid login for this identity or identity pool.";
    ApiError::new(NOT_AUTHORIZED, 400, message, reason)
}

/// The pool takes no guests.
pub(crate) fn unauthenticated_access_not_supported() -> ApiError {
    let message = "Unauthenticated access is not supported for this identity pool.";
    ApiError::new(NOT_AUTHORIZED, 400, message, "logins.none")
}

/// The identity is not served without logins.
pub(crate) fn identity_forbidden(id: &str) -> ApiError {
    let message = format!("Access to Identity '{id}' is forbidden.");
    ApiError::new(NOT_AUTHORIZED, 400, message, "identity.disabled")
}

/// The caller may not hand on this role, or the identity is not offered it.
pub(crate) fn role_forbidden(arn: &str) -> ApiError {
    let message = format!("Access to Role '{arn}' is forbidden.");
    ApiError::new(NOT_AUTHORIZED, 400, message, "role.forbidden")
}

/// The pool has another developer provider, or none.
pub(crate) fn developer_provider_not_supported() -> ApiError {
    let message = "This identity pool does not support the specified developer provider";
    ApiError::new(NOT_AUTHORIZED, 400, message, "developer.unknown_provider")
}

/// The key in `Logins` is no public provider.
pub(crate) fn not_a_public_provider(reason: &'static str) -> ApiError {
    invalid_parameter("Please provide a valid public provider.", reason)
}

/// The provider is known, but not one of this pool's.
pub(crate) fn provider_not_supported() -> ApiError {
    let message = "Token is not from a supported provider of this identity pool.";
    ApiError::new(NOT_AUTHORIZED, 400, message, "logins.unknown_provider")
}

/// One of our own tokens where none belongs.
pub(crate) fn own_token_not_accepted() -> ApiError {
    let message = "Invalid login token. Can't pass in a Cognito token.";
    ApiError::new(NOT_AUTHORIZED, 400, message, "token.own_token_in_getid")
}

/// A token of a public provider does not verify.
pub(crate) fn invalid_public_token(error: TokenError) -> ApiError {
    let (detail, reason) = match error {
        TokenError::IssuerMismatch => (
            "Issuer doesn't match providerName",
            "logins.issuer_mismatch",
        ),
        TokenError::Malformed(_) => (NOT_OPEN_ID, "token.malformed"),
        TokenError::WrongClaim(_) | TokenError::AudienceRefused | TokenError::LifetimeTooLong => {
            (NOT_OPEN_ID, "token.claims")
        }
        other => return invalid_login_token(other),
    };
    let message = format!("Invalid login token. {detail}");
    ApiError::new(NOT_AUTHORIZED, 400, message, reason)
}

const NOT_OPEN_ID: &str = "Not a valid OpenId Connect identity token.";

/// A user pool says that the user of a token is gone.
pub(crate) fn token_inactive() -> ApiError {
    ApiError::new(NOT_AUTHORIZED, 400, "Token is inactive", "token.inactive")
}

/// Somebody else's server, which the request needs, gives no usable answer.
pub(crate) fn external_service(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(EXTERNAL_SERVICE, 400, message, reason)
}

/// One of our own tokens does not verify.
pub(crate) fn invalid_login_token(error: TokenError) -> ApiError {
    let (detail, reason) = match error {
        TokenError::Expired { now, expires_at } => (
            format!("Token expired: {now} >= {expires_at}"),
            "token.expired",
        ),
        TokenError::BadSignature => (
            "Couldn't verify signed token.".to_owned(),
            "token.bad_signature",
        ),
        TokenError::UnknownKey | TokenError::UnusableKey(_) => (
            "Couldn't verify signed token.".to_owned(),
            "token.unknown_key",
        ),
        TokenError::AlgorithmRefused => (
            "Couldn't verify signed token.".to_owned(),
            "token.algorithm",
        ),
        TokenError::NotYetValid => ("Token is not valid yet.".to_owned(), "token.not_yet_valid"),
        TokenError::MissingClaim(claim) => {
            (format!("Missing a required claim: {claim}"), "token.claims")
        }
        TokenError::IssuerMismatch | TokenError::Malformed(_) => {
            ("Not a Cognito token.".to_owned(), "token.not_ours")
        }
        TokenError::WrongClaim(_) | TokenError::AudienceRefused | TokenError::LifetimeTooLong => {
            ("Not a Cognito token.".to_owned(), "token.claims")
        }
    };
    ApiError::new(
        NOT_AUTHORIZED,
        400,
        format!("Invalid login token. {detail}"),
        reason,
    )
}

/// A login that does not verify, in words of its provider's kind; without any nothing more is said.
pub(crate) fn login_refused(detail: &str, reason: &'static str) -> ApiError {
    let message = format!("Invalid login token. {detail}");
    ApiError::new(NOT_AUTHORIZED, 400, message.trim_end(), reason)
}

/// The pool's roles do not work out. The client is not told more.
pub(crate) fn invalid_configuration(reason: &'static str) -> ApiError {
    let message = "Invalid identity pool configuration. Check assigned IAM roles for this pool.";
    ApiError::new(INVALID_CONFIGURATION, 400, message, reason)
}

/// The mapping of this provider names no one role for the user.
pub(crate) fn role_ambiguous(provider: &str) -> ApiError {
    let message = format!("The ambiguous role mapping rules for: {provider} denied this request.");
    ApiError::new(NOT_AUTHORIZED, 400, message, "role.ambiguous")
}

/// The pool gives no tokens of the classic flow.
pub(crate) fn classic_flow_refused(error: ClassicFlowError) -> ApiError {
    let (message, reason) = match error {
        ClassicFlowError::NotEnabled => (
            "Basic (classic) flow is not enabled, please use enhanced flow.",
            "flow.classic_disabled",
        ),
        ClassicFlowError::RoleMappings => (
            "Basic (classic) flow is not supported with RoleMappings, please use enhanced flow.",
            "flow.role_mappings",
        ),
    };
    invalid_parameter(message, reason)
}

/// A login that means another identity.
pub(crate) fn login_already_linked(reason: &'static str) -> ApiError {
    let message = "Login is already linked to another account.";
    ApiError::new(RESOURCE_CONFLICT, 400, message, reason)
}

/// A developer user that means another identity than the one named.
pub(crate) fn developer_user_already_registered() -> ApiError {
    let message = "This developer user identifier is already registered with Cognito.";
    ApiError::new(
        DEVELOPER_USER_ALREADY_REGISTERED,
        400,
        message,
        "developer.registered_elsewhere",
    )
}

/// A parameter that is well formed and makes no sense.
pub(crate) fn invalid_parameter(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(INVALID_PARAMETER, 400, message, reason)
}

/// Principal tags that a session cannot have, be they the caller's or made of a login.
pub(crate) fn invalid_tags(error: TagError) -> ApiError {
    let message = match error {
        TagError::Duplicate => {
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        }
        TagError::Reserved => "Principal tags must not start with the reserved prefix aws:.",
        TagError::TooLong => "Principal tags may have keys of 128 and values of 256 characters.",
        TagError::TooMany => "At most 50 principal tags may be given.",
    };
    invalid_parameter(message, "tags.invalid")
}

/// A page token of another listing, or none at all.
pub(crate) fn invalid_page_token() -> ApiError {
    invalid_parameter("Invalid pagination token.", "request.page_token")
}

/// A quota is used up.
pub(crate) fn limit_exceeded(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(LIMIT_EXCEEDED, 400, message, reason)
}

/// A failure in this face's words.
pub(crate) fn translate(failure: Failure) -> ApiError {
    match failure {
        Failure::Api(error) => error,
        Failure::Signature(error) => signature(&error),
        Failure::Denied(denial) => ApiError::new(
            "AccessDeniedException",
            400,
            denial.message(),
            denial.reason(),
        ),
        Failure::Conflict => ApiError::new(
            CONCURRENT_MODIFICATION,
            400,
            "The resource was changed by another request.",
            "store.conflict",
        ),
        Failure::Busy(busy) => ApiError::new(TOO_MANY_REQUESTS, 400, "Rate exceeded", busy.reason)
            .retry_after(busy.retry_after_seconds),
        Failure::TooLarge => ApiError::new(
            "RequestEntityTooLargeException",
            413,
            "The request body is over the limit.",
            "limit.body",
        ),
        Failure::Unavailable(_) => internal("store.unavailable"),
        Failure::Internal(_) => internal("internal"),
    }
}

fn internal(reason: &'static str) -> ApiError {
    ApiError::new(
        INTERNAL_ERROR,
        500,
        "The service met an unexpected condition.",
        reason,
    )
}

fn signature(error: &SignatureError) -> ApiError {
    let (code, reason) = match error {
        SignatureError::Missing => {
            let message = "Missing Authentication Token";
            return ApiError::new(
                "MissingAuthenticationTokenException",
                400,
                message,
                "sig.missing",
            );
        }
        SignatureError::UnknownAccessKey => ("UnrecognizedClientException", "sig.unknown_key"),
        SignatureError::TokenMissing | SignatureError::TokenInvalid => {
            ("UnrecognizedClientException", "sig.session_token")
        }
        SignatureError::TokenExpired => ("ExpiredTokenException", "sig.expired_session"),
        SignatureError::TooOld { .. }
        | SignatureError::TooEarly { .. }
        | SignatureError::PresignedExpired { .. } => ("InvalidSignatureException", "sig.skew"),
        SignatureError::ScopeDate { .. }
        | SignatureError::ScopeRegion { .. }
        | SignatureError::ScopeService { .. }
        | SignatureError::ScopeTerminator { .. } => ("InvalidSignatureException", "sig.scope"),
        SignatureError::HostNotSigned
        | SignatureError::HeadersNotSigned { .. }
        | SignatureError::SignedHeaderAbsent { .. }
        | SignatureError::PayloadModeRefused
        | SignatureError::PayloadMismatch
        | SignatureError::ContentSha256Missing
        | SignatureError::ContentSha256Invalid
        | SignatureError::Mismatch => ("InvalidSignatureException", "sig.mismatch"),
        _ => ("IncompleteSignatureException", "sig.malformed"),
    };
    ApiError::new(code, 400, error.to_string(), reason)
}
