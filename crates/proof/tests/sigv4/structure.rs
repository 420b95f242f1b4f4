//! Claims that are incomplete or not in the documented form.

use daypass_proof::sigv4::{Dialect, ExpiresError, Form, SIGNED_HEADERS_MAX, SignatureError};

use crate::client::{DIALECTS, NOW, Request, TOKEN};
use crate::places::PARAMETERS;

#[test]
fn an_honest_request_shows_what_it_claims() {
    let mut request = Request::new(Dialect::Json);
    request.authorize(true);
    let claim = request.claim().unwrap();
    assert_eq!(claim.access_key_id().as_str(), "ASIAIOSFODNN7EXAMPLE");
    assert_eq!(
        claim.scope().to_string(),
        "20260301/us-east-1/cognito-identity/aws4_request"
    );
    assert_eq!(claim.scope().service(), "cognito-identity");
    assert_eq!(claim.scope().region(), "us-east-1");
    assert_eq!(claim.scope().date(), "20260301");
    assert_eq!(claim.scope().terminator(), "aws4_request");
    assert_eq!(claim.timestamp().epoch_seconds(), NOW);
    assert_eq!(claim.timestamp().as_str(), "20260301T120000Z");
    assert_eq!(claim.form(), Form::Header);
    assert_eq!(claim.session_token().unwrap().expose(), TOKEN);
    assert_eq!(
        claim.signed_headers(),
        [
            "content-type",
            "host",
            "x-amz-date",
            "x-amz-security-token",
            "x-amz-target"
        ]
    );

    let mut request = Request::new(Dialect::S3);
    request.presign(true, 60);
    let claim = request.claim().unwrap();
    assert_eq!(
        claim.form(),
        Form::Query {
            expires_seconds: Some(60)
        }
    );
    assert_eq!(claim.session_token().unwrap().expose(), TOKEN);
    assert_eq!(claim.signed_headers(), ["host"]);
}

#[test]
fn the_header_must_be_complete() {
    for (piece, missing) in [
        ("Credential=", vec!["Credential"]),
        ("Signature=", vec!["Signature"]),
        ("SignedHeaders=", vec!["SignedHeaders"]),
    ] {
        let mut request = Request::signed(Dialect::Query);
        let value = request.header("authorization");
        let (scheme, rest) = value.split_once(' ').unwrap();
        let kept: Vec<&str> = rest
            .split(", ")
            .filter(|part| !part.starts_with(piece))
            .collect();
        for rest in [kept.join(","), format!("{}, {piece}", kept.join(", "))] {
            request.set("authorization", format!("{scheme} {rest}"));
            let missing = missing.clone();
            let error = SignatureError::IncompleteHeader {
                missing,
                date_missing: false,
            };
            assert_eq!(request.refusal(), error, "{rest}");
        }
    }
    let mut request = Request::signed(Dialect::Query);
    request.remove("x-amz-date");
    let error = SignatureError::IncompleteHeader {
        missing: vec![],
        date_missing: true,
    };
    assert_eq!(request.refusal(), error);
    request.set("authorization", "AWS4-HMAC-SHA256");
    let missing = vec!["Credential", "Signature", "SignedHeaders"];
    let error = SignatureError::IncompleteHeader {
        missing,
        date_missing: true,
    };
    assert_eq!(request.refusal(), error);
}

#[test]
fn the_header_must_be_three_pairs_of_printable_text() {
    let mut request = Request::signed(Dialect::Query);
    let honest = request.header("authorization");
    for (suffix, piece) in [(", novalue", "novalue"), (",", ""), (", a\tb", "a\tb")] {
        request.set("authorization", format!("{honest}{suffix}"));
        let piece = piece.replace('\t', "?");
        assert_eq!(request.refusal(), SignatureError::NotKeyValue { piece });
    }
    for (suffix, name) in [
        (", Signature=0", "Signature"),
        (", credential=x", "credential"),
    ] {
        request.set("authorization", format!("{honest}{suffix}"));
        let name = name.to_owned();
        assert_eq!(
            request.refusal(),
            SignatureError::UnexpectedParameter { name }
        );
    }
    request.set("authorization", format!("{honest}\u{e9}"));
    assert_eq!(request.refusal(), SignatureError::UnreadableHeader);
    request.set(
        "authorization",
        honest.replace(", ", "\t ,  ").replacen(' ', "   ", 1),
    );
    assert!(
        request.judge().is_ok(),
        "blanks around the pieces are tolerated"
    );
}

#[test]
fn a_credential_has_five_plain_elements() {
    let credential = "AKIAIOSFODNN7EXAMPLE/20260301/us-east-1/sts/aws4_request";
    for got in [
        "x",
        "20260301/us-east-1/sts/aws4_request",
        "/20260301/us-east-1/sts/aws4_request",
        "AKIAIOSFODNN7EXAMPLE/a/20260301/us-east-1/sts/aws4_request",
        "AKIAIOSFODNN7EXAMPLE//us-east-1/sts/aws4_request",
        "AKIAIOSFODNN7EXAMPLE/20260301/us east/sts/aws4_request",
        "AKIAIOSFODNN7EXAMPLE/20260301/us-east-1/sts/",
    ] {
        let mut request = Request::signed(Dialect::Query);
        request.edit(credential, got);
        let got = got.to_owned();
        assert_eq!(
            request.refusal(),
            SignatureError::MalformedCredential { got }
        );
    }
    for id in ["AKIA-OSFODNN7EXAMPLE".to_owned(), "A".repeat(129)] {
        let mut request = Request::signed(Dialect::Query);
        request.edit("AKIAIOSFODNN7EXAMPLE", &id);
        assert_eq!(request.refusal(), SignatureError::UnknownAccessKey);
    }
    let mut request = Request::presigned(Dialect::S3);
    request.edit_query("us-east-1", "us-east-1%0Ax");
    assert!(
        matches!(request.refusal(), SignatureError::MalformedCredential { got }
        if got == "AKIAIOSFODNN7EXAMPLE/20260301/us-east-1?x/s3/aws4_request")
    );
}

