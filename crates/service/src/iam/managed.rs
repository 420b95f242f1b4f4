//! What the operations on managed policies share: the policy meant, the permission needed, who
//! holds it, the answer.
//!
//! **Source**: IAM API reference, *Policy* and *PolicyVersion*; service authorization reference,
//! *IAM*, keys of the policy operations.

use daypass_core::ids::AccountId;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_store::records::Records;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::holders::Usage;
use super::{aws_managed, error, shapes, tags};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::policies::name_in_policy_arn;

/// A managed policy, of this account or built in, under its ARN.
pub(super) struct Managed {
    /// Its ARN.
    pub arn: String,
    /// What there is to say about it.
    pub policy: ManagedPolicy,
}

impl Managed {
    /// A policy of this account.
    pub(super) fn of_account(account: &AccountId, policy: ManagedPolicy) -> Self {
        Self {
            arn: policy.arn(account),
            policy,
        }
    }

    /// A built-in policy.
    pub(super) fn built_in(policy: ManagedPolicy) -> Self {
        Self {
            arn: format!("{}{}", aws_managed::ARN_PREFIX, policy.name),
            policy,
        }
    }
}

/// The ARN of a policy of this path and name.
pub(super) fn arn(account: &AccountId, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:policy{path}{name}")
}

/// Checks that `arn` is the ARN of a managed policy, of whatever account.
///
/// **Errors**: `InvalidInput`.
pub(super) fn check_arn(arn: &str) -> Result<(), ApiError> {
    let resource = arn.strip_prefix("arn:aws:iam::").and_then(|rest| {
        let (account, resource) = rest.split_once(':')?;
        let known = account == "aws"
            || (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit()));
        known.then_some(resource)
    });
    let name = resource.and_then(|resource| resource.strip_prefix("policy/"));
    match name {
        Some(name) if !name.is_empty() && !name.ends_with('/') => Ok(()),
        _ => Err(error::invalid_arn(arn)),
    }
}

/// The policy of this ARN, ours or built in.
pub(super) async fn find(
    account: &AccountId,
    records: &mut Records,
    arn: &str,
) -> Result<Option<Managed>, Failure> {
    if let Some(policy) = aws_managed::policy(arn) {
        return Ok(Some(Managed::built_in(policy)));
    }
    let Some(name) = name_in_policy_arn(arn, account) else {
        return Ok(None);
    };
    let policy = records.managed_policy(name).await?;
    let managed = policy.map(|policy| Managed::of_account(account, policy));
    Ok(managed.filter(|managed| managed.arn == arn))
}

/// The policy of this ARN, ours or built in.
///
/// **Errors**: `NoSuchEntity`.
pub(super) async fn existing(
    account: &AccountId,
    records: &mut Records,
    arn: &str,
) -> Result<Managed, Failure> {
    let managed = find(account, records, arn).await?;
    Ok(managed.ok_or_else(|| error::no_such_policy(arn))?)
}

/// The policy of this ARN, to be changed.
///
/// **Errors**: `NoSuchEntity`; `AccessDenied` for a built-in policy.
pub(super) async fn changeable(
    env: &Env,
    permit: &Permit,
    records: &mut Records,
    operation: &str,
    arn: &str,
) -> Result<ManagedPolicy, Failure> {
    if arn.starts_with(aws_managed::ARN_PREFIX) {
        return Err(error::built_in(&permit.caller().arn(env), operation, arn).into());
    }
    Ok(existing(env.account(), records, arn).await?.policy)
}

/// Checks that a policy may become a boundary.
///
/// **Errors**: `InvalidInput` for an ARN that is no policy's, `NoSuchEntity`.
pub(super) async fn require_boundary(
    account: &AccountId,
    records: &mut Records,
    arn: &str,
) -> Result<(), Failure> {
    check_arn(arn)?;
    match find(account, records, arn).await? {
        Some(_) => Ok(()),
        None => Err(error::no_such_boundary(arn).into()),
    }
}

