//! What is edited: a role's trust policy, one of its own policies, or a new one.
//!
//! **Source**: IAM API reference, *UpdateAssumeRolePolicy* and *PutRolePolicy*.

use daypass_policy::DocumentKind;

use super::indent::laid_out;
use super::{below, policy_path};
use crate::api::roles::Role;
use crate::api::{Api, CallError};
use crate::console::fields::Fields;
use crate::console::parts::Choice;
use crate::templates::{self, Access, IdentityKind};

/// The most characters of a trust policy, white space between tokens not counted.
///
/// **Source**: IAM user guide, *IAM and AWS STS quotas*, role trust policy length.
const TRUST_CHARS_MAX: usize = 2_048;

/// The most characters of all of a role's own policies together, counted the same way.
///
/// **Source**: IAM user guide, *IAM and AWS STS quotas*, role inline policies.
const INLINE_CHARS_MAX: usize = 10_240;

/// What is edited.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    /// Who may use the role.
    Trust,
    /// A policy of the role, by name.
    Policy(String),
    /// A policy that is not there yet.
    NewPolicy,
}

impl Subject {
    /// What the page is called.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Trust => "Trust policy".to_owned(),
            Self::Policy(name) => name.clone(),
            Self::NewPolicy => "New policy".to_owned(),
        }
    }

    /// Where it is edited.
    pub(super) fn href(&self, role: &str) -> String {
        match self {
            Self::Trust => below(role, "trust"),
            Self::Policy(name) => policy_path(role, name),
            Self::NewPolicy => below(role, "policies/new"),
        }
    }

    /// Which rules it is read by.
    pub(super) fn kind(&self) -> DocumentKind {
        match self {
            Self::Trust => DocumentKind::Trust,
            Self::Policy(_) | Self::NewPolicy => DocumentKind::Identity,
        }
    }

    /// How long it may be.
    pub(super) fn chars_max(&self) -> usize {
        match self {
            Self::Trust => TRUST_CHARS_MAX,
            Self::Policy(_) | Self::NewPolicy => INLINE_CHARS_MAX,
        }
    }

    /// The text in force; a new policy has none.
    pub(super) async fn text(&self, api: Api<'_>, role: &Role) -> Result<String, CallError> {
        let text = match self {
            Self::Trust => role.assume_role_policy_document.clone(),
            Self::Policy(name) => api.role_policy(&role.role_name, name).await?,
            Self::NewPolicy => String::new(),
        };
        Ok(laid_out(&text))
    }

    /// Puts a text in force.
    pub(super) async fn put(
        &self,
        api: Api<'_>,
        role: &str,
        name: &str,
        text: &str,
    ) -> Result<(), CallError> {
        match self {
            Self::Trust => api.update_trust(role, text).await,
            Self::Policy(name) => api.put_role_policy(role, name, text).await,
            Self::NewPolicy => api.put_role_policy(role, name, text).await,
        }
    }

    /// The templates to start from.
    pub(super) fn templates(&self, chosen: &str) -> Vec<Choice> {
        let choices = match self {
            Self::Trust => [
                ("people", "People who logged in to a pool"),
                ("guests", "Guests of a pool"),
            ],
            Self::Policy(_) | Self::NewPolicy => [
                ("own-prefix", "Objects under one's own identity id"),
                ("read-only", "Every object of a bucket, to read"),
            ],
        };
        let choice = |(value, label)| Choice::new(value, label, chosen);
        choices.into_iter().map(choice).collect()
    }

    /// The text of the template that the address asks for.
    pub(super) fn template(&self, query: &Fields) -> Option<String> {
        let bucket = query.given("bucket").unwrap_or("my-bucket");
        let pool = query.trimmed("pool");
        let trust = |kind| (!pool.is_empty()).then(|| templates::trust(pool, kind, false));
        match (self, query.get("start")) {
            (Self::Trust, "people") => trust(IdentityKind::Authenticated),
            (Self::Trust, "guests") => trust(IdentityKind::Unauthenticated),
            (Self::Policy(_) | Self::NewPolicy, "own-prefix") => {
                Some(Access::OwnPrefix.policy(bucket))
            }
            (Self::Policy(_) | Self::NewPolicy, "read-only") => {
                Some(Access::ReadOnly.policy(bucket))
            }
            _ => None,
        }
    }
}
