//! Which attributes of a login become principal tags, and under which key.
//!
//! A pool has one map for each of its providers, from tag key to the name of a claim (of a SAML
//! assertion: an attribute). The developer provider has none: the developer names the tags of each
//! token in the call that makes it.
//!
//! **Units and limits**: at most 50 entries; keys and claim names together at most 460 bytes.
//! **Source**: Cognito developer guide, *Using attributes for access control*; contract page
//! sections 2.8, 2.9 and 5.6.

use std::collections::BTreeMap;

use crate::login::PublicLogin;
use crate::pool::IdentityPool;
use crate::tags::{PrincipalTags, TagError};

/// Bytes of all tag keys and claim names of one map together.
pub const MAP_BYTES_MAX: usize = 460;

/// The claim that names the user, by the attribute names of SAML.
const SAML_NAME_IDENTIFIER: &str =
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
const SAML_NAME: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name";

/// The map of one provider.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum AttributeMap {
    /// The built-in one, which differs by kind of provider.
    Defaults,
    /// One of the pool owner's own: tag key to claim name.
    Custom(BTreeMap<String, String>),
}

/// Why a map is refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AttributeMapError {
    /// The keys are not such as tags may have.
    #[error(transparent)]
    Keys(#[from] TagError),
    /// Keys and claim names are longer than they may be together.
    #[error("the map has more than {MAP_BYTES_MAX} bytes")]
    TooLong,
}

impl AttributeMap {
    /// A map of the pool owner's own; nothing for an empty one, which switches tags off.
    pub fn custom(entries: BTreeMap<String, String>) -> Result<Option<Self>, AttributeMapError> {
        // Claim names are no tag values, so only the keys are held to the rules of tags.
        let keys = entries.keys().map(|key| (key.clone(), String::new()));
        PrincipalTags::new(keys.collect())?;
        let bytes = entries.iter().map(|(key, claim)| key.len() + claim.len());
        if bytes.sum::<usize>() > MAP_BYTES_MAX {
            return Err(AttributeMapError::TooLong);
        }
        Ok((!entries.is_empty()).then_some(Self::Custom(entries)))
    }

    /// Tag key to claim name for `provider`, as the pool names it.
    pub fn entries(&self, provider: &str) -> BTreeMap<String, String> {
        match self {
            Self::Defaults => defaults(provider),
            Self::Custom(entries) => entries.clone(),
        }
    }

    /// The tags of a login of `provider`, whose claims `claim` looks up as text.
    ///
    /// A claim that is absent or empty gives no tag.
    ///
    /// **Errors**: every [`TagError`], for what the provider says is no more to be trusted than
    /// what a caller says.
    pub fn tags(
        &self,
        provider: &str,
        claim: impl Fn(&str) -> Option<String>,
    ) -> Result<PrincipalTags, TagError> {
        let found = self
            .entries(provider)
            .into_iter()
            .filter_map(|(key, name)| {
                let value = claim(&name).filter(|value| !value.is_empty())?;
                Some((key, value))
            });
        PrincipalTags::new(found.collect())
    }
}

/// The built-in map of a provider.
fn defaults(provider: &str) -> BTreeMap<String, String> {
    let pairs = if provider == "www.amazon.com" {
        [("client", "aud"), ("username", "user_id")]
    } else if provider.starts_with("arn:") && provider.contains(":saml-provider/") {
        [("name", SAML_NAME), ("username", SAML_NAME_IDENTIFIER)]
    } else {
        [("client", "aud"), ("username", "sub")]
    };
    BTreeMap::from(pairs.map(|(key, claim)| (key.to_owned(), claim.to_owned())))
}

impl IdentityPool {
    /// The map for logins under `login`, a key of `Logins`: OIDC providers log in by their host and
    /// are configured by their ARN. With the provider's name as the pool has it.
    pub fn attribute_map(&self, login: &str) -> Option<(&str, &AttributeMap)> {
        let mut maps = self.attribute_maps.iter();
        let found = maps.find(|(provider, _)| {
            let host = provider.split_once(":oidc-provider/");
            *provider == login || host.is_some_and(|(_, host)| host == login)
        });
        found.map(|(provider, map)| (provider.as_str(), map))
    }

    /// The tags of a login under `login`, whose claims `claim` looks up as text; none without a map.
    ///
    /// **Errors**: as [`AttributeMap::tags`].
    pub fn tags_of_login(
        &self,
        login: &str,
        claim: impl Fn(&str) -> Option<String>,
    ) -> Result<PrincipalTags, TagError> {
        match self.attribute_map(login) {
            Some((provider, map)) => map.tags(provider, claim),
            None => Ok(PrincipalTags::default()),
        }
    }

    /// The tags of all these logins. Where two of them have a tag under one key, ignoring case, the
    /// first counts in the order of their providers.
    ///
    /// **Errors**: as [`AttributeMap::tags`].
    pub fn tags_of_logins(&self, logins: &[PublicLogin]) -> Result<PrincipalTags, TagError> {
        let mut ordered: Vec<&PublicLogin> = logins.iter().collect();
        ordered.sort_by_key(|login| login.login.provider());
        let mut all = PrincipalTags::default();
        for login in ordered {
            let provider = login.login.provider().as_str();
            let claim = |name: &str| login.claims.first(name).map(str::to_owned);
            let more = self.tags_of_login(provider, claim)?;
            all = PrincipalTags::new(all.over(more.as_map()))?;
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
