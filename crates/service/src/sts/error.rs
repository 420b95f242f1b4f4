//! The error catalogue of the STS face: the only place that knows its codes.
//!
//! **Source**: contract page, STS sections 1.3, 2.5, 2.6 and 2.8.

use daypass_core::assume::AssumeError;
use daypass_core::session::LifetimeError;
use daypass_proof::jwt::TokenError;

use crate::aws_query::validation_error;
use crate::error::{ApiError, Failure};
use crate::issuers::NoKeys;
use crate::session_token::SealFailure;

pub(crate) const ACCESS_DENIED: &str = "AccessDenied";
pub(crate) const EXPIRED_TOKEN: &str = "ExpiredTokenException";
pub(crate) const IDP_COMMUNICATION_ERROR: &str = "IDPCommunicationError";
pub(crate) const INVALID_IDENTITY_TOKEN: &str = "InvalidIdentityToken";
pub(crate) const MALFORMED_POLICY_DOCUMENT: &str = "MalformedPolicyDocument";
pub(crate) const PACKED_POLICY_TOO_LARGE: &str = "PackedPolicyTooLarge";

/// Which service error this face answers with.
pub(crate) const INTERNAL: &str = "InternalFailure";

/// A refusal that says no more than its sentence.
pub(crate) fn access_denied(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(ACCESS_DENIED, 403, message, reason)
}

/// A web identity token that does not verify.
pub(crate) fn token(error: TokenError, claimed_issuer: Option<&str>) -> ApiError {
    let (message, reason) = match error {
        TokenError::Expired { now, expires_at } => {
            // The missing space before the second number is the service's own.
            let message = format!(
                "Token expired: current date/time {now} must be before the expiration date/time{expires_at}"
            );
            return ApiError::new(EXPIRED_TOKEN, 400, message, "token.expired");
        }
        TokenError::IssuerMismatch => (
            format!(
                "No OpenIDConnect provider found in your account for {}",
                claimed_issuer.unwrap_or_default()
            ),
            "token.not_ours",
        ),
        TokenError::Malformed(_) => (
            "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
                .to_owned(),
            "token.malformed",
        ),
        TokenError::UnknownKey | TokenError::UnusableKey(_) => (
            "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"
                .to_owned(),
            "token.unknown_key",
        ),
        TokenError::BadSignature => ("Invalid token signature".to_owned(), "token.bad_signature"),
        TokenError::AlgorithmRefused => ("Invalid token signature".to_owned(), "token.algorithm"),
        TokenError::MissingClaim(claim) => {
            (format!("Missing a required claim: {claim}"), "token.claims")
        }
        TokenError::AudienceRefused => ("Incorrect token audience".to_owned(), "token.wrong_pool"),
        TokenError::NotYetValid => ("Token is not valid yet".to_owned(), "token.not_yet_valid"),
        TokenError::WrongClaim(_) | TokenError::LifetimeTooLong => {
            ("The ID Token has an unacceptable claim".to_owned(), "token.claims")
        }
    };
    ApiError::new(INVALID_IDENTITY_TOKEN, 400, message, reason)
}

/// The keys of a token's issuer are not there.
pub(crate) fn no_keys(cause: NoKeys) -> ApiError {
    let (code, message) = match cause {
        NoKeys::Unreachable => (
            IDP_COMMUNICATION_ERROR,
            "The identity provider could not be reached to verify the token",
        ),
        NoKeys::Unusable => (
            INVALID_IDENTITY_TOKEN,
            "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
        ),
    };
    ApiError::new(code, 400, message, cause.reason())
}

/// A token whose tags are not those of a session.
pub(crate) fn unusable_tags() -> ApiError {
    let message = "The ID Token has an unacceptable claim";
    ApiError::new(INVALID_IDENTITY_TOKEN, 400, message, "token.claims")
}

/// A token that verifies and does not fit its pool or identity any more.
pub(crate) fn token_out_of_place(reason: &'static str) -> ApiError {
    let message = "The identity or identity pool of this token is not usable";
    ApiError::new(INVALID_IDENTITY_TOKEN, 400, message, reason)
}

/// A role that is not given to a web identity; a missing role looks the same.
pub(crate) fn web_identity_refused(error: Option<&AssumeError>) -> ApiError {
    match error {
        Some(AssumeError::TaggingNotTrusted(_)) => {
            access_denied("Not authorized to perform sts:TagSession", "role.trust_tag")
        }
        Some(_) => access_denied(
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "role.trust",
        ),
        None => access_denied(
            "Not authorized to perform sts:AssumeRoleWithWebIdentity",
            "role.missing",
        ),
    }
}

/// A duration that the role or the chain does not allow.
pub(crate) fn lifetime(error: LifetimeError) -> ApiError {
    let message = match error {
        LifetimeError::OverRoleMaximum => {
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role."
        }
        LifetimeError::OverChainingMaximum => {
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining."
        }
    };
    validation_error(message, "session.duration")
}

/// A session policy that does not parse, or names a policy that does not exist.
pub(crate) fn malformed_policy(message: impl Into<String>) -> ApiError {
    ApiError::new(MALFORMED_POLICY_DOCUMENT, 400, message, "policy.malformed")
}

/// Session policies and tags that do not fit.
pub(crate) fn packed_policy_too_large() -> ApiError {
    let message =
        "Packed policy consumes more than 100% of allotted space, please use smaller policy.";
    ApiError::new(
        PACKED_POLICY_TOO_LARGE,
        400,
        message,
        "limit.session_policy",
    )
}

/// A session that was not sealed.
pub(crate) fn seal(failure: SealFailure) -> Failure {
    match failure {
        SealFailure::TooLarge => packed_policy_too_large().into(),
        SealFailure::Failed(failure) => failure,
    }
}
