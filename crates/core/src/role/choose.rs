//! Which role does an identity get?
//!
//! The default roles, or what a mapping says of the login. A role that the client asks for
//! (`CustomRoleArn`) only picks among those that a mapping or an assertion offers; it widens
//! nothing. Whether the role may be assumed is another question: see [`crate::assume`].
//!
//! **Source**: Cognito developer guide, *role-based access control*; contract page section 5.4;
//! requirements S47 and S62.

use daypass_proof::login::LoginClaims;

use super::saml;
use crate::ids::AccountId;
use crate::login::PublicLogin;
use crate::pool::IdentityPool;
use crate::role_mapping::{AmbiguousRoleResolution, MappingRule, RoleMapping, RoleSource};

/// How an identity showed who it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Authentication<'a> {
    /// It did not.
    Guest,
    /// By one of our own developer tokens, whatever else came along.
    DeveloperToken,
    /// By logins of public providers: at least one.
    PublicLogins(&'a [PublicLogin]),
}

/// The role, and what made it this one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Choice<'a> {
    /// The role's ARN.
    pub role_arn: &'a str,
    /// What made it this one.
    pub cause: Cause,
}

/// What made a role the chosen one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cause {
    /// It is the pool's default, and no mapping speaks of the login.
    Default,
    /// It is the pool's authenticated role, since the mapping found no one role.
    AmbiguousRoleResolution,
    /// This rule was the first to match, counted from 1.
    Rule(usize),
    /// The token prefers it.
    PreferredRole,
    /// It is the only one that the token or the assertion offers.
    OnlyRole,
    /// The client picked it among those on offer.
    CustomRole,
}

/// Why an identity gets no role.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum RoleError {
    /// The pool has no role for this kind of identity.
    #[error("the pool has no role for this kind of identity")]
    NoRole,
    /// The caller asked for a role that nothing offers it.
    #[error("role `{0}` is not offered to this identity")]
    NotOffered(String),
    /// The mapping of this provider finds no one role, and says that such users get none.
    #[error("the role mapping of `{0}` names no one role")]
    Ambiguous(String),
}

/// What a mapping looks at: a login by its key, and what it says of the user.
#[derive(Clone, Copy, Debug)]
pub struct Claimant<'a> {
    /// The login's key in role mappings.
    pub key: &'a str,
    /// What the artefact says.
    pub claims: &'a LoginClaims,
}

/// Claims that rules may look at where the provider hands out no token that could be read.
const OPAQUE_CLAIMS: [&str; 3] = ["iss", "aud", "sub"];
const OPAQUE_PROVIDERS: [&str; 4] = [
    "www.amazon.com",
    "graph.facebook.com",
    "api.twitter.com",
    "www.digits.com",
];

/// The role an identity gets.
pub fn choose<'a>(
    pool: &'a IdentityPool,
    account: &AccountId,
    authentication: Authentication<'a>,
    custom_role_arn: Option<&str>,
) -> Result<Choice<'a>, RoleError> {
    match authentication {
        Authentication::Guest => default(pool.roles.unauthenticated.as_deref(), custom_role_arn),
        Authentication::DeveloperToken => authenticated(pool, custom_role_arn),
        Authentication::PublicLogins(logins) => {
            let claimants = logins.iter().map(|login| Claimant {
                key: &login.mapping_key,
                claims: &login.claims,
            });
            by_claims(pool, account, claimants, custom_role_arn)
        }
    }
}

/// The role of a user with these public logins. With several, the first that speaks of roles
/// counts, in the order of their keys.
pub fn by_claims<'a>(
    pool: &'a IdentityPool,
    account: &AccountId,
    claimants: impl Iterator<Item = Claimant<'a>>,
    custom_role_arn: Option<&str>,
) -> Result<Choice<'a>, RoleError> {
    let speaks = |claimant: &Claimant<'_>| {
        pool.role_mappings.contains_key(claimant.key) || offers_by_assertion(claimant)
    };
    let Some(claimant) = claimants.filter(speaks).min_by_key(|claimant| claimant.key) else {
        return authenticated(pool, custom_role_arn);
    };
    let Some(mapping) = pool.role_mappings.get(claimant.key) else {
        return by_assertion(claimant, account, custom_role_arn);
    };
    let found = match &mapping.source {
        RoleSource::Token => by_token(claimant, account, custom_role_arn)?,
        RoleSource::Rules(rules) => by_rules(rules, claimant, custom_role_arn)?,
    };
    match found {
        Some(choice) => Ok(choice),
        None => resolve_ambiguity(pool, claimant.key, mapping),
    }
}

/// Whether a rule over this claim can ever hold for logins of the provider under `key`.
pub fn is_usable_claim(key: &str, claim: &str) -> bool {
    !OPAQUE_PROVIDERS.contains(&key) || OPAQUE_CLAIMS.contains(&claim)
}

fn default<'a>(role: Option<&'a str>, custom: Option<&str>) -> Result<Choice<'a>, RoleError> {
    match (custom, role) {
        (Some(custom), _) => Err(RoleError::NotOffered(custom.to_owned())),
        (None, Some(role_arn)) => Ok(Choice {
            role_arn,
            cause: Cause::Default,
        }),
        (None, None) => Err(RoleError::NoRole),
    }
}

