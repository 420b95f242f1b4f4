//! `/console/pools/{id}/test`: the whole exchange, made by pressing a button.
//!
//! A token for a user, credentials for the token, a write that has to be allowed and one that has to
//! be refused: each with its request, its answer, its time, and for a surprise what to do about it.
//! The first step is signed with the person's own key, so it needs the right to mint.
//!
//! **Source**: users page, section 7 (S7) and 7a; section 5 for the advice.

use askama::Template;
use http::StatusCode;

use super::around;
use crate::api::CallError;
use crate::api::pools::IdentityPool;
use crate::console::claims::{self, ClaimRow};
use crate::console::frame::{Frame, Notice};
use crate::console::parts::{Choice, FieldError, Tab, error_of};
use crate::console::reply::{self, Page, Reply};
use crate::console::visit::Visit;
use crate::readiness;

mod form;
mod run;

use form::Form;
use run::Ran;

#[derive(Template)]
#[template(path = "console/pools/test_exchange.html")]
struct TestPage {
    frame: Frame,
    tabs: Vec<Tab>,
    action: String,
    edit: String,
    snippets: String,
    provider: String,
    form: Form,
    errors: Vec<FieldError>,
    buckets: Vec<Choice>,
    missing: String,
    ran: Option<Ran>,
    claims: Vec<ClaimRow>,
    cli: String,
}

/// The buckets there are, and the one that the pool's role is for.
struct Buckets {
    all: Result<Vec<String>, CallError>,
    of_role: Option<String>,
}

impl Buckets {
    async fn of(visit: &Visit, pool: &str) -> Self {
        let api = visit.api();
        Self {
            all: api.buckets().await,
            of_role: readiness::bucket(&api, pool).await,
        }
    }

    /// The one to begin with.
    fn first(&self) -> String {
        let all = self.all.as_deref().unwrap_or_default();
        let first = self.of_role.as_ref().or(all.first());
        first.cloned().unwrap_or_default()
    }

    /// Whether a bucket is known not to be there.
    fn lacks(&self, name: &str) -> bool {
        let there = |all: &Vec<String>| all.iter().any(|one| one == name);
        !name.is_empty() && self.all.as_ref().is_ok_and(|all| !there(all))
    }

    /// What there is to choose from; nothing if the name has to be typed.
    fn choices(&self, chosen: &str) -> Vec<Choice> {
        let Ok(all) = &self.all else {
            return Vec::new();
        };
        let mut names: Vec<&str> = all.iter().map(String::as_str).collect();
        if names.is_empty() && self.of_role.is_none() {
            return Vec::new();
        }
        for name in [self.of_role.as_deref().unwrap_or_default(), chosen] {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        let label = |name: &str| {
            let note = if self.lacks(name) {
                " (not there yet)"
            } else {
                ""
            };
            format!("{name}{note}")
        };
        names
            .iter()
            .map(|name| Choice::new(name, &label(name), chosen))
            .collect()
    }
}

/// The page.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let pool = visit.api().pool(id).await?;
    let buckets = Buckets::of(visit, id).await;
    if !visit.is_post() {
        let form = match visit.draft() {
            Some(draft) => Form::read(&draft),
            None => Form::first(buckets.first()),
        };
        return Reply::html(&TestPage::new(visit, &pool, &buckets, form));
    }
    let form = Form::read(&visit.form);
    if visit.form.get("do") == "create-bucket" {
        return create_bucket(visit, &pool, form).await;
    }
    let mut page = TestPage::new(visit, &pool, &buckets, form);
    page.errors = page.form.faults();
    if !page.errors.is_empty() || page.provider.is_empty() {
        return Reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let ran = run::run(visit, &pool, &page.form).await;
    if ran.bucket_is_missing {
        page.missing.clone_from(&page.form.bucket);
    }
    let token = ran.token.as_ref();
    page.claims = token.map_or_else(Vec::new, |token| {
        claims::rows(token, true, visit.now_seconds())
    });
    page.ran = Some(ran);
    Reply::html(&page)
}

/// Makes the bucket and shows the form again as it was.
async fn create_bucket(visit: &Visit, pool: &IdentityPool, form: Form) -> Page {
    let created = visit.api().create_bucket(&form.bucket).await;
    let notice = match &created {
        Ok(()) => Notice::success(format!("The bucket {} is there now.", form.bucket)),
        Err(error) if error.is("BucketAlreadyOwnedByYou") => {
            Notice::success(format!("The bucket {} is there already.", form.bucket))
        }
        Err(error) => Notice::error(format!(
            "The bucket was not created: {}",
            reply::sentence(error)
        )),
    };
    let buckets = Buckets::of(visit, &pool.identity_pool_id).await;
    let mut page = TestPage::new(visit, pool, &buckets, form);
    page.frame = page.frame.saying(notice);
    Reply::html(&page)
}

impl TestPage {
    fn new(visit: &Visit, pool: &IdentityPool, buckets: &Buckets, form: Form) -> Self {
        let id = &pool.identity_pool_id;
        let title = format!("Test exchange for {}", pool.identity_pool_name);
        let lacks = buckets.lacks(&form.bucket);
        Self {
            frame: around::frame(visit, pool, title).crumb("Test exchange", ""),
            tabs: around::tabs(id, "Test exchange"),
            action: around::below(id, "test"),
            edit: around::below(id, "edit"),
            snippets: around::below(id, "snippets"),
            provider: pool.developer_provider_name.clone().unwrap_or_default(),
            errors: Vec::new(),
            buckets: buckets.choices(&form.bucket),
            missing: if lacks {
                form.bucket.clone()
            } else {
                String::new()
            },
            ran: None,
            claims: Vec::new(),
            cli: form.as_command(id),
            form,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buckets(all: &[&str], of_role: Option<&str>) -> Buckets {
        Buckets {
            all: Ok(all.iter().map(|name| (*name).to_owned()).collect()),
            of_role: of_role.map(str::to_owned),
        }
    }

    #[test]
    fn the_bucket_of_the_role_comes_first_and_is_marked_if_it_is_not_there() {
        let buckets = buckets(&["a"], Some("photos"));
        assert_eq!(buckets.first(), "photos");
        let choices = buckets.choices("photos");
        assert_eq!(choices.last().unwrap().label, "photos (not there yet)");
        assert!(choices.last().unwrap().selected && !choices.first().unwrap().selected);
    }

    #[test]
    fn without_any_bucket_its_name_is_typed() {
        assert!(buckets(&[], None).choices("x").is_empty());
        assert!(!buckets(&[], None).lacks(""));
    }

    #[test]
    fn a_list_that_may_not_be_seen_says_nothing_of_what_is_missing() {
        let buckets = Buckets {
            all: Err(CallError::Unanswered("no".to_owned())),
            of_role: Some("photos".to_owned()),
        };
        assert!(!buckets.lacks("photos") && buckets.choices("photos").is_empty());
    }
}
