//! How one issuer stands: what it published, when, and whether to ask it again.
//!
//! **Source**: requirements S80 and S82, F13 to F16.

use std::sync::Arc;

use daypass_core::time::Timestamp;
use daypass_proof::jwt::{Jwk, KeyId, KeySet};

use super::IssuerKeysError;

/// After how long a set is fetched again. **Source**: F15, the refresh interval.
pub(super) const REFRESH_MILLIS: i64 = 3_600_000;
/// How long a set is used after it was fetched, while the issuer is down. **Source**: F13.
pub(super) const KEPT_MILLIS_MAX: i64 = 24 * 3_600_000;
/// The least time between two fetches that a key nobody knows, or an issuer that is down, causes.
/// **Source**: S80, F14.
pub(super) const PAUSE_MILLIS: i64 = 30_000;
/// Failures in a row after which an issuer without any keys is left alone for a while.
/// **Source**: F14.
pub(super) const FAILURES_MAX: u32 = 5;

/// What is known of one issuer.
#[derive(Default)]
pub(super) struct Standing {
    good: Option<Good>,
    attempted: Option<Timestamp>,
    failure: Option<IssuerKeysError>,
    failures: u32,
    asking: bool,
    ended: u64,
}

struct Good {
    keys: Arc<KeySet>,
    fetched: Timestamp,
}

/// What a request does.
pub(super) enum Step {
    /// It has its answer.
    Answer(Result<Arc<KeySet>, IssuerKeysError>),
    /// It waits for what somebody else is asking the issuer: its key may be among that.
    Wait,
    /// It asks the issuer; if somebody else does so already, these keys will do, if there are any.
    Fetch {
        /// Keys that hold the one that is needed.
        meanwhile: Option<Arc<KeySet>>,
    },
}

impl Standing {
    /// What a request at this moment does that needs the key called `key_id`.
    pub(super) fn step(&self, key_id: Option<&str>, now: Timestamp) -> Step {
        let paused = self
            .attempted
            .is_some_and(|at| since(at, now) < PAUSE_MILLIS);
        let usable = self.usable(now);
        let Some(good) = usable else {
            let left_alone = paused && self.failures >= FAILURES_MAX;
            return if left_alone {
                Step::Answer(self.answer(now))
            } else {
                Step::Fetch { meanwhile: None }
            };
        };
        let known = key_id.is_none_or(|key_id| names(&good.keys, key_id));
        let is_fresh = since(good.fetched, now) < REFRESH_MILLIS;
        if self.asking && !known {
            return Step::Wait;
        }
        if paused || (known && is_fresh) {
            return Step::Answer(Ok(Arc::clone(&good.keys)));
        }
        Step::Fetch {
            meanwhile: known.then(|| Arc::clone(&good.keys)),
        }
    }

    /// The keys as they are now, or why there are none.
    pub(super) fn answer(&self, now: Timestamp) -> Result<Arc<KeySet>, IssuerKeysError> {
        match (self.usable(now), &self.failure) {
            (Some(good), _) => Ok(Arc::clone(&good.keys)),
            (None, Some(failure)) => Err(failure.clone()),
            (None, None) => Err(IssuerKeysError::Unreachable("it was not asked yet".into())),
        }
    }

    /// When the issuer was last asked.
    pub(super) fn attempted(&self) -> Option<Timestamp> {
        self.attempted
    }

    /// How many fetches have ended.
    pub(super) fn ended(&self) -> u64 {
        self.ended
    }

    /// A fetch begins.
    pub(super) fn begin(&mut self, now: Timestamp) {
        self.attempted = Some(now);
        self.asking = true;
    }

    /// A fetch ends. What failed leaves the keys that were there.
    pub(super) fn end(&mut self, fetched: Result<KeySet, IssuerKeysError>, now: Timestamp) {
        self.ended = self.ended.wrapping_add(1);
        self.asking = false;
        match fetched {
            Ok(keys) => {
                let keys = Arc::new(keys);
                self.good = Some(Good { keys, fetched: now });
                self.failure = None;
                self.failures = 0;
            }
            Err(error) => {
                self.failure = Some(error);
                self.failures = self.failures.saturating_add(1);
            }
        }
    }

    fn usable(&self, now: Timestamp) -> Option<&Good> {
        let good = self.good.as_ref()?;
        (since(good.fetched, now) < KEPT_MILLIS_MAX).then_some(good)
    }
}

/// Whether an issuer publishes a key of this name, usable or not.
fn names(keys: &KeySet, key_id: &str) -> bool {
    let usable = keys.keys().iter().filter_map(Jwk::key_id);
    let mut usable = usable.map(KeyId::as_str);
    let mut set_aside = keys.set_aside().iter();
    usable.any(|id| id == key_id) || set_aside.any(|(id, _)| id.as_deref() == Some(key_id))
}

/// Milliseconds from `earlier` to `now`; none if a request that began before is only now here.
fn since(earlier: Timestamp, now: Timestamp) -> i64 {
    now.millis().saturating_sub(earlier.millis()).max(0)
}
