//! Does a change come from one of our own pages?
//!
//! Both headers that browsers send are asked, and a request that has neither is refused: a form of
//! another site must not act with the cookie of a person who is signed in here. Because our pages
//! tell nobody where they are (`Referrer-Policy: no-referrer`), browsers write `Origin: null` on our
//! own forms; then `Sec-Fetch-Site`, which no page can forge, has to say that they are ours.
//!
//! **Source**: requirement S84; W3C Fetch metadata request headers; RFC 6454.

use http::{HeaderMap, header};

/// Whether the headers say that the request was made by this very origin.
pub(crate) fn is_same(headers: &HeaderMap, secure: bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site");
    let origin = text(header::ORIGIN.as_str());
    let scheme = if secure { "https" } else { "http" };
    let own = format!(
        "{scheme}://{}",
        text(header::HOST.as_str()).unwrap_or_default()
    );
    let right_site = site.is_none_or(|site| site == "same-origin");
    let right_origin = match origin {
        Some("null") => site.is_some(),
        Some(origin) => origin.eq_ignore_ascii_case(&own),
        None => true,
    };
    (site.is_some() || origin.is_some()) && right_site && right_origin
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(headers: &[(&'static str, &'static str)], secure: bool) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        is_same(&map, secure)
    }

    #[test]
    fn s84_only_our_own_origin_may_change_things() {
        let host = ("host", "localhost:4600");
        for (headers, secure) in [
            (vec![host, ("origin", "http://localhost:4600")], false),
            (vec![host, ("origin", "https://localhost:4600")], true),
            (vec![host, ("sec-fetch-site", "same-origin")], false),
            (
                vec![host, ("origin", "null"), ("sec-fetch-site", "same-origin")],
                false,
            ),
        ] {
            assert!(same(&headers, secure), "{headers:?}");
        }
        for (headers, secure) in [
            (vec![host], false),
            (vec![host, ("origin", "null")], false),
            (vec![host, ("origin", "http://localhost:4601")], false),
            (vec![host, ("origin", "http://localhost:4600")], true),
            (vec![host, ("origin", "http://attacker.example")], false),
            (vec![host, ("sec-fetch-site", "cross-site")], false),
            (vec![host, ("sec-fetch-site", "same-site")], false),
            (vec![host, ("sec-fetch-site", "none")], false),
            (
                vec![host, ("origin", "null"), ("sec-fetch-site", "cross-site")],
                false,
            ),
            (
                vec![
                    host,
                    ("origin", "http://localhost:4600"),
                    ("sec-fetch-site", "cross-site"),
                ],
                false,
            ),
            (
                vec![
                    host,
                    ("origin", "http://attacker.example"),
                    ("sec-fetch-site", "same-origin"),
                ],
                false,
            ),
        ] {
            assert!(!same(&headers, secure), "{headers:?}");
        }
    }
}
