//! The shapes that the IAM operations share: constraints of members, and elements of answers.
//!
//! Paging is in `paging.rs`, tags in `tags.rs`, policy documents in `documents.rs`.
//!
//! **Source**: contract page, IAM sections 4.1, 4.3 and 4.5.

use daypass_core::ids::AccountId;
use daypass_core::role::Role;
use daypass_core::user::{Grants, User};
use daypass_wire::constraint::{Choice, Integer, ListRule, Text};
use daypass_wire::pattern;
use daypass_wire::query::Members;
use daypass_wire::rest;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::tags;
use crate::aws_query::validation_error;
use crate::error::ApiError;

/// Names of users and roles: their length; see [`check_name`] for their characters.
pub(super) const NAME: Text = Text::length(1, 64);
/// Names of existing users and of policies: their length; see [`check_name`].
pub(super) const LONG_NAME: Text = Text::length(1, 128);
/// Paths of users and roles: their length; see [`check_path`].
pub(super) const PATH: Text = Text::length(1, 512);
/// How the paths that a listing shows begin.
pub(super) const PATH_PREFIX: Text = Text::length(1, 512).matching(pattern::PREFIX);
/// Paths of policies, and how they begin in listings.
pub(super) const POLICY_PATH: Text = Text::length(1, 512).matching(pattern::POLICY_PATH);
/// ARNs.
pub(super) const ARN: Text = Text::length(20, 2_048);
/// Policy documents.
pub(super) const DOCUMENT: Text = Text::length(1, 131_072).matching(pattern::LATIN1);
/// Descriptions of roles.
pub(super) const DESCRIPTION: Text = Text::length(0, 1_000).matching(pattern::DESCRIPTION);
/// Descriptions of policies.
pub(super) const POLICY_DESCRIPTION: Text = Text::length(0, 1_000);
/// Ids of policy versions.
pub(super) const VERSION_ID: Text = Text::ANY.matching(pattern::VERSION_ID);
/// Page markers.
pub(super) const MARKER: Text = Text::length(1, 320).matching(pattern::MARKER);
/// `MaxSessionDuration`, in seconds.
pub(super) const SESSION_SECONDS: Integer = Integer::range(3_600, 43_200);
/// Tag keys.
pub(super) const TAG_KEY: Text = Text::length(1, 128).matching(pattern::TAG_KEY);
/// Tag values.
pub(super) const TAG_VALUE: Text = Text::length(0, 256).matching(pattern::TAG_VALUE);
/// Lists of tag keys.
pub(super) const TAG_KEYS: ListRule = ListRule {
    min: 0,
    max: daypass_core::limits::TAGS_MAX,
    item: TAG_KEY,
};
/// What a managed policy may be used as.
pub(super) const POLICY_USAGE: Choice = Choice(&[PERMISSIONS_POLICY, PERMISSIONS_BOUNDARY]);
/// A managed policy used to grant permissions.
pub(super) const PERMISSIONS_POLICY: &str = "PermissionsPolicy";
/// A managed policy used to bound permissions.
pub(super) const PERMISSIONS_BOUNDARY: &str = "PermissionsBoundary";

/// `Path`, or `/`.
pub(super) fn path(members: &mut Members<'_>) -> String {
    members
        .optional_text("Path", &PATH)
        .unwrap_or_else(|| "/".to_owned())
}

/// Checks the characters of a name; `member` is spelled as in messages: `roleName`.
///
/// **Errors**: `ValidationError`, in the words IAM has for names alone.
pub(super) fn check_name(member: &str, name: &str) -> Result<(), ApiError> {
    if (pattern::NAME.matches)(name) {
        return Ok(());
    }
    let message = format!(
        "The specified value for {member} is invalid. It must contain only alphanumeric \
         characters and/or the following: +=,.@_-"
    );
    Err(validation_error(message, "request.invalid"))
}

