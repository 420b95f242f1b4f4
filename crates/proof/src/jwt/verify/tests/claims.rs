//! The claims of a signed token: their types, and the time they name.

use super::*;

#[test]
fn s16_every_claim_has_its_type() {
    let values = [
        None,
        Some("null"),
        Some("true"),
        Some("7"),
        Some("7.5"),
        Some("\"text\""),
        Some("\"\""),
        Some("\"a\\u0000b\""),
        Some("[]"),
        Some("[\"text\"]"),
        Some("[\"\"]"),
        Some("[7]"),
        Some("[null]"),
        Some("{}"),
        Some("{\"text\":\"text\"}"),
    ];
    // For each claim, the values that are accepted; everything else is refused.
    for (claim, accepted) in [
        ("iss", vec![]),
        ("sub", vec![Some("\"text\"")]),
        ("aud", vec![Some("\"text\""), Some("[\"text\"]")]),
        ("azp", vec![None, Some("\"text\"")]),
        ("amr", vec![None, Some("[]"), Some("[\"text\"]")]),
        ("nbf", vec![None, Some("7")]),
        (
            TAGS_CLAIM,
            vec![None, Some("{}"), Some("{\"text\":\"text\"}")],
        ),
    ] {
        for value in values {
            let outcome = with_claim(claim, value).map(|_| ());
            if accepted.contains(&value) {
                assert_eq!(outcome, Ok(()), "{claim} {value:?}");
                continue;
            }
            let expected = match (claim, value) {
                (_, None) => TokenError::MissingClaim(claim),
                ("iss", Some("\"text\"")) => TokenError::IssuerMismatch,
                _ => TokenError::WrongClaim(claim),
            };
            assert_eq!(outcome, Err(expected), "{claim} {value:?}");
        }
    }
    for value in values {
        for claim in ["exp", "iat"] {
            let expected = match (claim, value) {
                (_, None) => TokenError::MissingClaim(claim),
                ("exp", Some("7")) => TokenError::Expired {
                    now: NOW,
                    expires_at: 7,
                },
                ("iat", Some("7")) => TokenError::LifetimeTooLong,
                _ => TokenError::WrongClaim(claim),
            };
            assert_eq!(
                with_claim(claim, value).unwrap_err(),
                expected,
                "{claim} {value:?}"
            );
        }
    }
}

#[test]
fn s07_times_are_exact_integers() {
    let day = (NOW + 900).to_string();
    for value in [
        &format!("{day}.0"),
        "1e10",
        "9223372036854775808",
        "-9223372036854775809",
    ] {
        let refused = with_claim("exp", Some(value)).unwrap_err();
        assert_eq!(refused, TokenError::WrongClaim("exp"), "{value}");
    }
    assert!(matches!(
        with_claim("exp", Some("1e400")),
        Err(TokenError::Malformed(_))
    ));
    let latest = i64::MAX.to_string();
    let forever = forge(HEADER, &payload_with("exp", Some(&latest)));
    assert_eq!(refusal(&forever), TokenError::LifetimeTooLong);
    assert!(verify(&forever, &key_set(), &THEIRS, i64::MAX - 1).is_ok());
    let ancient = with_claim("exp", Some(&i64::MIN.to_string())).unwrap_err();
    assert_eq!(
        ancient,
        TokenError::Expired {
            now: NOW,
            expires_at: i64::MIN
        }
    );
}

#[test]
fn s21_our_tokens_end_at_exp() {
    let token = issue(key(), &key_id(), &claims()).unwrap();
    let expires_at = claims().expires_at;
    let at = |now| verify(&token, &key_set(), &OURS, now).map(|_| ());
    assert_eq!(at(expires_at - 1), Ok(()));
    assert_eq!(
        at(expires_at),
        Err(TokenError::Expired {
            now: expires_at,
            expires_at
        })
    );
    assert_eq!(
        at(expires_at + 1),
        Err(TokenError::Expired {
            now: expires_at + 1,
            expires_at
        })
    );
}

#[test]
fn s21_other_issuers_have_five_minutes() {
    let token = forge(HEADER, &payload_with("", None));
    let end = NOW + 900 + 300;
    assert!(verify(&token, &key_set(), &THEIRS, end - 1).is_ok());
    let refused = verify(&token, &key_set(), &THEIRS, end).unwrap_err();
    assert_eq!(
        refused,
        TokenError::Expired {
            now: end,
            expires_at: NOW + 900
        }
    );
}

#[test]
fn s21_a_token_from_the_future_is_refused() {
    for claim in ["iat", "nbf"] {
        let ahead =
            |seconds: i64| with_claim(claim, Some(&(NOW + seconds).to_string())).map(|_| ());
        assert_eq!(ahead(299), Ok(()), "{claim}");
        assert_eq!(ahead(300), Ok(()), "{claim}");
        assert_eq!(ahead(301), Err(TokenError::NotYetValid), "{claim}");
    }
}

#[test]
fn s21_a_lifetime_is_checked_again() {
    let living = |seconds: i64| with_claim("exp", Some(&(NOW + seconds).to_string())).map(|_| ());
    assert_eq!(living(LIFETIME_SECONDS_MAX), Ok(()));
    assert_eq!(
        living(LIFETIME_SECONDS_MAX + 1),
        Err(TokenError::LifetimeTooLong)
    );
    // Ends before it begins, both inside the allowed skew.
    let payload = payload_with("iat", Some(&(NOW + 200).to_string()));
    let payload = payload.replace(&(NOW + 900).to_string(), &(NOW + 100).to_string());
    assert_eq!(
        refusal(&forge(HEADER, &payload)),
        TokenError::WrongClaim("exp")
    );
}

#[test]
fn tags_have_one_value_each() {
    let tags = |text: &str| with_claim(TAGS_CLAIM, Some(text));
    let read =
        tags(r#"{"principal_tags":{"a":["1"],"b":"2"},"transitive_tag_keys":["a"]}"#).unwrap();
    let pairs: Vec<_> = read
        .principal_tags()
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(pairs, [("a", "1"), ("b", "2")]);
    assert_eq!(read.transitive_tag_keys(), ["a"]);
    for text in [
        r#"{"principal_tags":{"a":[]}}"#,
        r#"{"principal_tags":{"a":["1","2"]}}"#,
        r#"{"principal_tags":{"a":[1]}}"#,
        r#"{"principal_tags":{"a":null}}"#,
        r#"{"principal_tags":["a"]}"#,
        r#"{"principal_tags":null}"#,
        r#"{"transitive_tag_keys":"a"}"#,
        r#"[{"principal_tags":{"a":["1"]}}]"#,
    ] {
        assert_eq!(
            tags(text).unwrap_err(),
            TokenError::WrongClaim(TAGS_CLAIM),
            "{text}"
        );
    }
}
