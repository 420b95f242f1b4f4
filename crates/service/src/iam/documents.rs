//! Policy documents on their way in: measured, read, and refused in IAM's words.
//!
//! **Source**: contract page, IAM sections 4.2 and 4.6; requirements S59 and S60.

use daypass_core::assume::{asks_for_no_amr, trusts_every_pool};
use daypass_core::ids::AccountId;
use daypass_core::role;
use daypass_core::user::Grants;
use daypass_policy::{Document, DocumentKind, PrincipalElement, PrincipalEntry, minified_len};
use daypass_store::records::Records;

use super::error;
use super::limits::{MANAGED_POLICY_CHARS_MAX, TRUST_POLICY_CHARS_MAX};
use crate::error::{ApiError, Failure};

/// How long one document may be, under the name its quota has.
pub(super) struct Quota {
    name: &'static str,
    chars_max: usize,
}

/// A role's trust policy.
const TRUST_POLICY: Quota = Quota {
    name: "ACLSizePerRole",
    chars_max: TRUST_POLICY_CHARS_MAX,
};

/// One version of a managed policy.
pub(super) const MANAGED_POLICY: Quota = Quota {
    name: "PolicySize",
    chars_max: MANAGED_POLICY_CHARS_MAX,
};

/// Reads a document that has a quota of its own.
///
/// **Errors**: `LimitExceeded`, `MalformedPolicyDocument`.
pub(super) fn checked_document(
    text: &str,
    kind: DocumentKind,
    quota: &Quota,
) -> Result<Document, ApiError> {
    if minified_len(text) > quota.chars_max {
        return Err(error::quota(quota.name, quota.chars_max));
    }
    Document::parse(text, kind).map_err(|parse| error::document(&parse))
}

/// Checks an inline policy before it is put among `grants`, in place of the one it replaces.
///
/// `owner` is `role NAME` or `user NAME`, as the message names it.
///
/// **Errors**: `LimitExceeded` for all inline policies together, `MalformedPolicyDocument`.
pub(super) fn checked_inline(
    owner: &str,
    grants: &Grants,
    name: &str,
    text: &str,
    chars_max: usize,
) -> Result<(), ApiError> {
    let others = grants.inline.iter().filter(|(other, _)| *other != name);
    let others: usize = others.map(|(_, document)| minified_len(document)).sum();
    if others + minified_len(text) > chars_max {
        let message = format!("Maximum policy size of {chars_max} bytes exceeded for {owner}");
        return Err(error::limit_exceeded(message));
    }
    Document::parse(text, DocumentKind::Identity).map_err(|parse| error::document(&parse))?;
    Ok(())
}

/// Checks a trust policy: readable, not open to every identity pool, and naming only users and
/// roles of this account that exist. Those of other accounts are taken at their word.
///
/// **Errors**: `LimitExceeded`, `MalformedPolicyDocument`.
pub(super) async fn check_trust(
    account: &AccountId,
    records: &mut Records,
    text: &str,
) -> Result<(), Failure> {
    let document = checked_document(text, DocumentKind::Trust, &TRUST_POLICY)?;
    if trusts_every_pool(&document) {
        let message = "A statement that allows cognito-identity.amazonaws.com to assume the role \
                       must require an identity pool id with StringEquals or StringLike on \
                       cognito-identity.amazonaws.com:aud.";
        return Err(error::malformed_policy(message).into());
    }
    if asks_for_no_amr(&document) {
        // The request's other lines say who put it, and on which role.
        tracing::warn!(
            target: "daypass::iam",
            warning = "guests_get_in",
            "a trust policy lets identities of a pool in without asking for amr, its guests, too"
        );
    }
    let principals = document.statements().iter().filter_map(|it| it.principal());
    for entry in principals.flat_map(PrincipalElement::entries) {
        if let PrincipalEntry::Arn(arn) = entry
            && !exists(account, records, arn).await?
        {
            let message = format!("Invalid principal in policy: \"AWS\":\"{arn}\"");
            return Err(error::malformed_policy(message).into());
        }
    }
    Ok(())
}

/// Whether a user or role ARN of this account names somebody.
async fn exists(account: &AccountId, records: &mut Records, arn: &str) -> Result<bool, Failure> {
    if let Some(name) = role::name_in_arn(arn, account) {
        let role = records.role(name).await?;
        return Ok(role.is_some_and(|role| role.arn(account) == arn));
    }
    if let Some(path_and_name) = arn.strip_prefix(&format!("arn:aws:iam::{account}:user/")) {
        let name = path_and_name.rsplit('/').next().unwrap_or_default();
        let user = records.user(name).await?;
        return Ok(user.is_some_and(|user| user.arn(account) == arn));
    }
    Ok(true)
}

#[cfg(test)]
mod tests;
