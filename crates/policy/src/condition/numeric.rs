//! `Numeric…`: integers and decimals, compared exactly.
//!
//! Numbers stay decimal text: two amounts that differ in their twentieth digit differ.
//!
//! **Source**: IAM user guide, *Numeric condition operators*.

use std::cmp::Ordering;

use super::comparison::{Ordered, Way};
use crate::error::DocumentError;

/// The listed values of a numeric operator.
pub(super) type Test = Ordered<Decimal>;

pub(super) fn read(way: Way, values: &[String]) -> Result<Test, DocumentError> {
    let values = values
        .iter()
        .map(|value| Decimal::read(value).ok_or(DocumentError::LegacyParsing))
        .collect::<Result<_, _>>()?;
    Ok(Ordered { way, values })
}

pub(super) fn fits_one(test: &Test, value: &str) -> bool {
    Decimal::read(value).is_some_and(|number| test.fits_one(&number))
}

/// A decimal number.
///
/// **Shape**: `-12`, `+0.50`, `.5`, `7.`; no exponent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Decimal {
    negative: bool,
    /// Without leading zeros.
    whole: String,
    /// Without trailing zeros.
    fraction: String,
}

impl Decimal {
    fn read(text: &str) -> Option<Self> {
        let (signed, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !numeric(whole) || !numeric(fraction) {
            return None;
        }
        let whole = whole.trim_start_matches('0').to_owned();
        let fraction = fraction.trim_end_matches('0').to_owned();
        Some(Self {
            // There is one zero, not two.
            negative: signed && !(whole.is_empty() && fraction.is_empty()),
            whole,
            fraction,
        })
    }

    fn size(&self) -> (usize, &str, &str) {
        (self.whole.len(), &self.whole, &self.fraction)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => self.size().cmp(&other.size()),
            (true, true) => other.size().cmp(&self.size()),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(left: &str, right: &str) -> Ordering {
        let read = |text| Decimal::read(text).unwrap();
        read(left).cmp(&read(right))
    }

    #[test]
    fn numbers_compare_by_value_not_by_text() {
        for (left, right, expected) in [
            ("9", "10", Ordering::Less),
            ("10", "10.0", Ordering::Equal),
            ("007", "7", Ordering::Equal),
            ("-0", "0", Ordering::Equal),
            ("-2", "-10", Ordering::Greater),
            ("-1", "1", Ordering::Less),
            ("0.5", ".50", Ordering::Equal),
            ("0.09", "0.1", Ordering::Less),
            ("9007199254740993", "9007199254740992", Ordering::Greater),
            ("1.00000000000000000001", "1", Ordering::Greater),
        ] {
            assert_eq!(order(left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn what_is_not_a_decimal_is_no_number() {
        for text in [
            "", "-", ".", "1e3", "0x1", " 1", "1,0", "1.2.3", "--1", "\u{661}",
        ] {
            assert_eq!(Decimal::read(text), None, "{text:?}");
        }
    }

    #[test]
    fn s49_a_listed_value_that_is_no_number_is_refused() {
        assert_eq!(
            read(Way::Equal, &["ten".to_owned()]),
            Err(DocumentError::LegacyParsing)
        );
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_integers(left: i64, right: i64) {
            let expected = left.cmp(&right);
            proptest::prop_assert_eq!(order(&left.to_string(), &right.to_string()), expected);
        }
    }
}
