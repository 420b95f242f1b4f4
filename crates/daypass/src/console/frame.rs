//! What stands around every page: where one is, who one is, what just happened.
//!
//! **Source**: users page, section 7 (global frame) and section 8 (dark mode).

use http::{Method, StatusCode};

use super::reply::Reply;
use super::visit::Visit;
use super::{assets, cookies, sign_in};

/// The frame of a page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The page's title.
    pub(crate) title: String,
    /// The entry of the navigation it belongs to.
    pub(crate) section: &'static str,
    /// The way to it.
    pub(crate) crumbs: Vec<Crumb>,
    /// Who is signed in.
    pub(crate) person: Option<Person>,
    /// The server's host.
    pub(crate) instance: String,
    /// Its Region.
    pub(crate) region: String,
    /// Its account.
    pub(crate) account: String,
    /// Whether refusals tell the client their reason.
    pub(crate) development: bool,
    /// `light`, `dark`, or empty to follow the system.
    pub(crate) theme: &'static str,
    /// What just happened.
    pub(crate) notice: Option<Notice>,
    /// The page's own path.
    pub(crate) path: String,
    /// Where the script is.
    pub(crate) script_url: String,
    /// Where the style sheet is.
    pub(crate) style_url: String,
}

/// A step on the way to a page.
#[derive(Clone, Debug)]
pub(crate) struct Crumb {
    /// What it is called.
    pub(crate) label: String,
    /// Where it leads.
    pub(crate) href: String,
}

/// Who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    /// Like `root` or `user/ada`.
    pub(crate) name: String,
    /// The key they signed in with.
    pub(crate) access_key_id: String,
    /// The token every form carries.
    pub(crate) csrf: String,
}

/// A sentence about what just happened.
#[derive(Clone, Debug)]
pub(crate) struct Notice {
    /// `success`, `warning` or `error`.
    pub(crate) kind: &'static str,
    /// The sentence.
    pub(crate) text: String,
}

impl Notice {
    /// Something was done.
    pub(crate) fn success(text: impl Into<String>) -> Self {
        Self {
            kind: "success",
            text: text.into(),
        }
    }

    /// Something was done, but a person should know more.
    pub(crate) fn warning(text: impl Into<String>) -> Self {
        Self {
            kind: "warning",
            text: text.into(),
        }
    }

    /// Something was not done.
    pub(crate) fn error(text: impl Into<String>) -> Self {
        Self {
            kind: "error",
            text: text.into(),
        }
    }
}

impl Frame {
    /// The frame of a page of this visit.
    pub(crate) fn of(visit: &Visit, title: impl Into<String>, section: &'static str) -> Self {
        let place = visit.place();
        let host = place
            .public_url
            .split_once("://")
            .map_or("", |(_, host)| host);
        Self {
            title: title.into(),
            section,
            crumbs: Vec::new(),
            person: visit.signed_in().map(|person| Person {
                name: person.name.clone(),
                access_key_id: person.keys.access_key_id.to_string(),
                csrf: person.csrf.clone(),
            }),
            instance: host.to_owned(),
            region: place.region.clone(),
            account: place.account.clone(),
            development: place.development,
            theme: visit.theme(),
            notice: visit.take_notice(),
            path: visit.path().to_owned(),
            script_url: assets::script_url(),
            style_url: assets::style_url(),
        }
    }

    /// The same with one more step on the way to it.
    pub(crate) fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.crumbs.push(Crumb {
            label: label.into(),
            href: href.into(),
        });
        self
    }

    /// The same with a sentence about what just happened.
    pub(crate) fn saying(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }

    /// The token for forms; empty when nobody is signed in.
    pub(crate) fn csrf(&self) -> &str {
        self.person.as_ref().map_or("", |person| &person.csrf)
    }
}

/// Remembers the theme a person chose and goes back to where they were.
pub(crate) fn choose_theme(visit: &mut Visit) -> Reply {
    if visit.method != Method::POST {
        return Reply::text(StatusCode::METHOD_NOT_ALLOWED, "only POST");
    }
    let theme = theme_named(visit.form.get("theme"));
    let cookie = cookies::set_theme(theme, visit.arrival.secure);
    visit.set_cookie(cookie);
    Reply::see_other(sign_in::own_path(visit.form.get("next")))
}

/// One of the themes there are.
pub(crate) fn theme_named(name: &str) -> &'static str {
    match name {
        "light" => "light",
        "dark" => "dark",
        _ => "",
    }
}
