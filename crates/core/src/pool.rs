//! The identity pool: what it is, and what may be changed about it.
//!
//! **Source**: Cognito identity API reference, *CreateIdentityPool* and *UpdateIdentityPool*.

use std::collections::BTreeMap;

use crate::attribute_map::AttributeMap;
use crate::ids::IdentityPoolId;
use crate::limits::USER_POOL_PROVIDERS_MAX;
use crate::role_mapping::RoleMappings;
use crate::time::Timestamp;

/// The name under which an app's backend vouches for its users: `login.example.app`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DeveloperProvider(String);

impl DeveloperProvider {
    /// The provider with this name.
    pub fn new(name: String) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A Cognito user pool that may sign users in, by one app client.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CognitoIdentityProvider {
    /// `cognito-idp.<region>.amazonaws.com/<user pool id>`.
    pub provider_name: Option<String>,
    /// The app client.
    pub client_id: Option<String>,
    /// Whether the user pool is asked if the user still stands.
    pub server_side_token_check: bool,
}

/// What a caller may set on a pool; the same for create and update.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// A name for people. Not unique.
    pub name: String,
    /// Whether guests get identities.
    pub allow_unauthenticated: bool,
    /// Whether the classic flow is allowed; unset counts as allowed.
    pub allow_classic_flow: Option<bool>,
    /// Social providers: domain to app id.
    pub supported_login_providers: BTreeMap<String, String>,
    /// The developer provider. Once set it never changes.
    pub developer_provider: Option<DeveloperProvider>,
    /// IAM OIDC providers.
    pub open_id_connect_provider_arns: Vec<String>,
    /// Cognito user pools.
    pub cognito_identity_providers: Vec<CognitoIdentityProvider>,
    /// IAM SAML providers.
    pub saml_provider_arns: Vec<String>,
}

/// The default roles of a pool. Without them users have no access.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Roles {
    /// Role ARN of authenticated identities.
    pub authenticated: Option<String>,
    /// Role ARN of guests.
    pub unauthenticated: Option<String>,
}

/// An identity pool.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IdentityPool {
    /// Its id.
    pub id: IdentityPoolId,
    /// What callers set.
    pub settings: Settings,
    /// Its default roles.
    pub roles: Roles,
    /// How users of some providers get other roles than the default ones.
    pub role_mappings: RoleMappings,
    /// Which attributes of a login become principal tags, by provider.
    pub attribute_maps: BTreeMap<String, AttributeMap>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
}

/// Why settings are refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum PoolError {
    /// A key of the social providers is not one of the documented domains.
    #[error("social provider `{0}` is not known")]
    UnknownLoginProvider(String),
    /// A user pool is not named in the documented form.
    #[error("a user pool provider has no usable name")]
    InvalidCognitoProvider,
    /// More user pools than one identity pool may have.
    #[error("more than {USER_POOL_PROVIDERS_MAX} user pool providers")]
    TooManyUserPools,
    /// An OIDC or SAML provider is not named by its ARN.
    #[error("`{0}` is not the arn of a provider")]
    InvalidProviderArn(String),
    /// The developer provider was set before, to something else.
    #[error("the developer provider name cannot be changed")]
    DeveloperProviderFixed,
}

/// The social providers a pool can name.
///
/// **Source**: Cognito identity API reference, *SupportedLoginProviders*.
pub const SOCIAL_PROVIDERS: [&str; 6] = [
    "graph.facebook.com",
    "accounts.google.com",
    "appleid.apple.com",
    "www.amazon.com",
    "api.twitter.com",
    "www.digits.com",
];

impl IdentityPool {
    /// A new pool.
    pub fn create(
        id: IdentityPoolId,
        settings: Settings,
        tags: BTreeMap<String, String>,
        now: Timestamp,
    ) -> Result<Self, PoolError> {
        check(&settings)?;
        Ok(Self {
            id,
            settings,
            roles: Roles::default(),
            role_mappings: RoleMappings::new(),
            attribute_maps: BTreeMap::new(),
            tags,
            created: now,
        })
    }

    /// The pool after an update: a full replacement, in which only the developer provider survives
    /// being left out, and tags by attributes do for as long as their provider does.
    ///
    /// Role mappings stay, also those of a provider that goes: they hold users back as often as
    /// they let them in, so that a provider that comes back must find its own again.
    pub fn update(&self, mut settings: Settings) -> Result<Self, PoolError> {
        check(&settings)?;
        match (
            &self.settings.developer_provider,
            &settings.developer_provider,
        ) {
            (Some(fixed), Some(wanted)) if fixed != wanted => {
                return Err(PoolError::DeveloperProviderFixed);
            }
            (Some(fixed), None) => settings.developer_provider = Some(fixed.clone()),
            _ => {}
        }
        let mut updated = Self {
            settings,
            ..self.clone()
        };
        let settings = &updated.settings;
        let maps = &mut updated.attribute_maps;
        maps.retain(|provider, _| settings.names_provider(provider));
        Ok(updated)
    }
}

/// Why a pool gives no tokens of the classic flow.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ClassicFlowError {
    /// The pool's settings say so.
    #[error("the pool does not allow the classic flow")]
    NotEnabled,
    /// The pool has role mappings, which a token of the classic flow would go around.
    #[error("the pool has role mappings")]
    RoleMappings,
}

