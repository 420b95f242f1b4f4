//! The shapes that several operations share: constraints, and how nouns look on the wire.
//!
//! **Source**: contract page, Cognito identity sections 2.0 and 7.

use std::collections::BTreeMap;

use daypass_core::attribute_map::AttributeMap;
use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::pool::{CognitoIdentityProvider, DeveloperProvider, IdentityPool, Settings};
use daypass_proof::login::ProviderName;
use daypass_wire::constraint::{Integer, ListRule, MapRule, Text};
use daypass_wire::json::{Answer, Members};
use daypass_wire::pattern;

use super::error;
use crate::aws_json::JsonOutput;
use crate::error::ApiError;

const REGIONAL_ID: Text = Text::length(1, 55).matching(pattern::WORD_COLON_HEX);
const POOL_NAME: Text = Text::length(1, 128).matching(pattern::LABEL);
const PROVIDER_NAME: Text = Text::length(1, 128);
const DEVELOPER_PROVIDER_NAME: Text = Text::length(1, 128).matching(pattern::WORD_DOT_DASH);
pub(super) const DEVELOPER_USER: Text = Text::length(1, 1_024).matching(pattern::NO_CONTROL);
pub(super) const ARN: Text = Text::length(20, 2_048);
pub(super) const PAGE_SIZE: Integer = Integer::range(1, 60);
pub(super) const PAGE_TOKEN: Text = Text::length(1, 65_535).matching(pattern::NOT_SPACE);

const ARN_LIST: ListRule = ListRule {
    min: 0,
    max: 1_000,
    item: ARN,
};

/// `TagKeys`: no bound is documented, and a resource has few tags.
pub(super) const TAG_KEYS: ListRule = ListRule {
    min: 0,
    max: 1_000,
    item: Text::length(1, 128),
};

const IDENTITY_ID_LIST: ListRule = ListRule {
    min: 1,
    max: 60,
    item: REGIONAL_ID,
};

/// `LoginsToRemove`: no bound is documented, and an identity has few logins.
pub(super) const LOGINS_LIST: ListRule = ListRule {
    min: 0,
    max: 1_000,
    item: PROVIDER_NAME,
};

const LOGINS: MapRule = MapRule {
    max_entries: 10,
    key: PROVIDER_NAME,
    value: Text::length(1, 50_000),
    sensitive: true,
};

const SOCIAL: MapRule = MapRule {
    max_entries: 10,
    key: PROVIDER_NAME,
    value: Text::length(1, 128).matching(pattern::WORD_SEMICOLON_SLASH),
    sensitive: false,
};

const TAGS: MapRule = MapRule {
    max_entries: 50,
    key: Text::length(1, 128),
    value: Text::length(0, 256),
    sensitive: false,
};

pub(super) const PRINCIPAL_TAGS: MapRule = MapRule {
    max_entries: 50,
    key: Text::length(1, 128),
    value: Text::length(1, 256),
    sensitive: false,
};

/// `IdentityPoolId`.
pub(crate) fn pool_id(members: &mut Members<'_>) -> IdentityPoolId {
    let text = members.required_text("IdentityPoolId", &REGIONAL_ID);
    // What broke the constraint is recorded and refused; a stand-in lets reading go on.
    text.parse()
        .unwrap_or_else(|_| IdentityPoolId::placeholder())
}

/// `IdentityPoolId`, optional.
pub(crate) fn optional_pool_id(members: &mut Members<'_>) -> Option<IdentityPoolId> {
    let text = members.optional_text("IdentityPoolId", &REGIONAL_ID)?;
    Some(
        text.parse()
            .unwrap_or_else(|_| IdentityPoolId::placeholder()),
    )
}

/// `IdentityId`, required.
pub(super) fn identity_id(members: &mut Members<'_>) -> IdentityId {
    let text = members.required_text("IdentityId", &REGIONAL_ID);
    text.parse().unwrap_or_else(|_| IdentityId::placeholder())
}

/// `IdentityId`, optional.
pub(super) fn optional_identity_id(members: &mut Members<'_>) -> Option<IdentityId> {
    let text = members.optional_text("IdentityId", &REGIONAL_ID)?;
    Some(text.parse().unwrap_or_else(|_| IdentityId::placeholder()))
}

/// `DeveloperProviderName`, required.
pub(super) fn developer_provider_name(members: &mut Members<'_>) -> String {
    members.required_text("DeveloperProviderName", &DEVELOPER_PROVIDER_NAME)
}

/// A developer user under `name`, required.
pub(super) fn developer_user(members: &mut Members<'_>, name: &str) -> DeveloperUserIdentifier {
    DeveloperUserIdentifier::new(members.required_text(name, &DEVELOPER_USER))
}

/// A list of identity ids under `name`, required: 1 to 60 of them.
pub(super) fn identity_ids(members: &mut Members<'_>, name: &str) -> Vec<IdentityId> {
    let texts = members.required_list(name, &IDENTITY_ID_LIST);
    let ids = texts.iter().map(|text| text.parse());
    ids.map(|id| id.unwrap_or_else(|_| IdentityId::placeholder()))
        .collect()
}

/// `Logins`, optional: absent is the same as empty.
pub(super) fn logins(members: &mut Members<'_>) -> BTreeMap<String, String> {
    members.optional_map("Logins", &LOGINS).unwrap_or_default()
}

/// `Logins`, required.
pub(super) fn required_logins(members: &mut Members<'_>) -> BTreeMap<String, String> {
    members.required_map("Logins", &LOGINS)
}

