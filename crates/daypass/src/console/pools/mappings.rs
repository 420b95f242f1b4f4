//! Role mappings: how the users of each provider get another role than the default one.
//!
//! The page lists the providers with what is so for each; for one of them it has a form. Who changes
//! the mappings at the same time is not overwritten unseen. Claims can be tried on the rules that are
//! in the form, by the rule that decides in the service.
//!
//! **Source**: users page, section 7 (S9) and section 7a; contract page section 5.4.

use std::collections::BTreeMap;

use askama::Template;
use daypass_core::ids::AccountId;
use daypass_core::pool::{IdentityPool as Rule, Settings};
use daypass_core::role::{self, Cause, Claimant, RoleError};
use daypass_core::role_mapping as core_mapping;
use daypass_core::time::Timestamp;
use daypass_proof::digest::sha256_hex;
use daypass_proof::login::LoginClaims;
use http::StatusCode;
use serde_json::{Value, json};

use super::around::{self, Withheld};
use super::mapping_form::{MappingForm, Row};
use crate::api::CallError;
use crate::api::mappings::{self, RoleMapping};
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::roles::Role;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{FieldError, Tab};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;
use crate::templates;

#[derive(Template)]
#[template(path = "console/pools/mappings.html")]
struct MappingsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    href: String,
    edit_href: String,
    providers: Vec<Provider>,
    edited: Option<Edited>,
    errors: Vec<FieldError>,
    version: String,
    problem: String,
    listed: Result<usize, Withheld>,
    has_default: bool,
}

/// A provider in the list.
struct Provider {
    key: String,
    words: String,
    href: String,
    gone: bool,
}

/// The form, with the claims that are tried on it.
struct Edited {
    form: MappingForm,
    rows: Vec<Row>,
    claims: String,
    tried: String,
}

/// What the page is about.
struct Stand {
    pool: IdentityPool,
    roles: PoolRoles,
    listed: Result<Vec<Role>, CallError>,
}

/// `/console/pools/{id}/mappings`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let api = visit.api();
    let stand = Stand {
        pool: api.pool(id).await?,
        roles: api.pool_roles(id).await?,
        listed: api.roles().await,
    };
    if visit.is_post() {
        return sent(visit, stand).await;
    }
    let draft = visit.draft();
    let asked = visit.query.given("provider");
    let form = match (draft, asked) {
        (Some(fields), _) => Some(MappingForm::sent(&fields)),
        (None, Some(key)) => {
            let mapping = stand.roles.role_mappings.get(key);
            let known = mapping.is_some() || mappings::keys(&stand.pool).iter().any(|it| it == key);
            known.then(|| MappingForm::of(key, mapping))
        }
        (None, None) => None,
    };
    let version = version(&stand.roles);
    show(visit, &stand, form, Said::of(version))
}

/// What the page says beside the form.
struct Said {
    version: String,
    problem: String,
    claims: String,
    tried: String,
    status: StatusCode,
}

impl Said {
    fn of(version: String) -> Self {
        Self {
            version,
            problem: String::new(),
            claims: String::new(),
            tried: String::new(),
            status: StatusCode::OK,
        }
    }
}

fn show(visit: &Visit, stand: &Stand, form: Option<MappingForm>, said: Said) -> Page {
    let pool = &stand.pool;
    let id = &pool.identity_pool_id;
    let listed = stand.listed.as_ref();
    let page = MappingsPage {
        frame: around::frame(
            visit,
            pool,
            format!("Role mappings of {}", pool.identity_pool_name),
        ),
        tabs: around::tabs(id, "Roles"),
        href: around::href(id),
        edit_href: around::below(id, "edit"),
        providers: providers(stand),
        errors: form
            .as_ref()
            .map_or_else(Vec::new, |form| form.errors.clone()),
        edited: form.map(|form| Edited {
            rows: form.rows(stand.listed.as_deref().ok()),
            form,
            claims: said.claims,
            tried: said.tried,
        }),
        version: said.version,
        problem: said.problem,
        listed: listed
            .map(Vec::len)
            .map_err(|error| Withheld::new(error, "iam:ListRoles")),
        has_default: stand.roles.roles.contains_key("authenticated"),
    };
    Reply::html_with(said.status, &page)
}

async fn sent(visit: &Visit, stand: Stand) -> Page {
    let fields = &visit.form;
    let mut form = MappingForm::sent(fields);
    let mut said = Said::of(fields.get("version").to_owned());
    fields.get("claims").clone_into(&mut said.claims);
    match fields.get("step") {
        "save" => {}
        "try" => {
            said.tried = tried(&stand.roles, &form, &said.claims);
            return show(visit, &stand, Some(form), said);
        }
        _ => return show(visit, &stand, Some(form), said),
    }
    form.check();
    if !form.errors.is_empty() {
        said.status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(visit, &stand, Some(form), said);
    }
    let now = version(&stand.roles);
    if said.version != now {
        let changed = "Somebody else changed the roles of this pool meanwhile. Nothing is saved yet: \
                       look at the list below, then save again to set this provider's mapping \
                       beside their changes.";
        changed.clone_into(&mut said.problem);
        said.version = now;
        said.status = StatusCode::CONFLICT;
        return show(visit, &stand, Some(form), said);
    }
    let mut roles = stand.roles.clone();
    match form.mapping() {
        Some(mapping) => roles.role_mappings.insert(form.provider.clone(), mapping),
        None => roles.role_mappings.remove(&form.provider),
    };
    let id = &stand.pool.identity_pool_id;
    match visit.api().set_pool_roles(id, &roles).await {
        Ok(()) => {
            let done = format!("The role mapping of {} is saved.", form.provider);
            Ok(visit.done(&around::below(id, "mappings"), Notice::success(done)))
        }
        Err(error) => {
            said.status = if error.is_denied() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            said.problem = sentence(&error);
            show(visit, &stand, Some(form), said)
        }
    }
}

