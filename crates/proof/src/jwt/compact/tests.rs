//! One spelling, three segments, no steering.

use super::*;
use crate::jwt::testing::{HEADER, encoded, forge, payload_with};

fn payload() -> String {
    payload_with("", None)
}

fn refusal(header: &str) -> TokenError {
    parse(&forge(header, &payload())).unwrap_err()
}

#[test]
fn an_ordinary_token_is_taken_apart() {
    let token = forge(HEADER, &payload());
    let compact = parse(&token).unwrap();
    assert_eq!(compact.algorithm, Algorithm::Rs512);
    assert_eq!(compact.key_id.as_deref(), Some("eu-west-1-1"));
    assert_eq!(compact.signature.len(), 256);
    assert!(token.as_bytes().starts_with(compact.signing_input));
    assert_eq!(claimed_issuer(&token).unwrap(), crate::jwt::testing::ISSUER);
}

#[test]
fn s13_algorithms_are_known_by_their_exact_name() {
    for name in [
        "none", "None", "nOnE", "HS256", "HS512", "PS256", "ES512", "EdDSA", "rs512", "",
    ] {
        let header = format!(r#"{{"kid":"eu-west-1-1","alg":"{name}"}}"#);
        assert_eq!(refusal(&header), TokenError::AlgorithmRefused, "{name}");
    }
    for header in [
        r#"{"kid":"k"}"#,
        r#"{"alg":null}"#,
        r#"{"alg":["RS512"]}"#,
        r#"{"alg":512}"#,
    ] {
        assert_eq!(
            refusal(header),
            TokenError::Malformed("`alg` is not a string"),
            "{header}"
        );
    }
}

#[test]
fn s14_a_header_that_brings_a_key_is_refused() {
    for member in [
        r#""jwk":{"kty":"RSA","n":"AQAB","e":"AQAB"}"#,
        r#""jku":"https://attacker.example/keys""#,
        r#""x5u":"https://attacker.example/certificate""#,
        r#""x5c":["MIIB"]"#,
        r#""jwk":null"#,
    ] {
        let header = format!(r#"{{"alg":"RS512","kid":"eu-west-1-1",{member}}}"#);
        let expected = TokenError::Malformed("the header brings a key of its own");
        assert_eq!(refusal(&header), expected, "{member}");
    }
    let thumbprint = r#"{"alg":"RS512","kid":"eu-west-1-1","x5t":"AQAB"}"#;
    assert!(parse(&forge(thumbprint, &payload())).is_ok());
}

#[test]
fn s14_a_key_id_is_a_short_string() {
    let with_kid = |kid: &str| format!(r#"{{"alg":"RS512","kid":{kid}}}"#);
    let accepted = |kid: &str| parse(&forge(&with_kid(kid), &payload())).is_ok();
    assert!(accepted(&format!("\"{}\"", "k".repeat(256))));
    assert!(!accepted(&format!("\"{}\"", "k".repeat(257))));
    for kid in ["\"\"", "null", "7", "[\"eu-west-1-1\"]", "{}"] {
        assert!(!accepted(kid), "{kid}");
    }
    let huge = format!(
        "{}.e30.AA",
        encoded(&with_kid(&format!("\"{}\"", "k".repeat(1 << 20))))
    );
    assert_eq!(
        parse(&huge).unwrap_err(),
        TokenError::Malformed("longer than 50,000 characters")
    );
}

#[test]
fn s19_extensions_encryption_and_other_kinds_are_refused() {
    for member in [
        r#""crit":["exp"],"exp":1"#,
        r#""crit":[]"#,
        r#""b64":false"#,
        r#""b64":true"#,
        r#""zip":"DEF""#,
        r#""enc":"A256GCM""#,
        r#""cty":"JWT""#,
        r#""typ":"at+jwt""#,
        r#""typ":"application/at+jwt""#,
        r#""typ":"logout+jwt""#,
        r#""typ":7"#,
    ] {
        let header = format!(r#"{{"alg":"RS512","kid":"eu-west-1-1",{member}}}"#);
        assert!(
            matches!(refusal(&header), TokenError::Malformed(_)),
            "{member}"
        );
    }
    for kind in ["JWT", "jwt", "JWS"] {
        let header = format!(r#"{{"alg":"RS512","kid":"eu-west-1-1","typ":"{kind}"}}"#);
        assert!(parse(&forge(&header, &payload())).is_ok(), "{kind}");
    }
    // Encrypted tokens have five segments and are refused by their count.
    let encrypted = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA";
    assert_eq!(parse(encrypted).unwrap_err(), NOT_THREE_SEGMENTS);
}

#[test]
fn s20_there_are_exactly_three_non_empty_segments() {
    for token in [
        "", ".", "..", "...", "a", "a.b", "a..c", ".b.c", "a.b.", "a.b.c.d", "a.b.c.",
    ] {
        assert_eq!(parse(token).unwrap_err(), NOT_THREE_SEGMENTS, "{token}");
    }
}

#[test]
fn s20_every_segment_has_one_spelling() {
    let token = forge(HEADER, &payload());
    let segments: Vec<&str> = token.split('.').collect();
    for index in 0..3 {
        let segment = segments[index];
        let mut spellings = vec![
            format!("{segment}="),
            format!("{segment}=="),
            format!(" {segment}"),
            format!("{segment}\n"),
            format!("{segment}\0"),
            format!("{segment}+/"),
        ];
        spellings.extend(with_trailing_bits(segment));
        for spelling in spellings {
            let mut changed = segments.clone();
            changed[index] = &spelling;
            assert!(
                parse(&changed.join(".")).is_err(),
                "segment {index} as {spelling:?}"
            );
        }
    }
}

/// The same bytes with the unused bits of the last character set.
fn with_trailing_bits(segment: &str) -> Option<String> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if segment.len().is_multiple_of(4) {
        return None;
    }
    let (head, last) = segment.split_at(segment.len() - 1);
    let value = ALPHABET.find(last).unwrap();
    Some(format!("{head}{}", &ALPHABET[value + 1..value + 2]))
}

#[test]
fn s20_the_header_is_bounded_on_both_sides() {
    let header_of = |bytes: usize| {
        let frame = r#"{"alg":"RS512","pad":""}"#.len();
        format!(r#"{{"alg":"RS512","pad":"{}"}}"#, "x".repeat(bytes - frame))
    };
    assert!(parse(&forge(&header_of(4_096), &payload())).is_ok());
    assert_eq!(
        refusal(&header_of(4_097)),
        TokenError::Malformed("a segment is too long")
    );
    assert_eq!(
        refusal(&header_of(9_000)),
        TokenError::Malformed("a segment is too long")
    );
}

#[test]
fn the_token_is_bounded_on_both_sides() {
    let token = |bytes: usize| format!("{}.e30.{}", encoded(HEADER), "A".repeat(bytes));
    let frame = token(0).len();
    let too_long = TokenError::Malformed("longer than 50,000 characters");
    assert_ne!(
        parse(&token(TOKEN_BYTES_MAX - frame)).unwrap_err(),
        too_long
    );
    assert_eq!(
        parse(&token(TOKEN_BYTES_MAX - frame + 1)).unwrap_err(),
        too_long
    );
}

#[test]
fn s03_duplicate_members_are_refused_in_header_and_claims() {
    let doubled = r#"{"alg":"RS512","alg":"RS512","kid":"eu-west-1-1"}"#;
    assert_eq!(
        refusal(doubled),
        TokenError::Malformed("a segment is not strict JSON")
    );
    let claims = r#"{"sub":"a","sub":"b"}"#;
    let expected = TokenError::Malformed("a segment is not strict JSON");
    assert_eq!(parse(&forge(HEADER, claims)).unwrap_err(), expected);
}

#[test]
fn header_and_claims_are_objects() {
    for text in ["[]", "\"x\"", "1", "null"] {
        assert!(parse(&forge(text, &payload())).is_err(), "{text}");
        assert!(parse(&forge(HEADER, text)).is_err(), "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn s12_any_text_is_read_or_refused_without_a_panic(text: String) {
        let _ = parse(&text);
    }

    #[test]
    fn s12_any_segments_are_read_or_refused_without_a_panic(
        header: Vec<u8>, claims: Vec<u8>, signature: Vec<u8>,
    ) {
        let parts = [header, claims, signature].map(|part| URL_SAFE_NO_PAD.encode(part));
        let _ = parse(&parts.join("."));
    }
}
