//! The role step: what the identities of a pool may do. Without roles users get no access.
//!
//! For each kind of identity a person keeps what is set, has a role made from a template, chooses one
//! that is there, or decides for none. What would be made is shown in words and as JSON first.
//!
//! **Source**: users page, section 3 (the roles prompt), section 7 (S5 and S9); requirement S60.

use askama::Template;
use http::StatusCode;

use super::around::{self, Withheld};
use super::role_form::{self, KindForm, Shown};
use crate::api::CallError;
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::roles::Role;
use crate::console::fields::Fields;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{FieldError, Tab};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;
use crate::templates::IdentityKind;

#[derive(Template)]
#[template(path = "console/pools/roles.html")]
struct RolesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    href: String,
    kinds: Vec<KindForm>,
    templates: Vec<Shown>,
    errors: Vec<FieldError>,
    problem: String,
    listed: Result<usize, Withheld>,
    set: bool,
    mapped: usize,
}

/// What the step is about.
struct Stand {
    pool: IdentityPool,
    roles: PoolRoles,
    listed: Result<Vec<Role>, CallError>,
}

impl Stand {
    async fn at(visit: &Visit, id: &str) -> Result<Self, CallError> {
        let api = visit.api();
        Ok(Self {
            pool: api.pool(id).await?,
            roles: api.pool_roles(id).await?,
            listed: api.roles().await,
        })
    }

    fn names(&self) -> Vec<String> {
        let roles = self.listed.iter().flatten();
        roles.map(|role| role.role_name.clone()).collect()
    }

    fn form(&self, kind: IdentityKind, sent: Option<&Fields>) -> KindForm {
        let current = self.roles.roles.get(kind.word()).map(String::as_str);
        let form = KindForm::first(&self.pool, kind, current, &self.names());
        match sent {
            Some(fields) => form.sent(fields),
            None => form,
        }
        .with_choices(self.listed.as_deref().ok())
    }

    fn forms(&self, sent: Option<&Fields>) -> Vec<KindForm> {
        let kinds = IdentityKind::ALL.into_iter();
        kinds.map(|kind| self.form(kind, sent)).collect()
    }
}

/// `/console/pools/{id}/roles`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let stand = Stand::at(visit, id).await?;
    if visit.is_post() {
        return sent(visit, stand).await;
    }
    let draft = visit.draft();
    let kinds = stand.forms(draft.as_ref());
    show(visit, stand, kinds, String::new(), StatusCode::OK)
}

fn show(
    visit: &Visit,
    stand: Stand,
    kinds: Vec<KindForm>,
    problem: String,
    status: StatusCode,
) -> Page {
    let pool = stand.pool;
    let id = &pool.identity_pool_id;
    let listed = stand.listed.as_ref().map(Vec::len);
    let page = RolesPage {
        frame: around::frame(
            visit,
            &pool,
            format!("Roles of {}", pool.identity_pool_name),
        ),
        tabs: around::tabs(id, "Roles"),
        href: around::href(id),
        errors: kinds.iter().flat_map(|kind| kind.errors.clone()).collect(),
        kinds,
        templates: role_form::ready_templates(),
        problem,
        listed: listed.map_err(|error| Withheld::new(error, "iam:ListRoles")),
        set: !stand.roles.roles.is_empty(),
        mapped: stand.roles.role_mappings.len(),
    };
    Reply::html_with(status, &page)
}

async fn sent(visit: &Visit, stand: Stand) -> Page {
    let mut kinds = stand.forms(Some(&visit.form));
    let taken = stand.names();
    for kind in &mut kinds {
        kind.check(&taken);
    }
    if let [users, guests] = kinds.as_mut_slice() {
        guests.check_beside(users);
    }
    let faulty = kinds.iter().any(|kind| !kind.errors.is_empty());
    if faulty {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return show(visit, stand, kinds, String::new(), status);
    }
    if visit.form.get("step") == "look" {
        return show(visit, stand, kinds, String::new(), StatusCode::OK);
    }
    match save(visit, &stand, &kinds).await {
        Ok(done) => {
            let id = &stand.pool.identity_pool_id;
            Ok(visit.done(&around::href(id), Notice::success(done)))
        }
        Err(stopped) => {
            let status = if stopped.error.is_denied() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            let problem = stopped.to_string();
            // A role that was made is there to be chosen when the form is sent again.
            let stand = Stand::at(visit, &stand.pool.identity_pool_id).await?;
            let kinds = stand.forms(Some(&stopped.retry(&visit.form)));
            show(visit, stand, kinds, problem, status)
        }
    }
}

/// Something refused on the way.
struct Stopped {
    error: CallError,
    /// The roles that were made before, by the prefix of their fields.
    made: Vec<(&'static str, String)>,
}

impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&sentence(&self.error))?;
        for (_, arn) in &self.made {
            write!(
                f,
                " The role {arn} was made before that; it is chosen below."
            )?;
        }
        if self.made.is_empty() {
            f.write_str(" The pool's roles are as they were.")?;
        }
        Ok(())
    }
}

impl Stopped {
    /// The form with the roles that were made chosen instead of made again.
    fn retry(&self, form: &Fields) -> Fields {
        self.made.iter().fold(form.clone(), |form, (prefix, arn)| {
            let (how, role) = (format!("{prefix}_how"), format!("{prefix}_role"));
            let form = form.without(|name| name == how || name == role);
            form.with(&how, "existing").with(&role, arn)
        })
    }
}

/// Makes what is to be made, then gives the pool its roles. Role mappings stay.
async fn save(visit: &Visit, stand: &Stand, kinds: &[KindForm]) -> Result<String, Stopped> {
    let (api, pool) = (visit.api(), &stand.pool);
    let id = &pool.identity_pool_id;
    let mut roles = stand.roles.clone();
    let mut made = Vec::new();
    for form in kinds {
        let word = form.kind.word();
        if let Some(plan) = form.plan() {
            match plan.make(&api, &pool.identity_pool_name, id).await {
                Ok(arn) => {
                    made.push((form.prefix, arn.clone()));
                    roles.roles.insert(word.to_owned(), arn);
                }
                Err(error) => return Err(Stopped { error, made }),
            }
        } else if let Some(arn) = form.chosen() {
            roles.roles.insert(word.to_owned(), arn.to_owned());
        } else if !form.keeps() {
            roles.roles.remove(word);
        }
    }
    if roles == stand.roles {
        return Ok("The roles are as they were.".to_owned());
    }
    match api.set_pool_roles(id, &roles).await {
        Ok(()) if roles.roles.is_empty() => {
            Ok("The pool has no roles now: its users get no access.".to_owned())
        }
        Ok(()) => Ok("The roles of the pool are set.".to_owned()),
        Err(error) => Err(Stopped { error, made }),
    }
}
