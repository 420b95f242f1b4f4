//! Each pattern on both sides: values it takes whole, and values one character away.

use proptest::prelude::*;

use super::*;

fn check(pattern: Pattern, accepted: &[&str], refused: &[&str]) {
    for value in accepted {
        assert!(
            (pattern.matches)(value),
            "{} refused {value:?}",
            pattern.text
        );
    }
    for value in refused {
        assert!(
            !(pattern.matches)(value),
            "{} accepted {value:?}",
            pattern.text
        );
    }
}

#[test]
fn cognito_shapes() {
    check(
        WORD_COLON_HEX,
        &["us-east-1:0a-9f", "_:-", "A-z:f"],
        &[
            "",
            ":",
            "a:",
            ":a",
            "us-east-1:A0",
            "a:b:c",
            "a:g",
            "a b:0",
            "é:0",
            "a:0\n",
        ],
    );
    check(
        LABEL,
        &["My pool_1 +=,.@-", "\t\u{b}\u{c}\r\n"],
        &["", "pool#name", "é", "a\u{a0}b"],
    );
    check(
        WORD_DOT_DASH,
        &["login.my-app_1"],
        &["", "a:b", "a/b", "a b", "ü"],
    );
    check(WORD_SEMICOLON_SLASH, &["a.b;c_d/e-f"], &["", "a:b", "a b"]);
    check(
        AUTHENTICATED_OR_NOT,
        &["authenticated", "unauthenticated"],
        &[
            "",
            "un",
            "Authenticated",
            "ununauthenticated",
            "authenticated ",
            "xauthenticated",
        ],
    );
    check(
        WORD_COLON_SLASH,
        &["cognito-idp.us-east-1.amazonaws.com/us-east-1_a:b"],
        &["", "a;b"],
    );
    check(WORD_UNDERSCORE, &["abc_1"], &["", "a-b"]);
    check(DIGITS, &["0123456789"], &["", "12a", "-1", "١"]);
    check(NOT_SPACE, &["a", "é\u{a0}"], &["", "a b", "a\u{b}", "a\n"]);
}

#[test]
fn claim_names_are_visible_characters_of_any_script() {
    check(
        VISIBLE,
        &[
            "sub",
            "custom:dept",
            "имя",
            "名前",
            "e\u{301}",
            "€+£",
            "½",
            "«»",
            "\u{1f600}",
        ],
        &[
            "",
            "a b",
            "a\u{a0}b",
            "a\u{3000}",
            "a\n",
            "\u{7f}",
            "\u{85}",
            "\u{202e}a",
            "a\u{200b}",
            "\u{ad}",
            "\u{feff}",
            "\u{e000}",
            "\u{10fffd}",
            "\u{fdd0}",
            "\u{1ffff}",
            "\u{2028}",
        ],
    );
}

#[test]
fn s08_identifiers_without_a_pattern_can_still_refuse_controls() {
    check(
        NO_CONTROL,
        &["", "user-1", "e\u{301}", "\u{e9}", "a b"],
        &["a\tb", "\u{1f}", "\u{7f}", "\u{9f}", "a\r\n"],
    );
}

#[test]
fn sts_shapes() {
    check(NAME_OR_EMPTY, &["", "a_Z0+=,.@-"], &["a b", "a:b", "é"]);
    check(EXTERNAL_ID, &["", "a:b/c@d"], &["a b", "a#"]);
    check(SERIAL_NUMBER, &["", "arn:aws:iam::1:mfa/x"], &["a b", "a#"]);
    check(DIGITS_OR_EMPTY, &["", "123456"], &["12345a", "１"]);
    check(WORD_OR_EMPTY, &["", "AKIA_1"], &["A-B"]);
    check(
        ARN,
        &[
            "arn:aws:iam::1:role/x y",
            "\t\n\r\u{85}\u{a0}\u{d7ff}\u{e000}\u{fffd}\u{10000}",
        ],
        &[
            "", "\u{0}", "\u{b}", "\u{1f}", "\u{7f}", "\u{84}", "\u{86}", "\u{9f}", "\u{fffe}",
        ],
    );
}

