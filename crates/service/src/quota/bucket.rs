//! Token buckets in a bounded table. Time is handed in, and all of it is whole numbers.
//!
//! A bucket holds thousandths of a request, so that a rate of `n` a second refills `n` of them each
//! millisecond and nothing is ever rounded.
//!
//! **Source**: limits table of the reliability and security page, section 3; DESIGN §12.6.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// One request, in thousandths.
const REQUEST: u64 = 1_000;
/// After an hour every bucket is full; longer waits change nothing.
const ELAPSED_MILLIS_MAX: i64 = 3_600_000;

/// How many requests are let through: so many a second, and so many at once after a pause.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Allowance {
    /// Requests a second in the long run; at least one.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Allowance {
    /// So many a second, and `burst` at once.
    pub const fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second, burst }
    }

    fn full(self) -> u64 {
        u64::from(self.burst).saturating_mul(REQUEST)
    }
}

impl std::fmt::Display for Allowance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/s, at once {}", self.per_second, self.burst)
    }
}

#[derive(Clone, Copy)]
struct Bucket {
    level: u64,
    at_millis: i64,
    allowance: Allowance,
}

impl Bucket {
    /// What it holds now. A clock that steps back refills nothing.
    fn level(self, now_millis: i64) -> u64 {
        let elapsed = now_millis.saturating_sub(self.at_millis);
        let elapsed = u64::try_from(elapsed.clamp(0, ELAPSED_MILLIS_MAX)).unwrap_or_default();
        let refill = elapsed.saturating_mul(u64::from(self.allowance.per_second));
        self.level.saturating_add(refill).min(self.allowance.full())
    }
}

/// Buckets by key. Past `keys_max` the full ones are forgotten, which changes nothing for them; if
/// none is full, a new key shares the bucket of `overflow`.
pub(super) struct Table<K> {
    keys_max: usize,
    buckets: Mutex<HashMap<K, Bucket>>,
}

impl<K: Clone + Eq + Hash> Table<K> {
    /// No bucket yet.
    pub(super) fn new(keys_max: usize) -> Self {
        Self {
            keys_max,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one request from the bucket of `key`.
    ///
    /// **Errors**: the whole seconds until there will be one, at least one second.
    pub(super) fn take(
        &self,
        key: K,
        overflow: K,
        allowance: Allowance,
        now_millis: i64,
    ) -> Result<(), u32> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= self.keys_max && !buckets.contains_key(&key) {
            buckets.retain(|_, bucket| bucket.level(now_millis) < bucket.allowance.full());
        }
        let crowded = buckets.len() >= self.keys_max && !buckets.contains_key(&key);
        let key = if crowded { overflow } else { key };
        let bucket = buckets.entry(key).or_insert(Bucket {
            level: allowance.full(),
            at_millis: now_millis,
            allowance,
        });
        let level = bucket.level(now_millis);
        bucket.at_millis = now_millis.max(bucket.at_millis);
        bucket.level = level.checked_sub(REQUEST).unwrap_or(level);
        if level >= REQUEST {
            return Ok(());
        }
        let millis = (REQUEST - level).div_ceil(u64::from(allowance.per_second.max(1)));
        Err(u32::try_from(millis.div_ceil(1_000)).unwrap_or(1).max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOW: Allowance = Allowance::new(1, 2);

    fn take(table: &Table<u32>, key: u32, now_millis: i64) -> Result<(), u32> {
        table.take(key, u32::MAX, SLOW, now_millis)
    }

    #[test]
    fn a_bucket_gives_its_burst_then_its_rate_and_says_how_long_to_wait() {
        let table = Table::new(10);
        assert_eq!(take(&table, 1, 0), Ok(()));
        assert_eq!(take(&table, 1, 0), Ok(()));
        assert_eq!(take(&table, 1, 0), Err(1));
        assert_eq!(take(&table, 1, 999), Err(1), "one thousandth is missing");
        assert_eq!(take(&table, 1, 1_000), Ok(()));
        assert_eq!(take(&table, 1, 500), Err(1), "a step back refills nothing");
        assert_eq!(take(&table, 1, i64::MAX), Ok(()));
        assert_eq!(take(&table, 1, i64::MAX), Ok(()));
        assert_eq!(take(&table, 1, i64::MAX), Err(1), "a burst is all it holds");
    }

    #[test]
    fn a_crowded_table_forgets_full_buckets_and_else_shares_one() {
        let table = Table::new(2);
        take(&table, 1, 0).unwrap();
        take(&table, 2, 0).unwrap();
        assert_eq!(take(&table, 3, 0), Ok(()), "from the shared bucket");
        assert_eq!(take(&table, 4, 0), Ok(()), "from the shared bucket, too");
        assert_eq!(take(&table, 5, 0), Err(1), "which is empty now");
        assert_eq!(take(&table, 1, 0), Ok(()), "who was there keeps its own");
        assert_eq!(
            take(&table, 5, 60_000),
            Ok(()),
            "the full ones were forgotten"
        );
        assert!(table.buckets.lock().unwrap().len() <= 3);
    }
}
