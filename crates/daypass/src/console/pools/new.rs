//! A new pool, on one page.
//!
//! **Source**: users page, section 7 (S5) and section 3.

use askama::Template;
use http::StatusCode;

use super::around;
use super::form::PoolForm;
use crate::console::frame::{Frame, Notice};
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;

#[derive(Template)]
#[template(path = "console/pools/new.html")]
struct NewPage {
    frame: Frame,
    form: PoolForm,
    problem: String,
}

/// `/console/pools/new`.
pub(super) async fn page(visit: &Visit) -> Page {
    if visit.is_post() {
        return create(visit).await;
    }
    let form = match (visit.draft(), visit.query.given("from")) {
        (Some(fields), _) => PoolForm::sent(&fields, None),
        (None, Some(other)) => like(visit, other).await,
        (None, None) => PoolForm::blank(),
    };
    show(visit, form, String::new(), StatusCode::OK)
}

/// The settings of another pool. Its developer provider name is a proposal like the rest.
async fn like(visit: &Visit, other: &str) -> PoolForm {
    let Ok(pool) = visit.api().pool(other).await else {
        return PoolForm::blank();
    };
    PoolForm {
        name: String::new(),
        developer_fixed: false,
        ..PoolForm::of(&pool)
    }
}

fn show(visit: &Visit, form: PoolForm, problem: String, status: StatusCode) -> Page {
    let frame = visit.frame("Create identity pool", "pools");
    let page = NewPage {
        frame: frame.crumb("Pools", "/console/pools"),
        form,
        problem,
    };
    Reply::html_with(status, &page)
}

async fn create(visit: &Visit) -> Page {
    let mut form = PoolForm::sent(&visit.form, None);
    let pool = form.read();
    if form.errors.is_empty() && !form.same_name && is_taken(visit, &form.name).await {
        form.wrong(
            "same_name",
            "Another pool has this name. That works, but they are told apart by their ids only.",
        );
    }
    if !form.errors.is_empty() {
        return show(visit, form, String::new(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    match visit.api().create_pool(&pool).await {
        Ok(pool) => {
            let text = format!(
                "The pool “{}” is created. Now say what its identities may do.",
                pool.identity_pool_name
            );
            let roles = around::below(&pool.identity_pool_id, "roles");
            Ok(visit.done(&roles, Notice::success(text)))
        }
        Err(error) if error.is_denied() => {
            show(visit, form, sentence(&error), StatusCode::FORBIDDEN)
        }
        Err(error) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(visit, form, sentence(&error), status)
        }
    }
}

/// Whether a pool has this name; somebody who may not list pools is not told.
async fn is_taken(visit: &Visit, name: &str) -> bool {
    let pools = visit.api().pools().await.unwrap_or_default();
    pools.iter().any(|pool| pool.identity_pool_name == name)
}
