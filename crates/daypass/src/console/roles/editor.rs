//! The editor of a policy: written, checked, told in words, put in force.
//!
//! The text in force when the page was made is known by a mark in the form. Who puts a text in
//! force over one they did not see is told so first, and shown it.
//!
//! **Source**: users page, S15 and section 7a (S15); IAM API reference, *UpdateAssumeRolePolicy*,
//! *PutRolePolicy* and *DeleteRolePolicy*.

use askama::Template;
use daypass_proof::digest::sha256_hex;
use http::StatusCode;

use super::preview;
use super::review::{Circumstances, Fault, Review, review};
use super::subject::Subject;
use super::uses::Uses;
use super::{PATH, role_path};
use crate::api::CallError;
use crate::api::roles::Role;
use crate::console::fields::Fields;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{Choice, FieldError, error_of};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;

#[derive(Template)]
#[template(path = "console/roles/editor.html")]
struct EditorPage {
    frame: Frame,
    role: String,
    action: String,
    back: String,
    trust: bool,
    new: bool,
    policy: String,
    name: String,
    text: String,
    version: String,
    preview: String,
    review: Option<Review>,
    fault: Fault,
    theirs: String,
    problem: String,
    uses: String,
    templates: Vec<Choice>,
    pools: Vec<Choice>,
    bucket: String,
    errors: Vec<FieldError>,
}

/// Everything the page is about.
struct Desk<'v> {
    visit: &'v Visit,
    subject: Subject,
    role: Role,
    uses: Uses,
    stored: String,
}

/// The page.
pub(super) async fn page(visit: &Visit, role: &str, subject: Subject) -> Page {
    let role = visit.api().role(role).await?;
    let stored = subject.text(visit.api(), &role).await?;
    let desk = Desk {
        visit,
        uses: Uses::of(visit.api()).await,
        subject,
        role,
        stored,
    };
    if !visit.is_post() {
        return desk.open().await;
    }
    match visit.form.get("do") {
        "delete" => desk.delete().await,
        "save" => desk.save().await,
        _ => desk.check().await,
    }
}