/// Checks the form of a path of a user or role.
///
/// **Errors**: `ValidationError`, in the words IAM has for paths alone.
pub(super) fn check_path(path: &str) -> Result<(), ApiError> {
    if (pattern::PATH.matches)(path) {
        return Ok(());
    }
    let message = "The specified value for path is invalid. It must begin and end with / and \
                   contain only alphanumeric characters and/or / characters.";
    Err(validation_error(message, "request.invalid"))
}

/// A policy document as answers carry it: its text as it was put, percent-encoded.
pub(super) fn document(text: &str) -> String {
    rest::encode(text)
}

/// A role in a listing: without boundary, last use and tags.
pub(super) fn role_in_list(account: &AccountId, role: &Role) -> Element {
    Element::new("Role")
        .text("Path", &role.path)
        .text("RoleName", &role.name)
        .text("RoleId", role.id.as_str())
        .text("Arn", role.arn(account))
        .text("CreateDate", iso8601(role.created.seconds()))
        .text("AssumeRolePolicyDocument", document(&role.trust_policy))
        .optional_text("Description", role.description.as_deref())
        .integer("MaxSessionDuration", role.max_session.seconds())
}

/// A role with everything there is to say about it.
pub(super) fn role(account: &AccountId, role: &Role) -> Element {
    let element = role_in_list(account, role).optional_child(boundary(&role.grants));
    tags::write_some(element, &role.tags).child(Element::new("RoleLastUsed"))
}

/// A user in a listing: without boundary and tags.
pub(super) fn user_in_list(account: &AccountId, user: &User) -> Element {
    Element::new("User")
        .text("Path", &user.path)
        .text("UserName", &user.name)
        .text("UserId", user.id.as_str())
        .text("Arn", user.arn(account))
        .text("CreateDate", iso8601(user.created.seconds()))
}

/// A user with everything there is to say about it.
pub(super) fn user(account: &AccountId, user: &User) -> Element {
    let element = user_in_list(account, user).optional_child(boundary(&user.grants));
    tags::write_some(element, &user.tags)
}

/// The `PermissionsBoundary` element, if there is a boundary.
fn boundary(grants: &Grants) -> Option<Element> {
    grants.boundary.as_ref().map(|arn| {
        Element::new("PermissionsBoundary")
            .text("PermissionsBoundaryType", "PermissionsBoundaryPolicy")
            .text("PermissionsBoundaryArn", arn)
    })
}

/// One of the `AttachedPolicies`: name and ARN.
pub(super) fn attached_policy(arn: &str) -> Element {
    let name = arn.rsplit('/').next().unwrap_or_default();
    Element::new("AttachedPolicy")
        .text("PolicyName", name)
        .text("PolicyArn", arn)
}

/// The path in the ARN of a managed policy: `/` or `/…/`.
pub(super) fn path_in_policy_arn(arn: &str) -> &str {
    let resource = arn.split_once(":policy").map_or("/", |(_, rest)| rest);
    let end = resource.rfind('/').map_or(0, |slash| slash + 1);
    resource.get(..end).unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_arn_tells_its_path() {
        let path = |arn| path_in_policy_arn(arn);
        assert_eq!(path("arn:aws:iam::123456789012:policy/A"), "/");
        assert_eq!(
            path("arn:aws:iam::123456789012:policy/x/policy/A"),
            "/x/policy/"
        );
    }

    #[test]
    fn names_and_paths_are_refused_in_words_of_their_own() {
        assert!(check_name("roleName", "a+=,.@_-Z9").is_ok());
        let refused = check_name("roleName", "a b").unwrap_err();
        assert_eq!(refused.code, "ValidationError");
        assert!(
            refused
                .message
                .starts_with("The specified value for roleName is invalid.")
        );
        assert!(check_path("/").is_ok() && check_path("/a/b/").is_ok());
        for path in ["", "a", "/a", "a/", "//", "/a b/"] {
            assert!(check_path(path).is_err(), "{path}");
        }
    }
}
