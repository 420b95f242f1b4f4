//! Deleting several identities: what it means, the number typed, what is left.
//!
//! **Source**: users page, section 7 (S12) and section 8 (destruction); Cognito identity API
//! reference, *DeleteIdentities*.

use askama::Template;
use http::StatusCode;

use super::{list_path, path_of};
use crate::api::CallError;
use crate::console::fields::Fields;
use crate::console::frame::{Frame, Notice};
use crate::console::parts::FieldError;
use crate::console::reply::{Page, Reply, sentence};
use crate::console::visit::Visit;

/// The most identities of one call.
///
/// **Source**: Cognito identity API reference, *DeleteIdentities*.
const IDS_MAX: usize = 60;

#[derive(Template)]
#[template(path = "console/identities/delete.html")]
struct DeletePage {
    frame: Frame,
    pool: String,
    back: String,
    ids: Vec<(String, String)>,
    number: String,
    errors: Vec<FieldError>,
    refused: Option<CallError>,
    left: Vec<Left>,
}

/// An identity that is still there.
#[derive(Debug)]
struct Left {
    id: String,
    href: String,
    why: &'static str,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    if !visit.is_post() {
        let draft = visit.draft();
        let fields = draft.as_ref().unwrap_or(&visit.query);
        let mut page = DeletePage::new(visit, fields);
        if page.ids.is_empty() {
            let notice = Notice::warning("No identity was selected. Tick some of them first.");
            return Ok(visit.done(&page.back, notice));
        }
        page.number = page.ids.len().to_string();
        return Reply::html(&page);
    }
    let mut page = DeletePage::new(visit, &visit.form);
    if visit.form.trimmed("typed") != page.number {
        page.errors.push(FieldError {
            field: "typed".to_owned(),
            message: format!("Type the number {} to delete them", page.number),
        });
        return Reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let ids: Vec<String> = page.ids.iter().map(|(id, _)| id.clone()).collect();
    match visit.api().delete_identities(&ids).await {
        Err(error) => page.refused = Some(error),
        Ok(unprocessed) if unprocessed.is_empty() => {
            let what = if ids.len() == 1 {
                "identity is"
            } else {
                "identities are"
            };
            let text = format!("{} {what} deleted.", ids.len());
            return Ok(visit.done(&page.back, Notice::success(text)));
        }
        Ok(unprocessed) => {
            page.left = unprocessed
                .into_iter()
                .map(|left| Left {
                    href: path_of(&left.identity_id, &page.pool),
                    why: why(&left.error_code),
                    id: left.identity_id,
                })
                .collect();
        }
    }
    Reply::html(&page)
}

impl DeletePage {
    fn new(visit: &Visit, fields: &Fields) -> Self {
        let pool = fields.trimmed("pool").to_owned();
        let mut chosen: Vec<&str> = fields.all("id").filter(|id| !id.is_empty()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        let ids: Vec<_> = chosen
            .into_iter()
            .take(IDS_MAX)
            .map(|id| (id.to_owned(), path_of(id, &pool)))
            .collect();
        let frame = visit.frame("Delete identities", "identities");
        let back = list_path(&pool);
        Self {
            frame: frame.crumb("Identities", back.clone()).crumb("Delete", ""),
            back,
            number: ids.len().to_string(),
            ids,
            pool,
            errors: Vec::new(),
            refused: None,
            left: Vec::new(),
        }
    }

    /// How it went when some are left.
    fn outcome(&self) -> String {
        let left = self.left.len();
        format!(
            "{} deleted, {left} left.",
            self.ids.len().saturating_sub(left)
        )
    }

    /// What the button does.
    fn label(&self) -> String {
        match self.ids.len() {
            1 => "Delete 1 identity".to_owned(),
            many => format!("Delete {many} identities"),
        }
    }
}

/// An error code of an unprocessed identity in words.
fn why(code: &str) -> &'static str {
    match code {
        "AccessDenied" => "You may not delete it: identities of this pool are kept from you.",
        _ => "The server could not delete it. Try again.",
    }
}
