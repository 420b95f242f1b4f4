//! SAML providers: who may vouch for users with assertions, by the metadata they publish.
//!
//! **Source**: IAM API reference, *CreateSAMLProvider* and *GetSAMLProvider*; contract page, IAM
//! sections 4.1 and 4.4.

use std::collections::BTreeMap;

use crate::ids::{AccountId, UniqueId};
use crate::time::Timestamp;

/// How long metadata holds that does not say, in seconds: a hundred years.
pub const VALID_SECONDS_DEFAULT: i64 = 100 * 365 * 86_400;

/// A SAML provider registered in the account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SamlProvider {
    /// Its name, in the case it was given in; in another case it is the same name.
    pub name: String,
    /// Its id, never given again.
    pub unique_id: UniqueId,
    /// Its metadata, as it was uploaded.
    pub metadata: String,
    /// Until when the metadata holds.
    pub valid_until: Timestamp,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
}

impl SamlProvider {
    /// Its ARN.
    pub fn arn(&self, account: &AccountId) -> String {
        arn(account, &self.name)
    }
}

/// The ARN of a provider of this name.
pub fn arn(account: &AccountId, name: &str) -> String {
    format!("arn:aws:iam::{account}:saml-provider/{name}")
}

/// The name in the ARN of a provider of this account.
pub fn name_in_arn<'a>(arn: &'a str, account: &AccountId) -> Option<&'a str> {
    arn.strip_prefix("arn:aws:iam::")?
        .strip_prefix(account.as_str())?
        .strip_prefix(":saml-provider/")
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_holds_the_name_and_reads_back() {
        let account: AccountId = "123456789012".parse().unwrap();
        let text = arn(&account, "Corporate");
        assert_eq!(text, "arn:aws:iam::123456789012:saml-provider/Corporate");
        assert_eq!(name_in_arn(&text, &account), Some("Corporate"));
        let other: AccountId = "210987654321".parse().unwrap();
        assert_eq!(name_in_arn(&text, &other), None);
        assert_eq!(name_in_arn(&arn(&account, ""), &account), None);
    }
}
