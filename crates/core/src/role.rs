//! Roles, and which of them an identity gets.
//!
//! **Source**: IAM API reference, *Role*; contract page section 5.4 (role choice).

mod choose;
mod saml;

use std::collections::BTreeMap;

pub use choose::{
    Authentication, Cause, Choice, Claimant, RoleError, by_claims, choose, is_usable_claim,
};
pub use saml::ROLE_ATTRIBUTE;

use crate::ids::{AccountId, UniqueId};
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

#[cfg(test)]
mod tests {
    use super::*;

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
