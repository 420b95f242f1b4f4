//! What every request must satisfy before any face sees it.
//!
//! The gate has already given an HTTP/1 request one reading. Here come the rules that hold for both
//! protocols: one value for each header that security rests on, a host this server answers for, a
//! target in its plain form. A page on another origin that points its own name at this machine stops
//! at the host rule.
//!
//! **Source**: requirements S01, S05 and S83.

use std::net::IpAddr;

use http::header::{AUTHORIZATION, CONTENT_LENGTH, HOST};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode, Uri};

use super::limits::{HEADER_BYTES_MAX, HEADER_COUNT_MAX, REQUEST_LINE_BYTES_MAX};

/// Headers of which a request may carry one at most.
const SINGLE: [HeaderName; 6] = [
    HOST,
    AUTHORIZATION,
    CONTENT_LENGTH,
    HeaderName::from_static("x-amz-target"),
    HeaderName::from_static("x-amz-date"),
    HeaderName::from_static("x-amz-security-token"),
];

/// The hosts this server answers for.
#[derive(Clone, Debug)]
pub(crate) struct Hosts {
    bind: IpAddr,
    names: Vec<String>,
}

impl Hosts {
    /// The address it listens on, and the names it is known by (without ports).
    pub(crate) fn new(bind: IpAddr, names: impl IntoIterator<Item = String>) -> Self {
        let names = names
            .into_iter()
            .map(|name| name.to_ascii_lowercase())
            .collect();
        Self { bind, names }
    }

    /// Whether a `Host` value names this server; its port is not looked at.
    pub(crate) fn answers_for(&self, host: &str) -> bool {
        let Ok(authority) = host.parse::<Authority>() else {
            return false;
        };
        if authority.as_str().contains('@') {
            return false;
        }
        let name = authority.host().to_ascii_lowercase();
        let literal = name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'));
        if let Ok(address) = literal.unwrap_or(&name).parse::<IpAddr>() {
            let address = address.to_canonical();
            // A wildcard is no literal anyone can be reached at.
            let bound = address == self.bind && !self.bind.is_unspecified();
            return bound || address.is_loopback() || self.names.contains(&name);
        }
        name == "localhost" || self.names.contains(&name)
    }
}

/// Checks a request and puts it into its plain form: a path for a target, the host in `Host`.
pub(crate) fn admit<B>(request: &mut Request<B>, hosts: &Hosts) -> Result<(), StatusCode> {
    bounded(request)?;
    for name in &SINGLE {
        if request.headers().get_all(name).iter().nth(1).is_some() {
            return Err(StatusCode::BAD_REQUEST);
        }
    }
    let host = host(request)?;
    if !hosts.answers_for(host.to_str().unwrap_or_default()) {
        return Err(StatusCode::MISDIRECTED_REQUEST);
    }
    let target = target(request)?;
    request.headers_mut().insert(HOST, host);
    *request.uri_mut() = Uri::from(target);
    Ok(())
}

/// The limits of HTTP/1 heads, for requests that came as HTTP/2 frames.
fn bounded<B>(request: &Request<B>) -> Result<(), StatusCode> {
    let target = request
        .uri()
        .path_and_query()
        .map_or(0, |target| target.as_str().len());
    if target > REQUEST_LINE_BYTES_MAX {
        return Err(StatusCode::URI_TOO_LONG);
    }
    let long = request
        .headers()
        .iter()
        .any(|(name, value)| name.as_str().len().saturating_add(value.len()) > HEADER_BYTES_MAX);
    if long || request.headers().len() > HEADER_COUNT_MAX {
        return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    }
    Ok(())
}

/// The one host a request names, whether in its target, in `Host`, or the same in both.
fn host<B>(request: &Request<B>) -> Result<HeaderValue, StatusCode> {
    let header = request.headers().get(HOST);
    match (request.uri().authority(), header) {
        (None, Some(header)) => Ok(header.clone()),
        (Some(authority), None) => {
            HeaderValue::from_str(authority.as_str()).map_err(|_| StatusCode::BAD_REQUEST)
        }
        (Some(authority), Some(header))
            if header
                .as_bytes()
                .eq_ignore_ascii_case(authority.as_str().as_bytes()) =>
        {
            Ok(header.clone())
        }
        _ => Err(StatusCode::BAD_REQUEST),
    }
}