#[test]
fn iam_names_and_paths() {
    check(NAME, &["a_Z0+=,.@-"], &["", "a b", "a/b", "é"]);
    check(
        PATH,
        &["/", "/a/", "/!~/", "///", "/a/b/"],
        &["", "//", "a/", "/a", "/a b/", "/\u{7f}/"],
    );
    check(
        POLICY_PATH,
        &["/", "/a/", "/A.z,0+@=_-/b/"],
        &["", "//", "a/", "/a", "/a//b/", "/a:b/", "/a b/"],
    );
    check(
        PREFIX,
        &["/", "/a", "/a/", "/\u{7f}"],
        &["", "a", "/a b", "/\u{80}"],
    );
}

#[test]
fn iam_texts_and_ids() {
    check(
        LATIN1,
        &["{\"a\":\t1}\r\n", " \u{7f}\u{ff}"],
        &["", "\u{b}", "\u{1f}", "\u{100}"],
    );
    check(MARKER, &[" ~\u{ff}"], &["", "\t", "\u{100}"]);
    check(
        VERSION_ID,
        &["v1", "v10", "v2.", "v2.a-B"],
        &["", "v", "v0", "v01", "1", "v1.a_b", "V1", "v1a"],
    );
    check(
        DESCRIPTION,
        &["", "a\t\n\r ~\u{a1}\u{ff}"],
        &["\u{7f}", "\u{a0}", "\u{100}", "\u{b}"],
    );
    check(WORD, &["AKIA_0"], &["", "A-B"]);
    check(UPPER_DIGITS, &["A0Z9"], &["", "a", "A_"]);
}

#[test]
fn ranges_of_code_points_hold_at_every_code_point() {
    let line = [0x9, 0xa, 0xd];
    for code in 0..=0x0010_ffff_u32 {
        let Some(character) = char::from_u32(code) else {
            continue;
        };
        let value = character.to_string();
        let line = line.contains(&code);
        let latin = line || (0x20..=0xff).contains(&code);
        assert_eq!((LATIN1.matches)(&value), latin, "{code:x}");
        assert_eq!((MARKER.matches)(&value), latin && !line, "{code:x}");
        let description = latin && !(0x7f..=0xa0).contains(&code);
        assert_eq!((DESCRIPTION.matches)(&value), description, "{code:x}");
        let control = (0x7f..0xa0).contains(&code) && code != 0x85;
        let arn = (line || code >= 0x20) && !control && code != 0xfffe && code != 0xffff;
        assert_eq!((ARN.matches)(&value), arn, "{code:x}");
    }
}

#[test]
fn tags_take_letters_separators_and_numbers_of_any_script() {
    let accepted = [
        "Project",
        "a b_.:/=+-@1",
        "имя",
        "名前",
        "½\u{a0}\u{2028}",
        "\u{3000}",
    ];
    let refused = [
        "a#b",
        "a,b",
        "\t",
        "\u{85}",
        "a\n",
        "€",
        "a\u{200b}",
        "\u{202e}",
    ];
    check(TAG_KEY, &accepted, &refused);
    check(TAG_VALUE, &accepted, &refused);
    check(TAG_KEY, &[], &[""]);
    check(TAG_VALUE, &[""], &[]);
}

#[test]
fn s10_every_matcher_reads_a_large_value_once() {
    // Quadratic work on 4 MiB would take minutes; linear work is over at once.
    let large = "a".repeat(4 << 20) + "\u{0}";
    for pattern in [
        WORD_COLON_HEX,
        LABEL,
        VISIBLE,
        ARN,
        PATH,
        POLICY_PATH,
        PREFIX,
        TAG_KEY,
        VERSION_ID,
    ] {
        assert!(!(pattern.matches)(&large), "{}", pattern.text);
    }
}

proptest! {
    #[test]
    fn ids_of_the_documented_form_match(value in "[A-Za-z0-9_-]{1,20}:[0-9a-f-]{1,34}") {
        prop_assert!((WORD_COLON_HEX.matches)(&value));
    }

    #[test]
    fn paths_of_the_documented_form_match(value in "(/[A-Za-z0-9.,+@=_-]{1,9}){0,4}/") {
        prop_assert!((POLICY_PATH.matches)(&value));
        prop_assert!((PATH.matches)(&value));
        prop_assert!((PREFIX.matches)(&value));
    }
}
