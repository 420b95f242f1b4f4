//! The one moment a signature names, and the two forms it is written in.
//!
//! The string to sign, the scope's date and every message use the basic ISO form, so a `Date` header
//! in the form of HTTP is rewritten to it once, here.
//!
//! **Source**: IAM user guide, *Elements of an AWS API request signature*; RFC 9110 §5.6.7.

use std::fmt;

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime};

const BASIC: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day]T[hour][minute][second]Z");
const HTTP: &[BorrowedFormatItem<'_>] = format_description!(
    "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
);

/// 0000-01-01 and the last second of 9999.
const FIRST: i64 = -62_167_219_200;
const LAST: i64 = 253_402_300_799;

/// A moment in whole seconds, with its text in the form that is signed.
///
/// **Shape**: `20150830T123600Z`, years 0000 to 9999.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct Timestamp {
    epoch_seconds: i64,
    basic: [u8; 16],
}

impl Timestamp {
    /// The moment so many seconds after 1970; `None` outside the years that have four digits.
    pub fn from_epoch_seconds(epoch_seconds: i64) -> Option<Self> {
        if !(FIRST..=LAST).contains(&epoch_seconds) {
            return None;
        }
        let moment = OffsetDateTime::from_unix_timestamp(epoch_seconds).ok()?;
        let basic = moment.format(BASIC).ok()?.into_bytes().try_into().ok()?;
        Some(Self {
            epoch_seconds,
            basic,
        })
    }

    /// The moment, or the nearest one that has a form: for clocks, which messages must show.
    pub(super) fn nearest(epoch_seconds: i64) -> Self {
        let epoch_seconds = epoch_seconds.clamp(FIRST, LAST);
        Self::from_epoch_seconds(epoch_seconds).unwrap_or(Self {
            epoch_seconds,
            basic: *b"00000000T000000Z",
        })
    }

    /// Reads `20150830T123600Z` and nothing else.
    pub(super) fn parse_basic(text: &str) -> Option<Self> {
        let digits = text.bytes().enumerate().all(|(at, byte)| match at {
            8 => byte == b'T',
            15 => byte == b'Z',
            _ => byte.is_ascii_digit(),
        });
        let basic = text.as_bytes().try_into().ok()?;
        if !digits {
            return None;
        }
        let moment = PrimitiveDateTime::parse(text, BASIC).ok()?.assume_utc();
        Some(Self {
            epoch_seconds: moment.unix_timestamp(),
            basic,
        })
    }

    /// Reads a `Date` header: the HTTP form, or the basic ISO form some signers put there.
    pub(super) fn parse_date_header(text: &str) -> Option<Self> {
        if let Some(basic) = Self::parse_basic(text) {
            return Some(basic);
        }
        let moment = PrimitiveDateTime::parse(text, HTTP).ok()?.assume_utc();
        Self::from_epoch_seconds(moment.unix_timestamp())
    }

    /// Seconds since 1970.
    pub fn epoch_seconds(&self) -> i64 {
        self.epoch_seconds
    }

    /// The text that is signed.
    pub fn as_str(&self) -> &str {
        // The bytes are digits, `T` and `Z`, so they are always text.
        str::from_utf8(&self.basic).unwrap_or_default()
    }

    /// The calendar date, eight digits, as a scope writes it.
    pub fn date(&self) -> &str {
        self.as_str().get(..8).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Timestamp({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_name_one_moment() {
        let basic = Timestamp::parse_basic("20130524T000000Z").unwrap();
        assert_eq!(basic.epoch_seconds(), 1_369_353_600);
        assert_eq!(basic.date(), "20130524");
        assert_eq!(Timestamp::from_epoch_seconds(1_369_353_600), Some(basic));
        for text in ["Fri, 24 May 2013 00:00:00 GMT", "20130524T000000Z"] {
            assert_eq!(Timestamp::parse_date_header(text), Some(basic), "{text}");
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "20130524",
            "20130524T000000",
            "20130524T000000z",
            "20130524t000000Z",
            "2013-05-24T00:00:00Z",
            "20130524T000000Z ",
            "+0130524T000000Z",
            "20130230T000000Z",
            "20131301T000000Z",
            "20130524T240000Z",
            "20130524T006000Z",
            "20130524T000060Z",
            "２0130524T0000",
        ] {
            assert_eq!(Timestamp::parse_basic(text), None, "{text}");
        }
        for text in ["Fri, 24 May 2013 00:00:00 CET", "24 May 2013"] {
            assert_eq!(Timestamp::parse_date_header(text), None, "{text}");
        }
    }

    #[test]
    fn years_without_four_digits_have_no_form() {
        assert_eq!(Timestamp::from_epoch_seconds(i64::MAX), None);
        assert_eq!(Timestamp::from_epoch_seconds(i64::MIN), None);
        for (seconds, text) in [(FIRST, "00000101T000000Z"), (LAST, "99991231T235959Z")] {
            let moment = Timestamp::from_epoch_seconds(seconds).unwrap();
            assert_eq!(moment.as_str(), text);
            assert_eq!(Timestamp::parse_basic(text), Some(moment));
        }
        assert_eq!(Timestamp::from_epoch_seconds(FIRST - 1), None);
        assert_eq!(Timestamp::from_epoch_seconds(LAST + 1), None);
        assert_eq!(Timestamp::nearest(i64::MAX).as_str(), "99991231T235959Z");
        assert_eq!(Timestamp::nearest(i64::MIN).as_str(), "00000101T000000Z");
    }
}
