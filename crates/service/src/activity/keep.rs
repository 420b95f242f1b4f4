//! The counts outlive the process: written down from time to time, read again at the next start.
//!
//! A save that fails says so in the log and is tried again with the next one, since an hour counts
//! as written only once its transaction is durable. What was counted after the last save is lost
//! when a process is killed; nothing else is.

use daypass_core::time::Timestamp;
use daypass_store::records::{ActivityHour, RecordError, Records};

use super::{Activity, HOUR_SECONDS, HOURS_KEPT, POOLS_PER_HOUR_MAX, Table, add, hour_of};
use crate::env::Env;
use crate::error::Failure;

/// Records read at a start: every hour kept, by 32 processes or after as many restarts an hour.
const RECORDS_READ_MAX: usize = 32 * HOURS_KEPT;

/// Old records removed with one save.
const RECORDS_FORGOTTEN_MAX: usize = 1_000;

/// An hour as it is to be written.
struct Unsaved {
    start: i64,
    changes: u64,
    hour: ActivityHour,
}

/// The first hour that is kept.
fn kept_from(now: Timestamp) -> i64 {
    let hours = i64::try_from(HOURS_KEPT).unwrap_or(i64::MAX);
    let length = hours.saturating_sub(1).saturating_mul(HOUR_SECONDS);
    hour_of(now.seconds()).saturating_sub(length)
}

impl Activity {
    /// The counts of a process called `node`, on top of what was written down before.
    pub(crate) async fn load(
        records: &mut Records,
        node: String,
        now: Timestamp,
    ) -> Result<Self, RecordError> {
        let mut table = Table::default();
        let found = records.activity(kept_from(now), RECORDS_READ_MAX).await?;
        if found.len() == RECORDS_READ_MAX {
            tracing::warn!(
                records = RECORDS_READ_MAX,
                "only the older part of the activity records was read"
            );
        }
        for (start, hour) in found {
            let sum = table.before.entry(start).or_default();
            add(sum, &hour, POOLS_PER_HOUR_MAX);
        }
        Ok(Self {
            node,
            table: table.into(),
        })
    }

    fn unsaved(&self) -> Vec<Unsaved> {
        let table = self.lock();
        let changed = table.counted.iter();
        let changed = changed.filter(|(_, counted)| counted.changes != counted.saved_changes);
        let changed = changed.map(|(start, counted)| Unsaved {
            start: *start,
            changes: counted.changes,
            hour: counted.hour.clone(),
        });
        changed.collect()
    }

    fn saved(&self, written: &[Unsaved]) {
        let mut table = self.lock();
        for unsaved in written {
            if let Some(counted) = table.counted.get_mut(&unsaved.start) {
                counted.saved_changes = unsaved.changes;
            }
        }
    }
}

impl Env {
    /// Writes down what was counted since the last time. Called once a minute and at the end; it
    /// keeps no request waiting, and a failure is a line in the log and no more.
    pub async fn save_activity(&self, now_millis: i64) {
        if let Err(failure) = save(self, Timestamp::from_millis(now_millis)).await {
            tracing::warn!(
                ?failure,
                "the activity counts could not be saved; they are tried again with the next"
            );
        }
    }
}

async fn save(env: &Env, now: Timestamp) -> Result<(), Failure> {
    let activity = env.activity();
    let unsaved = activity.unsaved();
    if unsaved.is_empty() {
        return Ok(());
    }
    let mut records = env.write().await?;
    for Unsaved { start, hour, .. } in &unsaved {
        records.put_activity(*start, &activity.node, hour).await?;
    }
    records
        .forget_activity(kept_from(now), RECORDS_FORGOTTEN_MAX)
        .await?;
    records.commit().await?;
    activity.saved(&unsaved);
    Ok(())
}
