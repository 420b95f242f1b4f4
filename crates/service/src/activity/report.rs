//! The counts of some hours, added up for a reader.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use daypass_core::time::Timestamp;
use daypass_store::records::{ActivityHour, PoolActivity};

use super::month::month_start;
use super::{Activity, HOUR_SECONDS, add, hour_of};

/// Identity pools told by name in one report; as many as an account may have.
const POOLS_TOLD_MAX: usize = daypass_core::limits::IDENTITY_POOLS_MAX;

/// What happened in the hours a report tells of.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Report {
    /// Every hour in its order, also those in which nothing happened.
    pub hours: Vec<HourTold>,
    /// Refusals by reason, most frequent first.
    pub refusals: Vec<(String, u64)>,
    /// Logins by provider, most frequent first.
    pub logins: Vec<(String, u64)>,
    /// Identity pools in which something happened, the busiest first.
    pub pools: Vec<(String, PoolActivity)>,
    /// Identities made in the current calendar month.
    pub identities_this_month: u64,
}

/// One hour of a report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct HourTold {
    /// The second it begins, since the epoch.
    pub start: i64,
    /// Tokens signed.
    pub tokens: u64,
    /// Credentials vended.
    pub credentials: u64,
    /// Identities made.
    pub new_identities: u64,
    /// Requests refused.
    pub refusals: u64,
}

impl Activity {
    /// What happened in the `hours` hours that end with the current one; in one pool, if one is
    /// named. Refusals and logins are not counted by pool, so a report of one pool has none.
    pub(crate) fn report(&self, now: Timestamp, hours: i64, pool: Option<&str>) -> Report {
        let last = hour_of(now.seconds());
        let first = last.saturating_sub(hours.saturating_sub(1).saturating_mul(HOUR_SECONDS));
        let month = month_start(now.seconds());
        let mut told: BTreeMap<i64, HourTold> = (0..hours)
            .map(|number| first.saturating_add(number.saturating_mul(HOUR_SECONDS)))
            .map(|start| (start, HourTold::at(start)))
            .collect();
        let mut sum = ActivityHour::default();
        let mut this_month: u64 = 0;
        let table = self.lock();
        let counted = table.counted.iter().map(|(start, own)| (start, &own.hour));
        for (start, hour) in counted.chain(table.before.iter()) {
            let hour = pool.map_or(Cow::Borrowed(hour), |pool| Cow::Owned(only(pool, hour)));
            if (month..=last).contains(start) {
                this_month = this_month.saturating_add(hour.new_identities);
            }
            if let Some(line) = told.get_mut(start) {
                line.add(&hour);
                add(&mut sum, &hour, POOLS_TOLD_MAX);
            }
        }
        drop(table);
        Report {
            hours: told.into_values().collect(),
            refusals: largest_first(sum.refusals),
            logins: largest_first(sum.logins),
            pools: busiest_first(sum.pools),
            identities_this_month: this_month,
        }
    }
}

/// What of an hour belongs to one pool.
fn only(pool: &str, hour: &ActivityHour) -> ActivityHour {
    let Some(counts) = hour.pools.get(pool) else {
        return ActivityHour::default();
    };
    ActivityHour {
        tokens: counts.tokens,
        credentials: counts.credentials,
        new_identities: counts.new_identities,
        pools: BTreeMap::from([(pool.to_owned(), counts.clone())]),
        ..ActivityHour::default()
    }
}

impl HourTold {
    fn at(start: i64) -> Self {
        Self {
            start,
            ..Self::default()
        }
    }

    fn add(&mut self, hour: &ActivityHour) {
        self.tokens = self.tokens.saturating_add(hour.tokens);
        self.credentials = self.credentials.saturating_add(hour.credentials);
        self.new_identities = self.new_identities.saturating_add(hour.new_identities);
        let refusals = hour.refusals.values();
        self.refusals = refusals.fold(self.refusals, |sum, count| sum.saturating_add(*count));
    }
}

fn largest_first(counts: BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    counts
}

fn busiest_first(pools: BTreeMap<String, PoolActivity>) -> Vec<(String, PoolActivity)> {
    let issued = |pool: &PoolActivity| pool.tokens.saturating_add(pool.credentials);
    let mut pools: Vec<_> = pools.into_iter().collect();
    pools.sort_by_key(|(_, pool)| Reverse((issued(pool), pool.new_identities)));
    pools
}