impl Desk<'_> {
    /// The page as it is opened: with a draft, a template, or the text in force.
    async fn open(&self) -> Page {
        let draft = self.visit.draft();
        if let Some(draft) = draft.filter(|draft| draft.has("document")) {
            return self.look(self.page(&draft), StatusCode::OK).await;
        }
        let mut page = self.page(&Fields::default());
        self.stored.clone_into(&mut page.text);
        page.version = mark_of(&self.stored);
        if let Some(template) = self.subject.template(&self.visit.query) {
            page.text = template;
        }
        if page.text.is_empty() {
            return Reply::html(&page);
        }
        self.look(page, StatusCode::OK).await
    }

    /// The page as a form fills it.
    fn page(&self, fields: &Fields) -> EditorPage {
        let (role, query) = (&self.role.role_name, &self.visit.query);
        let title = self.subject.title();
        let frame = self.visit.frame(title.clone(), "roles");
        EditorPage {
            frame: frame
                .crumb("Roles & policies", PATH)
                .crumb(role.clone(), role_path(role))
                .crumb(title, ""),
            action: self.subject.href(role),
            back: role_path(role),
            trust: self.subject == Subject::Trust,
            new: self.subject == Subject::NewPolicy,
            policy: match &self.subject {
                Subject::Policy(name) => name.clone(),
                _ => String::new(),
            },
            name: fields.trimmed("name").to_owned(),
            text: fields.get("document").trim().to_owned(),
            version: fields.get("version").to_owned(),
            preview: fields.trimmed("preview").to_owned(),
            review: None,
            fault: Fault::default(),
            theirs: String::new(),
            problem: String::new(),
            uses: self.used_by(),
            templates: self.subject.templates(query.get("start")),
            pools: self.pools(query.trimmed("pool")),
            bucket: query.trimmed("bucket").to_owned(),
            errors: Vec::new(),
            role: role.clone(),
        }
    }

    fn used_by(&self) -> String {
        let uses = self.uses.by(&self.role.arn);
        let uses = uses.iter().map(|it| format!("{} ({})", it.pool, it.whom));
        uses.collect::<Vec<_>>().join(", ")
    }

    fn pools(&self, chosen: &str) -> Vec<Choice> {
        let pools = self.uses.pools.iter();
        let choice = |(id, name): (&String, &String)| Choice::new(id, name, chosen);
        pools
            .map(|it| choice((&it.identity_pool_id, &it.identity_pool_name)))
            .collect()
    }

    /// Looks at the text of a page and answers it.
    async fn look(&self, mut page: EditorPage, status: StatusCode) -> Page {
        let context = preview::context(self.visit, &self.role, &self.uses, &page.preview).await;
        let context = context.unwrap_or_else(|message| {
            page.wrong("preview", message);
            daypass_policy::Context::new()
        });
        let circumstances = Circumstances {
            kind: self.subject.kind(),
            for_guests: self.uses.for_guests(&self.role.arn),
            chars_max: self.subject.chars_max(),
            context: &context,
            pools: &self.uses.names,
        };
        let mut review = review(&page.text, &circumstances);
        if let Some(fault) = review.fault.take() {
            page.wrong("document", fault.message.clone());
            page.fault = fault;
        }
        page.review = Some(review);
        let status = if page.errors.is_empty() || status != StatusCode::OK {
            status
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        Reply::html_with(status, &page)
    }

    async fn check(&self) -> Page {
        self.look(self.page(&self.visit.form), StatusCode::OK).await
    }

    async fn save(&self) -> Page {
        let mut page = self.page(&self.visit.form);
        if self.subject == Subject::NewPolicy
            && let Some(message) = self.wrong_name(&page.name).await?
        {
            page.wrong("name", message);
        }
        let circumstances = Circumstances {
            kind: self.subject.kind(),
            for_guests: false,
            chars_max: self.subject.chars_max(),
            context: &daypass_policy::Context::new(),
            pools: &self.uses.names,
        };
        let readable = review(&page.text, &circumstances).fault.is_none();
        if !page.errors.is_empty() || !readable {
            return self.look(page, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        if page.version != mark_of(&self.stored) {
            self.stored.clone_into(&mut page.theirs);
            page.version = mark_of(&self.stored);
            return self.look(page, StatusCode::CONFLICT).await;
        }
        let (api, role) = (self.visit.api(), &self.role.role_name);
        match self.subject.put(api, role, &page.name, &page.text).await {
            Ok(()) => {
                let text = match &self.subject {
                    Subject::Trust => "The trust policy is saved and in force.".to_owned(),
                    Subject::Policy(name) => format!("The policy {name} is saved and in force."),
                    Subject::NewPolicy => format!("The policy {} is in force.", page.name),
                };
                Ok(self.visit.done(&page.back, Notice::success(text)))
            }
            Err(error) => self.refused(page, &error).await,
        }
    }

    async fn refused(&self, mut page: EditorPage, error: &CallError) -> Page {
        page.problem = sentence(error);
        let status = if error.is_denied() {
            StatusCode::FORBIDDEN
        } else {
            StatusCode::UNPROCESSABLE_ENTITY
        };
        self.look(page, status).await
    }

    /// What is wrong with the name of a new policy.
    async fn wrong_name(&self, name: &str) -> Result<Option<String>, CallError> {
        if !is_name(name, 128) {
            let message = "Give it a name of letters, digits and + = , . @ _ -, at most 128";
            return Ok(Some(message.to_owned()));
        }
        let taken = self.visit.api().role_policies(&self.role.role_name).await?;
        let twin = taken.iter().find(|it| it.eq_ignore_ascii_case(name));
        Ok(twin.map(|twin| format!("The role has a policy {twin} already")))
    }

    async fn delete(&self) -> Page {
        let Subject::Policy(name) = &self.subject else {
            return self.check().await;
        };
        let mut page = self.page(&Fields::default());
        self.stored.clone_into(&mut page.text);
        page.version = mark_of(&self.stored);
        if self.visit.form.trimmed("typed") != name {
            page.wrong(
                "typed",
                "Type the name of the policy to delete it".to_owned(),
            );
            return self.look(page, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let (api, role) = (self.visit.api(), &self.role.role_name);
        match api.delete_role_policy(role, name).await {
            Ok(()) => {
                let text = format!("The policy {name} is deleted.");
                Ok(self.visit.done(&page.back, Notice::success(text)))
            }
            Err(error) => self.refused(page, &error).await,
        }
    }
}

impl EditorPage {
    fn wrong(&mut self, field: &str, message: String) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message,
        });
    }
}

/// The mark of a text.
fn mark_of(text: &str) -> String {
    sha256_hex(text.as_bytes())
}

/// Whether IAM takes a name.
///
/// **Source**: IAM API reference, *PutRolePolicy* and *CreateRole*, name patterns.
pub(super) fn is_name(name: &str, chars_max: usize) -> bool {
    let known = |c: char| c.is_ascii_alphanumeric() || "+=,.@_-".contains(c);
    (1..=chars_max).contains(&name.len()) && name.chars().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_what_iam_takes() {
        assert!(is_name("own-prefix_1+=,.@", 128));
        for other in ["", "a b", "ü", "a/b", &"x".repeat(129)] {
            assert!(!is_name(other, 128), "{other}");
        }
    }
}
