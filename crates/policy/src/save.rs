//! What is checked when a policy is put, beyond its shape, in the order IAM was seen to check.
//!
//! **Source**: IAM API reference, *CreatePolicy* and *CreateRole*, `MalformedPolicyDocument`; texts
//! and order as observed.

use crate::action::ActionElement;
use crate::document::DocumentKind;
use crate::error::DocumentError;
use crate::raw::Raw;

/// Effects are known by their spelling, case included.
pub(crate) fn check_effects(statements: &[Raw<'_>]) -> Result<(), DocumentError> {
    for statement in statements {
        if !["allow", "deny"]
            .iter()
            .any(|effect| statement.effect.eq_ignore_ascii_case(effect))
        {
            return Err(DocumentError::Syntax);
        }
    }
    let exact = |statement: &Raw<'_>| matches!(statement.effect, "Allow" | "Deny");
    if statements.iter().all(exact) {
        Ok(())
    } else {
        Err(DocumentError::LegacyParsing)
    }
}

/// All other checks.
pub(crate) fn check(statements: &[Raw<'_>], kind: DocumentKind) -> Result<(), DocumentError> {
    for resource in resources(statements) {
        check_parts(resource)?;
    }
    check_sids(statements, kind)?;
    let has_actions = |raw: &Raw<'_>| raw.actions.as_ref().is_some_and(|it| !it.1.is_empty());
    if !statements.iter().all(has_actions) {
        return Err(DocumentError::NoActions);
    }
    if kind == DocumentKind::Trust {
        check_trust(statements)?;
    } else {
        for resource in resources(statements) {
            check_resource(resource)?;
        }
    }
    for (negated, actions) in statements.iter().filter_map(|raw| raw.actions.as_ref()) {
        ActionElement::read(*negated, actions)?;
    }
    let has_resources = |raw: &Raw<'_>| raw.resources.as_ref().is_some_and(|it| !it.1.is_empty());
    if kind != DocumentKind::Trust && !statements.iter().all(has_resources) {
        return Err(DocumentError::NoResources);
    }
    let named = |raw: &Raw<'_>| raw.principal.is_some();
    if kind.names_principals() {
        if !statements.iter().all(named) {
            return Err(DocumentError::PrincipalMissing);
        }
    } else if statements.iter().any(named) {
        return Err(DocumentError::PrincipalProhibited);
    }
    if kind == DocumentKind::Trust {
        check_trust_actions(statements)?;
    }
    Ok(())
}

fn resources<'a>(statements: &'a [Raw<'_>]) -> impl Iterator<Item = &'a str> {
    statements
        .iter()
        .filter_map(|statement| statement.resources.as_ref())
        .flat_map(|(_, resources)| resources.iter().copied())
}

/// An ARN that leaves out a part in the middle, or its service.
///
/// An unknown partition is the graver fault: IAM names it instead, later on.
fn check_parts(resource: &str) -> Result<(), DocumentError> {
    if !resource.split(':').nth(1).is_some_and(is_partition) {
        return Ok(());
    }
    let colons = resource.bytes().filter(|byte| *byte == b':').count();
    let gap = colons < 5 && resource.contains("::");
    let no_service = colons >= 2 && resource.split(':').nth(2) == Some("");
    if gap || no_service {
        return Err(DocumentError::LegacyParsing);
    }
    Ok(())
}

/// Names of statements are unique; IAM's own policies also limit their characters.
fn check_sids(statements: &[Raw<'_>], kind: DocumentKind) -> Result<(), DocumentError> {
    let mut seen = std::collections::HashSet::new();
    for sid in statements.iter().filter_map(|statement| statement.sid) {
        if !sid.is_empty() && !seen.insert(sid) {
            return Err(DocumentError::SidNotUnique);
        }
        let plain = sid.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if kind != DocumentKind::Resource && !plain {
            return Err(DocumentError::SidCharacters);
        }
    }
    Ok(())
}

/// The partitions there are.
const PARTITIONS: [&str; 8] = [
    "aws",
    "aws-cn",
    "aws-us-gov",
    "aws-iso",
    "aws-iso-b",
    "aws-iso-e",
    "aws-iso-f",
    "aws-eusc",
];

fn check_resource(resource: &str) -> Result<(), DocumentError> {
    if resource == "*" {
        return Ok(());
    }
    let owned = || resource.to_owned();
    let Some((first, rest)) = resource.split_once(':') else {
        return Err(DocumentError::ResourceFormat { resource: owned() });
    };
    let mut parts = rest.splitn(5, ':');
    let partition = parts.next().unwrap_or_default();
    if !is_partition(partition) {
        return Err(DocumentError::Partition {
            partition: partition.to_owned(),
            resource: completed(rest),
        });
    }
    if first != "arn" {
        return Err(DocumentError::ResourceFormat { resource: owned() });
    }
    let service = parts.next().unwrap_or_default();
    if service.is_empty() || has_wildcard(service) {
        return Err(DocumentError::ResourceVendor);
    }
    let region = parts.next().unwrap_or_default();
    let (_account, name) = (parts.next(), parts.next());
    match service {
        "iam" if !region.is_empty() => Err(DocumentError::IamRegion { resource: owned() }),
        "iam" if !name.is_none_or(is_iam_path) => Err(DocumentError::IamPath),
        "s3" if !region.is_empty() && !name.is_some_and(|it| it.starts_with("accesspoint/")) => {
            Err(DocumentError::S3Region { resource: owned() })
        }
        _ => Ok(()),
    }
}

fn is_partition(part: &str) -> bool {
    PARTITIONS.contains(&part) || has_wildcard(part)
}

fn has_wildcard(part: &str) -> bool {
    part.contains(['*', '?'])
}

/// The resource as IAM shows it back: `arn`, and missing parts as `*`.
fn completed(rest: &str) -> String {
    let missing = 4_usize.saturating_sub(rest.matches(':').count());
    format!("arn:{rest}{}", ":*".repeat(missing))
}

fn is_iam_path(name: &str) -> bool {
    const STARTS: [&str; 13] = [
        "user/",
        "federated-user/",
        "role/",
        "group/",
        "instance-profile/",
        "mfa/",
        "server-certificate/",
        "policy/",
        "sms-mfa/",
        "saml-provider/",
        "oidc-provider/",
        "report/",
        "access-report/",
    ];
    name == "*" || STARTS.iter().any(|start| name.starts_with(start))
}

fn check_trust(statements: &[Raw<'_>]) -> Result<(), DocumentError> {
    for statement in statements {
        match (&statement.resources, statement.principal) {
            (Some((false, _)), _) => return Err(DocumentError::Prohibited { field: "Resource" }),
            (Some((true, _)), _) => {
                return Err(DocumentError::Prohibited {
                    field: "NotResource",
                });
            }
            (None, Some((true, _))) => {
                return Err(DocumentError::Prohibited {
                    field: "NotPrincipal",
                });
            }
            (None, _) => {}
        }
    }
    Ok(())
}

/// A trust policy speaks about `sts` only: every action it lists, and no `NotAction`.
fn check_trust_actions(statements: &[Raw<'_>]) -> Result<(), DocumentError> {
    let about_sts = |action: &&str| {
        action
            .split_once(':')
            .is_some_and(|(vendor, _)| vendor.eq_ignore_ascii_case("sts"))
    };
    let fits = |raw: &Raw<'_>| matches!(&raw.actions, Some((false, actions)) if actions.iter().all(about_sts));
    if statements.iter().all(fits) {
        Ok(())
    } else {
        Err(DocumentError::TrustActions)
    }
}
