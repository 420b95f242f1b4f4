//! Unlinking a developer user from an identity: what it means first, then the button.
//!
//! **Source**: users page, section 7 (S13) and row 50; Cognito identity API reference,
//! *UnlinkDeveloperIdentity*.

use askama::Template;
use serde_json::{Value, json};

use super::{list_path, path_of};
use crate::api::{CallError, Json};
use crate::console::frame::{Frame, Notice};
use crate::console::reply::{Page, Reply, Trouble, sentence};
use crate::console::visit::Visit;

#[derive(Template)]
#[template(path = "console/identities/unlink.html")]
struct UnlinkPage {
    frame: Frame,
    action: String,
    back: String,
    pool: String,
    provider: String,
    user: String,
    last: Option<bool>,
    refused: Option<CallError>,
}

/// The page.
pub(super) async fn page(visit: &Visit, id: &str) -> Page {
    let draft = visit.draft();
    let fields = if visit.is_post() {
        &visit.form
    } else {
        draft.as_ref().unwrap_or(&visit.query)
    };
    let (pool, user) = (
        fields.trimmed("pool").to_owned(),
        fields.get("user").to_owned(),
    );
    if pool.is_empty() || user.is_empty() {
        return Err(Trouble::NotFound);
    }
    let api = visit.api();
    let provider = api
        .pool(&pool)
        .await?
        .developer_provider_name
        .unwrap_or_default();
    let back = path_of(id, &pool);
    let mut refused = None;
    if visit.is_post() {
        let input = json!({
            "IdentityId": id, "IdentityPoolId": pool,
            "DeveloperProviderName": provider, "DeveloperUserIdentifier": user,
        });
        let done = api
            .json::<Value>(Json::Cognito, "UnlinkDeveloperIdentity", &input)
            .await;
        match done {
            Ok(_) => {
                let text = format!("{user} is unlinked and no longer leads to this identity.");
                return Ok(visit.done(&back, Notice::success(text)));
            }
            Err(error) => refused = Some(error),
        }
    }
    let users = api.users_of_identity(&pool, id).await;
    let frame = visit.frame("Unlink a developer user", "identities");
    Reply::html(&UnlinkPage {
        frame: frame
            .crumb("Identities", list_path(&pool))
            .crumb(id, back.clone())
            .crumb("Unlink", ""),
        action: visit.path().to_owned(),
        last: users.ok().map(|users| users.len() <= 1),
        back,
        pool,
        provider,
        user,
        refused,
    })
}
