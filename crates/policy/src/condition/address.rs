//! `IpAddress` and `NotIpAddress`: an address inside a network.
//!
//! An IPv4 address in IPv6 clothes (`::ffff:192.0.2.1`) is taken as the IPv4 address it is, so a
//! rule holds however the listener saw the peer. Different families never fit.
//!
//! **Source**: IAM user guide, *IP address condition operators*; RFC 4632; RFC 4291.

use std::net::IpAddr;

use crate::error::DocumentError;

/// The listed values of an address operator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Test {
    listed: Vec<Network>,
}

impl Test {
    pub(super) fn read(values: &[String]) -> Result<Self, DocumentError> {
        let listed = values
            .iter()
            .map(|value| Network::read(value).ok_or(DocumentError::LegacyParsing))
            .collect::<Result<_, _>>()?;
        Ok(Self { listed })
    }

    pub(super) fn fits_one(&self, value: &str) -> bool {
        value.parse::<IpAddr>().is_ok_and(|address| {
            let address = address.to_canonical();
            self.listed.iter().any(|network| network.holds(address))
        })
    }
}

/// A network: an address and how many of its leading bits count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

/// How many bits of an IPv4-mapped address come before the IPv4 address.
const MAPPED_BITS: u32 = 96;

impl Network {
    fn read(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().ok()?;
        let width = width(address);
        let bits = match bits {
            None => width,
            Some(bits) if !bits.is_empty() && bits.bytes().all(|byte| byte.is_ascii_digit()) => {
                bits.parse().ok().filter(|bits| *bits <= width)?
            }
            Some(_) => return None,
        };
        let plain = address.to_canonical();
        if plain.is_ipv4() && address.is_ipv6() && bits >= MAPPED_BITS {
            return Some(Self {
                address: plain,
                bits: bits - MAPPED_BITS,
            });
        }
        Some(Self { address, bits })
    }

    fn holds(&self, address: IpAddr) -> bool {
        let differing = match (self.address, address) {
            (IpAddr::V4(left), IpAddr::V4(right)) => (left.to_bits() ^ right.to_bits())
                .checked_shr(32 - self.bits)
                .unwrap_or(0)
                .into(),
            (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits() ^ right.to_bits())
                .checked_shr(128 - self.bits)
                .unwrap_or(0),
            _ => return false,
        };
        differing == 0_u128
    }
}

fn width(address: IpAddr) -> u32 {
    match address {
        IpAddr::V4(_) => 32,
        IpAddr::V6(_) => 128,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(listed: &str, value: &str) -> bool {
        Test::read(&[listed.to_owned()]).unwrap().fits_one(value)
    }

    #[test]
    fn an_address_fits_its_network_whatever_its_clothes() {
        assert!(fits("203.0.113.0/24", "203.0.113.7"));
        assert!(!fits("203.0.113.0/24", "203.0.114.7"));
        assert!(fits("203.0.113.9/24", "203.0.113.7"));
        assert!(fits("203.0.113.7", "203.0.113.7"));
        assert!(!fits("203.0.113.7", "203.0.113.8"));
        assert!(fits("0.0.0.0/0", "198.51.100.1"));
        assert!(!fits("0.0.0.0/0", "2001:db8::1"));
        assert!(fits("2001:db8::/32", "2001:DB8:1:0:0:0:0:1"));
        assert!(fits("2001:db8::1", "2001:db8::1"));
        assert!(!fits("2001:db8::1", "2001:db8::2"));
        assert!(fits("::/0", "2001:db8::1"));
        assert!(!fits("::/0", "::ffff:192.0.2.1"));
        assert!(fits("192.0.2.0/24", "::ffff:192.0.2.1"));
        assert!(fits("::ffff:192.0.2.0/120", "192.0.2.1"));
        assert!(!fits("::ffff:192.0.2.0/120", "192.0.3.1"));
        assert!(fits("::ffff:0:0/96", "192.0.2.1"));
    }

    #[test]
    fn s49_what_is_no_network_is_refused_and_no_address_fits_nothing() {
        for text in [
            "",
            "host",
            "1.2.3",
            "1.2.3.4/33",
            "1.2.3.4/",
            "1.2.3.4/+8",
            "::1/129",
        ] {
            let read = Test::read(&[text.to_owned()]);
            assert_eq!(read, Err(DocumentError::LegacyParsing), "{text}");
        }
        for value in ["", "host", "203.0.113.7/32", "203.0.113.7:80"] {
            assert!(!fits("0.0.0.0/0", value), "{value}");
        }
    }
}
