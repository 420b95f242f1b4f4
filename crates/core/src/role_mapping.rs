//! Role mappings: how a pool gives the users of one provider roles of their own.
//!
//! A pool has at most one mapping for each of its public providers. It finds a role by rules over
//! the claims of the login, or takes the roles that the provider wrote into them; what happens when
//! neither says which role is its `AmbiguousRoleResolution`.
//!
//! **Source**: Cognito identity API reference, *RoleMapping*, *MappingRule*; contract page sections
//! 2.0, 2.6 and 5.4.

use std::collections::BTreeMap;

use crate::limits::MAPPING_RULES_MAX;
use crate::pool::Settings;

/// The mappings of a pool, by the key of the provider.
///
/// **Shape**: a social provider's domain, `<user pool provider>:<client id>`, or the ARN of an OIDC
/// or a SAML provider.
pub type RoleMappings = BTreeMap<String, RoleMapping>;

/// How users of one provider get their role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleMapping {
    /// Where the role comes from.
    pub source: RoleSource,
    /// What happens when that names none, or several.
    pub ambiguous: AmbiguousRoleResolution,
}

/// Where a mapping finds the role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RoleSource {
    /// In the token: `cognito:preferred_role` and `cognito:roles`, or the role attribute of an
    /// assertion.
    Token,
    /// In the first of these rules that matches: 1 to 25 of them.
    Rules(Vec<MappingRule>),
}

/// What happens to a user for whom a mapping names no one role.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AmbiguousRoleResolution {
    /// The pool's authenticated role.
    AuthenticatedRole,
    /// No role: the request is refused.
    Deny,
}

/// One rule: users whose claim compares like this get that role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MappingRule {
    /// The claim that is looked at.
    pub claim: String,
    /// How it is compared.
    pub match_type: MatchType,
    /// What it is compared with; no wildcards, and case counts.
    pub value: String,
    /// The role of users for whom it holds.
    pub role_arn: String,
}

/// How a rule compares a claim with its value.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum MatchType {
    /// The claim is the value.
    Equals,
    /// The claim has the value in it.
    Contains,
    /// The claim begins with the value.
    StartsWith,
    /// The claim is there, and is not the value.
    NotEqual,
}

/// Why a mapping is refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RoleMappingError {
    /// Its key names no public provider of the pool.
    #[error("`{0}` is not a provider of the pool")]
    NotAProvider(String),
    /// It does not say what happens when no one role is found.
    #[error("the mapping of `{0}` has no ambiguous role resolution")]
    NoAmbiguousRoleResolution(String),
    /// It is by rules and has none.
    #[error("the mapping of `{0}` has no rules")]
    NoRules(String),
    /// It has more rules than are taken.
    #[error("the mapping of `{0}` has more than {MAPPING_RULES_MAX} rules")]
    TooManyRules(String),
    /// It takes the role from the token, and rules came along that would never be looked at.
    #[error("the mapping of `{0}` is by token and has rules")]
    RulesBesideToken(String),
}

/// A mapping as a caller writes it: each part as the interface has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleMappingParts {
    /// Whether `Type` is `Rules` rather than `Token`.
    pub by_rules: bool,
    /// `AmbiguousRoleResolution`.
    pub ambiguous: Option<AmbiguousRoleResolution>,
    /// `RulesConfiguration`.
    pub rules: Option<Vec<MappingRule>>,
}

impl RoleMapping {
    /// The mapping under `key` that these parts make.
    pub fn new(key: &str, parts: RoleMappingParts) -> Result<Self, RoleMappingError> {
        let key = || key.to_owned();
        let ambiguous = parts
            .ambiguous
            .ok_or_else(|| RoleMappingError::NoAmbiguousRoleResolution(key()))?;
        let source = match (parts.by_rules, parts.rules) {
            (false, None) => RoleSource::Token,
            (false, Some(_)) => return Err(RoleMappingError::RulesBesideToken(key())),
            (true, rules) => {
                let rules = rules.unwrap_or_default();
                if rules.is_empty() {
                    return Err(RoleMappingError::NoRules(key()));
                }
                if rules.len() > MAPPING_RULES_MAX {
                    return Err(RoleMappingError::TooManyRules(key()));
                }
                RoleSource::Rules(rules)
            }
        };
        Ok(Self { source, ambiguous })
    }

