//! What has happened here, counted by the hour: what people are shown of a deployment's life.
//!
//! Operations say what they did, with the moment of their request, and the counts are kept in memory
//! so that counting never costs a request a write. [`keep`] writes them down from time to time and
//! reads them again at the next start; [`report`] adds them up. Nothing is decided by these figures.
//!
//! **Source**: users page, section 7 (the overview); requirement S71 (every table is bounded).

mod keep;
mod month;
pub(crate) mod report;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use daypass_core::time::Timestamp;
use daypass_store::records::{ActivityHour, PoolActivity};

/// The length of an hour.
pub(crate) const HOUR_SECONDS: i64 = 3_600;

/// Hours that are kept: 31 days, so that the longest month is whole on its last day. What can be
/// asked for is [`HOURS_TOLD_MAX`].
const HOURS_KEPT: usize = 31 * 24;

/// Hours that one report tells of: 30 days.
pub(crate) const HOURS_TOLD_MAX: i64 = 30 * 24;

/// Identity pools counted by name within an hour.
const POOLS_PER_HOUR_MAX: usize = 256;

/// Providers counted by name within an hour.
const PROVIDERS_PER_HOUR_MAX: usize = 64;

/// Reasons counted by name within an hour.
const REASONS_PER_HOUR_MAX: usize = 128;

/// The entry of everything beyond those limits.
pub(crate) const OTHER: &str = "other";

/// The provider of those who showed no login.
pub(crate) const GUEST: &str = "guest";

/// What this process counted, beside what was counted before it started.
pub(crate) struct Activity {
    /// Names the records of this process.
    node: String,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    /// By this process, by the second an hour begins.
    counted: BTreeMap<i64, Counted>,
    /// By others, and by processes before this one.
    before: BTreeMap<i64, ActivityHour>,
}

/// An hour of this process, and how much of it is written down.
#[derive(Default)]
struct Counted {
    hour: ActivityHour,
    changes: u64,
    saved_changes: u64,
}

impl Activity {
    /// A token was signed for an identity of `pool`, on the word of `providers`.
    pub(crate) fn token(&self, now: Timestamp, pool: &str, providers: &[&str]) {
        self.note(now, |hour| {
            hour.tokens = hour.tokens.saturating_add(1);
            add_logins(hour, providers);
            let pool = pool_in(hour, pool);
            pool.tokens = pool.tokens.saturating_add(1);
            issued(pool, now);
        });
    }

    /// Credentials were vended to an identity of `pool`. Whoever came with a token of ours was
    /// counted as a login when that token was signed, and stands not among `providers`.
    pub(crate) fn credentials(&self, now: Timestamp, pool: &str, providers: &[&str]) {
        self.note(now, |hour| {
            hour.credentials = hour.credentials.saturating_add(1);
            add_logins(hour, providers);
            let pool = pool_in(hour, pool);
            pool.credentials = pool.credentials.saturating_add(1);
            issued(pool, now);
        });
    }

    /// An identity was made in `pool`.
    pub(crate) fn new_identity(&self, now: Timestamp, pool: &str) {
        self.note(now, |hour| {
            hour.new_identities = hour.new_identities.saturating_add(1);
            let pool = pool_in(hour, pool);
            pool.new_identities = pool.new_identities.saturating_add(1);
        });
    }

    /// A request was not answered as asked, for `reason`.
    pub(crate) fn refused(&self, now: Timestamp, reason: &str) {
        self.note(now, |hour| {
            let count = entry(&mut hour.refusals, reason, REASONS_PER_HOUR_MAX);
            *count = count.saturating_add(1);
        });
    }

    fn note(&self, now: Timestamp, change: impl FnOnce(&mut ActivityHour)) {
        let mut table = self.lock();
        let counted = table.counted.entry(hour_of(now.seconds())).or_default();
        change(&mut counted.hour);
        counted.changes = counted.changes.wrapping_add(1);
        while table.counted.len() > HOURS_KEPT {
            table.counted.pop_first();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The second in which the hour of `seconds` begins.
fn hour_of(seconds: i64) -> i64 {
    seconds.div_euclid(HOUR_SECONDS) * HOUR_SECONDS
}

/// The entry of `name`, or the one of everything else once there are `most` names beside it.
fn entry<'m, V: Default>(map: &'m mut BTreeMap<String, V>, name: &str, most: usize) -> &'m mut V {
    let names = map.len() - usize::from(map.contains_key(OTHER));
    let known = map.contains_key(name) || names < most;
    let name = if known { name } else { OTHER };
    map.entry(name.to_owned()).or_default()
}

fn add_logins(hour: &mut ActivityHour, providers: &[&str]) {
    for provider in providers {
        let count = entry(&mut hour.logins, provider, PROVIDERS_PER_HOUR_MAX);
        *count = count.saturating_add(1);
    }
}

fn pool_in<'h>(hour: &'h mut ActivityHour, pool: &str) -> &'h mut PoolActivity {
    entry(&mut hour.pools, pool, POOLS_PER_HOUR_MAX)
}

/// Adds the counts of another hour, or of the same hour elsewhere, within the same limits.
fn add(sum: &mut ActivityHour, other: &ActivityHour, pools_max: usize) {
    sum.tokens = sum.tokens.saturating_add(other.tokens);
    sum.credentials = sum.credentials.saturating_add(other.credentials);
    sum.new_identities = sum.new_identities.saturating_add(other.new_identities);
    for (reason, count) in &other.refusals {
        let sum = entry(&mut sum.refusals, reason, REASONS_PER_HOUR_MAX);
        *sum = sum.saturating_add(*count);
    }
    for (provider, count) in &other.logins {
        let sum = entry(&mut sum.logins, provider, PROVIDERS_PER_HOUR_MAX);
        *sum = sum.saturating_add(*count);
    }
    for (id, counts) in &other.pools {
        let sum = entry(&mut sum.pools, id, pools_max);
        sum.tokens = sum.tokens.saturating_add(counts.tokens);
        sum.credentials = sum.credentials.saturating_add(counts.credentials);
        sum.new_identities = sum.new_identities.saturating_add(counts.new_identities);
        sum.last_issued = sum.last_issued.max(counts.last_issued);
    }
}

/// Requests overlap, so an earlier one never replaces a later one.
fn issued(pool: &mut PoolActivity, now: Timestamp) {
    pool.last_issued = pool.last_issued.max(Some(now.seconds()));
}

#[cfg(test)]
mod tests;
