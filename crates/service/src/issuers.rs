//! Issuers of ID tokens: where each one is, which `iss` and algorithms are its own, and whether a
//! token is from it.
//!
//! **Source**: contract page, Cognito identity sections 6.1 and 6.2; STS section 2.6; requirements
//! S13, S14, S18 and S79.

use std::collections::BTreeMap;
use std::path::PathBuf;

use daypass_core::issuer::IssuerUrl;
use daypass_core::pool::is_user_pool_name;
use daypass_core::time::Timestamp;
use daypass_proof::jwt::{Algorithm, TokenError, VerifiedToken, claimed_issuer, claimed_key_id};
use daypass_proof::login::{ProviderName, VerifiedLogin, oidc};

use crate::env::Env;
use crate::issuer_keys::{IssuerKeysError, KeySource};

/// Google's key in `Logins`.
pub(crate) const GOOGLE: &str = "accounts.google.com";
/// Apple's key in `Logins`.
pub(crate) const APPLE: &str = "appleid.apple.com";
/// Where Google publishes its keys: not on the host of its issuer.
const GOOGLE_KEYS: &str = "https://www.googleapis.com/oauth2/v3/certs";
/// Where Apple publishes its keys.
const APPLE_KEYS: &str = "https://appleid.apple.com/auth/keys";

/// What the operator says of others' servers; by default nothing.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct IssuerSettings {
    /// Hosts that may be private, and speak plain HTTP if they are this machine.
    pub private: Vec<String>,
    /// Where a provider is, if not where its name says: base URLs by `Logins` key, or by the host
    /// of user pools. Without a slash at the end.
    pub endpoints: BTreeMap<String, String>,
    /// Names of issuers that may sign with elliptic curves, too.
    pub elliptic: Vec<String>,
    /// Files that hold the keys of issuers, by the issuer's name, read in place of its documents.
    pub key_files: BTreeMap<String, PathBuf>,
}

impl IssuerSettings {
    /// Where a provider is, if the operator says so.
    ///
    /// **Shape**: by the whole key (`accounts.google.com`, or
    /// `cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC`), which gives the URL as it is; or by
    /// the host of a key with a path, which gives the URL with that path.
    pub fn endpoint(&self, key: &str) -> Option<String> {
        if let Some(url) = self.endpoints.get(key) {
            return Some(url.clone());
        }
        let (host, path) = key.split_once('/')?;
        self.endpoints.get(host).map(|url| format!("{url}/{path}"))
    }

    /// What an issuer of this name may sign with.
    fn algorithms(&self, name: &str) -> &'static [Algorithm] {
        if self.elliptic.iter().any(|one| one == name) {
            &Algorithm::ALL
        } else {
            &Algorithm::RSA
        }
    }
}

/// One issuer, as it was found by its name and not by its token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Issuer {
    /// What `iss` may be, byte for byte.
    accepted: Vec<String>,
    source: KeySource,
    algorithms: &'static [Algorithm],
    is_user_pool: bool,
}

/// Why a token is not one of an issuer's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum IssuerTokenError {
    /// It is one of our own.
    OwnToken,
    /// It does not verify.
    Token(TokenError),
    /// The issuer's keys are not there.
    NoKeys(NoKeys),
}

/// Why an issuer's keys are not there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum NoKeys {
    /// It does not answer.
    Unreachable,
    /// It publishes nothing usable.
    Unusable,
}

impl NoKeys {
    /// The stable code of the cause.
    pub(crate) fn reason(self) -> &'static str {
        match self {
            Self::Unreachable => "issuer.unreachable",
            Self::Unusable => "issuer.unusable",
        }
    }
}

impl Issuer {
    /// An issuer that everybody knows by its name: Google, Apple, a user pool.
    pub(crate) fn known(settings: &IssuerSettings, name: &str) -> Option<Self> {
        let canonical = format!("https://{name}");
        let keys = match name {
            GOOGLE => GOOGLE_KEYS.to_owned(),
            APPLE => APPLE_KEYS.to_owned(),
            name if is_user_pool_name(name) => user_pool_keys(&canonical),
            _ => return None,
        };
        let mut issuer = Self {
            accepted: vec![canonical],
            source: KeySource::Document(keys),
            algorithms: settings.algorithms(name),
            is_user_pool: is_user_pool_name(name),
        };
        if name == GOOGLE {
            issuer.accepted.push(GOOGLE.to_owned());
        }
        if let Some(url) = settings.endpoint(name) {
            issuer.source = if issuer.is_user_pool {
                KeySource::Document(user_pool_keys(&url))
            } else {
                KeySource::Issuer(IssuerUrl::stored(url.clone()))
            };
            // What stands in for an issuer may call itself by its own address.
            issuer.accepted.push(url);
        }
        Some(issuer.with_file(settings, name))
    }

