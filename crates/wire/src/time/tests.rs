//! Published instants, the ends of the range, and round trips.

use proptest::prelude::*;

use super::*;

const NOON: i64 = 1_573_306_481;

#[test]
fn one_instant_in_each_form() {
    assert_eq!(iso8601(NOON), "2019-11-09T13:34:41Z");
    assert_eq!(http_date(NOON), "Sat, 09 Nov 2019 13:34:41 GMT");
    assert_eq!(parse_iso8601("2019-11-09T13:34:41Z"), Some(NOON));
    assert_eq!(parse_iso8601("2019-11-09T14:34:41.250+01:00"), Some(NOON));
    assert_eq!(parse_http_date("Sat, 09 Nov 2019 13:34:41 GMT"), Some(NOON));
    assert_eq!(http_date(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
}

#[test]
fn epoch_numbers_are_plain_decimals() {
    for (milliseconds, text) in [
        (0, "0"),
        (1_674_147_308_000, "1674147308"),
        (1_674_147_308_500, "1674147308.5"),
        (1_674_147_308_123, "1674147308.123"),
        (1_674_147_308_001, "1674147308.001"),
        (1_674_147_308_010, "1674147308.01"),
        (-1, "-0.001"),
        (-1_500, "-1.5"),
        (i64::MIN, "-9223372036854775.808"),
    ] {
        assert_eq!(epoch_number(milliseconds), text);
    }
}

#[test]
fn times_past_four_digit_years_are_the_nearest_end() {
    assert_eq!(iso8601(i64::MAX), "9999-12-31T23:59:59Z");
    assert_eq!(iso8601(i64::MIN), "0000-01-01T00:00:00Z");
    assert_eq!(http_date(i64::MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
}

#[test]
fn other_spellings_of_a_time_are_refused() {
    for text in [
        "",
        "2019-11-09",
        "2019-11-09T13:34:41",
        "2019-02-29T00:00:00Z",
        "2019-11-09T24:00:00Z",
        "1573306481",
        "20191109T133441Z",
        " 2019-11-09T13:34:41Z",
    ] {
        assert_eq!(parse_iso8601(text), None, "{text:?}");
    }
    for text in [
        "",
        "Sat, 09 Nov 2019 13:34:41 UTC",
        "Sat, 9 Nov 2019 13:34:41 GMT",
        "Fri, 09 Nov 2019 13:34:41 GMT",
        "Saturday, 09-Nov-19 13:34:41 GMT",
    ] {
        assert_eq!(parse_http_date(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn written_times_read_back(seconds in 0..SECONDS_MAX) {
        prop_assert_eq!(parse_iso8601(&iso8601(seconds)), Some(seconds));
        prop_assert_eq!(parse_http_date(&http_date(seconds)), Some(seconds));
    }

    #[test]
    fn any_number_and_any_text_have_an_answer(seconds: i64, text: String) {
        prop_assert_eq!(iso8601(seconds).len(), 20);
        prop_assert!(!http_date(seconds).is_empty());
        let _ = parse_iso8601(&text);
        let _ = parse_http_date(&text);
        prop_assert!(!epoch_number(seconds).contains('e'));
    }
}
