//! Every bound of the listener, with its unit.
//!
//! **Source**: the limits table of the reliability and security page (section 3). Each bound that
//! a client can meet has a test on both sides.

use std::time::Duration;

/// The request line, without its line end.
pub(crate) const REQUEST_LINE_BYTES_MAX: usize = 16 * 1024;

/// One header line, without its line end.
pub(crate) const HEADER_BYTES_MAX: usize = 16 * 1024;

/// All header lines together, with their line ends.
pub(crate) const HEADERS_BYTES_MAX: usize = 32 * 1024;

/// How many headers one request may have.
pub(crate) const HEADER_COUNT_MAX: usize = 100;

/// Streams at once on one HTTP/2 connection.
pub(crate) const STREAMS_MAX: u32 = 128;

/// Streams a client may reset, or make us reset, before its connection is closed.
pub(crate) const RESETS_MAX: usize = 100;

/// Connections at once, if the limit of open files leaves room for as many.
pub(crate) const CONNECTIONS_MAX: usize = 8_192;

/// Connections at once from one address (from one /64 network in IPv6).
pub(crate) const CONNECTIONS_PER_ADDRESS_MAX: usize = 256;

/// Connections to a shared database at once; transactions beyond them wait their turn.
pub(crate) const DATABASE_CONNECTIONS_MAX: usize = 16;

/// Requests being answered at once.
pub(crate) const IN_FLIGHT_MAX: usize = 512;

/// Requests waiting for their turn.
pub(crate) const WAITING_MAX: usize = 1_024;

/// What is read and thrown away after a refusal, so that the answer reaches a client still sending.
pub(crate) const LINGER_BYTES_MAX: usize = 1024 * 1024;

/// The times a connection may take; a value, so that tests need not wait for the real ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// From accept, or from the first byte of a later request, to the end of its headers.
    pub(crate) header: Duration,
    /// Between two pieces of a body.
    pub(crate) body_idle: Duration,
    /// A request that is not a stream, from its headers to its answer.
    pub(crate) whole: Duration,
    /// Between two requests.
    pub(crate) keep_alive: Duration,
    /// Waiting for a turn.
    pub(crate) turn: Duration,
    /// A client that takes nothing of its answer.
    pub(crate) write_idle: Duration,
    /// Reading on after a refusal.
    pub(crate) linger: Duration,
    /// From the signal to stop to the end of the last answer.
    pub(crate) drain: Duration,
    /// No accepting, after the open files ran out.
    pub(crate) accept_pause: Duration,
}

impl Times {
    /// The times of the limits table.
    pub(crate) const SERVED: Self = Self {
        header: Duration::from_secs(10),
        body_idle: Duration::from_secs(15),
        whole: Duration::from_secs(30),
        keep_alive: Duration::from_secs(75),
        turn: Duration::from_secs(10),
        write_idle: Duration::from_mins(1),
        linger: Duration::from_secs(2),
        drain: Duration::from_secs(10),
        accept_pause: Duration::from_millis(100),
    };
}

/// How many connections fit: the cap, or three quarters of the open files, so that the store, the
/// log and the audit always find a descriptor.
pub(crate) fn connections_max(open_files: u64) -> usize {
    let quarter = open_files / 4;
    usize::try_from(quarter.saturating_mul(3))
        .unwrap_or(CONNECTIONS_MAX)
        .min(CONNECTIONS_MAX)
}

#[cfg(test)]
mod tests {
    use super::connections_max;

    #[test]
    fn f20_a_quarter_of_the_open_files_is_kept_for_the_store() {
        assert_eq!(connections_max(256), 192);
        assert_eq!(connections_max(1_024), 768);
        assert_eq!(connections_max(1_048_576), 8_192);
        assert_eq!(connections_max(u64::MAX), 8_192);
    }
}
