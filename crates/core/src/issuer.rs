//! The URL of an OpenID Connect issuer, and which hosts may be one.
//!
//! An issuer is a host that this server will call. So the URL has one plain form, and a host that is
//! an address inside a network, or this machine, is taken only if the operator named it.
//!
//! **Source**: contract page, IAM section 4.4; OpenID Connect Discovery 1.0, section 3; IANA
//! registries of special-purpose addresses; requirement S79.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an issuer is, and the `iss` of its tokens.
///
/// **Shape**: `https://id.example.com/realms/x`. Port and `http` only for hosts that the operator
/// named.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct IssuerUrl {
    text: String,
    https: bool,
}

/// A text that is no issuer's URL, or one of a host that may not be an issuer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("an issuer has a URL like https://id.example.com/path, without port, query or fragment")]
pub struct IssuerUrlError;

impl IssuerUrl {
    /// Reads a URL. The hosts in `private` may be private, may have a port, and, if they are this
    /// machine, may speak plain HTTP.
    pub fn parse(text: &str, private: &[String]) -> Result<Self, IssuerUrlError> {
        let (https, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err(IssuerUrlError),
        };
        let end = rest.find('/').unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).ok_or(IssuerUrlError)?;
        let (host, port) = parts_of_authority(authority).ok_or(IssuerUrlError)?;
        let named = private.iter().any(|one| one.eq_ignore_ascii_case(host));
        let (is_loopback, is_private) = match Host::read(host).ok_or(IssuerUrlError)? {
            Host::Address(address) => (address.to_canonical().is_loopback(), !is_public(address)),
            Host::Name => (is_local_name(host), is_local_name(host)),
        };
        let allowed =
            (named || (!is_private && port.is_none())) && (https || (named && is_loopback));
        if !allowed || !is_path(path) {
            return Err(IssuerUrlError);
        }
        Ok(Self {
            text: text.to_owned(),
            https,
        })
    }

    /// A URL that was checked when it was registered, read back from where it was kept.
    pub fn stored(text: String) -> Self {
        let https = text.starts_with("https://");
        Self { text, https }
    }

    /// The URL as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Host and path, without the scheme: what ARNs, policies and `Logins` call the provider.
    pub fn name(&self) -> &str {
        self.text
            .split_once("://")
            .map_or(self.text.as_str(), |(_, name)| name)
    }

    /// Whether it speaks TLS.
    pub fn is_https(&self) -> bool {
        self.https
    }
}

impl fmt::Display for IssuerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The host and the port of an authority; nothing if it has a user, or a port that is no number.
pub fn parts_of_authority(authority: &str) -> Option<(&str, Option<u16>)> {
    let end = match authority.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    let host = host.trim_matches(['[', ']']);
    let port = match port.strip_prefix(':') {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        None if port.is_empty() => None,
        None | Some(_) => return None,
    };
    Some((host, port))
}

/// What a host is.
enum Host {
    Address(IpAddr),
    Name,
}

impl Host {
    /// Reads a host; nothing for one that is neither an address nor a name, such as the number that
    /// some software takes for an address.
    fn read(host: &str) -> Option<Self> {
        if host.contains(':') {
            return host
                .parse::<Ipv6Addr>()
                .ok()
                .map(|v6| Self::Address(v6.into()));
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let labels: Vec<&str> = host.split('.').collect();
        let good = |label: &&str| (1..=63).contains(&label.len()) && label.bytes().all(plain);
        if !labels.iter().all(good) {
            return None;
        }
        let last = labels.last()?.to_ascii_lowercase();
        if last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit()) {
            return host
                .parse::<Ipv4Addr>()
                .ok()
                .map(|v4| Self::Address(v4.into()));
        }
        Some(Self::Name)
    }
}

/// Whether a name means this machine, whatever a resolver says.
fn is_local_name(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost" || host.ends_with(".localhost")
}

/// Whether a path is empty or of plain segments that no client would rewrite.
fn is_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%/".contains(&byte);
    let mut segments = path.split('/').skip(1);
    path.bytes().all(plain)
        && !path.contains("//")
        && segments.all(|segment| segment != "." && segment != "..")
}

/// Whether an address is one of the public internet: not this machine, not inside a network, not of
/// many, not the one from which clouds give out credentials.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Only 2000::/3 is given out. Within it, tunnels (2001::/32, 2002::/16) reach other addresses,
    // and 2001:db8::/32 and 3fff::/20 are for documents.
    (0x2000..=0x3fff).contains(&a)
        && !(a == 0x2001 && (b < 0x0200 || b == 0x0db8))
        && a != 0x2002
        && !(a == 0x3fff && b < 0x1000)
}

#[cfg(test)]
mod tests;
