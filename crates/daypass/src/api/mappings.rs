//! Role mappings as the API shows them: how the users of one provider get their role.
//!
//! **Source**: Amazon Cognito identity API reference, *RoleMapping*, *MappingRule*.

use daypass_core::pool::{CognitoIdentityProvider, Settings};
use daypass_core::role_mapping;
use serde::{Deserialize, Serialize};

use super::pools::{IdentityPool, PoolRoles};

/// The mapping of one provider.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub(crate) struct RoleMapping {
    /// `Token` or `Rules`.
    #[serde(rename = "Type")]
    pub(crate) kind: String,
    /// `AuthenticatedRole` or `Deny`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ambiguous_role_resolution: Option<String>,
    /// The rules of type `Rules`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rules_configuration: Option<RulesConfiguration>,
}

/// The rules of a mapping.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub(crate) struct RulesConfiguration {
    /// In the order in which they are asked.
    pub(crate) rules: Vec<MappingRule>,
}

/// One rule.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub(crate) struct MappingRule {
    /// The claim that is looked at.
    pub(crate) claim: String,
    /// `Equals`, `Contains`, `StartsWith` or `NotEqual`.
    pub(crate) match_type: String,
    /// What it is compared with.
    pub(crate) value: String,
    /// The role of users for whom it holds.
    #[serde(rename = "RoleARN")]
    pub(crate) role_arn: String,
}

impl RoleMapping {
    /// A mapping by rules, or by token without any.
    pub(crate) fn new(kind: &str, ambiguous: &str, rules: Vec<MappingRule>) -> Self {
        let by_rules = kind == "Rules";
        Self {
            kind: kind.to_owned(),
            ambiguous_role_resolution: Some(ambiguous.to_owned()),
            rules_configuration: by_rules.then_some(RulesConfiguration { rules }),
        }
    }

    /// Its rules, in order.
    pub(crate) fn rules(&self) -> &[MappingRule] {
        let configuration = self.rules_configuration.as_ref();
        configuration.map_or(&[], |configuration| &configuration.rules)
    }

    /// Whether a user for whom it names no one role gets the pool's authenticated role.
    pub(crate) fn falls_back(&self) -> bool {
        self.ambiguous_role_resolution.as_deref() == Some("AuthenticatedRole")
    }
}

impl PoolRoles {
    /// Every role that is named, of rules, too; each once.
    pub(crate) fn arns(&self) -> Vec<&str> {
        let rules = self.role_mappings.values().flat_map(RoleMapping::rules);
        let given = rules.map(|rule| rule.role_arn.as_str());
        let mut arns: Vec<&str> = self
            .roles
            .values()
            .map(String::as_str)
            .chain(given)
            .collect();
        arns.sort_unstable();
        arns.dedup();
        arns
    }
}

/// The keys under which a pool can have mappings.
pub(crate) fn keys(pool: &IdentityPool) -> Vec<String> {
    let user_pools = pool.cognito_identity_providers.iter();
    let user_pools = user_pools.map(|provider| CognitoIdentityProvider {
        provider_name: Some(provider.provider_name.clone()),
        client_id: Some(provider.client_id.clone()),
        server_side_token_check: provider.server_side_token_check,
    });
    role_mapping::mapping_keys(&Settings {
        supported_login_providers: pool.supported_login_providers.clone(),
        open_id_connect_provider_arns: pool.open_id_connect_provider_arns.clone(),
        saml_provider_arns: pool.saml_provider_arns.clone(),
        cognito_identity_providers: user_pools.collect(),
        ..Settings::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_reads_and_writes_as_the_api_has_it() {
        let text = r#"{"Type":"Rules","AmbiguousRoleResolution":"Deny","RulesConfiguration":{"Rules":[{"Claim":"c","MatchType":"Equals","Value":"v","RoleARN":"r"}]}}"#;
        let mapping: RoleMapping = serde_json::from_str(text).unwrap();
        assert_eq!(mapping.rules().len(), 1);
        assert!(!mapping.falls_back());
        assert_eq!(serde_json::to_string(&mapping).unwrap(), text);
        let token = RoleMapping::new("Token", "AuthenticatedRole", Vec::new());
        assert!(token.falls_back() && token.rules_configuration.is_none());
        assert!(serde_json::from_str::<RoleMapping>(r#"{"Typ":"Token"}"#).is_err());
    }
}
