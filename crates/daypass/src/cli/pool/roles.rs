//! `daypass pool roles`: the default roles of a pool, and how logins are mapped to other roles.
//!
//! The operation replaces everything it is not given, so what there is goes along; a mapping is
//! changed one provider at a time, or all of them from a file in the words of the API.
//!
//! **Source**: Amazon Cognito identity API reference, *SetIdentityPoolRoles*, *RoleMapping*.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::super::session::Session;
use super::super::show::Table;
use super::super::{resolve, role};
use crate::api::mappings::{MappingRule, RoleMapping};
use crate::api::pools::PoolRoles;
use crate::api::{Api, CallError, insert};
use crate::exit::Failure;
use crate::templates::{self, IdentityKind};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass pool roles photos                                      show them
  daypass pool roles photos --authenticated photos-users         set one by name or ARN
  daypass pool roles photos --unauthenticated none               take one away
  daypass pool roles photos --provider accounts.google.com --type Rules \\
      --rule hd Equals corp.example photos-staff                 map a provider's users by rules
  daypass pool roles photos --provider accounts.google.com --type none
  daypass pool roles photos --mappings mappings.json             replace all mappings
";

/// `daypass pool roles …`.
#[derive(Args, Debug)]
pub(super) struct Roles {
    /// Id or name of the pool
    #[arg(value_name = "POOL")]
    pool: String,
    /// Role of users: its name, its ARN, or `none`
    #[arg(long, value_name = "ROLE")]
    authenticated: Option<String>,
    /// Role of guests: its name, its ARN, or `none`
    #[arg(long, value_name = "ROLE")]
    unauthenticated: Option<String>,
    /// Provider whose users are mapped: a domain, USER_POOL:CLIENT, or an ARN
    #[arg(long, value_name = "KEY", requires = "kind")]
    provider: Option<String>,
    /// Where their role comes from; `none` takes the mapping away
    #[arg(
        long = "type",
        id = "kind",
        value_name = "TYPE",
        requires = "provider",
        value_enum
    )]
    kind: Option<Kind>,
    /// One rule, asked in the order given: CLAIM MATCH VALUE ROLE, where MATCH is `Equals`,
    /// `Contains`, `StartsWith` or `NotEqual`
    #[arg(
        long = "rule",
        value_names = ["CLAIM", "MATCH", "VALUE", "ROLE"],
        num_args = 4,
        requires = "provider"
    )]
    rules: Vec<String>,
    /// What users get for whom no one role is found
    #[arg(
        long,
        value_name = "RESOLUTION",
        default_value = "Deny",
        requires = "provider",
        value_enum
    )]
    ambiguous: Resolution,
    /// File with all mappings as JSON, `RoleMappings` of the API; `-` reads the standard input
    #[arg(long, value_name = "FILE", conflicts_with = "provider")]
    mappings: Option<String>,
}

/// Where the role of a provider's users comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// From the token or the assertion
    #[value(name = "Token")]
    Token,
    /// From the first rule that matches
    #[value(name = "Rules")]
    Rules,
    /// They have the default role
    #[value(name = "none")]
    None,
}

/// What happens when no one role is found.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum Resolution {
    /// The authenticated role
    #[value(name = "AuthenticatedRole")]
    AuthenticatedRole,
    /// No credentials
    #[value(name = "Deny")]
    Deny,
}

