//! Calendar forms of a time on the wire; a time itself is a count of seconds since the epoch.
//!
//! **Source**: Cognito identity reference page, section 1.2 (epoch numbers); STS reference page,
//! section 1.2 (ISO 8601); RFC 9110, section 5.6.7 (HTTP dates).

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

/// The years a four-digit year can say, 0000 to 9999, in epoch seconds.
const SECONDS_MIN: i64 = -62_167_219_200;
const SECONDS_MAX: i64 = 253_402_300_799;

const ISO: &[BorrowedFormatItem<'static>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
const IMF_FIXDATE: &[BorrowedFormatItem<'static>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// A time as the query face writes it.
///
/// **Shape**: `2019-11-09T13:34:41Z`.
///
/// **Units and limits**: epoch seconds; outside the years 0000 to 9999 the nearest end.
pub fn iso8601(seconds: i64) -> String {
    written(seconds, ISO)
}

/// A time as HTTP headers write it.
///
/// **Shape**: `Sat, 09 Nov 2019 13:34:41 GMT`.
///
/// **Units and limits**: epoch seconds; outside the years 0000 to 9999 the nearest end.
pub fn http_date(seconds: i64) -> String {
    written(seconds, IMF_FIXDATE)
}

/// A time as the JSON face writes it: epoch seconds in plain decimals, without trailing zeros.
///
/// **Shape**: `1674147308`, `1674147308.5`.
///
/// **Units and limits**: milliseconds since the epoch.
pub fn epoch_number(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let magnitude = milliseconds.unsigned_abs();
    let (seconds, fraction) = (magnitude / 1_000, magnitude % 1_000);
    if fraction == 0 {
        return format!("{sign}{seconds}");
    }
    let fraction = format!("{fraction:03}");
    format!("{sign}{seconds}.{}", fraction.trim_end_matches('0'))
}

/// Reads an ISO 8601 time with its offset; a fraction of a second is dropped.
///
/// **Shape**: `2019-11-09T13:34:41Z`, `2019-11-09T14:34:41.250+01:00`.
pub fn parse_iso8601(text: &str) -> Option<i64> {
    OffsetDateTime::parse(text, &Rfc3339)
        .ok()
        .map(OffsetDateTime::unix_timestamp)
}

/// Reads an HTTP date in the one form that senders may make, its weekday being the right one.
///
/// **Shape**: `Sat, 09 Nov 2019 13:34:41 GMT`.
pub fn parse_http_date(text: &str) -> Option<i64> {
    PrimitiveDateTime::parse(text, IMF_FIXDATE)
        .ok()
        .map(|date| date.assume_utc().unix_timestamp())
        // The parser takes any weekday and any case; the writer makes only one text.
        .filter(|seconds| http_date(*seconds) == text)
}

fn written(seconds: i64, form: &[BorrowedFormatItem<'static>]) -> String {
    // Clamped to four-digit years, both steps always succeed.
    OffsetDateTime::from_unix_timestamp(seconds.clamp(SECONDS_MIN, SECONDS_MAX))
        .ok()
        .and_then(|date| date.format(form).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
