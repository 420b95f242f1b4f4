//! The console: pages for people, rendered here, on the same port as everything else.
//!
//! It has no private door. What a page shows or does is an operation of the house, signed with the
//! key the person signed in with, through the same guard as from outside; so a person with fewer
//! rights sees less, and is told why. [`Console::answer`] is the walk of every request: may it come
//! from there, who is it, which page. A page is a function from a [`Visit`] to a [`Page`].
//!
//! **Source**: users page, sections 7 and 8; requirements S83 to S87.

mod assets;
mod claims;
mod cookies;
mod fields;
mod frame;
mod identities;
mod inspector;
mod limiter;
#[cfg(test)]
mod look;
mod moment;
mod origin;
mod overview;
mod parts;
mod plot;
mod pools;
mod reply;
mod roles;
mod search;
mod session;
mod settings;
mod sign_in;
mod visit;

use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;

use daypass_service::{Arrival, Body, Env};
use http::request::Parts;
use http::{Method, Request, Response, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use fields::Fields;
use limiter::Limiter;
use reply::{Page, Reply, Trouble};
use session::Sessions;
pub(crate) use sign_in::SetupCode;
use visit::Visit;

use crate::client;

/// The longest form: a policy of the largest size, encoded, and room beside it.
const FORM_BYTES_MAX: usize = 256 * 1024;

/// Where the console is.
pub(crate) const ROOT: &str = "/console";

/// What stands in one segment of a path, or in one value of a query, as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A text as one segment of a path or one value of a query.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// What the console knows of the deployment it belongs to.
#[derive(Debug)]
pub(crate) struct Console {
    env: Arc<Env>,
    place: Place,
    sessions: Sessions,
    limiter: Limiter,
    setup: Option<SetupCode>,
}

/// Where the deployment is, as pages say it.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// Where clients reach it.
    pub(crate) public_url: String,
    /// Its Region.
    pub(crate) region: String,
    /// Its account.
    pub(crate) account: String,
    /// Whether refusals tell the client their reason.
    pub(crate) development: bool,
}

impl Console {
    /// The console of a house; with a one-time code, the root key can be used before it is copied.
    pub(crate) fn new(env: Arc<Env>, place: Place, setup: Option<SetupCode>) -> Self {
        Self {
            env,
            place,
            sessions: Sessions::default(),
            limiter: Limiter::default(),
            setup,
        }
    }

    /// Whether a request is for the console: its own path, or a browser at the front door.
    pub(crate) fn takes(request: &Request<Body>) -> bool {
        let path = request.uri().path();
        let rest = path.strip_prefix(ROOT);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) || at_front_door(request)
    }

    /// Answers a request.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Body>,
        arrival: Arrival,
    ) -> Response<Body> {
        if at_front_door(&request) {
            return Reply::see_other(ROOT).into_response(&[]);
        }
        let (parts, body) = request.into_parts();
        if let Some(asset) = assets::find(parts.uri.path()) {
            return assets::answer(asset, &parts.method);
        }
        let method = parts.method.clone();
        let mut response = self.walk(parts, body, arrival).await;
        if method == Method::HEAD {
            *response.body_mut() = reply::empty();
        }
        response
    }

    async fn walk(self: Arc<Self>, parts: Parts, body: Body, arrival: Arrival) -> Response<Body> {
        let mut visit = Visit::new(self, &parts, arrival);
        let page = match admit(&mut visit, parts, body).await {
            Err(reply) => Ok(reply),
            Ok(()) => visit.page().await,
        };
        let reply = page.unwrap_or_else(|trouble| reply::trouble(&visit, &trouble));
        reply.into_response(visit.cookies())
    }
}

/// Everything that must hold before a page is asked: the method, where a change comes from, the
/// person and their token.
async fn admit(visit: &mut Visit, parts: Parts, body: Body) -> Result<(), Reply> {
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    if !reads && parts.method != Method::POST {
        return Err(Reply::text(
            StatusCode::METHOD_NOT_ALLOWED,
            "only GET and POST",
        ));
    }
    if !reads && !origin::is_same(&parts.headers, visit.arrival.secure) {
        let text = "This form came from another site, so nothing was done.";
        return Err(Reply::text(StatusCode::FORBIDDEN, text));
    }
    if !reads {
        visit.form = read_form(body).await?;
    }
    visit.recognize(&parts.headers);
    let foreign_token = visit.signed_in().is_some() && !visit.token_matches(&parts.headers);
    // Whoever signs in anew holds no token yet; the origin was looked at above.
    if !reads && foreign_token && parts.uri.path() != sign_in::PATH {
        let text = "This form is from an earlier session. Go back, reload the page, try again.";
        return Err(Reply::text(StatusCode::FORBIDDEN, text));
    }
    Ok(())
}

/// A browser that asks for the root of the server, without any signature: a person.
fn at_front_door(request: &Request<Body>) -> bool {
    let headers = request.headers();
    let wants_a_page = headers.get(header::ACCEPT).is_some_and(|accept| {
        let accept = accept.as_bytes();
        accept
            .windows(b"text/html".len())
            .any(|piece| piece == b"text/html")
    });
    request.method() == Method::GET
        && request.uri().path() == "/"
        && request.uri().query().is_none()
        && !headers.contains_key(header::AUTHORIZATION)
        && wants_a_page
}

async fn read_form(body: Body) -> Result<Fields, Reply> {
    let read = client::read(body, FORM_BYTES_MAX).await;
    let bytes =
        read.map_err(|_| Reply::text(StatusCode::PAYLOAD_TOO_LARGE, "the form is too long"))?;
    Ok(Fields::parse(&bytes))
}

/// A page being made.
type Making<'v> = Pin<Box<dyn Future<Output = Page> + Send + 'v>>;

impl Visit {
    /// The page of this visit.
    async fn page(&mut self) -> Page {
        let segments = std::mem::take(&mut self.segments);
        let rest: Vec<&str> = segments.iter().map(String::as_str).collect();
        match rest.as_slice() {
            ["sign-in"] => sign_in::page(self).await,
            ["theme"] => Ok(frame::choose_theme(self)),
            _ if self.signed_in().is_none() => sign_in::first(self),
            ["sign-out"] => Ok(sign_in::out(self)),
            rest => self.inner_page(rest).await,
        }
    }

    /// A page for somebody who is signed in.
    fn inner_page<'v>(&'v self, rest: &'v [&'v str]) -> Making<'v> {
        match rest {
            [] => Box::pin(overview::page(self)),
            ["search"] => Box::pin(search::page(self)),
            ["pools", rest @ ..] => Box::pin(pools::page(self, rest)),
            ["identities", rest @ ..] => Box::pin(identities::page(self, rest)),
            ["roles", rest @ ..] => Box::pin(roles::page(self, rest)),
            ["inspector"] => Box::pin(inspector::page(self)),
            ["settings"] => Box::pin(settings::page(self)),
            ["stay"] => Box::pin(ready(Ok(Reply::no_content()))),
            _ => Box::pin(ready(Err(Trouble::NotFound))),
        }
    }
}

#[cfg(test)]
mod tests;