fn authenticated<'a>(
    pool: &'a IdentityPool,
    custom: Option<&str>,
) -> Result<Choice<'a>, RoleError> {
    default(pool.roles.authenticated.as_deref(), custom)
}

fn by_rules<'a>(
    rules: &'a [MappingRule],
    claimant: Claimant<'_>,
    custom: Option<&str>,
) -> Result<Option<Choice<'a>>, RoleError> {
    let holds = |rule: &MappingRule| {
        is_usable_claim(claimant.key, &rule.claim)
            && rule.matches(claimant.claims.values(&rule.claim))
    };
    let mut matching = rules.iter().zip(1_usize..).filter(|(rule, _)| holds(rule));
    let Some(custom) = custom else {
        return Ok(matching.next().map(|(rule, number)| Choice {
            role_arn: rule.role_arn.as_str(),
            cause: Cause::Rule(number),
        }));
    };
    let picked = matching.find(|(rule, _)| rule.role_arn == custom);
    let (rule, _) = picked.ok_or_else(|| RoleError::NotOffered(custom.to_owned()))?;
    Ok(Some(Choice {
        role_arn: rule.role_arn.as_str(),
        cause: Cause::CustomRole,
    }))
}

fn by_token<'a>(
    claimant: Claimant<'a>,
    account: &AccountId,
    custom: Option<&str>,
) -> Result<Option<Choice<'a>>, RoleError> {
    if offers_by_assertion(&claimant) {
        let offered = saml::offered(claimant.claims, claimant.key, account);
        return pick(&offered, custom);
    }
    let offered = token_roles(claimant.claims);
    let preferred = claimant.claims.first("cognito:preferred_role");
    match preferred.filter(|preferred| custom.is_none() && !preferred.is_empty()) {
        Some(role_arn) => Ok(Some(Choice {
            role_arn,
            cause: Cause::PreferredRole,
        })),
        None => pick(&offered, custom),
    }
}

/// An assertion offers roles without any mapping. It must then name a role, and one that is ours:
/// the default is for users of whom it says nothing.
fn by_assertion<'a>(
    claimant: Claimant<'a>,
    account: &AccountId,
    custom: Option<&str>,
) -> Result<Choice<'a>, RoleError> {
    let offered = saml::offered(claimant.claims, claimant.key, account);
    match pick(&offered, custom)? {
        Some(choice) => Ok(choice),
        None if offered.is_empty() => Err(RoleError::NoRole),
        None => Err(RoleError::Ambiguous(claimant.key.to_owned())),
    }
}

/// The only role of an offer, or the one that is asked for.
fn pick<'a>(offered: &[&'a str], custom: Option<&str>) -> Result<Option<Choice<'a>>, RoleError> {
    if let Some(custom) = custom {
        let found = offered.iter().find(|role| **role == custom);
        let role_arn = found.ok_or_else(|| RoleError::NotOffered(custom.to_owned()))?;
        return Ok(Some(Choice {
            role_arn,
            cause: Cause::CustomRole,
        }));
    }
    Ok(match offered {
        [role_arn] => Some(Choice {
            role_arn,
            cause: Cause::OnlyRole,
        }),
        _ => None,
    })
}

/// `cognito:roles`, each once: a list, or one text with commas. Role names may have commas, too, so
/// a text is cut only where another ARN begins.
fn token_roles(claims: &LoginClaims) -> Vec<&str> {
    let mut roles = Vec::new();
    for text in claims.values("cognito:roles") {
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let comma = rest
                .match_indices(',')
                .find(|(at, _)| rest.get(at + 1..).is_some_and(begins_arn));
            let (role, behind) = match comma {
                Some((at, _)) => rest.split_at(at),
                None => (rest, ""),
            };
            rest = behind.strip_prefix(',').unwrap_or_default();
            let role = role.trim();
            if !role.is_empty() && !roles.contains(&role) {
                roles.push(role);
            }
        }
    }
    roles
}

fn begins_arn(text: &str) -> bool {
    text.trim_start().starts_with("arn:")
}

fn offers_by_assertion(claimant: &Claimant<'_>) -> bool {
    is_saml(claimant.key) && saml::offers_roles(claimant.claims)
}

/// Only an assertion has the role attribute; a token with a claim of that name means nothing by it.
fn is_saml(key: &str) -> bool {
    key.starts_with("arn:") && key.contains(":saml-provider/")
}

fn resolve_ambiguity<'a>(
    pool: &'a IdentityPool,
    key: &str,
    mapping: &RoleMapping,
) -> Result<Choice<'a>, RoleError> {
    match mapping.ambiguous {
        AmbiguousRoleResolution::Deny => Err(RoleError::Ambiguous(key.to_owned())),
        AmbiguousRoleResolution::AuthenticatedRole => {
            let role = pool.roles.authenticated.as_deref();
            Ok(Choice {
                role_arn: role.ok_or(RoleError::NoRole)?,
                cause: Cause::AmbiguousRoleResolution,
            })
        }
    }
}

#[cfg(test)]
mod tests;
