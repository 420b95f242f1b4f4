//! Session policies of a request: found, parsed, measured, and frozen into the session as text.
//!
//! **Source**: contract page, STS section 2.4.

use daypass_core::limits::{SESSION_POLICY_ARNS_MAX, SESSION_POLICY_CHARS_MAX};
use daypass_core::tags::PrincipalTags;
use daypass_policy::{Document, DocumentKind};
use daypass_store::records::Records;

use super::error;
use super::shapes::PolicyInput;
use crate::env::Env;
use crate::error::Failure;
use crate::policies;

/// Session policies ready for a session.
pub(super) struct SessionPolicies {
    /// The documents.
    pub documents: Vec<String>,
    /// How much of the allotted space they and the tags take, in percent; absent without either.
    pub packed_size: Option<i64>,
}

/// Reads the session policies of a request.
pub(super) async fn read(
    env: &Env,
    records: &mut Records,
    input: PolicyInput,
    tags: &PrincipalTags,
) -> Result<SessionPolicies, Failure> {
    let mut documents: Vec<String> = input.inline.into_iter().collect();
    if input.arns.len() > SESSION_POLICY_ARNS_MAX {
        return Err(error::packed_policy_too_large().into());
    }
    for arn in &input.arns {
        let document = policies::document(env.account(), records, arn).await?;
        documents.push(document.ok_or_else(|| {
            error::malformed_policy(format!("Policy {arn} does not exist or is not attachable."))
        })?);
    }
    for document in &documents {
        Document::parse(document, DocumentKind::Session)
            .map_err(|parse| error::malformed_policy(parse.to_string()))?;
    }
    let packed_size = packed_size(&documents, tags);
    if packed_size.is_some_and(|percent| percent > 100) {
        return Err(error::packed_policy_too_large().into());
    }
    Ok(SessionPolicies {
        documents,
        packed_size,
    })
}

/// The documented budget counts plain characters of policies; tags are measured by the same rule.
fn packed_size(documents: &[String], tags: &PrincipalTags) -> Option<i64> {
    if documents.is_empty() && tags.is_empty() {
        return None;
    }
    let policies: usize = documents.iter().map(|text| text.chars().count()).sum();
    let tags: usize = tags
        .iter()
        .map(|(key, value)| key.chars().count() + value.chars().count())
        .sum();
    let percent = ((policies + tags) * 100).div_ceil(SESSION_POLICY_CHARS_MAX);
    i64::try_from(percent).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_is_two_kibi_characters_on_both_sides() {
        let policy = |length: usize| packed_size(&["x".repeat(length)], &PrincipalTags::default());
        assert_eq!(packed_size(&[], &PrincipalTags::default()), None);
        assert_eq!(policy(2_048), Some(100));
        assert_eq!(policy(2_049), Some(101));
    }
}