    /// An issuer that an operator registered.
    pub(crate) fn registered(settings: &IssuerSettings, url: &IssuerUrl) -> Self {
        if let Some(known) = Self::known(settings, url.name()) {
            return known;
        }
        let mut accepted = vec![url.to_string()];
        accepted.extend(url.as_str().strip_suffix('/').map(str::to_owned));
        let issuer = Self {
            accepted,
            source: KeySource::Issuer(url.clone()),
            algorithms: settings.algorithms(url.name()),
            is_user_pool: false,
        };
        issuer.with_file(settings, url.name())
    }

    /// Whether its tokens may say this `iss`.
    pub(crate) fn accepts(&self, claimed: &str) -> bool {
        self.accepted.iter().any(|one| one == claimed)
    }

    fn with_file(mut self, settings: &IssuerSettings, name: &str) -> Self {
        if let Some(path) = settings.key_files.get(name) {
            self.source = KeySource::File(path.clone());
        }
        self
    }
}

fn user_pool_keys(issuer: &str) -> String {
    format!("{issuer}/.well-known/jwks.json")
}

/// Checks that a token is from this issuer and meant for one of these clients. The issuer is asked
/// for its keys if they are not here, so no transaction may be open.
pub(crate) async fn verify(
    env: &Env,
    issuer: &Issuer,
    provider: &ProviderName,
    client_ids: &[String],
    token: &str,
    now: Timestamp,
) -> Result<(VerifiedLogin, VerifiedToken), IssuerTokenError> {
    let claimed = claimed_issuer(token).map_err(IssuerTokenError::Token)?;
    if claimed == env.issuer() {
        return Err(IssuerTokenError::OwnToken);
    }
    // Nobody is asked for keys by a token that names somebody else.
    let mismatch = IssuerTokenError::Token(TokenError::IssuerMismatch);
    let accepted = issuer.accepted.iter().find(|one| **one == claimed);
    let accepted = accepted.ok_or(mismatch)?;
    let key_id = claimed_key_id(token).map_err(IssuerTokenError::Token)?;
    let keys = env
        .issuer_keys()
        .keys(&issuer.source, key_id.as_deref(), now);
    let keys = keys.await.map_err(|error| {
        IssuerTokenError::NoKeys(match error {
            IssuerKeysError::Unreachable(_) => NoKeys::Unreachable,
            IssuerKeysError::Unusable(_) => NoKeys::Unusable,
        })
    })?;
    let provider = oidc::Provider {
        name: provider,
        issuer: accepted,
        client_ids,
        algorithms: issuer.algorithms,
        is_user_pool: issuer.is_user_pool,
    };
    oidc::verify(token, &keys, &provider, now.seconds()).map_err(IssuerTokenError::Token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_found_by_key_and_by_host() {
        let endpoints = [
            ("accounts.google.com", "http://127.0.0.1:9"),
            ("cognito-idp.eu-west-1.amazonaws.com", "http://127.0.0.1:8"),
            (
                "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_B",
                "http://127.0.0.1:7/b",
            ),
        ];
        let endpoints = endpoints.map(|(key, url)| (key.to_owned(), url.to_owned()));
        let settings = IssuerSettings {
            endpoints: endpoints.into(),
            ..IssuerSettings::default()
        };
        let endpoint = |key: &str| settings.endpoint(key);
        let some = |url: &str| Some(url.to_owned());
        assert_eq!(endpoint("accounts.google.com"), some("http://127.0.0.1:9"));
        let of_host = endpoint("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A");
        assert_eq!(of_host, some("http://127.0.0.1:8/eu-west-1_A"));
        let of_key = endpoint("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_B");
        assert_eq!(of_key, some("http://127.0.0.1:7/b"));
        assert_eq!(endpoint("graph.facebook.com"), None);
        assert_eq!(
            endpoint("cognito-idp.us-east-1.amazonaws.com/us-east-1_A"),
            None
        );
    }
}
