//! Reading the `Logins` map of the developer call: who is vouched for?
//!
//! **Source**: Cognito identity API reference, *GetOpenIdTokenForDeveloperIdentity*; contract page
//! sections 4.1 and 4.2.

use std::collections::BTreeMap;

use crate::COGNITO_PROVIDER;
use crate::identity::DeveloperUserIdentifier;
use crate::pool::{IdentityPool, SOCIAL_PROVIDERS, is_user_pool_name};

/// Characters of a developer user identifier.
pub const DEVELOPER_USER_CHARS_MAX: usize = 1_024;

/// Why a `Logins` map names no developer user.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum DeveloperLoginError {
    /// One of our own tokens was passed where a user identifier belongs.
    #[error("an identity pool token cannot be passed here")]
    OwnToken,
    /// The pool has no developer provider of that name.
    #[error("the pool does not support developer provider `{0}`")]
    UnsupportedProvider(String),
    /// Only public providers were named.
    #[error("no developer provider login was given")]
    NoDeveloperLogin,
    /// The user identifier is longer than the documented bound.
    #[error("the developer user identifier is too long")]
    UserTooLong,
    /// The user identifier holds a control character.
    #[error("the developer user identifier holds a control character")]
    UserNotPlain,
}

/// The developer user named by `logins` for `pool`, and the public logins shown beside.
pub fn check(
    pool: &IdentityPool,
    mut logins: BTreeMap<String, String>,
) -> Result<(DeveloperUserIdentifier, BTreeMap<String, String>), DeveloperLoginError> {
    if logins.contains_key(COGNITO_PROVIDER) {
        return Err(DeveloperLoginError::OwnToken);
    }
    let configured = pool.settings.developer_provider.as_ref();
    for provider in logins.keys() {
        if configured.is_some_and(|configured| configured.as_str() == provider) {
            continue;
        }
        if !is_public_provider(pool, provider) {
            return Err(DeveloperLoginError::UnsupportedProvider(provider.clone()));
        }
    }
    let user = configured
        .and_then(|configured| logins.remove(configured.as_str()))
        .ok_or(DeveloperLoginError::NoDeveloperLogin)?;
    if user.chars().count() > DEVELOPER_USER_CHARS_MAX {
        return Err(DeveloperLoginError::UserTooLong);
    }
    if user.chars().any(char::is_control) {
        return Err(DeveloperLoginError::UserNotPlain);
    }
    Ok((DeveloperUserIdentifier::new(user), logins))
}

/// Is `name` the pool's own developer provider? Operations that name it must name that one.
pub fn require_provider(pool: &IdentityPool, name: &str) -> Result<(), DeveloperLoginError> {
    let configured = pool.settings.developer_provider.as_ref();
    match configured.filter(|configured| configured.as_str() == name) {
        Some(_) => Ok(()),
        None => Err(DeveloperLoginError::UnsupportedProvider(name.to_owned())),
    }
}

/// Whether a `Logins` key has the form of a public provider, or names one of the pool's.
pub fn is_public_provider(pool: &IdentityPool, name: &str) -> bool {
    let host_of = |arn: &str| {
        arn.split_once("oidc-provider/")
            .map(|(_, host)| host.to_owned())
    };
    SOCIAL_PROVIDERS.contains(&name)
        || is_user_pool_name(name)
        || (name.starts_with("arn:") && name.contains(":saml-provider/"))
        || pool
            .settings
            .open_id_connect_provider_arns
            .iter()
            .any(|arn| host_of(arn).is_some_and(|host| host == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pool::{DeveloperProvider, Settings};
    use crate::time::Timestamp;

    fn pool(developer: Option<&str>) -> IdentityPool {
        let settings = Settings {
            developer_provider: developer.map(|name| DeveloperProvider::new(name.into())),
            ..Settings::default()
        };
        let now = Timestamp::from_seconds(1);
        IdentityPool::create(
            "us-east-1:bb".parse().unwrap(),
            settings,
            BTreeMap::new(),
            now,
        )
        .unwrap()
    }

    fn logins(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_user_is_the_value_under_the_pools_own_provider() {
        let named = logins(&[("login.app", "Ünï:1|x"), ("accounts.google.com", "t")]);
        let (user, public) = check(&pool(Some("login.app")), named).unwrap();
        assert_eq!(user.as_str(), "Ünï:1|x");
        assert_eq!(public, logins(&[("accounts.google.com", "t")]));
    }

    #[test]
    fn only_the_pools_own_provider_will_do() {
        assert_eq!(
            require_provider(&pool(Some("login.app")), "login.app"),
            Ok(())
        );
        for pool in [pool(Some("login.app")), pool(None)] {
            assert_eq!(
                require_provider(&pool, "Login.app"),
                Err(DeveloperLoginError::UnsupportedProvider("Login.app".into()))
            );
        }
    }

    #[test]
    fn every_documented_fault_is_told_apart() {
        use DeveloperLoginError::{NoDeveloperLogin, OwnToken, UnsupportedProvider, UserTooLong};
        let with = pool(Some("login.app"));
        let cases = [
            (
                &with,
                logins(&[("cognito-identity.amazonaws.com", "t")]),
                OwnToken,
            ),
            (
                &with,
                logins(&[("login.other", "u")]),
                UnsupportedProvider("login.other".into()),
            ),
            (
                &with,
                logins(&[("accounts.google.com", "t")]),
                NoDeveloperLogin,
            ),
            (
                &with,
                logins(&[("login.app", "u"), ("x", "t")]),
                UnsupportedProvider("x".into()),
            ),
            (
                &with,
                logins(&[("login.app", &"x".repeat(1_025))]),
                UserTooLong,
            ),
            (&with, logins(&[]), NoDeveloperLogin),
        ];
        for (pool, logins, expected) in cases {
            assert_eq!(check(pool, logins), Err(expected));
        }
        assert_eq!(
            check(&pool(None), logins(&[("login.app", "u")])),
            Err(UnsupportedProvider("login.app".into()))
        );
        assert!(check(&with, logins(&[("login.app", &"x".repeat(1_024))])).is_ok());
        for text in ["a\nb", "\u{1}", "\u{7f}", "\u{85}"] {
            let refused = check(&with, logins(&[("login.app", text)]));
            assert_eq!(refused, Err(DeveloperLoginError::UserNotPlain), "{text:?}");
        }
    }
}
