//! Who asks, and how a resource-based policy names them.
//!
//! A statement can name a caller in ways of different strength. Naming the caller itself (user,
//! session, `*`) is a grant of its own; naming the role, or the user behind a federated session,
//! leaves boundary and session policy in force; naming the account only lets the account's own
//! policies decide. [`PrincipalElement::grant`] answers which it is.
//!
//! **Source**: IAM user guide, *Policy element reference: Principal* and *NotPrincipal*; *Policy
//! evaluation logic*, requests within one account.

use crate::context::Context;

mod read;

pub(crate) use read::is_well_shaped;

/// Who asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Principal {
    /// Nobody: the request was not signed.
    Anonymous,
    /// The owner of an account.
    Root {
        /// The account.
        account: String,
    },
    /// An IAM user, by long-term key or by a session of the user's own.
    User {
        /// The user's account.
        account: String,
        /// The user's ARN.
        arn: String,
        /// The user's unique id (`AIDA…`).
        id: String,
    },
    /// A session of a role.
    RoleSession {
        /// The role's account.
        account: String,
        /// The role's ARN, path included.
        role_arn: String,
        /// The role's unique id (`AROA…`).
        role_id: String,
        /// The session's ARN, without the path.
        session_arn: String,
    },
    /// A session of a federated user.
    FederatedUser {
        /// The account.
        account: String,
        /// The federated user's ARN.
        arn: String,
        /// The ARN of the user who made the session.
        user_arn: String,
    },
    /// Someone known to an identity provider, while they assume a role.
    WebIdentity {
        /// The provider, as a trust policy names it under `Federated`.
        provider: String,
    },
}

impl Principal {
    /// The account the caller belongs to; nothing for callers who belong to none.
    pub fn account(&self) -> Option<&str> {
        match self {
            Self::Anonymous | Self::WebIdentity { .. } => None,
            Self::Root { account }
            | Self::User { account, .. }
            | Self::RoleSession { account, .. }
            | Self::FederatedUser { account, .. } => Some(account),
        }
    }

    /// The caller and everything above it, below the account: one level, all its names.
    fn levels(&self) -> Vec<Vec<&str>> {
        match self {
            Self::Anonymous | Self::WebIdentity { .. } | Self::Root { .. } => Vec::new(),
            Self::User { arn, id, .. } => vec![vec![arn, id]],
            Self::RoleSession {
                role_arn,
                role_id,
                session_arn,
                ..
            } => vec![vec![role_arn, role_id], vec![session_arn]],
            Self::FederatedUser { arn, user_arn, .. } => vec![vec![user_arn], vec![arn]],
        }
    }
}

/// How strongly a statement names a caller.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Grant {
    /// By the account: the account's own policies must agree.
    Account,
    /// By role, parent user or provider: boundary and session policy still limit.
    Limited,
    /// Itself: nothing else is needed.
    Direct,
}

/// One name in a `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum PrincipalEntry {
    /// `*`: everyone, anonymous included.
    Everyone,
    /// An account, by its id or its root's ARN.
    Account(String),
    /// A user, role, role session or federated user, by ARN.
    Arn(String),
    /// A user or role, by unique id.
    UniqueId(String),
    /// An identity provider, by host or ARN.
    Federated(String),
    /// A service of the platform.
    Service(String),
    /// An S3 canonical user.
    CanonicalUser(String),
}

impl PrincipalEntry {
    fn names(&self, name: &str) -> bool {
        match self {
            Self::Arn(known) | Self::UniqueId(known) => known == name,
            _ => false,
        }
    }

    /// How this entry names the caller. Services and canonical users are never callers here.
    fn grant(&self, caller: &Principal, context: &Context) -> Option<Grant> {
        match self {
            Self::Everyone => Some(Grant::Direct),
            Self::Account(account) => {
                (caller.account() == Some(account.as_str())).then_some(Grant::Account)
            }
            Self::Arn(name) | Self::UniqueId(name) => match caller {
                Principal::User { arn, id, .. } => {
                    (name == arn || name == id).then_some(Grant::Direct)
                }
                Principal::RoleSession { session_arn, .. } if name == session_arn => {
                    Some(Grant::Direct)
                }
                Principal::RoleSession {
                    role_arn, role_id, ..
                } => (name == role_arn || name == role_id).then_some(Grant::Limited),
                Principal::FederatedUser { arn, .. } if name == arn => Some(Grant::Direct),
                Principal::FederatedUser { user_arn, .. } => {
                    (name == user_arn).then_some(Grant::Limited)
                }
                _ => None,
            },
            Self::Federated(name) => match caller {
                Principal::WebIdentity { provider } => (name == provider).then_some(Grant::Direct),
                Principal::RoleSession { .. } => context
                    .get("aws:FederatedProvider")
                    .is_some_and(|held| held.values() == [name.as_str()])
                    .then_some(Grant::Limited),
                _ => None,
            },
            Self::Service(_) | Self::CanonicalUser(_) => None,
        }
    }
}

/// The `Principal` or `NotPrincipal` of a statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PrincipalElement {
    negated: bool,
    entries: Vec<PrincipalEntry>,
}

impl PrincipalElement {
    /// Whether this is `NotPrincipal`.
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// The names in it.
    pub fn entries(&self) -> &[PrincipalEntry] {
        &self.entries
    }

    /// Whether it names everyone.
    pub fn names_everyone(&self) -> bool {
        !self.negated && self.entries.contains(&PrincipalEntry::Everyone)
    }

    /// Whether it names an identity provider, by the host or ARN given.
    pub fn names_federated(&self, provider: &str) -> bool {
        !self.negated
            && self
                .entries
                .iter()
                .any(|entry| matches!(entry, PrincipalEntry::Federated(name) if name == provider))
    }

    /// How an Allow statement names the caller, if it does.
    ///
    /// `*` means whoever signed, or nobody at all; a web identity is granted by its provider only.
    pub(crate) fn grant(&self, caller: &Principal, context: &Context) -> Option<Grant> {
        if self.negated {
            let web = matches!(caller, Principal::WebIdentity { .. });
            let listed = self.strongest(caller, context).is_some();
            return (!web && !listed).then_some(Grant::Direct);
        }
        match caller {
            Principal::WebIdentity { provider } => {
                self.names_federated(provider).then_some(Grant::Direct)
            }
            _ => self.strongest(caller, context),
        }
    }

    /// Whether a Deny statement reaches the caller.
    ///
    /// `NotPrincipal` spares a caller only when the account and every level below it are listed.
    pub(crate) fn denies(&self, caller: &Principal, context: &Context) -> bool {
        if !self.negated {
            return self.strongest(caller, context).is_some();
        }
        !self.entries.contains(&PrincipalEntry::Everyone) && !self.lists_whole_chain(caller)
    }

    fn strongest(&self, caller: &Principal, context: &Context) -> Option<Grant> {
        let grants = self.entries.iter();
        grants
            .filter_map(|entry| entry.grant(caller, context))
            .max()
    }

    fn lists_whole_chain(&self, caller: &Principal) -> bool {
        let Some(own) = caller.account() else {
            return false;
        };
        let account_listed = self
            .entries
            .iter()
            .any(|entry| matches!(entry, PrincipalEntry::Account(account) if account == own));
        let listed = |names: &Vec<&str>| {
            names
                .iter()
                .any(|name| self.entries.iter().any(|entry| entry.names(name)))
        };
        account_listed && caller.levels().iter().all(listed)
    }
}

#[cfg(test)]
mod tests;
