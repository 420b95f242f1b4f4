//! A moment as pages say it: for machines, for the eye, and how long ago it was.
//!
//! Without a script a page shows the moment in UTC; with it, how long ago, with the UTC time behind.
//!
//! **Source**: users page, section 8 (time); RFC 3339.

use time::OffsetDateTime;
use time::macros::format_description;

/// A moment in words.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Moment {
    /// As RFC 3339 writes it, for `<time>`.
    pub(crate) datetime: String,
    /// In UTC, like `24 Nov 2026, 18:05 UTC`.
    pub(crate) words: String,
    /// From now, like `3 minutes ago` or `in 2 hours`.
    pub(crate) ago: String,
}

impl Moment {
    /// The moment `seconds` after the epoch, seen at `now`.
    pub(crate) fn of(seconds: i64, now: i64) -> Self {
        Self {
            datetime: daypass_wire::time::iso8601(seconds),
            words: absolute(seconds),
            ago: relative(seconds, now),
        }
    }
}

/// The moment in UTC.
fn absolute(seconds: i64) -> String {
    let format =
        format_description!("[day padding:none] [month repr:short] [year], [hour]:[minute] UTC");
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()
        .and_then(|at| at.format(format).ok())
        .unwrap_or_else(|| format!("{seconds} seconds since 1970"))
}

/// How long ago, or how soon.
fn relative(seconds: i64, now: i64) -> String {
    let distance = now.saturating_sub(seconds);
    match distance {
        -4..=4 => "now".to_owned(),
        5.. => format!("{} ago", span(distance)),
        _ => format!("in {}", span(distance.saturating_neg())),
    }
}

/// A span of time in its largest whole unit, like `3 minutes`.
pub(crate) fn span(seconds: i64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute")];
    let (count, unit) = units
        .into_iter()
        .find(|(size, _)| seconds >= *size)
        .map_or((seconds, "second"), |(size, unit)| (seconds / size, unit));
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_utc_and_from_now() {
        let moment = Moment::of(1_764_007_500, 1_764_007_500 + 185);
        assert_eq!(moment.datetime, "2025-11-24T18:05:00Z");
        assert_eq!(moment.words, "24 Nov 2025, 18:05 UTC");
        assert_eq!(moment.ago, "3 minutes ago");
    }

    #[test]
    fn the_largest_whole_unit_is_said() {
        let now = 1_764_007_500;
        for (seconds, ago) in [
            (now, "now"),
            (now + 60, "in 1 minute"),
            (now - 7_199, "1 hour ago"),
            (now - 172_800, "2 days ago"),
            (now - 59, "59 seconds ago"),
        ] {
            assert_eq!(Moment::of(seconds, now).ago, ago);
        }
    }

    #[test]
    fn a_moment_out_of_every_calendar_is_still_said() {
        assert!(Moment::of(i64::MAX, 0).words.ends_with("since 1970"));
        assert!(Moment::of(i64::MIN, i64::MAX).ago.ends_with("ago"));
    }
}
