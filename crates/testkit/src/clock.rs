//! A clock that stands still until a test moves it.
//!
//! **Source**: DESIGN §11 and STYLE §10: tests move a fake clock, nothing sleeps.

use std::sync::atomic::{AtomicI64, Ordering};

/// The moment at which every test house opens: 2026-01-01T00:00:00Z, in seconds since the epoch.
pub const OPENING_SECONDS: i64 = 1_767_225_600;

/// A clock moved by hand.
#[derive(Debug)]
pub struct Clock {
    millis: AtomicI64,
}

impl Clock {
    /// A clock at the opening moment.
    pub fn new() -> Self {
        Self {
            millis: AtomicI64::new(OPENING_SECONDS * 1_000),
        }
    }

    /// The moment, in milliseconds since the epoch.
    pub fn millis(&self) -> i64 {
        self.millis.load(Ordering::SeqCst)
    }

    /// The moment, in whole seconds since the epoch.
    pub fn seconds(&self) -> i64 {
        self.millis().div_euclid(1_000)
    }

    /// Moves the clock; a negative number moves it back.
    pub fn advance_seconds(&self, seconds: i64) {
        self.millis
            .fetch_add(seconds.saturating_mul(1_000), Ordering::SeqCst);
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
