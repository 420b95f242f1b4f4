//! What stands between a pool's role mappings and the users they are for.
//!
//! A mapping that names a role which is not there, or which does not trust the pool, refuses its
//! users one by one, long after it was put. And a rule over a claim that users may write themselves
//! lets them choose their role.
//!
//! **Source**: users page, section 7 (S9); requirements S60 and S64.

use daypass_core::role;
use daypass_core::role_mapping::is_trusted_claim;

use super::{Gap, Level, RoleState, Setup, trust};
use crate::api::mappings::{self, MappingRule};
use crate::templates::IdentityKind;

/// The gaps of all mappings.
pub(super) fn gaps(setup: &Setup<'_>) -> Vec<Gap> {
    let keys = mappings::keys(setup.pool);
    let mut gaps = Vec::new();
    for (key, mapping) in &setup.roles.role_mappings {
        if !keys.contains(key) {
            gaps.push(gap(
                "mapping.provider",
                Level::Warn,
                "A mapping has no provider",
                format!("`{key}` is mapped to roles and is no provider of the pool."),
                "Add the provider again, or take the mapping away.",
            ));
        }
        if mapping.falls_back() && !setup.roles.roles.contains_key("authenticated") {
            gaps.push(gap(
                "mapping.no_default",
                Level::Fail,
                "A mapping falls back to a role that is not set",
                format!(
                    "Users of `{key}` for whom no role is found get the authenticated role, and \
                     there is none."
                ),
                "Set the authenticated role, or let the mapping deny.",
            ));
        }
        for (rule, number) in mapping.rules().iter().zip(1_usize..) {
            gaps.extend(claim_gap(key, rule, number));
        }
    }
    gaps.extend(role_gaps(setup));
    gaps
}

fn claim_gap(key: &str, rule: &MappingRule, number: usize) -> Option<Gap> {
    let claim = &rule.claim;
    if !role::is_usable_claim(key, claim) {
        return Some(gap(
            "mapping.claim_unseen",
            Level::Warn,
            "A rule can never hold",
            format!(
                "Rule {number} of `{key}` looks at `{claim}`, which that provider never shows."
            ),
            "Use `iss`, `aud` or `sub`, or another provider.",
        ));
    }
    (!is_trusted_claim(key, claim)).then(|| {
        gap(
            "mapping.claim_untrusted",
            Level::Warn,
            "A rule goes by a claim that users may be able to write",
            format!(
                "Rule {number} of `{key}` looks at `{claim}`. Whoever can change it chooses the role."
            ),
            "Use a claim that only the provider writes, such as a group, or make sure of this one.",
        )
    })
}

/// The roles of rules: whether they are there, trust the pool's users, and no guests.
fn role_gaps(setup: &Setup<'_>) -> Vec<Gap> {
    let defaults: Vec<&str> = setup.roles.roles.values().map(String::as_str).collect();
    let mut gaps = Vec::new();
    // What is said of default roles is said elsewhere.
    for arn in setup.roles.arns() {
        if defaults.contains(&arn) {
            continue;
        }
        match setup.documents.get(arn) {
            Some(RoleState::Known(role, _)) => {
                let found = trust::gaps(setup.pool, role, IdentityKind::Authenticated);
                gaps.extend(found.into_iter().map(|gap| Gap { kind: None, ..gap }));
            }
            Some(RoleState::Absent) => gaps.push(gap(
                "mapping.role_absent",
                Level::Fail,
                "A rule names a role that does not exist",
                format!("`{arn}` is named by a rule, but there is no such role."),
                "Create it again, or change the rule.",
            )),
            Some(RoleState::Hidden) | None => gaps.push(gap(
                "role.hidden",
                Level::Note,
                "The role of a rule could not be looked at",
                format!("Your key may not read `{arn}`, so its trust is unknown."),
                "Ask somebody whose key allows `iam:GetRole` and the role's policies.",
            )),
        }
    }
    gaps
}

fn gap(code: &'static str, level: Level, title: &'static str, detail: String, fix: &str) -> Gap {
    Gap {
        code,
        level,
        title,
        detail,
        fix: fix.to_owned(),
        kind: None,
    }
}
