//! Is this pool ready? Every gap between a pool and a user who gets credentials from it.
//!
//! AWS answers most of these gaps with one sentence, *Invalid identity pool configuration*. Here
//! each has a name and a fix. Trust is not guessed from the text: the rule that decides in the
//! service is asked about a made-up identity of each kind, so what this page says is what happens.
//!
//! **Source**: users page, rows 22, 57 and 64 and S4 (readiness); requirements S59 and S60.

use std::collections::BTreeMap;

use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::roles::Role;
use crate::templates::IdentityKind;

mod look;
mod mappings;
mod trust;

pub(crate) use look::{Look, bucket};
pub(crate) use trust::{Answer, ask};

/// How much a gap matters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Level {
    /// Worth knowing.
    Note,
    /// It works, and probably not as meant.
    Warn,
    /// Users are refused, or somebody gets in who should not.
    Fail,
}

impl Level {
    /// The word that is shown.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One thing that is missing or in the way.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Gap {
    /// Its name, stable for scripts and for the buttons of the console.
    pub(crate) code: &'static str,
    /// How much it matters.
    pub(crate) level: Level,
    /// In a few words.
    pub(crate) title: &'static str,
    /// What is so, with the names concerned.
    pub(crate) detail: String,
    /// What to do about it.
    pub(crate) fix: String,
    /// Whose role it is about.
    pub(crate) kind: Option<IdentityKind>,
}

/// One line of the checklist, with its gaps; without any it is done.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Item {
    /// What was looked at.
    pub(crate) title: &'static str,
    /// What is missing.
    pub(crate) gaps: Vec<Gap>,
}

/// A role of a pool, as far as it could be seen.
#[derive(Clone, Debug)]
pub(crate) enum RoleState {
    /// The role, and the texts of all its policies by name.
    Known(Box<Role>, Vec<(String, String)>),
    /// There is no such role.
    Absent,
    /// The caller may not look at it.
    Hidden,
}

/// What is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup<'a> {
    /// The pool.
    pub(crate) pool: &'a IdentityPool,
    /// Its roles.
    pub(crate) roles: &'a PoolRoles,
    /// Those roles by ARN. A role that is not in here counts as not visible.
    pub(crate) documents: &'a BTreeMap<String, RoleState>,
}

/// Everything that is missing, most important first.
pub(crate) fn gaps(setup: &Setup<'_>) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = checklist(setup)
        .into_iter()
        .flat_map(|item| item.gaps)
        .collect();
    gaps.sort_by_key(|gap| std::cmp::Reverse(gap.level));
    gaps
}

/// The whole checklist, what is done included.
pub(crate) fn checklist(setup: &Setup<'_>) -> Vec<Item> {
    let mut items = vec![Item {
        title: "Somebody can log in",
        gaps: providers(setup.pool),
    }];
    for kind in wanted(setup) {
        let (chosen, trusted, granted) = match kind {
            IdentityKind::Authenticated => (
                "Users have a role",
                "The role trusts this pool's users",
                "The role grants something",
            ),
            IdentityKind::Unauthenticated => (
                "Guests have a role",
                "The guest role trusts this pool's guests",
                "The guest role grants something, and not too much",
            ),
        };
        let (gaps, state) = role(setup, kind);
        items.push(Item {
            title: chosen,
            gaps,
        });
        if let Some((role, policies)) = state {
            items.push(Item {
                title: trusted,
                gaps: trust::gaps(setup.pool, role, kind),
            });
            items.push(Item {
                title: granted,
                gaps: grants(role, policies, kind),
            });
        }
    }
    if !setup.roles.role_mappings.is_empty() {
        items.push(Item {
            title: "Role mappings lead to roles of this pool",
            gaps: mappings::gaps(setup),
        });
    }
    items
}

/// The kinds of identities whose role matters.
fn wanted(setup: &Setup<'_>) -> Vec<IdentityKind> {
    let pool = setup.pool;
    let users = has_provider(pool) || setup.roles.roles.contains_key("authenticated");
    let guests =
        pool.allow_unauthenticated_identities || setup.roles.roles.contains_key("unauthenticated");
    let kinds = [
        (users, IdentityKind::Authenticated),
        (guests, IdentityKind::Unauthenticated),
    ];
    kinds
        .into_iter()
        .filter_map(|(matters, kind)| matters.then_some(kind))
        .collect()
}

fn has_provider(pool: &IdentityPool) -> bool {
    pool.developer_provider_name.is_some()
        || !pool.supported_login_providers.is_empty()
        || !pool.open_id_connect_provider_arns.is_empty()
        || !pool.cognito_identity_providers.is_empty()
        || !pool.saml_provider_arns.is_empty()
}

