//! What happened in each hour: counts, and nothing else.
//!
//! Each process writes its own counts under a name of its own, so processes that share a store never
//! write the same record, and what happened in an hour is the sum over its records. Nothing depends
//! on these figures but what people are shown: a record that does not read is left out.
//!
//! **Shape**: `activity <first second of the hour> <process>` → the counts of that process.

use std::collections::BTreeMap;

use super::{RecordError, Records};
use crate::stored;
use crate::{Key, Range};

const ACTIVITY: &str = "activity";

/// What happened in one hour, as far as one process saw it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ActivityHour {
    /// Tokens signed.
    pub tokens: u64,
    /// Credentials vended.
    pub credentials: u64,
    /// Identities made.
    pub new_identities: u64,
    /// Requests refused, by reason.
    pub refusals: BTreeMap<String, u64>,
    /// Logins accepted, by provider.
    pub logins: BTreeMap<String, u64>,
    /// What happened in each identity pool.
    pub pools: BTreeMap<String, PoolActivity>,
}

/// What happened in one identity pool within an hour.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PoolActivity {
    /// Tokens signed.
    pub tokens: u64,
    /// Credentials vended.
    pub credentials: u64,
    /// Identities made.
    pub new_identities: u64,
    /// When a token or credentials were last given out, in seconds since the epoch.
    pub last_issued: Option<i64>,
}

/// The hour is written with leading zeros, so that text order is time order.
fn hour(start_seconds: i64) -> String {
    format!("{:012}", start_seconds.max(0))
}

/// The hour in a key of an activity record.
fn hour_in(key: &Key) -> Option<i64> {
    key.parts().get(1)?.parse().ok()
}

impl Records {
    /// The counts of the hours from `from_seconds` on, oldest first, with the second each begins.
    pub async fn activity(
        &mut self,
        from_seconds: i64,
        limit: usize,
    ) -> Result<Vec<(i64, ActivityHour)>, RecordError> {
        let before = Key::of(&[ACTIVITY, &hour(from_seconds.saturating_sub(1))]);
        let range = Range::prefix(&Key::of(&[ACTIVITY]), limit).after(&before);
        let pairs = self.tx().scan(&range).await?;
        let read = |(key, text): (Key, String)| {
            let start = hour_in(&key)?;
            let counts = stored::read(&key.to_string(), &text).ok()?;
            (start >= from_seconds).then_some((start, counts))
        };
        Ok(pairs.into_iter().filter_map(read).collect())
    }

    /// Writes what the process `node` counted in the hour that begins at `start_seconds`.
    pub async fn put_activity(
        &mut self,
        start_seconds: i64,
        node: &str,
        counts: &ActivityHour,
    ) -> Result<(), RecordError> {
        let key = Key::of(&[ACTIVITY, &hour(start_seconds), node]);
        self.save(&key, counts).await
    }

    /// Removes the counts of hours before `from_seconds`, at most `limit` records at once.
    pub async fn forget_activity(
        &mut self,
        from_seconds: i64,
        limit: usize,
    ) -> Result<(), RecordError> {
        let range = Range::prefix(&Key::of(&[ACTIVITY]), limit);
        for (key, _) in self.tx().scan(&range).await? {
            if hour_in(&key).is_some_and(|start| start >= from_seconds) {
                break;
            }
            self.tx().delete(&key).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