/// `IdentityPoolTags`.
pub(super) fn pool_tags(members: &mut Members<'_>) -> Option<BTreeMap<String, String>> {
    members.optional_map("IdentityPoolTags", &TAGS)
}

/// `Tags`, required.
pub(super) fn required_tags(members: &mut Members<'_>) -> BTreeMap<String, String> {
    members.required_map("Tags", &TAGS)
}

/// `IdentityProviderName`, required.
pub(super) fn identity_provider_name(members: &mut Members<'_>) -> String {
    members.required_text("IdentityProviderName", &PROVIDER_NAME)
}

/// What create and update set.
pub(super) fn settings(members: &mut Members<'_>) -> Settings {
    Settings {
        name: members.required_text("IdentityPoolName", &POOL_NAME),
        allow_unauthenticated: members.required_flag("AllowUnauthenticatedIdentities"),
        allow_classic_flow: members.optional_flag("AllowClassicFlow"),
        supported_login_providers: members
            .optional_map("SupportedLoginProviders", &SOCIAL)
            .unwrap_or_default(),
        developer_provider: members
            .optional_text("DeveloperProviderName", &DEVELOPER_PROVIDER_NAME)
            .map(DeveloperProvider::new),
        open_id_connect_provider_arns: members
            .optional_list("OpenIdConnectProviderARNs", &ARN_LIST)
            .unwrap_or_default(),
        cognito_identity_providers: members
            .optional_structures("CognitoIdentityProviders", user_pool)
            .unwrap_or_default(),
        saml_provider_arns: members
            .optional_list("SamlProviderARNs", &ARN_LIST)
            .unwrap_or_default(),
    }
}

fn user_pool(members: &mut Members<'_>) -> CognitoIdentityProvider {
    let name = Text::length(1, 128).matching(pattern::WORD_COLON_SLASH);
    let client = Text::length(1, 128).matching(pattern::WORD_UNDERSCORE);
    CognitoIdentityProvider {
        provider_name: members.optional_text("ProviderName", &name),
        client_id: members.optional_text("ClientId", &client),
        server_side_token_check: members
            .optional_flag("ServerSideTokenCheck")
            .unwrap_or(false),
    }
}

/// The pool object. Absent members are left out; only the tags are always there.
pub(super) struct PoolOutput(pub IdentityPool);

impl JsonOutput for PoolOutput {
    fn write(self) -> Option<Answer> {
        let IdentityPool {
            id, settings, tags, ..
        } = self.0;
        let user_pools = settings.cognito_identity_providers.iter().map(|provider| {
            Answer::new()
                .optional_text("ProviderName", provider.provider_name.as_deref())
                .optional_text("ClientId", provider.client_id.as_deref())
                .flag("ServerSideTokenCheck", provider.server_side_token_check)
        });
        let developer = settings
            .developer_provider
            .as_ref()
            .map(DeveloperProvider::as_str);
        let answer = Answer::new()
            .text("IdentityPoolId", id.as_str())
            .text("IdentityPoolName", &settings.name)
            .flag(
                "AllowUnauthenticatedIdentities",
                settings.allow_unauthenticated,
            )
            .optional_flag("AllowClassicFlow", settings.allow_classic_flow)
            .optional_map(
                "SupportedLoginProviders",
                &settings.supported_login_providers,
            )
            .optional_text("DeveloperProviderName", developer)
            .optional_list(
                "OpenIdConnectProviderARNs",
                &settings.open_id_connect_provider_arns,
            )
            .optional_structures("CognitoIdentityProviders", user_pools)
            .optional_list("SamlProviderARNs", &settings.saml_provider_arns)
            .map("IdentityPoolTags", &tags);
        Some(answer)
    }
}

/// An output that is an object without members.
pub(super) struct Nothing;

impl JsonOutput for Nothing {
    fn write(self) -> Option<Answer> {
        Some(Answer::new())
    }
}

/// The attribute map of one provider; without one there are no tags, which reads as an empty map.
pub(super) struct AttributeMapOutput {
    pub pool_id: IdentityPoolId,
    pub provider: String,
    pub map: Option<AttributeMap>,
}

impl JsonOutput for AttributeMapOutput {
    fn write(self) -> Option<Answer> {
        let map = self.map.as_ref();
        let entries = map.map(|map| map.entries(&self.provider));
        let answer = Answer::new()
            .text("IdentityPoolId", self.pool_id.as_str())
            .text("IdentityProviderName", &self.provider)
            .flag("UseDefaults", map == Some(&AttributeMap::Defaults))
            .map("PrincipalTags", &entries.unwrap_or_default());
        Some(answer)
    }
}

/// A provider without attributes that this pool could map.
pub(super) fn not_a_provider(name: &str) -> ApiError {
    let message = format!("{name} is not a configured provider of this identity pool.");
    error::invalid_parameter(message, "pool.provider")
}

/// The identity object: which providers it has logins of, never which users.
pub(super) fn identity(identity: &Identity, pool: &IdentityPool) -> Answer {
    let developer = pool.settings.developer_provider.as_ref();
    let linked = developer.filter(|_| !identity.developer_users.is_empty());
    let public = identity.public_logins.keys().map(ProviderName::as_str);
    let providers = linked
        .map(DeveloperProvider::as_str)
        .into_iter()
        .chain(public);
    Answer::new()
        .text("IdentityId", identity.id.as_str())
        .optional_list("Logins", providers)
        .timestamp("CreationDate", identity.created.millis())
        .timestamp("LastModifiedDate", identity.modified.millis())
}