fn providers(pool: &IdentityPool) -> Vec<Gap> {
    if has_provider(pool) {
        return Vec::new();
    }
    let (level, title, detail) = if pool.allow_unauthenticated_identities {
        (
            Level::Note,
            "Guests only",
            "The pool has no login provider, so every identity is a guest.",
        )
    } else {
        (
            Level::Fail,
            "Nobody can log in",
            "The pool has no login provider and does not allow guests.",
        )
    };
    vec![Gap {
        code: "provider.none",
        level,
        title,
        detail: detail.to_owned(),
        fix: "Give the pool a developer provider name; it names your own login.".to_owned(),
        kind: None,
    }]
}

type Visible<'a> = (&'a Role, &'a [(String, String)]);

/// The role of a kind: what is wrong with it, and the role if it can be looked at.
fn role<'a>(setup: &Setup<'a>, kind: IdentityKind) -> (Vec<Gap>, Option<Visible<'a>>) {
    let guests = kind == IdentityKind::Unauthenticated;
    let who = if guests { "guests" } else { "users" };
    let one = |code, level, title, detail, fix| {
        vec![Gap {
            code,
            level,
            title,
            detail,
            fix,
            kind: Some(kind),
        }]
    };
    let Some(arn) = setup.roles.roles.get(kind.word()) else {
        let gaps = one(
            "role.none",
            Level::Fail,
            if guests { "No guest role" } else { "No role" },
            format!(
                "The pool has no `{}` role, so {who} get no credentials.",
                kind.word()
            ),
            "Create the role from a template, or choose one that exists.".to_owned(),
        );
        return (gaps, None);
    };
    let mut gaps = Vec::new();
    if guests && !setup.pool.allow_unauthenticated_identities {
        gaps = one(
            "role.guests_off",
            Level::Note,
            "Guest role without guests",
            format!("`{arn}` is set, and has no effect while guests are off."),
            "Nothing to do; it is ready if you allow guests later.".to_owned(),
        );
    }
    match setup.documents.get(arn) {
        Some(RoleState::Known(role, policies)) => (gaps, Some((role, policies))),
        Some(RoleState::Absent) => {
            gaps.extend(one(
                "role.absent",
                Level::Fail,
                "The role does not exist",
                format!("`{arn}` is set for {who}, but there is no such role."),
                "Create it again, or choose another role.".to_owned(),
            ));
            (gaps, None)
        }
        Some(RoleState::Hidden) | None => {
            gaps.extend(one(
                "role.hidden",
                Level::Note,
                "The role could not be looked at",
                format!("Your key may not read `{arn}`, so its trust and policies are unknown."),
                "Ask somebody whose key allows `iam:GetRole` and the role's policies.".to_owned(),
            ));
            (gaps, None)
        }
    }
}

fn grants(role: &Role, policies: &[(String, String)], kind: IdentityKind) -> Vec<Gap> {
    use daypass_policy::{Document, DocumentKind, Effect};
    let mut gaps = Vec::new();
    let mut allows = false;
    let mut everything = None;
    for (name, text) in policies {
        let Ok(document) = Document::parse(text, DocumentKind::Identity) else {
            gaps.push(Gap {
                code: "role.policy_unreadable",
                level: Level::Warn,
                title: "A policy does not read",
                detail: format!("Policy `{name}` of role `{}` is no policy.", role.role_name),
                fix: "Open the policy and correct it.".to_owned(),
                kind: Some(kind),
            });
            continue;
        };
        for statement in document.statements() {
            allows |= statement.effect() == Effect::Allow;
            if trust::writes_everything(statement) {
                everything = Some(name);
            }
        }
    }
    if !allows {
        gaps.push(Gap {
            code: "role.grants_nothing",
            level: Level::Warn,
            title: "The role grants nothing",
            detail: format!(
                "Role `{}` has no policy that allows anything, so its credentials open nothing.",
                role.role_name
            ),
            fix: "Add a policy, for instance the own-prefix template for a bucket.".to_owned(),
            kind: Some(kind),
        });
    }
    if let (Some(name), IdentityKind::Unauthenticated) = (everything, kind) {
        gaps.push(Gap {
            code: "role.guest_too_broad",
            level: Level::Warn,
            title: "Guests may change everything",
            detail: format!(
                "Policy `{name}` lets anybody who knows the pool id overwrite every object."
            ),
            fix: "Limit it to the guest's own prefix, or to reading.".to_owned(),
            kind: Some(kind),
        });
    }
    gaps
}

#[cfg(test)]
mod tests;