/// Shows the roles of a pool, or sets them first.
pub(super) async fn run(session: &Session, flags: &Roles) -> Result<(), Failure> {
    let id = resolve::pool(session, &flags.pool).await?;
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let before = api.pool_roles(&id).await.map_err(failed)?;
    let mut roles = before.clone();
    let defaults = [
        (IdentityKind::Authenticated, &flags.authenticated),
        (IdentityKind::Unauthenticated, &flags.unauthenticated),
    ];
    let mut named = false;
    for (kind, role) in defaults {
        let Some(role) = role else { continue };
        named = true;
        if role == "none" {
            roles.roles.remove(kind.word());
        } else {
            let arn = arn(&api, role).await.map_err(failed)?;
            roles.roles.insert(kind.word().to_owned(), arn);
        }
    }
    if let Some(file) = &flags.mappings {
        named = true;
        roles.role_mappings = read(file)?;
    }
    if let (Some(provider), Some(kind)) = (&flags.provider, flags.kind) {
        named = true;
        match mapping(&api, flags, kind).await.map_err(failed)? {
            Some(mapping) => roles.role_mappings.insert(provider.clone(), mapping),
            None => roles.role_mappings.remove(provider),
        };
    }
    if named {
        api.set_pool_roles(&id, &roles).await.map_err(failed)?;
    }
    show(session, &id, &roles);
    Ok(())
}

/// The ARN of a role that is named or given by its ARN.
async fn arn(api: &Api<'_>, role: &str) -> Result<String, CallError> {
    if templates::role_in(role).is_some() {
        return Ok(role.to_owned());
    }
    Ok(api.role(role).await?.arn)
}

/// The mapping that the flags describe; none takes it away.
async fn mapping(
    api: &Api<'_>,
    flags: &Roles,
    kind: Kind,
) -> Result<Option<RoleMapping>, CallError> {
    let mut rules = Vec::new();
    for parts in flags.rules.chunks_exact(4) {
        if let [claim, match_type, value, role] = parts {
            rules.push(MappingRule {
                claim: claim.clone(),
                match_type: match_type.clone(),
                value: value.clone(),
                role_arn: arn(api, role).await?,
            });
        }
    }
    let ambiguous = match flags.ambiguous {
        Resolution::AuthenticatedRole => "AuthenticatedRole",
        Resolution::Deny => "Deny",
    };
    Ok(match kind {
        Kind::None => None,
        Kind::Token => Some(RoleMapping::new("Token", ambiguous, rules)),
        Kind::Rules => Some(RoleMapping::new("Rules", ambiguous, rules)),
    })
}

/// The mappings of a file: the value of `RoleMappings`, or what `pool roles --json` writes.
fn read(file: &str) -> Result<BTreeMap<String, RoleMapping>, Failure> {
    let text = role::document(file)?;
    let unreadable = |error: serde_json::Error| {
        Failure::usage(format!("the role mappings do not read: {error}"))
            .hint("Write them as the API has them: {\"PROVIDER\":{\"Type\":\"Rules\",…}}.")
    };
    let mut value: serde_json::Value = serde_json::from_str(&text).map_err(unreadable)?;
    let whole = value.as_object_mut().and_then(|members| {
        let roles = members.contains_key("IdentityPoolId") || members.contains_key("RoleMappings");
        roles.then(|| members.remove("RoleMappings").unwrap_or(json!({})))
    });
    serde_json::from_value(whole.unwrap_or(value)).map_err(unreadable)
}

fn show(session: &Session, id: &str, roles: &PoolRoles) {
    let mut table = Table::new(&["KIND", "ROLE", "FOR"]);
    for kind in IdentityKind::ALL {
        let role = roles.roles.get(kind.word());
        table.row(&[kind.word(), role.map_or("none", String::as_str), ""]);
    }
    for (provider, mapping) in &roles.role_mappings {
        for rule in mapping.rules() {
            let MappingRule { claim, value, .. } = rule;
            let of = format!("{provider}: {claim} {} {value}", rule.match_type);
            table.row(&["rule", &rule.role_arn, &of]);
        }
        if mapping.kind == "Token" {
            table.row(&["token", "as the token says", provider]);
        }
        let otherwise = if mapping.falls_back() {
            "the authenticated role"
        } else {
            "none"
        };
        table.row(&["otherwise", otherwise, provider]);
    }
    let mut data = json!(roles);
    insert(&mut data, "IdentityPoolId", json!(id));
    session.show.data(&data, &table);
}
