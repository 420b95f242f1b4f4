//! Reading `Principal` and `NotPrincipal`, and refusing names of no known form.
//!
//! A name that could never match would make a Deny say less than its author meant, so partial
//! wildcards, group ARNs and half-written ARNs are refused when the policy is put (S49).
//!
//! **Source**: IAM user guide, *Policy element reference: Principal*.

use daypass_json::Value;

use super::{PrincipalElement, PrincipalEntry};
use crate::arn;
use crate::document::DocumentKind;
use crate::error::DocumentError;
use crate::statement::Effect;

/// The providers that a trust policy may name without an ARN.
const BUILT_IN_PROVIDERS: [&str; 4] = [
    "cognito-identity.amazonaws.com",
    "www.amazon.com",
    "graph.facebook.com",
    "accounts.google.com",
];

impl PrincipalElement {
    /// Reads the element's value: `"*"`, or names by type.
    pub(crate) fn read(
        negated: bool,
        value: &Value,
        kind: DocumentKind,
        effect: Effect,
    ) -> Result<Self, DocumentError> {
        let entries = match value {
            Value::String(text) if text == "*" => vec![PrincipalEntry::Everyone],
            Value::String(text) => return Err(invalid("AWS", text)),
            Value::Object(types) => {
                let mut entries = Vec::new();
                for (name, value) in types.iter() {
                    for text in texts(value)? {
                        entries.push(entry(name, text, kind)?);
                    }
                }
                entries
            }
            _ => return Err(DocumentError::Syntax),
        };
        if entries.is_empty() {
            return Err(DocumentError::PrincipalMissing);
        }
        let element = Self { negated, entries };
        element.refuse_unknown_users(effect)?;
        Ok(element)
    }

    /// No caller here has a canonical user id, so naming one matches nobody. That is safe where
    /// it only withholds; where it would let someone through, the name is refused.
    fn refuse_unknown_users(&self, effect: Effect) -> Result<(), DocumentError> {
        let widens = (effect == Effect::Allow) == self.negated;
        let unknown = self.entries.iter().find_map(|entry| match entry {
            PrincipalEntry::CanonicalUser(id) => Some(id),
            _ => None,
        });
        match unknown {
            Some(id) if widens => Err(invalid("CanonicalUser", id)),
            _ => Ok(()),
        }
    }
}

/// Checks the shape alone, for the first pass over a document.
pub(crate) fn is_well_shaped(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(types) => types.iter().all(|(name, value)| {
            matches!(name, "AWS" | "Federated" | "Service" | "CanonicalUser")
                && texts(value).is_ok()
        }),
        _ => false,
    }
}

fn texts(value: &Value) -> Result<Vec<&str>, DocumentError> {
    match value {
        Value::String(text) => Ok(vec![text]),
        Value::Array(elements) if !elements.is_empty() => elements
            .iter()
            .map(|element| element.as_str().ok_or(DocumentError::Syntax))
            .collect(),
        _ => Err(DocumentError::Syntax),
    }
}

fn entry(name: &str, text: &str, kind: DocumentKind) -> Result<PrincipalEntry, DocumentError> {
    let entry = match name {
        "AWS" => aws(text),
        "Federated" => federated(text, kind).then(|| PrincipalEntry::Federated(text.to_owned())),
        "Service" => is_host(text).then(|| PrincipalEntry::Service(text.to_owned())),
        "CanonicalUser" => (!text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric()))
            .then(|| PrincipalEntry::CanonicalUser(text.to_owned())),
        _ => return Err(DocumentError::Syntax),
    };
    entry.ok_or_else(|| invalid(name, text))
}

fn aws(text: &str) -> Option<PrincipalEntry> {
    if text == "*" {
        return Some(PrincipalEntry::Everyone);
    }
    if is_account(text) {
        return Some(PrincipalEntry::Account(text.to_owned()));
    }
    if is_unique_id(text) {
        return Some(PrincipalEntry::UniqueId(text.to_owned()));
    }
    let ["arn", partition, service, "", account, resource] = arn::split(text)? else {
        return None;
    };
    if partition.is_empty() || text.contains(['*', '?']) || !is_account(account) {
        return None;
    }
    if (service, resource) == ("iam", "root") {
        return Some(PrincipalEntry::Account(account.to_owned()));
    }
    let (category, name) = resource.split_once('/')?;
    let known = match (service, category) {
        ("iam", "user" | "role") => !name.is_empty() && !name.ends_with('/'),
        ("sts", "assumed-role") => matches!(
            name.split_once('/'),
            Some((role, session)) if !role.is_empty() && !session.is_empty()
                && !session.contains('/')
        ),
        ("sts", "federated-user") => !name.is_empty() && !name.contains('/'),
        _ => false,
    };
    known.then(|| PrincipalEntry::Arn(text.to_owned()))
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_unique_id(text: &str) -> bool {
    (text.starts_with("AROA") || text.starts_with("AIDA"))
        && (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn federated(text: &str, kind: DocumentKind) -> bool {
    if let Some(["arn", partition, "iam", "", account, resource]) = arn::split(text) {
        let name = resource
            .strip_prefix("oidc-provider/")
            .or_else(|| resource.strip_prefix("saml-provider/"));
        return !partition.is_empty()
            && is_account(account)
            && !text.contains(['*', '?'])
            && name.is_some_and(|name| !name.is_empty());
    }
    match kind {
        DocumentKind::Trust => BUILT_IN_PROVIDERS.contains(&text),
        _ => is_host(text),
    }
}

fn is_host(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    text.contains('.') && text.bytes().all(known)
}

fn invalid(kind: &str, value: &str) -> DocumentError {
    DocumentError::PrincipalInvalid {
        kind: kind.to_owned(),
        value: value.to_owned(),
    }
}
