//! Moments and spans. A request has exactly one moment; it is handed in, never looked up.

/// A moment, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Timestamp {
    millis: i64,
}

impl Timestamp {
    /// The moment `millis` milliseconds after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self { millis }
    }

    /// The moment `seconds` seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self {
            millis: seconds.saturating_mul(1_000),
        }
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.millis
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.millis.div_euclid(1_000)
    }

    /// The moment `lifetime` later, in whole seconds, as tokens and credentials count.
    #[must_use]
    pub const fn plus(self, lifetime: Lifetime) -> Self {
        Self::from_seconds(self.seconds().saturating_add(lifetime.seconds()))
    }
}

/// How long something is good for, in whole seconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Lifetime {
    seconds: i64,
}

impl Lifetime {
    /// A span of `seconds` seconds.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self { seconds }
    }

    /// The span in seconds.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_round_down_and_lifetimes_count_whole_seconds() {
        let moment = Timestamp::from_millis(1_999);
        assert_eq!(moment.seconds(), 1);
        assert_eq!(Timestamp::from_millis(-1).seconds(), -1);
        assert_eq!(
            moment.plus(Lifetime::from_seconds(900)),
            Timestamp::from_seconds(901)
        );
    }
}
