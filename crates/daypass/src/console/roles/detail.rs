//! One role: facts, whom it lets in, what it allows, what uses it, deleting it.
//!
//! **Source**: users page, S15 and section 7a; IAM API reference, *GetRole* and *DeleteRole*.

use askama::Template;
use daypass_policy::{Document, DocumentKind};
use http::StatusCode;

use super::indent::laid_out;
use super::list::moment;
use super::managed::in_words;
use super::uses::{Use, Uses};
use super::{PATH, Told, below, policy_path, role_path};
use crate::api::roles::Role;
use crate::api::{Api, CallError, Query};
use crate::console::frame::{Frame, Notice};
use crate::console::moment::{Moment, span};
use crate::console::parts::FieldError;
use crate::console::reply::{Page, Reply, sentence};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::words::{self, Trust};

#[derive(Template)]
#[template(path = "console/roles/detail.html")]
struct RolePage {
    frame: Frame,
    role: Role,
    href: String,
    trust_href: String,
    new_policy_href: String,
    created: Option<Moment>,
    longest: String,
    trust: Result<Trust, String>,
    trust_text: String,
    policies: Result<Vec<Told>, CallError>,
    uses: Vec<Use>,
    gap: String,
    errors: Vec<FieldError>,
}

/// The page.
pub(super) async fn page(visit: &Visit, name: &str) -> Page {
    if !visit.is_post() {
        let _ = visit.draft();
        return show(visit, name, Vec::new()).await;
    }
    if visit.form.trimmed("typed") != name {
        let error = FieldError {
            field: "typed".to_owned(),
            message: "Type the name of the role to delete it".to_owned(),
        };
        return show(visit, name, vec![error]).await;
    }
    match delete(visit.api(), name).await {
        Ok(()) => {
            let text = format!("The role {name} is deleted.");
            Ok(visit.done(PATH, Notice::success(text)))
        }
        Err(error) => {
            let text = format!("The role is not deleted: {}", sentence(&error));
            Ok(visit.done(&role_path(name), Notice::error(text)))
        }
    }
}

/// Takes a role's policies from it and deletes it.
async fn delete(api: Api<'_>, name: &str) -> Result<(), CallError> {
    for (_, arn) in api.attached_role_policies(name).await? {
        let input = [("RoleName", name), ("PolicyArn", arn.as_str())];
        api.query(Query::Iam, "DetachRolePolicy", &input).await?;
    }
    for policy in api.role_policies(name).await? {
        api.delete_role_policy(name, &policy).await?;
    }
    api.delete_role(name).await
}

async fn show(visit: &Visit, name: &str, errors: Vec<FieldError>) -> Page {
    let api = visit.api();
    let role = api.role(name).await?;
    let uses = Uses::of(api).await;
    let document = Document::parse(&role.assume_role_policy_document, DocumentKind::Trust);
    let trust = document
        .map(|document| words::trust(&document, &uses.names))
        .map_err(|error| error.to_string());
    let status = if errors.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let seconds = role.max_session_duration.parse().unwrap_or(0);
    let page = RolePage {
        frame: visit
            .frame(name, "roles")
            .crumb("Roles & policies", PATH)
            .crumb(name, ""),
        href: role_path(name),
        trust_href: below(name, "trust"),
        new_policy_href: below(name, "policies/new"),
        created: moment(&role.create_date, visit.now_seconds()),
        longest: span(seconds),
        trust,
        trust_text: laid_out(&role.assume_role_policy_document),
        policies: policies(api, name).await,
        uses: uses.by(&role.arn),
        gap: uses.gap,
        role,
        errors,
    };
    Reply::html_with(status, &page)
}

/// A role's own policies and the managed ones attached to it.
async fn policies(api: Api<'_>, role: &str) -> Result<Vec<Told>, CallError> {
    let mut all = Vec::new();
    for policy in api.role_policies(role).await? {
        let text = api.role_policy(role, &policy).await?;
        all.push(in_words(
            &policy,
            policy_path(role, &policy),
            laid_out(&text),
        ));
    }
    for (policy, arn) in api.attached_role_policies(role).await? {
        let (_, text) = api.managed_policy(&arn).await?;
        let href = format!("{PATH}?policy={}", segment(&arn));
        all.push(in_words(&policy, href, laid_out(&text)));
    }
    Ok(all)
}

impl RolePage {
    /// How many policies go with the role.
    fn held(&self) -> usize {
        self.policies.as_ref().map_or(0, Vec::len)
    }
}
