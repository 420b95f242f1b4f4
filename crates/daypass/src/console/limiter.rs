//! How often somebody may fail to sign in.
//!
//! **Source**: requirement S87: five failures in fifteen minutes, for an account and for an address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures that are free.
const FAILURES_MAX: u32 = 5;

/// For how long a failure counts.
const WINDOW_MILLIS: i64 = 15 * 60 * 1_000;

/// Accounts and addresses remembered; past that the oldest half is forgotten.
const REMEMBERED_MAX: usize = 20_000;

/// Whose failures are counted.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) enum Who {
    /// An access key id, as claimed, cut to its longest.
    Account(String),
    /// Where the attempt came from.
    Address(IpAddr),
}

#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    since_millis: i64,
}

/// The failures of one process.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<HashMap<Who, Failures>>);

impl Limiter {
    /// How many milliseconds an attempt has to wait; zero if it may be made.
    pub(crate) fn wait_millis(&self, who: &[Who], now_millis: i64) -> i64 {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = who.iter().filter_map(|who| {
            let failures = failures.get(who)?;
            let until = failures.since_millis.saturating_add(WINDOW_MILLIS);
            (failures.count >= FAILURES_MAX).then(|| until.saturating_sub(now_millis))
        });
        waits.max().unwrap_or(0).clamp(0, WINDOW_MILLIS)
    }

    /// Counts a failure.
    pub(crate) fn failed(&self, who: &[Who], now_millis: i64) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= REMEMBERED_MAX {
            let mut since: Vec<i64> = failures.values().map(|one| one.since_millis).collect();
            since.sort_unstable();
            let middle = since.get(since.len() / 2).copied().unwrap_or(now_millis);
            failures.retain(|_, one| one.since_millis > middle);
        }
        for who in who {
            let fresh = Failures {
                count: 0,
                since_millis: now_millis,
            };
            let one = failures.entry(who.clone()).or_insert(fresh);
            if now_millis.saturating_sub(one.since_millis) >= WINDOW_MILLIS {
                *one = fresh;
            }
            one.count = one.count.saturating_add(1);
        }
    }

    /// Forgets the failures of somebody who signed in.
    pub(crate) fn succeeded(&self, who: &[Who]) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for who in who {
            failures.remove(who);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s87_five_failures_then_a_wait_that_ends() {
        let limiter = Limiter::default();
        let who = [
            Who::Account("AKIA".to_owned()),
            Who::Address("192.0.2.1".parse().unwrap()),
        ];
        for _ in 0..FAILURES_MAX {
            assert_eq!(limiter.wait_millis(&who, 1_000), 0);
            limiter.failed(&who, 1_000);
        }
        assert_eq!(limiter.wait_millis(&who, 1_000), WINDOW_MILLIS);
        // Either half alone is held, too.
        assert!(limiter.wait_millis(&who[..1], 2_000) > 0);
        assert!(limiter.wait_millis(&who[1..], 2_000) > 0);
        assert_eq!(limiter.wait_millis(&who, 1_000 + WINDOW_MILLIS), 0);
        limiter.failed(&who, 1_000 + WINDOW_MILLIS);
        assert_eq!(limiter.wait_millis(&who, 1_001 + WINDOW_MILLIS), 0);
    }

    #[test]
    fn signing_in_forgets_failures() {
        let limiter = Limiter::default();
        let who = [Who::Account("AKIA".to_owned())];
        for _ in 0..FAILURES_MAX {
            limiter.failed(&who, 0);
        }
        limiter.succeeded(&who);
        assert_eq!(limiter.wait_millis(&who, 0), 0);
    }

    #[test]
    fn s01_what_is_remembered_is_bounded() {
        let limiter = Limiter::default();
        for n in 0..REMEMBERED_MAX + 10 {
            limiter.failed(&[Who::Account(n.to_string())], i64::try_from(n).unwrap());
        }
        assert!(limiter.0.lock().unwrap().len() <= REMEMBERED_MAX);
    }
}