    /// Its rules, in order; none if it takes the role from the token.
    pub fn rules(&self) -> &[MappingRule] {
        match &self.source {
            RoleSource::Token => &[],
            RoleSource::Rules(rules) => rules,
        }
    }
}

impl MappingRule {
    /// Whether the rule holds for a claim with these texts: one, or several for an array.
    ///
    /// A claim that is not there holds no rule, not even `NotEqual`. Of an array one element is
    /// enough, and `NotEqual` holds when none is the value.
    pub fn matches(&self, texts: &[String]) -> bool {
        let value = self.value.as_str();
        let mut texts = texts.iter().map(String::as_str).peekable();
        if texts.peek().is_none() {
            return false;
        }
        match self.match_type {
            MatchType::Equals => texts.any(|text| text == value),
            MatchType::Contains => texts.any(|text| text.contains(value)),
            MatchType::StartsWith => texts.any(|text| text.starts_with(value)),
            MatchType::NotEqual => texts.all(|text| text != value),
        }
    }
}

impl MatchType {
    /// Every way, in the order of the interface.
    pub const ALL: [Self; 4] = [
        Self::Equals,
        Self::Contains,
        Self::StartsWith,
        Self::NotEqual,
    ];

    /// Its word in the interface.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Equals => "Equals",
            Self::Contains => "Contains",
            Self::StartsWith => "StartsWith",
            Self::NotEqual => "NotEqual",
        }
    }

    /// The way of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

impl AmbiguousRoleResolution {
    /// Both, in the order of the interface.
    pub const ALL: [Self; 2] = [Self::AuthenticatedRole, Self::Deny];

    /// Its word in the interface.
    pub const fn word(self) -> &'static str {
        match self {
            Self::AuthenticatedRole => "AuthenticatedRole",
            Self::Deny => "Deny",
        }
    }

    /// The resolution of this word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Claims that a provider writes and its users do not.
///
/// **Source**: the claims of OpenID Connect core that name parties and subjects, those a user pool
/// fills from groups, and what directories commonly call groups, roles, tenants and domains.
/// Requirement S64.
pub const TRUSTED_CLAIMS: [&str; 14] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "amr",
    "acr",
    "hd",
    "tid",
    "email_verified",
    "groups",
    "roles",
    "cognito:groups",
    "cognito:roles",
    "cognito:preferred_role",
];

/// Whether a rule may go by this claim without a warning: nobody but the provider writes it.
///
/// What an assertion says is put together by the directory behind a SAML provider, so all of its
/// attributes count as trusted.
pub fn is_trusted_claim(key: &str, claim: &str) -> bool {
    let saml = key.starts_with("arn:") && key.contains(":saml-provider/");
    saml || TRUSTED_CLAIMS.contains(&claim)
}

/// The mappings of a pool with these settings, from their parts.
///
/// **Errors**: the first fault in the order of the keys.
pub fn check(
    settings: &Settings,
    parts: BTreeMap<String, RoleMappingParts>,
) -> Result<RoleMappings, RoleMappingError> {
    let mappings = parts.into_iter().map(|(key, parts)| {
        if !takes_mapping(settings, &key) {
            return Err(RoleMappingError::NotAProvider(key));
        }
        let mapping = RoleMapping::new(&key, parts)?;
        Ok((key, mapping))
    });
    mappings.collect()
}

/// The keys under which a pool with these settings can have mappings, each once and in order.
///
/// The developer provider is none of them: its users always get the authenticated role.
pub fn mapping_keys(settings: &Settings) -> Vec<String> {
    let social = settings.supported_login_providers.keys().cloned();
    let user_pools = settings.cognito_identity_providers.iter();
    let user_pools = user_pools.filter_map(|pool| {
        let (name, client) = (pool.provider_name.as_ref()?, pool.client_id.as_ref()?);
        Some(format!("{name}:{client}"))
    });
    let oidc = settings.open_id_connect_provider_arns.iter().cloned();
    let saml = settings.saml_provider_arns.iter().cloned();
    let mut keys: Vec<String> = social.chain(user_pools).chain(oidc).chain(saml).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Whether a pool with these settings can have a mapping under `key`.
pub fn takes_mapping(settings: &Settings, key: &str) -> bool {
    mapping_keys(settings).iter().any(|known| known == key)
}

#[cfg(test)]
mod tests;
