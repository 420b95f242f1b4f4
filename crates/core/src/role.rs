//! Roles, and which of them an identity gets.
//!
//! **Source**: IAM API reference, *Role*; contract page section 5.4 (role choice).

use std::collections::BTreeMap;

use crate::ids::{AccountId, UniqueId};
use crate::pool::Roles;
use crate::time::{Lifetime, Timestamp};
use crate::user::Grants;

/// An IAM role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Role {
    /// Its name; unique ignoring case.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `AROA…`: a role made again under the same name is another role.
    pub id: UniqueId,
    /// Who may assume it, as it was put.
    pub trust_policy: String,
    /// What it is for.
    pub description: Option<String>,
    /// How long its sessions may last.
    pub max_session: Lifetime,
    /// What it may do.
    pub grants: Grants,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
}

impl Role {
    /// Its ARN, path included.
    pub fn arn(&self, account: &AccountId) -> String {
        format!("arn:aws:iam::{account}:role{}{}", self.path, self.name)
    }

    /// The ARN of one of its sessions: the role's path is dropped.
    pub fn session_arn(&self, account: &AccountId, session_name: &str) -> String {
        format!(
            "arn:aws:sts::{account}:assumed-role/{}/{session_name}",
            self.name
        )
    }
}

/// The role name in a role ARN of `account`, its path left out.
pub fn name_in_arn<'a>(arn: &'a str, account: &AccountId) -> Option<&'a str> {
    let resource = arn
        .strip_prefix("arn:aws:iam::")?
        .strip_prefix(account.as_str())?;
    let path_and_name = resource.strip_prefix(":role/")?;
    path_and_name
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
}

/// How an identity showed who it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Authentication {
    /// It did not.
    Guest,
    /// By one of our own developer tokens.
    DeveloperToken,
}

/// Why an identity gets no role.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RoleError {
    /// The pool has no role for this kind of identity.
    #[error("the pool has no role for this kind of identity")]
    NoRole,
    /// The caller asked for a role that nothing offers it.
    #[error("role `{0}` is not offered to this identity")]
    NotOffered(String),
}

/// The ARN of the role an identity gets.
///
/// A custom role widens nothing: only role mappings could offer one, and neither guests nor
/// developer users have mappings.
pub fn choose<'a>(
    roles: &'a Roles,
    authentication: Authentication,
    custom_role_arn: Option<&str>,
) -> Result<&'a str, RoleError> {
    if let Some(custom) = custom_role_arn {
        return Err(RoleError::NotOffered(custom.to_owned()));
    }
    let role = match authentication {
        Authentication::Guest => &roles.unauthenticated,
        Authentication::DeveloperToken => &roles.authenticated,
    };
    role.as_deref().ok_or(RoleError::NoRole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guests_and_developer_users_get_the_default_role_of_their_kind() {
        let roles = Roles {
            authenticated: Some("auth".into()),
            unauthenticated: None,
        };
        assert_eq!(
            choose(&roles, Authentication::DeveloperToken, None),
            Ok("auth")
        );
        assert_eq!(
            choose(&roles, Authentication::Guest, None),
            Err(RoleError::NoRole)
        );
        assert_eq!(
            choose(&roles, Authentication::DeveloperToken, Some("auth")),
            Err(RoleError::NotOffered("auth".into()))
        );
    }

    #[test]
    fn a_role_is_found_by_the_last_part_of_its_arn() {
        let account = "123456789012".parse().unwrap();
        let name = |arn| name_in_arn(arn, &account);
        assert_eq!(name("arn:aws:iam::123456789012:role/app/x/My"), Some("My"));
        assert_eq!(name("arn:aws:iam::210987654321:role/My"), None);
        assert_eq!(name("arn:aws:iam::123456789012:user/My"), None);
        assert_eq!(name("arn:aws:iam::123456789012:role/"), None);
    }
}
