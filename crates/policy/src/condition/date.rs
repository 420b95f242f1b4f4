//! `Date…`: instants, written as W3C dates or as epoch seconds.
//!
//! A value of digits alone is epoch seconds, `2020` included; a date without an offset is UTC.
//!
//! **Source**: IAM user guide, *Date condition operators*; W3C note *Date and Time Formats*.

use time::{Date, Month};

use super::comparison::{Ordered, Way};
use crate::error::DocumentError;

/// The listed values of a date operator, as nanoseconds of the epoch.
pub(super) type Test = Ordered<i128>;

pub(super) fn read(way: Way, values: &[String]) -> Result<Test, DocumentError> {
    let values = values
        .iter()
        .map(|value| instant(value).ok_or(DocumentError::LegacyParsing))
        .collect::<Result<_, _>>()?;
    Ok(Ordered { way, values })
}

pub(super) fn fits_one(test: &Test, value: &str) -> bool {
    instant(value).is_some_and(|instant| test.fits_one(&instant))
}

const NANOSECONDS: i128 = 1_000_000_000;
const DAY_SECONDS: i128 = 86_400;
const EPOCH_JULIAN_DAY: i128 = 2_440_588;

/// Nanoseconds since the epoch.
fn instant(text: &str) -> Option<i128> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds: i64 = text.parse().ok()?;
        return Some(i128::from(seconds) * NANOSECONDS);
    }
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let (day, whole_date) = day(date)?;
    let start = day * DAY_SECONDS * NANOSECONDS;
    match time {
        None => Some(start),
        Some(time) if whole_date => Some(start + time_of_day(time)?),
        Some(_) => None,
    }
}

/// The day since the epoch that `YYYY-MM` or `YYYY-MM-DD` starts with, and whether it is whole.
fn day(text: &str) -> Option<(i128, bool)> {
    let mut parts = text.split('-');
    let year: i32 = fixed(parts.next()?, 4)?;
    let month: u8 = fixed(parts.next()?, 2)?;
    let day: Option<u8> = match parts.next() {
        Some(day) => Some(fixed(day, 2)?),
        None => None,
    };
    if parts.next().is_some() {
        return None;
    }
    let month = Month::try_from(month).ok()?;
    let date = Date::from_calendar_date(year, month, day.unwrap_or(1)).ok()?;
    let since = i128::from(date.to_julian_day()) - EPOCH_JULIAN_DAY;
    Some((since, day.is_some()))
}

/// Nanoseconds after the start of the UTC day: `hh:mm`, `hh:mm:ss`, `hh:mm:ss.s`, with an offset.
fn time_of_day(text: &str) -> Option<i128> {
    let (clock, offset) = split_offset(text)?;
    let mut parts = clock.split(':');
    let hours: i128 = fixed(parts.next()?, 2).filter(|hours| *hours < 24)?;
    let minutes: i128 = fixed(parts.next()?, 2).filter(|minutes| *minutes < 60)?;
    let seconds = match parts.next() {
        Some(seconds) => nanoseconds(seconds)?,
        None => 0,
    };
    if parts.next().is_some() {
        return None;
    }
    Some((hours * 3_600 + minutes * 60 - offset) * NANOSECONDS + seconds)
}

/// The clock and its offset from UTC in seconds.
fn split_offset(text: &str) -> Option<(&str, i128)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let Some(at) = text.find(['+', '-']) else {
        return Some((text, 0));
    };
    let (clock, offset) = text.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let hours: i128 = fixed(hours, 2).filter(|hours| *hours < 24)?;
    let minutes: i128 = fixed(minutes, 2).filter(|minutes| *minutes < 60)?;
    Some((clock, sign * (hours * 3_600 + minutes * 60)))
}

/// `ss` or `ss.s…` as nanoseconds; digits past the ninth are cut.
fn nanoseconds(text: &str) -> Option<i128> {
    let (whole, fraction) = match text.split_once('.') {
        Some((_, "")) => return None,
        Some((whole, fraction)) => (whole, fraction),
        None => (text, "0"),
    };
    let whole: i128 = fixed(whole, 2).filter(|seconds| *seconds < 60)?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nine: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    Some(whole * NANOSECONDS + nine.parse::<i128>().ok()?)
}

/// A number of exactly so many digits.
fn fixed<T: std::str::FromStr>(text: &str, digits: usize) -> Option<T> {
    let fits = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i128> {
        instant(text).map(|nanoseconds| nanoseconds / NANOSECONDS)
    }

    #[test]
    fn every_w3c_form_is_read() {
        for (text, expected) in [
            ("0", 0),
            ("2020", 2_020),
            ("-1", -1),
            ("1577836800", 1_577_836_800),
            ("2020-01", 1_577_836_800),
            ("2020-01-01", 1_577_836_800),
            ("2020-01-01T00:00Z", 1_577_836_800),
            ("2020-01-01T00:00:00", 1_577_836_800),
            ("2020-01-01T01:00:00+01:00", 1_577_836_800),
            ("2019-12-31T23:30:00.25-00:30", 1_577_836_800),
            ("2020-02-29T00:00:00Z", 1_582_934_400),
            ("1969-12-31T23:59:59Z", -1),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        let half = instant("1970-01-01T00:00:00.5Z").unwrap();
        assert_eq!(half, NANOSECONDS / 2);
        assert!(half < instant("1970-01-01T00:00:00.500000001Z").unwrap());
    }

    #[test]
    fn s49_what_is_no_date_is_refused() {
        for text in [
            "",
            "-",
            "b",
            "01T",
            "2020-1-1",
            "2021-02-29",
            "2020-13",
            "2020-01T00:00Z",
            "2020-01-01T",
            "2020-01-01T24:00Z",
            "2020-01-01T00:60Z",
            "2020-01-01T00:00:60Z",
            "2020-01-01T00:00:00.Z",
            "2020-01-01T00:00:00+0100",
            "2020-01-01T00:00:00+24:00",
            "2020-01-01 00:00:00",
            "99999999999999999999",
        ] {
            assert_eq!(instant(text), None, "{text}");
            assert!(read(Way::Equal, &[text.to_owned()]).is_err());
        }
    }
}
