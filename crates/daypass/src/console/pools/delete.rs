//! Deleting a pool: what would be gone is said first, and asked for twice.
//!
//! **Source**: users page, section 7 (S11) and section 8 (destruction).

use askama::Template;
use http::StatusCode;

use super::around;
use super::list::counted;
use crate::api::CallError;
use crate::api::deployment::IdentityCount;
use crate::api::pools::IdentityPool;
use crate::console::fields::Fields;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{FieldError, error_of};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;
use crate::templates;

#[derive(Template)]
#[template(path = "console/pools/delete.html")]
struct DeletePage {
    frame: Frame,
    href: String,
    pool: IdentityPool,
    identities: String,
    has_identities: bool,
    roles: Vec<String>,
    ticked: bool,
    errors: Vec<FieldError>,
    problem: String,
}

impl DeletePage {
    fn error(&self, field: &str) -> &str {
        error_of(&self.errors, field)
    }

    /// What the tick says.
    fn also(&self) -> String {
        match self.identities.as_str() {
            "–" => "Also delete all its identities".to_owned(),
            "1" => "Also delete its 1 identity".to_owned(),
            count => format!("Also delete its {count} identities"),
        }
    }
}

/// `/console/pools/{id}/delete`.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let api = visit.api();
    let pool = api.pool(id).await?;
    let count = api.count_identities(id).await;
    let has_identities = may_have_identities(&count);
    let mut problem = String::new();
    let mut errors = Vec::new();
    let mut status = StatusCode::OK;
    if visit.is_post() {
        errors = faults(&visit.form, &pool.identity_pool_name, has_identities);
        status = StatusCode::UNPROCESSABLE_ENTITY;
        if errors.is_empty() {
            match api.delete_pool(id).await {
                Ok(()) => {
                    let text = format!("The pool “{}” is deleted.", pool.identity_pool_name);
                    return Ok(visit.done("/console/pools", Notice::success(text)));
                }
                Err(error) => problem = sentence(&error),
            }
        }
    }
    let roles = api.pool_roles(id).await.unwrap_or_default();
    let roles = roles.roles.values();
    let roles = roles.map(|arn| templates::role_in(arn).unwrap_or(arn).to_owned());
    let page = DeletePage {
        frame: around::frame(visit, &pool, format!("Delete {}", pool.identity_pool_name)),
        href: around::href(id),
        identities: counted(&count),
        has_identities,
        roles: roles.collect(),
        ticked: visit.form.has("identities"),
        errors,
        problem,
        pool,
    };
    Reply::html_with(status, &page)
}

/// A pool whose identities could not be counted may have some.
fn may_have_identities(count: &Result<IdentityCount, CallError>) -> bool {
    count.as_ref().map_or(true, |count| count.count > 0)
}

/// What is missing before the pool may go.
fn faults(form: &Fields, name: &str, has_identities: bool) -> Vec<FieldError> {
    let fault = |field: &str, message: &str| FieldError {
        field: field.to_owned(),
        message: message.to_owned(),
    };
    let mut faults = Vec::new();
    if has_identities && !form.has("identities") {
        let message = "Tick that the identities are to be deleted, too.";
        faults.push(fault("identities", message));
    }
    if form.trimmed("typed") != name.trim() {
        let message = "This is not the name of the pool. Type it exactly as it is shown.";
        faults.push(fault("typed", message));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_with_identities_needs_its_name_and_a_tick() {
        let faults = |form: &[u8], has| {
            let faults = faults(&Fields::parse(form), "My app", has);
            faults.into_iter().map(|one| one.field).collect::<Vec<_>>()
        };
        assert_eq!(faults(b"", true), ["identities", "typed"]);
        assert_eq!(faults(b"typed=My+app", true), ["identities"]);
        assert_eq!(faults(b"typed=my+app&identities=on", true), ["typed"]);
        assert!(faults(b"typed=My+app&identities=on", true).is_empty());
        assert!(faults(b"typed=My+app", false).is_empty());
    }

    #[test]
    fn what_could_not_be_counted_is_protected() {
        assert!(may_have_identities(&Err(CallError::Unanswered(
            "no".into()
        ))));
        assert!(!may_have_identities(&Ok(IdentityCount::default())));
    }
}
