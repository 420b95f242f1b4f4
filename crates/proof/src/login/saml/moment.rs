//! Moments as SAML and X.509 write them, in whole seconds since 1970.
//!
//! **Source**: SAML 2.0 core, section 1.3.3 (UTC, no other zone); XML Schema part 2, section 3.2.7;
//! RFC 5280, section 4.1.2.5.

use time::{Date, Month, PrimitiveDateTime, Time};

/// Reads `2026-01-31T23:59:59Z`, with or without a fraction of the second, which is dropped.
pub(super) fn instant(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z')?;
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    if !digits(fraction) || text.len() != 19 {
        return None;
    }
    let places = [(4, '-'), (7, '-'), (10, 'T'), (13, ':'), (16, ':')];
    let separated = |(at, separator): &(usize, char)| text.get(*at..)?.strip_prefix(*separator);
    if !places.iter().all(|place| separated(place).is_some()) {
        return None;
    }
    seconds(
        text.get(..4)?,
        [5, 8, 11, 14, 17].map(|at| text.get(at..at + 2)),
    )
}

/// Reads `20260131235959Z`.
pub(super) fn compact(text: &str) -> Option<i64> {
    let text = text.strip_suffix('Z').filter(|text| text.len() == 14)?;
    seconds(
        text.get(..4)?,
        [4, 6, 8, 10, 12].map(|at| text.get(at..at + 2)),
    )
}

fn seconds(year: &str, rest: [Option<&str>; 5]) -> Option<i64> {
    let number = |text: &str| {
        let plain = text.bytes().all(|one| one.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| plain)
    };
    let small = |text: Option<&str>| u8::try_from(number(text?)?).ok();
    let [month, day, hour, minute, second] = rest.map(small);
    let month = Month::try_from(month?).ok()?;
    let date = Date::from_calendar_date(i32::from(number(year)?), month, day?).ok()?;
    let time = Time::from_hms(hour?, minute?, second?).ok()?;
    Some(
        PrimitiveDateTime::new(date, time)
            .assume_utc()
            .unix_timestamp(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_utc_and_complete() {
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(1));
        assert_eq!(instant("2026-01-31T23:59:59.9999999Z"), Some(1_769_903_999));
        assert_eq!(compact("20260131235959Z"), Some(1_769_903_999));
        for text in [
            "2026-01-31T23:59:59",
            "2026-01-31T23:59:59+00:00",
            "2026-01-31T23:59:59.Z",
            "2026-01-31 23:59:59Z",
            "2026-02-30T00:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T23:59:60Z",
            "+026-01-31T23:59:59Z",
            "12026-01-31T23:59:59Z",
            "",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
        for text in [
            "20260131235959",
            "202601312359Z",
            "2026013123595Z",
            "2026013123595xZ",
        ] {
            assert_eq!(compact(text), None, "{text}");
        }
    }
}
