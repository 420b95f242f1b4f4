//! When the current month began, by the calendar of UTC.

use daypass_wire::time::iso8601;

const DAY_SECONDS: i64 = 24 * 3_600;

/// The first second of the calendar month of `seconds`.
pub(super) fn month_start(seconds: i64) -> i64 {
    let date = iso8601(seconds);
    let day: Option<i64> = date.get(8..10).and_then(|day| day.parse().ok());
    let days_before = day.unwrap_or(1).saturating_sub(1);
    (seconds.div_euclid(DAY_SECONDS) - days_before) * DAY_SECONDS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_with_its_first_second() {
        for (moment, start) in [
            ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
            ("2026-01-31T23:59:59Z", "2026-01-01T00:00:00Z"),
            ("2024-02-29T12:00:00Z", "2024-02-01T00:00:00Z"),
            ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2025-12-10T03:04:05Z", "2025-12-01T00:00:00Z"),
        ] {
            let seconds = daypass_wire::time::parse_iso8601(moment).unwrap();
            assert_eq!(iso8601(month_start(seconds)), start, "{moment}");
        }
    }
}
