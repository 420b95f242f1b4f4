//! The error catalogue of the IAM face: the only place that knows its codes.
//!
//! **Source**: contract page, IAM sections 4.2, 4.3 and 4.5. The sentence about a missing boundary
//! and the one about a built-in policy are known from use, not from a document.

use std::fmt::Display;

use daypass_policy::DocumentError;

use crate::aws_query::validation_error;
use crate::error::ApiError;

pub(crate) const DELETE_CONFLICT: &str = "DeleteConflict";
pub(crate) const ENTITY_ALREADY_EXISTS: &str = "EntityAlreadyExists";
pub(crate) const INVALID_INPUT: &str = "InvalidInput";
pub(crate) const LIMIT_EXCEEDED: &str = "LimitExceeded";
pub(crate) const MALFORMED_POLICY_DOCUMENT: &str = "MalformedPolicyDocument";
pub(crate) const NO_SUCH_ENTITY: &str = "NoSuchEntity";

/// Which service error this face answers with.
pub(crate) const INTERNAL: &str = "ServiceFailure";

/// What a request names is not there.
pub(super) fn no_such_entity(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(NO_SUCH_ENTITY, 404, message, reason)
}

/// No user of this name.
pub(super) fn no_such_user(name: &str) -> ApiError {
    let message = format!("The user with name {name} cannot be found.");
    no_such_entity(message, "user.missing")
}

/// No access key of this id, or none of this owner.
pub(super) fn no_such_access_key(id: &str) -> ApiError {
    let message = format!("The Access Key with id {id} cannot be found.");
    no_such_entity(message, "key.missing")
}

/// No role of this name.
pub(super) fn no_such_role(name: &str) -> ApiError {
    let message = format!("The role with name {name} cannot be found.");
    no_such_entity(message, "role.missing")
}

/// No inline policy of this name; `kind` is `role` or `user`.
pub(super) fn no_such_inline_policy(kind: &str, name: &str) -> ApiError {
    let message = format!("The {kind} policy with name {name} cannot be found.");
    no_such_entity(message, "policy.missing")
}

/// No managed policy of this ARN, or none attached.
pub(super) fn no_such_policy(arn: &str) -> ApiError {
    no_such_entity(format!("Policy {arn} was not found."), "policy.missing")
}

/// No version of this id.
pub(super) fn no_such_version(arn: &str, version_id: &str) -> ApiError {
    let message = format!("Policy {arn} version {version_id} does not exist or is not attachable.");
    no_such_entity(message, "policy.missing")
}

/// No OpenID Connect provider of this ARN.
pub(super) fn no_such_open_id_provider(arn: &str) -> ApiError {
    let message = format!("OpenIDConnect Provider not found for arn {arn}");
    no_such_entity(message, "provider.missing")
}

/// No SAML provider of this ARN.
pub(super) fn no_such_saml_provider(arn: &str) -> ApiError {
    no_such_entity(
        format!("Manifest not found for arn {arn}"),
        "provider.missing",
    )
}

/// A text that is no issuer's URL, or one of a host that may not be an issuer.
pub(super) fn invalid_issuer_url() -> ApiError {
    let message = "Invalid Open ID Connect Provider URL";
    validation_error(message, "provider.url")
}

/// A policy that is to be attached and is not there.
pub(super) fn not_attachable(arn: &str) -> ApiError {
    let message = format!("Policy {arn} does not exist or is not attachable.");
    no_such_entity(message, "policy.missing")
}

/// A policy that is to be a boundary and is not there.
pub(super) fn no_such_boundary(arn: &str) -> ApiError {
    let message = format!("Scope ARN: {arn} does not exist or is not attachable.");
    no_such_entity(message, "policy.missing")
}

/// The name is taken, in some case.
pub(super) fn already_exists(message: impl Into<String>) -> ApiError {
    ApiError::new(ENTITY_ALREADY_EXISTS, 409, message, "name.taken")
}

/// Something still hangs on what is to be deleted.
pub(super) fn delete_conflict(message: &'static str) -> ApiError {
    ApiError::new(DELETE_CONFLICT, 409, message, "entity.in_use")
}

/// A value that no pattern could have caught.
pub(super) fn invalid_input(message: impl Into<String>, reason: &'static str) -> ApiError {
    ApiError::new(INVALID_INPUT, 400, message, reason)
}

/// An ARN of no known form, or of another kind of thing.
pub(super) fn invalid_arn(arn: &str) -> ApiError {
    invalid_input(format!("ARN {arn} is not valid."), "arn.invalid")
}

/// Past a quota, in a sentence of its own.
pub(super) fn limit_exceeded(message: impl Into<String>) -> ApiError {
    ApiError::new(LIMIT_EXCEEDED, 409, message, "limit.iam")
}

/// Past the quota of this name.
pub(super) fn quota(name: &str, max: impl Display) -> ApiError {
    limit_exceeded(format!("Cannot exceed quota for {name}: {max}"))
}

/// A policy document that is not taken.
pub(super) fn malformed_policy(message: impl Into<String>) -> ApiError {
    ApiError::new(MALFORMED_POLICY_DOCUMENT, 400, message, "policy.malformed")
}

/// A policy document that does not read, in IAM's own words.
pub(super) fn document(error: &DocumentError) -> ApiError {
    if error.is_limit() {
        limit_exceeded(error.to_string())
    } else {
        malformed_policy(error.to_string())
    }
}

/// A marker that this listing did not give this caller, or not lately.
pub(super) fn invalid_marker() -> ApiError {
    validation_error("Invalid Marker.", "page.marker")
}

/// Built-in policies belong to nobody who could change them; the code is a common one.
pub(super) fn built_in(caller_arn: &str, operation: &str, policy_arn: &str) -> ApiError {
    let message = format!(
        "User: {caller_arn} is not authorized to perform: iam:{operation} \
         on resource: policy {policy_arn}"
    );
    ApiError::new("AccessDenied", 403, message, "policy.built_in")
}