/// The providers that have or may have a mapping.
fn providers(stand: &Stand) -> Vec<Provider> {
    let known = mappings::keys(&stand.pool);
    let mapped = stand.roles.role_mappings.keys().cloned();
    let mut keys: Vec<String> = known.iter().cloned().chain(mapped).collect();
    keys.sort_unstable();
    keys.dedup();
    let page = around::below(&stand.pool.identity_pool_id, "mappings");
    let provider = |key: String| {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("provider", &key)
            .finish();
        Provider {
            words: words(stand.roles.role_mappings.get(&key)),
            href: format!("{page}?{query}#mapping"),
            gone: !known.contains(&key),
            key,
        }
    };
    keys.into_iter().map(provider).collect()
}

fn words(mapping: Option<&RoleMapping>) -> String {
    let Some(mapping) = mapping else {
        return "the default role".to_owned();
    };
    let otherwise = if mapping.falls_back() {
        "otherwise the default role"
    } else {
        "otherwise no credentials"
    };
    match mapping.rules().len() {
        0 => format!("from the token, {otherwise}"),
        1 => format!("by 1 rule, {otherwise}"),
        count => format!("by {count} rules, {otherwise}"),
    }
}

/// The mark of what is set.
fn version(roles: &PoolRoles) -> String {
    sha256_hex(json!(roles).to_string().as_bytes())
}

/// What a user with these claims would get by the mapping that is in the form.
fn tried(roles: &PoolRoles, form: &MappingForm, claims: &str) -> String {
    let Ok(Value::Object(claims)) = serde_json::from_str(claims) else {
        return "The claims do not read: paste them as one JSON object.".to_owned();
    };
    let texts = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let claims = claims.iter().map(|(name, value)| {
        let values = match value {
            Value::Array(values) => values.iter().filter_map(texts).collect(),
            one => texts(one).into_iter().collect(),
        };
        (name.clone(), values)
    });
    let claims = LoginClaims::of_attributes(claims);
    let Some((pool, account)) = pool_of(roles, form) else {
        return "The rules are not whole yet.".to_owned();
    };
    let key = form.provider.as_str();
    let claimant = Claimant {
        key,
        claims: &claims,
    };
    match role::by_claims(&pool, &account, std::iter::once(claimant), None) {
        Ok(choice) => {
            let role = templates::role_in(choice.role_arn).unwrap_or(choice.role_arn);
            match choice.cause {
                Cause::Rule(number) => format!("Rule {number} gives the role {role}."),
                Cause::PreferredRole => format!("The token prefers the role {role}."),
                Cause::OnlyRole | Cause::CustomRole => format!("The token offers the role {role}."),
                Cause::AmbiguousRoleResolution => {
                    format!("No one role is found, so it is the default role {role}.")
                }
                Cause::Default => format!("There is no mapping: the default role {role}."),
            }
        }
        Err(RoleError::Ambiguous(_)) => {
            "No one role is found, so there are no credentials.".to_owned()
        }
        Err(_) => "No role: the pool has no authenticated role, or none of its own.".to_owned(),
    }
}

/// The pool as the rule sees it, with the mapping that is in the form.
fn pool_of(roles: &PoolRoles, form: &MappingForm) -> Option<(Rule, AccountId)> {
    let settings = Settings::default();
    let now = Timestamp::from_seconds(0);
    let mut pool = Rule::create("r:0".parse().ok()?, settings, BTreeMap::new(), now).ok()?;
    pool.roles.authenticated = roles.roles.get("authenticated").cloned();
    if let Some(mapping) = form.mapping() {
        let read = mapping.rules().iter().map(|rule| {
            Some(core_mapping::MappingRule {
                claim: rule.claim.clone(),
                match_type: core_mapping::MatchType::of(&rule.match_type)?,
                value: rule.value.clone(),
                role_arn: rule.role_arn.clone(),
            })
        });
        let by_rules = mapping.kind == "Rules";
        let parts = core_mapping::RoleMappingParts {
            by_rules,
            ambiguous: core_mapping::AmbiguousRoleResolution::of(&form.ambiguous),
            rules: if by_rules {
                Some(read.collect::<Option<_>>()?)
            } else {
                None
            },
        };
        let mapping = core_mapping::RoleMapping::new(&form.provider, parts).ok()?;
        pool.role_mappings.insert(form.provider.clone(), mapping);
    }
    // Only what an assertion offers is compared with the account.
    let account = templates::account_in(&form.provider).unwrap_or("000000000000");
    Some((pool, account.parse().ok()?))
}
