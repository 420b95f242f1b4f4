//! Rates per address. Time is handed in; the table of addresses is bounded.
//!
//! **Source**: limits table of the reliability and security page, section 3; requirement S71.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::circumstances::Circumstances;

/// What is counted.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Rate {
    /// Requests whose signature was refused.
    FailedSignatures,
    /// Requests that named an identity that does not exist.
    UnknownIdentities,
    /// New guests.
    GuestCreations,
}

impl Rate {
    /// Refill per second and burst.
    const fn allowance(self) -> (f64, f64) {
        match self {
            Self::FailedSignatures => (20.0, 100.0),
            Self::UnknownIdentities => (10.0, 50.0),
            Self::GuestCreations => (50.0, 500.0),
        }
    }
}

/// Addresses remembered per process; past that, the table is cleared of full buckets, and if none
/// is full a new address shares one bucket with all other new ones.
const ADDRESSES_MAX: usize = 65_536;

#[derive(Clone, Copy)]
struct Bucket {
    tokens: f64,
    at_millis: i64,
}

/// The rates of one process.
pub(crate) struct Quota {
    count_loopback: bool,
    buckets: Mutex<HashMap<(Rate, IpAddr), Bucket>>,
}

impl Quota {
    /// No rate used up. Peers on this machine count only if `count_loopback` says so.
    pub(crate) fn new(count_loopback: bool) -> Self {
        Self {
            count_loopback,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Counts one event and says whether it is within the rate.
    pub(crate) fn allow(&self, rate: Rate, circumstances: &Circumstances) -> bool {
        let peer = circumstances.peer.to_canonical();
        if peer.is_loopback() && !self.count_loopback {
            return true;
        }
        let (refill, burst) = rate.allowance();
        let now_millis = circumstances.now.millis();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|(rate, _), bucket| {
                level(*bucket, rate.allowance(), now_millis) < rate.allowance().1
            });
        }
        let mut key = (rate, network(peer));
        if buckets.len() >= ADDRESSES_MAX && !buckets.contains_key(&key) {
            key.1 = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        }
        let bucket = buckets.entry(key).or_insert(Bucket {
            tokens: burst,
            at_millis: now_millis,
        });
        let tokens = level(*bucket, (refill, burst), now_millis);
        let allowed = tokens >= 1.0;
        let left = if allowed { tokens - 1.0 } else { tokens };
        *bucket = Bucket {
            tokens: left,
            at_millis: now_millis.max(bucket.at_millis),
        };
        allowed
    }
}

fn level(bucket: Bucket, (refill, burst): (f64, f64), now_millis: i64) -> f64 {
    let elapsed = now_millis
        .saturating_sub(bucket.at_millis)
        .clamp(0, 3_600_000);
    let elapsed = f64::from(i32::try_from(elapsed).unwrap_or(i32::MAX)) / 1_000.0;
    (bucket.tokens + elapsed * refill).min(burst)
}

/// An IPv6 client owns a whole /64.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let kept = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(kept.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_core::time::Timestamp;

    fn from(peer: &str, now_millis: i64) -> Circumstances {
        Circumstances {
            now: Timestamp::from_millis(now_millis),
            peer: peer.parse().unwrap(),
            secure: false,
            request_id: uuid::Uuid::nil(),
            user_agent: String::new(),
            referer: None,
        }
    }

    fn allowed(quota: &Quota, peer: &str, now_millis: i64, tries: usize) -> usize {
        (0..tries)
            .filter(|_| quota.allow(Rate::UnknownIdentities, &from(peer, now_millis)))
            .count()
    }

    #[test]
    fn s71_a_burst_is_allowed_then_the_rate() {
        let quota = Quota::new(false);
        assert_eq!(allowed(&quota, "192.0.2.1", 0, 60), 50);
        assert_eq!(allowed(&quota, "192.0.2.1", 1_000, 60), 10);
        assert_eq!(allowed(&quota, "192.0.2.2", 1_000, 60), 50);
        assert_eq!(
            allowed(&quota, "192.0.2.1", 0, 1),
            0,
            "a clock that steps back refills nothing"
        );
    }

    #[test]
    fn loopback_counts_only_on_request_and_ipv6_by_network() {
        assert_eq!(allowed(&Quota::new(false), "127.0.0.1", 0, 60), 60);
        assert_eq!(allowed(&Quota::new(true), "::ffff:127.0.0.1", 0, 60), 50);
        let quota = Quota::new(false);
        assert_eq!(allowed(&quota, "2001:db8::1", 0, 30), 30);
        assert_eq!(allowed(&quota, "2001:db8::2", 0, 30), 20);
    }
}