#[test]
fn signed_headers_are_sorted_lower_case_and_unique() {
    let honest = "content-type;host;x-amz-date";
    let many: Vec<String> = (100..=100 + SIGNED_HEADERS_MAX)
        .map(|n| format!("h{n}"))
        .collect();
    for names in [
        "host;content-type;x-amz-date",
        "content-type;host;host;x-amz-date",
        "Content-Type;host;x-amz-date",
        "content-type;;host;x-amz-date",
        ";content-type;host;x-amz-date",
        "content-type;host;x-amz-date;",
        "content type;host;x-amz-date",
        "host:x",
        many.join(";").as_str(),
    ] {
        let mut request = Request::signed(Dialect::Query);
        request.edit(honest, names);
        assert_eq!(
            request.refusal(),
            SignatureError::MalformedSignedHeaders,
            "{names}"
        );
    }
    let mut request = Request::signed(Dialect::Query);
    request.edit(honest, &many[1..].join(";"));
    assert_ne!(request.refusal(), SignatureError::MalformedSignedHeaders);
}

#[test]
fn timestamps_are_real_and_in_the_basic_form() {
    for got in [
        "2026-03-01T12:00:00Z",
        "20260230T000000Z",
        "20260301",
        "",
        "1772366400",
    ] {
        let mut request = Request::signed(Dialect::Json);
        request.set("x-amz-date", got);
        let error = SignatureError::MalformedTimestamp {
            got: got.to_owned(),
        };
        assert_eq!(request.refusal(), error);
    }
    let mut request = Request::presigned(Dialect::S3);
    request.edit_query("X-Amz-Date=20260301T120000Z", "X-Amz-Date=Sun");
    let error = SignatureError::MalformedTimestamp {
        got: "Sun".to_owned(),
    };
    assert_eq!(request.refusal(), error);
}

#[test]
fn a_date_header_serves_where_there_is_no_x_amz_date() {
    let mut request = Request::signed(Dialect::Query);
    request.add("date", "Thu, 01 Jan 1970 00:00:00 GMT");
    assert!(request.judge().is_ok(), "x-amz-date wins");
    request.set("date", "Sun, 01 Mar 2026 12:00:00 GMT");
    request.remove("x-amz-date");
    assert_eq!(
        request.claim().unwrap().timestamp().as_str(),
        "20260301T120000Z"
    );
    let names = vec!["date".to_owned()];
    assert_eq!(
        request.refusal(),
        SignatureError::HeadersNotSigned { names }
    );
}

#[test]
fn a_presigned_request_must_be_complete() {
    for name in PARAMETERS {
        for dialect in DIALECTS {
            let mut request = Request::presigned(dialect);
            let pieces = request.query.split('&');
            let kept: Vec<&str> = pieces.filter(|piece| !piece.starts_with(name)).collect();
            request.query = kept.join("&");
            let optional = name == "X-Amz-Expires" && dialect != Dialect::S3;
            if optional {
                assert_eq!(request.refusal(), SignatureError::Mismatch);
            } else if PARAMETERS[6..].contains(&name) {
                assert!(request.judge().is_ok(), "{name} was not there");
            } else {
                let missing = vec![name];
                assert_eq!(
                    request.refusal(),
                    SignatureError::MissingQueryParameters { missing }
                );
            }
        }
    }
}

#[test]
fn expires_is_between_one_second_and_one_week() {
    for (text, error) in [
        ("", ExpiresError::NotANumber),
        ("1h", ExpiresError::NotANumber),
        ("%2B60", ExpiresError::NotANumber),
        ("60.0", ExpiresError::NotANumber),
        ("-", ExpiresError::NotANumber),
        ("-1", ExpiresError::Negative),
        ("0", ExpiresError::Zero),
        ("604801", ExpiresError::TooLong),
        ("18446744073709551616", ExpiresError::TooLong),
    ] {
        for dialect in DIALECTS {
            let mut request = Request::presigned(dialect);
            request.edit_query("X-Amz-Expires=3600", &format!("X-Amz-Expires={text}"));
            assert_eq!(request.refusal(), SignatureError::Expires(error), "{text}");
        }
    }
    for seconds in [1, 604_800] {
        let mut request = Request::new(Dialect::S3);
        request.presign(false, seconds);
        assert!(request.judge().is_ok(), "{seconds}");
    }
}

#[test]
fn tokens_that_no_one_could_have_are_invalid() {
    for token in [
        String::new(),
        "a b".to_owned(),
        "x".repeat(4097),
        "\u{e9}".to_owned(),
    ] {
        let mut request = Request::new(Dialect::Json);
        request.authorize(true);
        request.set("x-amz-security-token", &token);
        assert_eq!(request.refusal(), SignatureError::TokenInvalid);
        let mut request = Request::presigned(Dialect::Json);
        request.add_query(&format!("X-Amz-Security-Token={token}"));
        assert_eq!(request.refusal(), SignatureError::TokenInvalid);
    }
}

#[test]
fn temporary_keys_need_a_token_and_long_term_keys_have_none() {
    for dialect in DIALECTS {
        let mut request = Request::new(dialect);
        request.authorize(true);
        request.remove("x-amz-security-token");
        assert_eq!(request.refusal(), SignatureError::TokenMissing);
        let mut request = Request::signed(dialect);
        request.add("x-amz-security-token", TOKEN);
        assert_eq!(request.refusal(), SignatureError::TokenInvalid);
    }
}
