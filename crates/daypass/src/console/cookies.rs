//! The two cookies: who is signed in, and which theme was chosen.
//!
//! The session's cookie is bound to this host by its `__Host-` prefix wherever the connection is
//! encrypted; on loopback without encryption browsers refuse the prefix, so it is left out there.
//!
//! **Source**: requirement S84; RFC 6265bis, section 4.1.3.

use http::{HeaderMap, header};

/// Remembers the theme.
pub(crate) const THEME: &str = "daypass-theme";

/// How long a chosen theme is remembered: a year, in seconds.
const THEME_SECONDS: u32 = 31_536_000;

/// The name of the session's cookie.
pub(crate) fn session_name(secure: bool) -> &'static str {
    if secure { "__Host-daypass" } else { "daypass" }
}

/// The value of a cookie. A name that comes twice is nobody's.
pub(crate) fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let texts = headers.get_all(header::COOKIE).iter();
    let pairs = texts
        .filter_map(|text| text.to_str().ok())
        .flat_map(|text| text.split(';'));
    let mut values = pairs.filter_map(|pair| {
        let (found, value) = pair.trim().split_once('=')?;
        (found == name).then_some(value)
    });
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// Sets the session's cookie, for as long as the browser runs.
pub(crate) fn set_session(value: &str, secure: bool) -> String {
    let name = session_name(secure);
    let attributes = attributes(secure);
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{attributes}")
}

/// Removes the session's cookie.
pub(crate) fn clear_session(secure: bool) -> String {
    format!("{}; Max-Age=0", set_session("", secure))
}

/// Remembers a theme; none follows the system.
pub(crate) fn set_theme(theme: &str, secure: bool) -> String {
    let seconds = if theme.is_empty() { 0 } else { THEME_SECONDS };
    let attributes = attributes(secure);
    format!("{THEME}={theme}; Path=/console; HttpOnly; SameSite=Lax; Max-Age={seconds}{attributes}")
}

fn attributes(secure: bool) -> &'static str {
    if secure { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        headers
    }

    #[test]
    fn s84_the_session_cookie_is_bound_and_hidden() {
        let cookie = set_session("v", true);
        assert_eq!(
            cookie,
            "__Host-daypass=v; Path=/; HttpOnly; SameSite=Strict; Secure"
        );
        assert_eq!(
            set_session("v", false),
            "daypass=v; Path=/; HttpOnly; SameSite=Strict"
        );
        assert!(clear_session(true).ends_with("; Max-Age=0"));
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name_and_only_once() {
        assert_eq!(find(&headers("a=1; daypass=x"), "daypass"), Some("x"));
        assert_eq!(find(&headers("xdaypass=1"), "daypass"), None);
        assert_eq!(find(&headers("daypass=1; daypass=2"), "daypass"), None);
    }
}
