//! Who is really asking, when proxies stand in between.
//!
//! A forwarded address is believed only as far as proxies we trust wrote it: read from the right, the
//! first address that is not one of them is the client.
//!
//! **Source**: requirement S91; users page, section 10 (trusted-proxy list).

use std::net::IpAddr;
use std::str::FromStr;

use http::HeaderMap;

/// A network in CIDR form, or one address.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    /// Whether the address is inside.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(network), IpAddr::V4(address)) => same_prefix(
                network.to_bits().into(),
                address.to_bits().into(),
                32,
                self.prefix,
            ),
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                same_prefix(network.to_bits(), address.to_bits(), 128, self.prefix)
            }
            _ => false,
        }
    }
}

fn same_prefix(left: u128, right: u128, width: u8, prefix: u8) -> bool {
    let drop = u32::from(width.saturating_sub(prefix));
    left.checked_shr(drop).unwrap_or(0) == right.checked_shr(drop).unwrap_or(0)
}

impl FromStr for Network {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, prefix) = match text.split_once('/') {
            None => (text, None),
            Some((address, prefix)) => (address, Some(prefix)),
        };
        let address: IpAddr = address.parse().map_err(|_| ())?;
        let widest = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix {
            None => widest,
            Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                text.parse().map_err(|_| ())?
            }
            Some(_) => return Err(()),
        };
        if prefix > widest {
            return Err(());
        }
        Ok(Self { address, prefix })
    }
}

/// The proxies whose words are believed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Proxies(pub(crate) Vec<Network>);

impl Proxies {
    /// Whether the address is one of them.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// The client behind the socket's peer, and whether it came over TLS.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> (IpAddr, bool) {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return (peer, false);
        }
        let secure = last(headers, "x-forwarded-proto")
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https"));
        let mut client = peer;
        for address in listed(headers, "x-forwarded-for") {
            // What is not an address ends the trustworthy part of the list.
            let Ok(address) = address.parse::<IpAddr>() else {
                break;
            };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        (client, secure)
    }
}

/// The items of a list header, last written first.
fn listed<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a str> {
    let lines: Vec<&str> = headers
        .get_all(name)
        .iter()
        .map(|value| value.to_str().unwrap_or("?"))
        .collect();
    lines
        .into_iter()
        .rev()
        .flat_map(|line| line.rsplit(',').map(str::trim))
}

fn last<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    listed(headers, name).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proxies(list: &[&str]) -> Proxies {
        Proxies(list.iter().map(|text| text.parse().unwrap()).collect())
    }

    fn client(forwarded: &[&str], peer: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        let trusted = proxies(&["10.0.0.0/8", "fd00::/8"]);
        trusted
            .client(peer.parse().unwrap(), &headers)
            .0
            .to_string()
    }

    #[test]
    fn networks_hold_their_addresses_and_no_others() {
        for (network, inside, outside) in [
            ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("10.1.2.0/24", "10.1.2.255", "10.1.3.0"),
            ("0.0.0.0/0", "203.0.113.9", "2001:db8::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::1"),
            ("10.0.0.0/8", "::ffff:10.9.9.9", "::10.9.9.9"),
        ] {
            let network: Network = network.parse().unwrap();
            assert!(
                network.contains(inside.parse().unwrap()),
                "{network:?} {inside}"
            );
            assert!(
                !network.contains(outside.parse().unwrap()),
                "{network:?} {outside}"
            );
        }
        for text in [
            "10.0.0.0/33",
            "10.0.0.0/",
            "10.0.0.0/+8",
            "host/8",
            "",
            "::1/129",
        ] {
            assert!(text.parse::<Network>().is_err(), "{text}");
        }
    }

    #[test]
    fn s91_a_stranger_cannot_write_its_own_address() {
        assert_eq!(client(&["1.2.3.4"], "203.0.113.9"), "203.0.113.9");
        assert_eq!(client(&["1.2.3.4, 203.0.113.9"], "10.0.0.1"), "203.0.113.9");
        assert_eq!(
            client(&["1.2.3.4", "203.0.113.9, 10.0.0.2"], "10.0.0.1"),
            "203.0.113.9"
        );
        assert_eq!(client(&["203.0.113.9, junk"], "10.0.0.1"), "10.0.0.1");
        assert_eq!(client(&[], "10.0.0.1"), "10.0.0.1");
        assert_eq!(client(&["10.0.0.3, 10.0.0.2"], "10.0.0.1"), "10.0.0.3");
    }

    #[test]
    fn tls_is_believed_from_trusted_proxies_only() {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-proto", "https".parse().unwrap());
        let trusted = proxies(&["10.0.0.0/8"]);
        assert!(trusted.client("10.0.0.1".parse().unwrap(), &headers).1);
        assert!(!trusted.client("192.0.2.1".parse().unwrap(), &headers).1);
    }
}
