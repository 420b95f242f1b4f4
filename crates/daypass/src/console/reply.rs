//! What the console answers: a page, a way to another page, a file, a refusal.
//!
//! Every answer carries the headers that keep foreign scripts and frames out.
//!
//! **Source**: requirement S85; users page, section 7a.

use askama::Template;
use bytes::Bytes;
use daypass_service::Body;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};

use super::frame::Frame;
use super::visit::Visit;
use crate::api::{CallError, Refusal};

/// What a page makes of a visit.
pub(crate) type Page = Result<Reply, Trouble>;

/// What the pages of the console may load and where they may send forms: themselves, nothing else.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// An answer of the console.
#[derive(Debug)]
pub(crate) struct Reply {
    status: StatusCode,
    content_type: &'static str,
    extra: Option<(HeaderName, String)>,
    body: Vec<u8>,
}

impl Reply {
    /// A page.
    pub(crate) fn html(template: &impl Template) -> Page {
        Self::html_with(StatusCode::OK, template)
    }

    /// A page with a status of its own, like a form that has to be corrected.
    pub(crate) fn html_with(status: StatusCode, template: &impl Template) -> Page {
        let body = template
            .render()
            .map_err(|error| Trouble::Defect(error.to_string()))?;
        Ok(Self {
            status,
            content_type: "text/html; charset=utf-8",
            extra: None,
            body: body.into_bytes(),
        })
    }

    /// Another page is to be looked at instead.
    pub(crate) fn see_other(path: &str) -> Self {
        Self {
            status: StatusCode::SEE_OTHER,
            content_type: "text/plain; charset=utf-8",
            extra: Some((header::LOCATION, path.to_owned())),
            body: Vec::new(),
        }
    }

    /// A sentence without a page around it.
    pub(crate) fn text(status: StatusCode, text: &str) -> Self {
        Self {
            status,
            content_type: "text/plain; charset=utf-8",
            extra: None,
            body: text.as_bytes().to_vec(),
        }
    }

    /// The browser asks for the same page once more, by itself.
    pub(crate) fn asking_again(path: &str, query: &str) -> Self {
        let mark = if query.is_empty() { "" } else { "?" };
        let mut reply = Self::text(StatusCode::OK, "One moment.");
        reply.extra = Some((header::REFRESH, format!("0;url={path}{mark}{query}")));
        reply
    }

    /// Done, nothing to show.
    pub(crate) fn no_content() -> Self {
        Self::text(StatusCode::NO_CONTENT, "")
    }

    /// A file to keep. The name is ours, never a person's.
    pub(crate) fn file(name: &str, content_type: &'static str, body: Vec<u8>) -> Self {
        let disposition = format!("attachment; filename=\"{name}\"");
        Self {
            status: StatusCode::OK,
            content_type,
            extra: Some((header::CONTENT_DISPOSITION, disposition)),
            body,
        }
    }

    /// The answer on the wire.
    pub(crate) fn into_response(self, cookies: &[String]) -> Response<Body> {
        let mut response = Response::new(full(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        secure_headers(headers);
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some((name, value)) = self.extra
            && let Ok(value) = HeaderValue::from_str(&value)
        {
            headers.insert(name, value);
        }
        for cookie in cookies {
            if let Ok(cookie) = HeaderValue::from_str(cookie) {
                headers.append(header::SET_COOKIE, cookie);
            }
        }
        response
    }
}

/// The headers of every answer.
pub(crate) fn secure_headers(headers: &mut HeaderMap) {
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        (
            "permissions-policy",
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

/// A body of these bytes.
pub(crate) fn full(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes))
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// No body.
pub(crate) fn empty() -> Body {
    full(Vec::new())
}

/// Why there is no page.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// There is nothing here.
    NotFound,
    /// An operation the page cannot do without was refused or failed.
    Call(CallError),
    /// The page is wrong.
    Defect(String),
}

impl From<CallError> for Trouble {
    fn from(error: CallError) -> Self {
        Self::Call(error)
    }
}

#[derive(Template)]
#[template(path = "console/trouble.html")]
struct TroublePage {
    frame: Frame,
    sentence: String,
    advice: &'static str,
    refusal: Option<Refusal>,
    retry: bool,
}

/// The page that says why there is none.
pub(crate) fn trouble(visit: &Visit, trouble: &Trouble) -> Reply {
    let (status, title, sentence, advice) = match trouble {
        Trouble::NotFound => (
            StatusCode::NOT_FOUND,
            "There is nothing here",
            "No page has this address.".to_owned(),
            "It may have been deleted, or the address may be incomplete.",
        ),
        Trouble::Call(error) if error.is_denied() => (
            StatusCode::FORBIDDEN,
            "You may not see this",
            sentence(error),
            "Ask whoever gave you your access key for this permission.",
        ),
        Trouble::Call(error) if error.is_absent() => (
            StatusCode::NOT_FOUND,
            "This does not exist",
            sentence(error),
            "It may have been deleted in the meantime.",
        ),
        Trouble::Call(error) => (
            StatusCode::BAD_GATEWAY,
            "This did not work",
            sentence(error),
            "Try again. If it stays like this, the server's log says more.",
        ),
        Trouble::Defect(cause) => {
            tracing::error!(cause, "a page of the console is defective");
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                "This page is broken",
                "The page could not be made.".to_owned(),
                "The server's log says why.",
            )
        }
    };
    let page = TroublePage {
        frame: visit.frame(title, ""),
        sentence,
        advice,
        refusal: match trouble {
            Trouble::Call(CallError::Refused(refusal)) => Some(refusal.clone()),
            _ => None,
        },
        retry: !visit.is_post() && matches!(trouble, Trouble::Call(_)),
    };
    let reply = Reply::html_with(status, &page);
    reply.unwrap_or_else(|_| Reply::text(StatusCode::INTERNAL_SERVER_ERROR, "no page"))
}

/// What an error says, without the names of protocols.
pub(crate) fn sentence(error: &CallError) -> String {
    match error {
        CallError::Refused(refusal) if !refusal.message.is_empty() => refusal.message.clone(),
        other => other.to_string(),
    }
}
