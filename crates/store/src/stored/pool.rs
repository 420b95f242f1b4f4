//! How an identity pool rests on disk.

use std::collections::BTreeMap;

use daypass_core::attribute_map::AttributeMap;
use daypass_core::pool::{
    CognitoIdentityProvider, DeveloperProvider, IdentityPool, Roles, Settings,
};
use daypass_core::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::role_mapping::{self, RoleMappingForm};
use super::{Map, Stored};

#[derive(Serialize, Deserialize)]
pub(crate) struct PoolForm {
    id: String,
    name: String,
    guests: bool,
    classic_flow: Option<bool>,
    developer_provider: Option<String>,
    social: Map,
    oidc: Vec<String>,
    user_pools: Vec<UserPoolForm>,
    saml: Vec<String>,
    authenticated_role: Option<String>,
    unauthenticated_role: Option<String>,
    /// Provider to its map; `null` stands for the built-in one. The first release had none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    attribute_maps: BTreeMap<String, Option<Map>>,
    /// The first release had none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    role_mappings: BTreeMap<String, RoleMappingForm>,
    tags: Map,
    created: i64,
}

#[derive(Serialize, Deserialize)]
struct UserPoolForm {
    name: Option<String>,
    client: Option<String>,
    check: bool,
}

impl Stored for IdentityPool {
    type Form = PoolForm;

    fn to_form(&self) -> PoolForm {
        let settings = &self.settings;
        let user_pools = settings
            .cognito_identity_providers
            .iter()
            .map(|provider| UserPoolForm {
                name: provider.provider_name.clone(),
                client: provider.client_id.clone(),
                check: provider.server_side_token_check,
            });
        let maps = self.attribute_maps.iter().map(|(provider, map)| {
            let entries = match map {
                AttributeMap::Defaults => None,
                AttributeMap::Custom(entries) => Some(entries.clone()),
            };
            (provider.clone(), entries)
        });
        PoolForm {
            id: self.id.to_string(),
            name: settings.name.clone(),
            guests: settings.allow_unauthenticated,
            classic_flow: settings.allow_classic_flow,
            developer_provider: settings
                .developer_provider
                .as_ref()
                .map(|p| p.as_str().to_owned()),
            social: settings.supported_login_providers.clone(),
            oidc: settings.open_id_connect_provider_arns.clone(),
            user_pools: user_pools.collect(),
            saml: settings.saml_provider_arns.clone(),
            authenticated_role: self.roles.authenticated.clone(),
            unauthenticated_role: self.roles.unauthenticated.clone(),
            attribute_maps: maps.collect(),
            role_mappings: role_mapping::to_forms(&self.role_mappings),
            tags: self.tags.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: PoolForm) -> Option<Self> {
        let user_pools = form
            .user_pools
            .into_iter()
            .map(|pool| CognitoIdentityProvider {
                provider_name: pool.name,
                client_id: pool.client,
                server_side_token_check: pool.check,
            });
        let maps = form.attribute_maps.into_iter().map(|(provider, entries)| {
            let map = entries.map_or(AttributeMap::Defaults, AttributeMap::Custom);
            (provider, map)
        });
        Some(Self {
            id: form.id.parse().ok()?,
            settings: Settings {
                name: form.name,
                allow_unauthenticated: form.guests,
                allow_classic_flow: form.classic_flow,
                supported_login_providers: form.social,
                developer_provider: form.developer_provider.map(DeveloperProvider::new),
                open_id_connect_provider_arns: form.oidc,
                cognito_identity_providers: user_pools.collect(),
                saml_provider_arns: form.saml,
            },
            roles: Roles {
                authenticated: form.authenticated_role,
                unauthenticated: form.unauthenticated_role,
            },
            role_mappings: role_mapping::from_forms(form.role_mappings)?,
            attribute_maps: maps.collect(),
            tags: form.tags,
            created: Timestamp::from_millis(form.created),
        })
    }
}
