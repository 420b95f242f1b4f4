//! `/console/inspector`: what a pasted token says, whether it is good here, and what it is good for.
//!
//! The token comes in a form, is looked at and forgotten: it is in no address, no log and no page
//! that is sent back. A text that is a secret is refused before anything is made of it.
//!
//! **Source**: users page, section 7 (S17) and 7a; requirement S77.

use askama::Template;
use http::StatusCode;

use super::claims::{self, ClaimRow, sentence as as_sentence};
use super::frame::Frame;
use super::parts::{FieldError, error_of};
use super::reply::{Page, Reply};
use super::visit::Visit;
use crate::token::{self, NotAToken, Token};

mod verdict;

use verdict::{House, Verdict};

/// The field that a token is pasted in. Its name keeps it out of forms that are carried over.
const FIELD: &str = "secret_token";

/// The length of a secret access key.
const SECRET_CHARS: usize = 40;

/// How a session token of ours begins.
const SESSION_TOKEN: &str = "dps";

#[derive(Template)]
#[template(path = "console/inspector.html")]
struct InspectorPage {
    frame: Frame,
    errors: Vec<FieldError>,
    inspected: Option<Inspected>,
}

/// A token taken apart and judged.
struct Inspected {
    verdict: Verdict,
    life: String,
    clocks: String,
    claims: Vec<ClaimRow>,
    header: String,
    payload: String,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let mut page = InspectorPage {
        frame: visit.frame("Token inspector", "inspector"),
        errors: Vec::new(),
        inspected: None,
    };
    if !visit.is_post() {
        return Reply::html(&page);
    }
    let text = visit.form.trimmed(FIELD);
    match read(text) {
        Ok(token) => {
            let house = House::of(visit).await?;
            page.inspected = Some(inspect(text, &token, &house, visit.now_seconds()));
            Reply::html(&page)
        }
        Err(message) => {
            page.errors.push(FieldError {
                field: FIELD.to_owned(),
                message,
            });
            Reply::html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The token in a text, or what to say about the text.
fn read(text: &str) -> Result<Token, String> {
    if is_session_token(text) {
        return Err(
            "This is a session token, a part of temporary credentials, and was cleared. \
                    It is sealed: only the server that made it can read it. Whoever saw it can \
                    use it together with its secret access key until it ends."
                .to_owned(),
        );
    }
    if looks_secret(text) {
        return Err(as_said(NotAToken::SecretAccessKey, text));
    }
    token::read(text).map_err(|error| as_said(error, text))
}

/// What to say of a text that is none.
fn as_said(error: NotAToken, text: &str) -> String {
    match error {
        NotAToken::Empty => "Paste a token first.".to_owned(),
        NotAToken::SecretAccessKey => "This looks like a secret access key and was cleared. It \
             was not kept here; but treat it as known to others: create a new key and delete this \
             one."
            .to_owned(),
        NotAToken::Malformed(what) if looks_cut_off(text) => {
            format!("This looks like a token that was not copied whole: {what}.")
        }
        other => as_sentence(&other.to_string()),
    }
}

/// Whether a text has the length of a secret access key, whatever its letters are.
fn looks_secret(text: &str) -> bool {
    text.chars().count() == SECRET_CHARS && text.chars().all(|c| c.is_ascii_graphic() && c != '.')
}

fn is_session_token(text: &str) -> bool {
    let versioned = text.strip_prefix(SESSION_TOKEN);
    let ours = versioned.is_some_and(|rest| {
        rest.starts_with(|letter: char| letter.is_ascii_digit()) && rest.contains('_')
    });
    let of_aws = ["IQoJ", "FwoG", "AQoD"].iter();
    ours || of_aws
        .into_iter()
        .any(|start| text.starts_with(start) && !text.contains('.'))
}

/// Every token begins with the encoded `{"`.
fn looks_cut_off(text: &str) -> bool {
    text.starts_with("eyJ") && text.split('.').count() <= 3
}

fn inspect(text: &str, token: &Token, house: &House, now: i64) -> Inspected {
    let verdict = house.judge(text, token, now);
    let pretty = |members: &serde_json::Map<String, serde_json::Value>| {
        serde_json::to_string_pretty(members).unwrap_or_default()
    };
    Inspected {
        life: token.life(now).to_string(),
        clocks: clocks(token, now),
        claims: claims::rows(token, verdict.ours, now),
        header: pretty(&token.header),
        payload: pretty(&token.claims),
        verdict,
    }
}

/// Whether the clock that dated the token agrees with the one here.
fn clocks(token: &Token, now: i64) -> String {
    let Some(issued) = token.claims.get("iat").and_then(serde_json::Value::as_i64) else {
        return "It does not say when it was issued, so clocks cannot be compared.".to_owned();
    };
    let age = now.saturating_sub(issued);
    if age < 0 {
        let ahead = token::span(age.saturating_neg());
        return format!(
            "It was issued {ahead} from now: the clock of its issuer is ahead of the one here."
        );
    }
    format!(
        "It was issued {} ago by the clock here; the clocks agree as far as one can see.",
        token::span(age)
    )
}

#[cfg(test)]
mod tests;
