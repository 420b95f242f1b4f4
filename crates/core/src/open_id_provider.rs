//! OpenID Connect providers: issuers that the account knows, and their clients.
//!
//! **Source**: IAM API reference, *CreateOpenIDConnectProvider* and *GetOpenIDConnectProvider*.

use std::collections::BTreeMap;

use crate::ids::AccountId;
use crate::issuer::IssuerUrl;
use crate::time::Timestamp;

/// An issuer registered in the account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OpenIdProvider {
    /// Where it is.
    pub url: IssuerUrl,
    /// The clients whose tokens are taken: values of `aud`, each once.
    pub client_ids: Vec<String>,
    /// SHA-1 digests of certificates, as they were given. They are kept and shown; what is checked
    /// is the whole chain.
    pub thumbprints: Vec<String>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
}

impl OpenIdProvider {
    /// Its ARN.
    pub fn arn(&self, account: &AccountId) -> String {
        arn(account, self.url.name())
    }
}

/// The ARN of a provider of this name.
pub fn arn(account: &AccountId, name: &str) -> String {
    format!("arn:aws:iam::{account}:oidc-provider/{name}")
}

/// The name in the ARN of a provider of this account: host and path.
pub fn name_in_arn<'a>(arn: &'a str, account: &AccountId) -> Option<&'a str> {
    arn.strip_prefix("arn:aws:iam::")?
        .strip_prefix(account.as_str())?
        .strip_prefix(":oidc-provider/")
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_holds_host_and_path_and_reads_back() {
        let account: AccountId = "123456789012".parse().unwrap();
        let provider = OpenIdProvider {
            url: IssuerUrl::parse("https://id.example.com/x", &[]).unwrap(),
            client_ids: Vec::new(),
            thumbprints: Vec::new(),
            tags: BTreeMap::new(),
            created: Timestamp::from_seconds(1),
        };
        let text = provider.arn(&account);
        assert_eq!(
            text,
            "arn:aws:iam::123456789012:oidc-provider/id.example.com/x"
        );
        assert_eq!(name_in_arn(&text, &account), Some("id.example.com/x"));
        let other: AccountId = "210987654321".parse().unwrap();
        assert_eq!(name_in_arn(&text, &other), None);
        assert_eq!(name_in_arn(&arn(&account, ""), &account), None);
    }
}
