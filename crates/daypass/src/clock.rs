//! The only place where the machine's clocks are read.
//!
//! Rules and operations take time as an argument (DESIGN, section 12, rule 5); a request's moment is
//! read here once, as it enters.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds since the epoch, by the machine's calendar clock.
#[expect(
    clippy::disallowed_methods,
    reason = "the one reading of the calendar clock"
)]
pub(crate) fn now_millis() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// A moment to measure from; it never jumps.
#[expect(
    clippy::disallowed_methods,
    reason = "durations of the demo and of quiet connections"
)]
pub(crate) fn instant() -> Instant {
    Instant::now()
}
