//! A new role: a name, whom it lets in, what it allows.
//!
//! **Source**: users page, S15; IAM API reference, *CreateRole* and *PutRolePolicy*.

use askama::Template;
use daypass_policy::{Context, DocumentKind};
use http::StatusCode;

use super::editor::is_name;
use super::review::{Circumstances, Fault, review};
use super::{PATH, role_path};
use crate::api::pools::PoolRow;
use crate::api::{Api, CallError};
use crate::console::fields::Fields;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{Choice, FieldError, error_of};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;
use crate::templates::{self, Access, IdentityKind};
use crate::words::PoolNames;

/// **Source**: IAM API reference, *CreateRole*, role name.
const NAME_CHARS_MAX: usize = 64;

/// **Source**: IAM user guide, *IAM and AWS STS quotas*, role trust policy length.
const TRUST_CHARS_MAX: usize = 2_048;

#[derive(Template)]
#[template(path = "console/roles/create.html")]
struct CreatePage {
    frame: Frame,
    name: String,
    description: String,
    trusts: Vec<Choice>,
    pools: Vec<Choice>,
    custom: String,
    fault: Fault,
    grants: Vec<Choice>,
    bucket: String,
    problem: String,
    errors: Vec<FieldError>,
}

/// What a form asks for, when it can be made.
struct Wanted {
    trust: String,
    grants: Option<(&'static str, String)>,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let pools = visit.api().pools().await.unwrap_or_default();
    if !visit.is_post() {
        let draft = visit.draft();
        let fields = draft.as_ref().unwrap_or(&visit.query);
        return Reply::html(&CreatePage::new(visit, fields, &pools));
    }
    let mut page = CreatePage::new(visit, &visit.form, &pools);
    let Some(wanted) = page.wanted(&visit.form) else {
        return Reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    match make(visit.api(), &page, &wanted).await {
        Ok(missing) => {
            let name = &page.name;
            let notice = match missing {
                None => Notice::success(format!("The role {name} is created.")),
                Some(error) => Notice::warning(format!(
                    "The role {name} is created, but it has no policy yet: {}",
                    sentence(&error)
                )),
            };
            Ok(visit.done(&role_path(name), notice))
        }
        Err(error) => {
            if error.is("EntityAlreadyExists") {
                page.wrong("name", "There is a role of this name already");
            } else {
                page.problem = sentence(&error);
            }
            let status = if error.is_denied() {
                StatusCode::FORBIDDEN
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            Reply::html_with(status, &page)
        }
    }
}

/// Makes the role and gives it its policy; the error of the second does not undo the first.
async fn make(
    api: Api<'_>,
    page: &CreatePage,
    wanted: &Wanted,
) -> Result<Option<CallError>, CallError> {
    api.create_role(&page.name, &wanted.trust, &page.description)
        .await?;
    let Some((policy, text)) = &wanted.grants else {
        return Ok(None);
    };
    Ok(api.put_role_policy(&page.name, policy, text).await.err())
}

impl CreatePage {
    fn new(visit: &Visit, fields: &Fields, pools: &[PoolRow]) -> Self {
        let or = |name: &str, default: &str| fields.given(name).unwrap_or(default).to_owned();
        let (trust, grants) = (or("trust", "people"), or("grants", "own-prefix"));
        let trusts = [
            (
                "people",
                "People who logged in to a pool",
                "They showed a login of one of its providers.",
            ),
            (
                "guests",
                "Guests of a pool",
                "Anybody who asks. Give them little.",
            ),
            (
                "custom",
                "Somebody else",
                "Write the trust policy yourself.",
            ),
        ];
        let grant_rows = [
            (
                "own-prefix",
                "Their own objects",
                "Read, write and list under their identity id in a bucket.",
            ),
            (
                "read-only",
                "Read a bucket",
                "Every object of it, nothing to write.",
            ),
            ("none", "Nothing yet", "Add policies afterwards."),
        ];
        let choices = |rows: [(&str, &str, &str); 3], chosen: &str| {
            let choice = |(value, label, hint)| Choice::new(value, label, chosen).hint(hint);
            rows.map(choice).to_vec()
        };
        let pool = fields.trimmed("pool");
        Self {
            frame: visit
                .frame("Create role", "roles")
                .crumb("Roles & policies", PATH)
                .crumb("Create role", ""),
            name: fields.trimmed("name").to_owned(),
            description: fields.trimmed("description").to_owned(),
            trusts: choices(trusts, &trust),
            pools: pool_choices(pools, pool),
            custom: fields.get("custom").trim().to_owned(),
            fault: Fault::default(),
            grants: choices(grant_rows, &grants),
            bucket: fields.trimmed("bucket").to_owned(),
            problem: String::new(),
            errors: Vec::new(),
        }
    }

    fn wrong(&mut self, field: &str, message: &str) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.to_owned(),
        });
    }

    /// What to make, unless something has to be put right first.
    fn wanted(&mut self, form: &Fields) -> Option<Wanted> {
        if !is_name(&self.name, NAME_CHARS_MAX) {
            let message = "Give it a name of letters, digits and + = , . @ _ -, at most 64";
            self.wrong("name", message);
        }
        let pool = form.trimmed("pool");
        let trust = match form.get("trust") {
            "people" => self.pool_trust(pool, IdentityKind::Authenticated),
            "guests" => self.pool_trust(pool, IdentityKind::Unauthenticated),
            _ => self.custom_trust(),
        };
        let access = match form.get("grants") {
            "own-prefix" => Some(Access::OwnPrefix),
            "read-only" => Some(Access::ReadOnly),
            _ => None,
        };
        if access.is_some() && !is_bucket(&self.bucket) {
            let message = "Name the bucket: 3 to 63 small letters, digits, dots and hyphens";
            self.wrong("bucket", message);
        }
        let grants = access.map(|it| (it.policy_name(), it.policy(&self.bucket)));
        let trust = trust.filter(|_| self.errors.is_empty())?;
        Some(Wanted { trust, grants })
    }

    fn pool_trust(&mut self, pool: &str, kind: IdentityKind) -> Option<String> {
        if pool.is_empty() {
            self.wrong("pool", "Choose the pool whose people it is for");
            return None;
        }
        Some(templates::trust(pool, kind, false))
    }

    fn custom_trust(&mut self) -> Option<String> {
        let circumstances = Circumstances {
            kind: DocumentKind::Trust,
            for_guests: false,
            chars_max: TRUST_CHARS_MAX,
            context: &Context::new(),
            pools: &PoolNames::new(),
        };
        if let Some(fault) = review(&self.custom, &circumstances).fault {
            self.wrong("custom", &fault.message);
            self.fault = fault;
            return None;
        }
        Some(self.custom.clone())
    }
}

/// The pools to choose from; where there are several, none is chosen by itself.
fn pool_choices(pools: &[PoolRow], chosen: &str) -> Vec<Choice> {
    let choice = |it: &PoolRow| Choice::new(&it.identity_pool_id, &it.identity_pool_name, chosen);
    let mut choices: Vec<Choice> = pools.iter().map(choice).collect();
    if chosen.is_empty() && choices.len() > 1 {
        choices.insert(0, Choice::new("", "Choose a pool", ""));
    }
    choices
}

/// Whether a text can be the name of a bucket.
///
/// **Source**: S3 user guide, *Bucket naming rules*.
fn is_bucket(name: &str) -> bool {
    let known = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
    (3..=63).contains(&name.len()) && name.chars().all(known)
}