impl IdentityPool {
    /// Whether the pool gives tokens of the classic flow, in which the client chooses the role.
    ///
    /// **Source**: contract page section 5.2.
    pub fn require_classic_flow(&self) -> Result<(), ClassicFlowError> {
        if self.settings.allow_classic_flow == Some(false) {
            return Err(ClassicFlowError::NotEnabled);
        }
        if !self.role_mappings.is_empty() {
            return Err(ClassicFlowError::RoleMappings);
        }
        Ok(())
    }
}

impl Settings {
    /// Whether `name` is one of the public providers: a domain, a user pool, or the ARN of an OIDC
    /// or SAML provider.
    pub fn names_provider(&self, name: &str) -> bool {
        let arns = &self.open_id_connect_provider_arns;
        let mut arns = arns.iter().chain(&self.saml_provider_arns);
        let mut user_pools = self.cognito_identity_providers.iter();
        self.supported_login_providers.contains_key(name)
            || arns.any(|arn| arn == name)
            || user_pools.any(|pool| pool.provider_name.as_deref() == Some(name))
    }
}

fn check(settings: &Settings) -> Result<(), PoolError> {
    for provider in settings.supported_login_providers.keys() {
        if !SOCIAL_PROVIDERS.contains(&provider.as_str()) {
            return Err(PoolError::UnknownLoginProvider(provider.clone()));
        }
    }
    for provider in &settings.cognito_identity_providers {
        if !provider
            .provider_name
            .as_deref()
            .is_some_and(is_user_pool_name)
            || provider.client_id.is_none()
        {
            return Err(PoolError::InvalidCognitoProvider);
        }
    }
    if settings.cognito_identity_providers.len() > USER_POOL_PROVIDERS_MAX {
        return Err(PoolError::TooManyUserPools);
    }
    let oidc = settings
        .open_id_connect_provider_arns
        .iter()
        .map(|arn| (arn, "oidc-provider/"));
    let saml = settings
        .saml_provider_arns
        .iter()
        .map(|arn| (arn, "saml-provider/"));
    for (arn, kind) in oidc.chain(saml) {
        if !is_provider_arn(arn, kind) {
            return Err(PoolError::InvalidProviderArn(arn.clone()));
        }
    }
    Ok(())
}

/// `cognito-idp.<region>.amazonaws.com/<region>_<id>`, without a scheme.
pub fn is_user_pool_name(name: &str) -> bool {
    let Some((host, pool)) = name.split_once('/') else {
        return false;
    };
    let region = host.strip_prefix("cognito-idp.").and_then(|rest| {
        rest.strip_suffix(".amazonaws.com")
            .or_else(|| rest.strip_suffix(".amazonaws.com.cn"))
    });
    region.is_some_and(|region| !region.is_empty() && !region.contains('.'))
        && !pool.is_empty()
        && pool
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn is_provider_arn(arn: &str, kind: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && resource
                    .strip_prefix(kind)
                    .is_some_and(|name| !name.is_empty())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(developer: Option<&str>) -> Settings {
        Settings {
            name: "demo".into(),
            developer_provider: developer.map(|name| DeveloperProvider::new(name.into())),
            ..Settings::default()
        }
    }

    fn pool(developer: Option<&str>) -> IdentityPool {
        let id = "us-east-1:00".parse().unwrap();
        let now = Timestamp::from_seconds(1);
        IdentityPool::create(id, settings(developer), BTreeMap::new(), now).unwrap()
    }

    #[test]
    fn the_developer_provider_is_set_once_and_survives_being_left_out() {
        let unset = pool(None);
        let set = unset.update(settings(Some("login.example.app"))).unwrap();
        assert_eq!(set.update(settings(None)).unwrap(), set);
        assert_eq!(
            set.update(settings(Some("login.example.app"))).unwrap(),
            set
        );
        assert_eq!(
            set.update(settings(Some("login.other.app"))),
            Err(PoolError::DeveloperProviderFixed)
        );
    }

    #[test]
    fn an_update_resets_everything_else_that_is_left_out() {
        let mut full = settings(None);
        full.allow_classic_flow = Some(false);
        full.supported_login_providers
            .insert("www.amazon.com".into(), "app".into());
        let updated = pool(None)
            .update(full)
            .unwrap()
            .update(settings(None))
            .unwrap();
        assert_eq!(updated.settings, settings(None));
    }

    #[test]
    fn providers_are_named_in_their_documented_forms() {
        let mut social = settings(None);
        social
            .supported_login_providers
            .insert("example.com".into(), "app".into());
        assert_eq!(
            pool(None).update(social),
            Err(PoolError::UnknownLoginProvider("example.com".into()))
        );
        assert!(is_user_pool_name(
            "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbC"
        ));
        for name in [
            "https://cognito-idp.us-east-1.amazonaws.com/x",
            "cognito-idp.amazonaws.com/x",
            "x/y",
            "cognito-idp.us-east-1.amazonaws.com/",
        ] {
            assert!(!is_user_pool_name(name), "{name}");
        }
        let mut oidc = settings(None);
        oidc.open_id_connect_provider_arns
            .push("arn:aws:iam::123456789012:oidc-provider/example.com/x".into());
        assert!(pool(None).update(oidc.clone()).is_ok());
        oidc.open_id_connect_provider_arns
            .push("arn:aws:iam::123456789012:saml-provider/x".into());
        assert!(pool(None).update(oidc).is_err());
    }
}