/// The permission `iam:<operation>` on the policy of this ARN, with its tags.
///
/// **Errors**: `InvalidInput` for an ARN that is no policy's.
pub(super) async fn need(env: &Env, operation: &str, arn: &str) -> Result<Need, Failure> {
    check_arn(arn)?;
    let mut records = env.read().await?;
    let need = Need::new(format!("iam:{operation}"), arn);
    Ok(match find(env.account(), &mut records, arn).await? {
        Some(managed) => tags::of_resource(need, &managed.policy.tags),
        None => need,
    })
}

/// `v1`, `v2`, …
pub(super) fn version_id(number: u32) -> String {
    format!("v{number}")
}

/// The number of a version of `policy`.
///
/// **Errors**: `NoSuchEntity`, for an id of no version of it.
pub(super) fn version_number(
    policy: &ManagedPolicy,
    arn: &str,
    version_id: &str,
) -> Result<u32, ApiError> {
    version_id
        .strip_prefix('v')
        .and_then(|number| number.parse().ok())
        .filter(|number| policy.versions.contains_key(number))
        .ok_or_else(|| error::no_such_version(arn, version_id))
}

/// A policy in a listing: without description and tags.
pub(super) fn element_in_list(managed: &Managed, usage: &Usage) -> Element {
    start(managed, usage)
}

/// A policy with everything there is to say about it.
pub(super) fn element(managed: &Managed, usage: &Usage) -> Element {
    let description = managed.policy.description.as_deref();
    let element = start(managed, usage).optional_text("Description", description);
    tags::write(element, &managed.policy.tags)
}

fn start(managed: &Managed, usage: &Usage) -> Element {
    let Managed { arn, policy } = managed;
    Element::new("Policy")
        .text("PolicyName", &policy.name)
        .text("PolicyId", policy.id.as_str())
        .text("Arn", arn)
        .text("Path", &policy.path)
        .text("DefaultVersionId", version_id(policy.default_version))
        .integer("AttachmentCount", usage.attached(arn))
        .integer("PermissionsBoundaryUsageCount", usage.bounded(arn))
        .flag("IsAttachable", true)
        .text("CreateDate", iso8601(policy.created.seconds()))
        .text("UpdateDate", iso8601(policy.updated.seconds()))
}

/// A version in a listing: without its document.
pub(super) fn version_in_list(number: u32, version: &PolicyVersion, is_default: bool) -> Element {
    Element::new("PolicyVersion")
        .text("VersionId", version_id(number))
        .flag("IsDefaultVersion", is_default)
        .text("CreateDate", iso8601(version.created.seconds()))
}

/// A version with its document.
pub(super) fn version(number: u32, version: &PolicyVersion, is_default: bool) -> Element {
    version_in_list(number, version, is_default)
        .text("Document", shapes::document(&version.document))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arns_of_policies_are_taken() {
        for arn in [
            "arn:aws:iam::aws:policy/A",
            "arn:aws:iam::123456789012:policy/x/A",
        ] {
            assert!(check_arn(arn).is_ok(), "{arn}");
        }
        for arn in [
            "arn:aws:iam::123456789012:role/A",
            "arn:aws:iam::12345678901:policy/A",
            "arn:aws:iam::123456789012:policy/",
            "arn:aws:iam::123456789012:policy/x/",
            "arn:aws:iam:us-east-1:123456789012:policy/A",
            "a policy of twenty characters",
        ] {
            assert_eq!(
                check_arn(arn).unwrap_err().code,
                error::INVALID_INPUT,
                "{arn}"
            );
        }
    }

    #[test]
    fn a_version_is_known_by_its_own_id_only() {
        let policy = aws_managed::policy("arn:aws:iam::aws:policy/ReadOnlyAccess").unwrap();
        assert_eq!(version_number(&policy, "A", "v1"), Ok(1));
        let refused = version_number(&policy, "A", "v2").unwrap_err();
        assert_eq!(
            refused.message,
            "Policy A version v2 does not exist or is not attachable."
        );
        assert!(version_number(&policy, "A", "v1.x").is_err());
    }
}