fn target<B>(request: &Request<B>) -> Result<PathAndQuery, StatusCode> {
    let target = request
        .uri()
        .path_and_query()
        .ok_or(StatusCode::BAD_REQUEST)?;
    let whole_server = target.as_str() == "*" && request.method() == Method::OPTIONS;
    if request.method() == Method::CONNECT || !(target.as_str().starts_with('/') || whole_server) {
        return Err(StatusCode::BAD_REQUEST);
    }
    Ok(target.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(bind: &str) -> Hosts {
        Hosts::new(bind.parse().unwrap(), ["ids.example.com".to_owned()])
    }

    fn admitted(request: http::request::Builder) -> Result<Request<()>, u16> {
        let mut request = request.body(()).unwrap();
        admit(&mut request, &hosts("127.0.0.1")).map_err(|status| status.as_u16())?;
        Ok(request)
    }

    #[test]
    fn s83_the_host_must_be_one_of_ours() {
        let hosts = hosts("192.0.2.7");
        for host in [
            "localhost",
            "localhost:4600",
            "LocalHost",
            "127.0.0.1:1",
            "127.9.9.9",
            "[::1]:4600",
            "192.0.2.7",
            "192.0.2.7:80",
            "ids.example.com",
            "IDS.example.com:443",
        ] {
            assert!(hosts.answers_for(host), "{host}");
        }
        for host in [
            "attacker.example",
            "localhost.attacker.example",
            "192.0.2.8",
            "",
            ":4600",
            "a b",
            "user@localhost",
            "ids.example.com.",
            "sub.ids.example.com",
            "0.0.0.0",
            "[::]",
            "localhost/",
            "127.1",
            "2130706433",
            "http://localhost",
        ] {
            assert!(!hosts.answers_for(host), "{host}");
        }
    }

    #[test]
    fn s83_a_wildcard_bind_opens_no_further_names() {
        let hosts = Hosts::new("0.0.0.0".parse().unwrap(), []);
        assert!(hosts.answers_for("127.0.0.1"));
        for host in ["0.0.0.0", "192.0.2.7", "ids.example.com"] {
            assert!(!hosts.answers_for(host), "{host}");
        }
    }

    #[test]
    fn s83_another_host_is_misdirected_with_or_without_origin() {
        let request = || {
            Request::builder()
                .uri("/")
                .header("host", "attacker.example")
        };
        assert_eq!(admitted(request()).unwrap_err(), 421);
        assert_eq!(
            admitted(request().header("origin", "http://attacker.example")).unwrap_err(),
            421
        );
    }

    #[test]
    fn s05_one_value_for_each_security_header() {
        for name in [
            "authorization",
            "x-amz-target",
            "x-amz-date",
            "x-amz-security-token",
            "host",
        ] {
            let request = Request::builder().uri("/").header("host", "localhost");
            let once = if name == "host" {
                request
            } else {
                request.header(name, "localhost")
            };
            let twice = once.header(name, "localhost");
            assert_eq!(admitted(twice).unwrap_err(), 400, "{name}");
        }
    }

    #[test]
    fn the_authority_becomes_the_host_and_the_target_a_path() {
        let request = admitted(Request::builder().uri("http://localhost:4600/b/k?x=1")).unwrap();
        assert_eq!(request.headers()["host"], "localhost:4600");
        assert_eq!(request.uri().to_string(), "/b/k?x=1");
    }

    #[test]
    fn s06_two_different_hosts_are_no_host() {
        let request = Request::builder()
            .uri("http://127.0.0.1/")
            .header("host", "localhost");
        assert_eq!(admitted(request).unwrap_err(), 400);
        assert_eq!(admitted(Request::builder().uri("/")).unwrap_err(), 400);
    }

    #[test]
    fn a_tunnel_is_refused_and_a_star_is_for_options() {
        let at = |method: &str, uri: &str| {
            let request = Request::builder()
                .method(method)
                .uri(uri)
                .header("host", "localhost");
            admitted(request).map(|_| ())
        };
        assert_eq!(at("CONNECT", "localhost"), Err(400));
        assert_eq!(at("GET", "*"), Err(400));
        assert_eq!(at("OPTIONS", "*"), Ok(()));
    }

    #[test]
    fn s01_targets_and_headers_of_any_protocol_are_bounded_on_both_sides() {
        let long = |bytes: usize| {
            let target = format!("/{}", "a".repeat(bytes - 1));
            admitted(Request::builder().uri(target).header("host", "localhost")).map(|_| ())
        };
        assert_eq!(long(REQUEST_LINE_BYTES_MAX), Ok(()));
        assert_eq!(long(REQUEST_LINE_BYTES_MAX + 1), Err(414));

        let many = |count: usize| {
            let mut request = Request::builder().uri("/").header("host", "localhost");
            for _ in 1..count {
                request = request.header("x-a", "b");
            }
            admitted(request).map(|_| ())
        };
        assert_eq!(many(HEADER_COUNT_MAX), Ok(()));
        assert_eq!(many(HEADER_COUNT_MAX + 1), Err(431));

        let wide = |bytes: usize| {
            let value = "b".repeat(bytes - "x-a".len());
            let request = Request::builder().uri("/").header("host", "localhost");
            admitted(request.header("x-a", value)).map(|_| ())
        };
        assert_eq!(wide(HEADER_BYTES_MAX), Ok(()));
        assert_eq!(wide(HEADER_BYTES_MAX + 1), Err(431));
    }
}
