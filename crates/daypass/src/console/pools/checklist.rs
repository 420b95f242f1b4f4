//! The checklist on a pool's page: what is ready, what is missing, and the button that mends it.
//!
//! What is missing is decided by [`crate::readiness`]; here each gap gets a way to close it. A button
//! does what its line says and nothing more, and looks again before it does.
//!
//! **Source**: users page, section 7 (S6) and section 3; requirements S59 and S60.

use super::around;
use super::role_plan::{self, Plan};
use crate::api::{Api, CallError};
use crate::console::segment;
use crate::readiness::{self, Gap, Level, Look, RoleState};
use crate::templates::{self, IdentityKind};

/// One line.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Check {
    /// Whether there is nothing to do.
    pub(super) ready: bool,
    /// In a few words.
    pub(super) title: String,
    /// What is so, and what the button would do.
    pub(super) text: String,
    /// What the button sends; empty if there is none.
    pub(super) fix: String,
    /// What the button or the link says.
    pub(super) button: &'static str,
    /// Where the link leads; empty if there is none.
    pub(super) href: String,
}

/// What closes a gap.
#[derive(Clone, Debug)]
enum Remedy {
    /// A role is made from the usual template and given to the pool.
    NewRole(Plan),
    /// The role's trust policy is replaced by the one for this pool.
    Trust(IdentityKind, String),
    /// The role gets the usual policy.
    Grant(IdentityKind, String),
    /// A person decides on another page.
    Link(&'static str, String),
}

/// Why a button did nothing.
#[derive(Debug)]
pub(super) enum FixError {
    /// There is no such gap any more.
    Closed,
    /// An operation refused.
    Call(CallError),
}

impl From<CallError> for FixError {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

/// The lines for a pool.
pub(super) fn checks(look: &Look) -> Vec<Check> {
    let mut checks = Vec::new();
    for item in readiness::checklist(&look.setup()) {
        if item.gaps.is_empty() {
            checks.push(Check {
                ready: true,
                title: item.title.to_owned(),
                ..Check::default()
            });
        }
        checks.extend(item.gaps.iter().map(|gap| check(look, gap)));
    }
    checks
}

/// The gaps that keep a pool from working as meant.
pub(super) fn serious(look: &Look) -> usize {
    let gaps = readiness::gaps(&look.setup());
    gaps.iter().filter(|gap| gap.level > Level::Note).count()
}

fn check(look: &Look, gap: &Gap) -> Check {
    let plain = gap.detail.replace('`', "");
    let line = Check {
        ready: gap.code == "role.guests_off",
        title: gap.title.to_owned(),
        ..Check::default()
    };
    match remedy(look, gap, &[]) {
        Remedy::Link(button, href) => Check {
            text: format!("{plain} {}", gap.fix.replace('`', "")),
            button,
            href,
            ..line
        },
        mending => Check {
            text: format!("{plain} {}", words(look, &mending)),
            fix: fix_of(gap),
            button: match &mending {
                Remedy::NewRole(_) => "Create the role",
                Remedy::Trust(..) => "Repair the trust",
                _ => "Add the policy",
            },
            ..line
        },
    }
}

/// What the button of a gap sends.
fn fix_of(gap: &Gap) -> String {
    let kind = gap.kind.map_or("", IdentityKind::word);
    format!("{}:{kind}", gap.code)
}

fn remedy(look: &Look, gap: &Gap, taken: &[String]) -> Remedy {
    let id = &look.pool.identity_pool_id;
    let name = &look.pool.identity_pool_name;
    let roles = || Remedy::Link("Choose a role", around::below(id, "roles"));
    let Some(kind) = gap.kind else {
        return match gap.code {
            "provider.none" => Remedy::Link("Name your login", around::below(id, "edit")),
            _ => Remedy::Link("Look at the mappings", around::below(id, "mappings")),
        };
    };
    let role = look.roles.roles.get(kind.word());
    let role = role.and_then(|arn| templates::role_in(arn));
    let its_page = |button| match role {
        Some(role) => Remedy::Link(button, format!("/console/roles/{}", segment(role))),
        None => roles(),
    };
    match (gap.code, role) {
        // One role cannot trust two kinds and keep guests from what users may do.
        (code, _) if code.starts_with("role.trust_") && is_shared(look) => roles(),
        ("role.guests_get_in", _) if is_shared(look) => roles(),
        ("role.none" | "role.absent", _) => Remedy::NewRole(Plan::usual(name, id, kind, taken)),
        ("role.grants_nothing", Some(role)) => Remedy::Grant(kind, role.to_owned()),
        ("role.guests_get_in", Some(role)) => Remedy::Trust(kind, role.to_owned()),
        ("role.trust_condition", _) => its_page("Look at the trust"),
        (code, Some(role)) if code.starts_with("role.trust_") => {
            Remedy::Trust(kind, role.to_owned())
        }
        ("role.guest_too_broad" | "role.policy_unreadable", _) => its_page("Open the policies"),
        _ => roles(),
    }
}

/// Whether users and guests have the same role.
fn is_shared(look: &Look) -> bool {
    let [users, guests] = IdentityKind::ALL.map(|kind| look.roles.roles.get(kind.word()));
    users.is_some() && users == guests
}

/// What a button does, before it is pressed.
fn words(look: &Look, remedy: &Remedy) -> String {
    let pool = &look.pool.identity_pool_name;
    match remedy {
        Remedy::NewRole(plan) => format!(
            "The button creates a role like {}. {} {}",
            plan.role_name,
            role_plan::trust_words(pool, plan.kind),
            usual_words(pool, plan.kind),
        ),
        Remedy::Trust(kind, role) => format!(
            "The button replaces the trust policy of {role}. Then: {} If another pool uses this \
             role, make one of its own for this pool instead.",
            role_plan::trust_words(pool, *kind),
        ),
        Remedy::Grant(kind, role) => format!(
            "The button gives {role} a policy of its own. {}",
            usual_words(pool, *kind)
        ),
        Remedy::Link(..) => String::new(),
    }
}

fn usual_words(pool: &str, kind: IdentityKind) -> String {
    let bucket = role_plan::bucket_name(pool, kind);
    role_plan::access_words(role_plan::usual_access(kind), &bucket)
}

/// Does what a button says, and answers what was done.
pub(super) async fn fix(api: &Api<'_>, pool: &str, pressed: &str) -> Result<String, FixError> {
    let look = Look::at(api, pool).await?;
    let gaps = readiness::gaps(&look.setup());
    let gap = gaps.iter().find(|gap| fix_of(gap) == pressed);
    let gap = gap.ok_or(FixError::Closed)?;
    // Who may not list roles is told by the service if the name is taken.
    let roles = api.roles().await.unwrap_or_default();
    let taken: Vec<String> = roles.into_iter().map(|role| role.role_name).collect();
    match remedy(&look, gap, &taken) {
        Remedy::NewRole(plan) => new_role(api, &look, &plan).await,
        Remedy::Trust(kind, role) => {
            let tags = carries_tags(&look, kind);
            let trust = templates::trust(pool, kind, tags);
            api.update_trust(&role, &trust).await?;
            Ok(format!("{role} now trusts this pool and nobody else."))
        }
        Remedy::Grant(kind, role) => {
            let bucket = role_plan::bucket_name(&look.pool.identity_pool_name, kind);
            let access = role_plan::usual_access(kind);
            role_plan::need_bucket(api, &bucket).await?;
            let (name, document) = (access.policy_name(), access.policy(&bucket));
            api.put_role_policy(&role, name, &document).await?;
            Ok(format!("{role} has the policy {name} now."))
        }
        Remedy::Link(..) => Err(FixError::Closed),
    }
}

async fn new_role(api: &Api<'_>, look: &Look, plan: &Plan) -> Result<String, FixError> {
    let pool = &look.pool;
    let arn = plan
        .make(api, &pool.identity_pool_name, &pool.identity_pool_id)
        .await?;
    let mut roles = look.roles.clone();
    roles.roles.insert(plan.kind.word().to_owned(), arn);
    api.set_pool_roles(&pool.identity_pool_id, &roles).await?;
    Ok(format!(
        "{} have the role {} now.",
        role_plan::who(plan.kind),
        plan.role_name
    ))
}

/// Whether the trust policy lets sessions carry tags today; repairing it keeps that.
fn carries_tags(look: &Look, kind: IdentityKind) -> bool {
    let arn = look.roles.roles.get(kind.word());
    match arn.and_then(|arn| look.documents.get(arn)) {
        Some(RoleState::Known(role, _)) => {
            role.assume_role_policy_document.contains("sts:TagSession")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
