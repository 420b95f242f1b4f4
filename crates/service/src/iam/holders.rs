//! Who holds managed policies: every user and role, with what is attached to it.
//!
//! Counting is done when it is asked for, over at most the quotas of users and roles: no count is
//! kept beside the attachments that could come apart from them.
//!
//! **Source**: IAM API reference, *ListEntitiesForPolicy* and *Policy* (its two counts).

use std::collections::BTreeMap;

use daypass_core::user::Grants;
use daypass_store::records::Records;

use crate::error::Failure;

/// Users or roles read at a time.
const READ_AT_ONCE: usize = 500;

/// A user or a role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    Role,
    User,
}

/// A user or role that holds some managed policy.
pub(super) struct Holder {
    /// Which of the two.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// `AROA…` or `AIDA…`.
    pub id: String,
    /// Its path.
    pub path: String,
    /// What it holds.
    pub grants: Grants,
}

/// Everyone who holds some managed policy: roles by name, then users by name.
pub(super) async fn all(records: &mut Records) -> Result<Vec<Holder>, Failure> {
    let mut holders = Vec::new();
    let mut after = None;
    loop {
        let page = records.roles(after.as_deref(), READ_AT_ONCE).await?;
        holders.extend(page.items.into_iter().map(|role| Holder {
            kind: Kind::Role,
            name: role.name,
            id: role.id.to_string(),
            path: role.path,
            grants: role.grants,
        }));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    loop {
        let page = records.users(after.as_deref(), READ_AT_ONCE).await?;
        holders.extend(page.items.into_iter().map(|user| Holder {
            kind: Kind::User,
            name: user.name,
            id: user.id.to_string(),
            path: user.path,
            grants: user.grants,
        }));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    holders.retain(|it| !it.grants.attached.is_empty() || it.grants.boundary.is_some());
    Ok(holders)
}

/// How often each managed policy is used.
#[derive(Default)]
pub(super) struct Usage {
    attached: BTreeMap<String, i64>,
    bounded: BTreeMap<String, i64>,
}

impl Usage {
    /// Counts now.
    pub(super) async fn count(records: &mut Records) -> Result<Self, Failure> {
        Ok(Self::of(&all(records).await?))
    }

    fn of(holders: &[Holder]) -> Self {
        let mut usage = Self::default();
        for holder in holders {
            for arn in &holder.grants.attached {
                *usage.attached.entry(arn.clone()).or_default() += 1;
            }
            if let Some(arn) = &holder.grants.boundary {
                *usage.bounded.entry(arn.clone()).or_default() += 1;
            }
        }
        usage
    }

    /// To how many users and roles a policy is attached.
    pub(super) fn attached(&self, arn: &str) -> i64 {
        self.attached.get(arn).copied().unwrap_or_default()
    }

    /// How many users and roles it bounds.
    pub(super) fn bounded(&self, arn: &str) -> i64 {
        self.bounded.get(arn).copied().unwrap_or_default()
    }

    /// Whether anyone holds it in either way.
    pub(super) fn holds(&self, arn: &str) -> bool {
        self.attached(arn) + self.bounded(arn) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_and_boundaries_are_counted_apart() {
        let holder = |attached: &[&str], boundary: Option<&str>| Holder {
            kind: Kind::Role,
            name: String::new(),
            id: String::new(),
            path: String::new(),
            grants: Grants {
                attached: attached.iter().map(|arn| (*arn).to_owned()).collect(),
                boundary: boundary.map(str::to_owned),
                ..Grants::default()
            },
        };
        let usage = Usage::of(&[holder(&["a", "b"], Some("c")), holder(&["a"], None)]);
        assert_eq!((usage.attached("a"), usage.bounded("a")), (2, 0));
        assert_eq!((usage.attached("c"), usage.bounded("c")), (0, 1));
        assert!(usage.holds("c") && !usage.holds("d"));
    }
}
