//! One request to the console: who, where, with what, and the way to the operations.

use std::sync::Arc;

use daypass_service::Arrival;
use http::request::Parts;
use http::{HeaderMap, Method};
use percent_encoding::percent_decode_str;

use super::fields::Fields;
use super::frame::{Frame, Notice, theme_named};
use super::reply::Reply;
use super::session::{self, SignedIn};
use super::{Console, Place, ROOT, cookies};
use crate::api::Api;
use crate::client::{Client, Keys};

/// A request to the console.
#[derive(Debug)]
pub(crate) struct Visit {
    /// The method.
    pub(crate) method: Method,
    /// When and from where.
    pub(crate) arrival: Arrival,
    /// The fields of the query.
    pub(crate) query: Fields,
    /// The fields of the form; empty unless something was sent.
    pub(crate) form: Fields,
    /// The path below the console, piece by piece.
    pub(super) segments: Vec<String>,
    path: String,
    console: Arc<Console>,
    client: Client,
    person: Option<SignedIn>,
    theme: &'static str,
    from_elsewhere: bool,
    cookies: Vec<String>,
}

impl Visit {
    /// A request, before anything about the person is known.
    pub(super) fn new(console: Arc<Console>, parts: &Parts, arrival: Arrival) -> Self {
        let path = parts.uri.path().to_owned();
        let below = path.strip_prefix(ROOT).unwrap_or_default();
        let pieces = below.split('/').filter(|piece| !piece.is_empty());
        let decoded = |piece| percent_decode_str(piece).decode_utf8_lossy().into_owned();
        let segments = pieces.map(decoded).collect();
        let place = &console.place;
        let client = Client::inside(
            Arc::clone(&console.env),
            arrival,
            place.public_url.clone(),
            place.region.clone(),
        );
        Self {
            method: parts.method.clone(),
            arrival,
            query: Fields::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            form: Fields::default(),
            segments,
            path,
            console,
            client,
            person: None,
            theme: theme_named(cookies::find(&parts.headers, cookies::THEME).unwrap_or_default()),
            from_elsewhere: headers_say_elsewhere(&parts.headers),
            cookies: Vec::new(),
        }
    }

    /// Finds out who holds the cookie.
    pub(super) fn recognize(&mut self, headers: &HeaderMap) {
        let name = cookies::session_name(self.arrival.secure);
        let cookie = cookies::find(headers, name);
        let now_millis = self.arrival.now_millis;
        let by_hand = !headers.contains_key("daypass-refresh");
        let sessions = &self.console.sessions;
        self.person = cookie.and_then(|cookie| sessions.find(cookie, now_millis, by_hand));
    }

    /// Whether the form or the header carries the person's token.
    pub(super) fn token_matches(&self, headers: &HeaderMap) -> bool {
        let header = headers
            .get("x-daypass-csrf")
            .map_or(&b""[..], |value| value.as_bytes());
        let field = self.form.get("csrf").as_bytes();
        let sent = if header.is_empty() { field } else { header };
        self.person.as_ref().is_some_and(|person| {
            let own = person.csrf.as_bytes();
            aws_lc_rs::constant_time::verify_slices_are_equal(own, sent).is_ok()
        })
    }

    /// The operations, signed with the person's key.
    pub(crate) fn api(&self) -> Api<'_> {
        Api::new(
            &self.client,
            self.person.as_ref().map(|person| &person.keys),
        )
    }

    /// The operations, signed with other keys or none.
    pub(crate) fn api_as<'a>(&'a self, keys: Option<&'a Keys>) -> Api<'a> {
        Api::new(&self.client, keys)
    }

    /// Who is signed in.
    pub(crate) fn signed_in(&self) -> Option<&SignedIn> {
        self.person.as_ref()
    }

    /// The console itself.
    pub(super) fn console(&self) -> &Console {
        &self.console
    }

    /// The deployment.
    pub(crate) fn place(&self) -> &Place {
        &self.console.place
    }

    /// The page's own path.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The theme the person chose.
    pub(crate) fn theme(&self) -> &'static str {
        self.theme
    }

    /// The moment of the request, in seconds since the epoch.
    pub(crate) fn now_seconds(&self) -> i64 {
        self.arrival.now_millis.div_euclid(1_000)
    }

    /// Whether a link of another site led here: then the browser held the session's cookie back.
    pub(super) fn is_from_elsewhere(&self) -> bool {
        self.from_elsewhere
    }

    /// Whether a form was sent, as opposed to a page asked for.
    pub(crate) fn is_post(&self) -> bool {
        self.method == Method::POST
    }

    /// The frame of a page.
    pub(crate) fn frame(&self, title: impl Into<String>, section: &'static str) -> Frame {
        Frame::of(self, title, section)
    }

    /// The form that was on its way when the session ended; this page shows it again.
    pub(crate) fn draft(&self) -> Option<Fields> {
        let id = &self.person.as_ref()?.id;
        self.console.sessions.take_draft(id, &self.path)
    }

    /// Goes to another page and says there what was done.
    pub(crate) fn done(&self, to: &str, notice: Notice) -> Reply {
        if let Some(person) = &self.person {
            self.console.sessions.leave_notice(&person.id, notice);
        }
        Reply::see_other(to)
    }

    /// The sentence that the page before left.
    pub(crate) fn take_notice(&self) -> Option<Notice> {
        let id = &self.person.as_ref()?.id;
        self.console.sessions.take_notice(id)
    }

    /// Ends the session.
    pub(super) fn sign_out(&mut self) {
        if let Some(person) = self.person.take() {
            self.console.sessions.end(&person.id);
        }
        self.set_cookie(cookies::clear_session(self.arrival.secure));
    }

    /// Begins a session under a new cookie.
    pub(super) fn sign_in(
        &mut self,
        cookie: &str,
        person: SignedIn,
        draft: Option<session::Draft>,
    ) {
        if let Some(before) = self.person.take() {
            self.console.sessions.end(&before.id);
        }
        let now_millis = self.arrival.now_millis;
        self.console
            .sessions
            .begin(cookie, person, draft, now_millis);
        self.set_cookie(cookies::set_session(cookie, self.arrival.secure));
    }

    /// Has the answer set a cookie.
    pub(super) fn set_cookie(&mut self, cookie: String) {
        self.cookies.push(cookie);
    }

    /// The cookies the answer sets.
    pub(super) fn cookies(&self) -> &[String] {
        &self.cookies
    }
}

fn headers_say_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site == "cross-site" || site == "same-site")
}
