//! What a signature must cover, for whom, and when.

use daypass_proof::sigv4::{Body, Dialect, SignatureError};

use crate::client::{DIALECTS, NOW, Request, SECRET, SKEW_SECONDS, TOKEN};

fn not_signed(name: &str) -> SignatureError {
    SignatureError::HeadersNotSigned {
        names: vec![name.to_owned()],
    }
}

#[test]
fn honest_requests_are_accepted_in_every_dialect_and_form() {
    for dialect in DIALECTS {
        for temporary in [false, true] {
            let mut header = Request::new(dialect);
            header.authorize(temporary);
            let verified = header.judge().unwrap();
            assert_eq!(verified.access_key_id().is_temporary(), temporary);
            assert_eq!(verified.payload(), header.payload());
            assert_eq!(verified.timestamp().epoch_seconds(), NOW);
            assert_eq!(verified.form(), header.claim().unwrap().form());
            assert_eq!(verified.scope(), header.claim().unwrap().scope());

            let mut query = Request::new(dialect);
            query.presign(temporary, 60);
            assert!(query.judge().is_ok(), "{dialect:?} {temporary}");
        }
    }
}

#[test]
fn s27_a_wrong_secret_is_refused_in_every_dialect_and_form() {
    for dialect in DIALECTS {
        for request in [Request::signed(dialect), Request::presigned(dialect)] {
            let wrong = SECRET.replace('K', "k");
            let verdict = request.judge_with(Body::Whole(&request.body), &wrong, NOW);
            assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch);
        }
    }
}

#[test]
fn s29_s3_refuses_every_unsigned_amz_header_in_both_forms() {
    for name in [
        "x-amz-acl",
        "x-amz-copy-source",
        "x-amz-meta-x",
        "x-amz-tagging",
        "x-amz-website-redirect-location",
        "x-amz-storage-class",
        "x-amz-",
        "x-amz-never-heard-of",
    ] {
        for mut request in [
            Request::signed(Dialect::S3),
            Request::presigned(Dialect::S3),
        ] {
            request.add(name, "value");
            assert_eq!(request.refusal(), not_signed(name));
        }
    }
    let mut request = Request::presigned(Dialect::S3);
    for name in ["x-amz-tagging", "x-amz-acl", "x-amz-tagging"] {
        request.add(name, "value");
    }
    let names = vec!["x-amz-acl".to_owned(), "x-amz-tagging".to_owned()];
    assert_eq!(
        request.refusal(),
        SignatureError::HeadersNotSigned { names }
    );
}

#[test]
fn s29_only_inert_headers_are_exempt() {
    for name in ["x-amz-decoded-content-length", "x-amz-trailer"] {
        for mut request in [
            Request::signed(Dialect::S3),
            Request::presigned(Dialect::S3),
        ] {
            request.add(name, "value");
            assert!(request.judge().is_ok(), "{name}");
        }
    }
    let mut presigned = Request::presigned(Dialect::S3);
    presigned.add("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert!(presigned.judge().is_ok());
    for name in ["content-md5", "range", "if-match"] {
        let mut request = Request::signed(Dialect::S3);
        request.add(name, "value");
        assert!(request.judge().is_ok(), "{name}");
    }
}

#[test]
fn s29_signed_amz_headers_are_accepted_and_bound() {
    let mut request = Request::new(Dialect::S3);
    request.add("x-amz-meta-owner", "one");
    request.add("x-amz-meta-owner", "two");
    let unsigned = request.clone();
    request.authorize(false);
    assert!(request.judge().is_ok());
    let mut reordered = request.clone();
    let values: Vec<usize> = (0..reordered.headers.len())
        .filter(|at| reordered.headers[*at].0 == "x-amz-meta-owner")
        .collect();
    reordered.headers.swap(values[0], values[1]);
    assert_eq!(reordered.refusal(), SignatureError::Mismatch);
    let mut presigned = unsigned;
    presigned.presign(false, 60);
    assert!(presigned.judge().is_ok());
    presigned.set("x-amz-meta-owner", "one,two");
    assert!(
        presigned.judge().is_ok(),
        "a joined header is the same header"
    );
    presigned.set("x-amz-meta-owner", "two,one");
    assert_eq!(presigned.refusal(), SignatureError::Mismatch);
}

#[test]
fn s30_the_target_cannot_be_swapped_or_left_unsigned() {
    for mut request in [
        Request::signed(Dialect::Json),
        Request::presigned(Dialect::Json),
    ] {
        request.set(
            "x-amz-target",
            "AWSCognitoIdentityService.DeleteIdentityPool",
        );
        assert_eq!(request.refusal(), SignatureError::Mismatch);
    }
    for dialect in [Dialect::Json, Dialect::Query] {
        let mut request = Request::new(dialect);
        request.remove("x-amz-target");
        request.authorize(false);
        request.add(
            "x-amz-target",
            "AWSCognitoIdentityService.DeleteIdentityPool",
        );
        assert_eq!(request.refusal(), not_signed("x-amz-target"));
    }
}

#[test]
fn s30_host_date_and_token_must_be_signed() {
    for dialect in DIALECTS {
        let mut request = Request::signed(dialect);
        request.edit("host;", "");
        assert_eq!(request.refusal(), SignatureError::HostNotSigned);
        let mut request = Request::signed(dialect);
        request.edit("host;", "hosts;");
        assert_eq!(request.refusal(), SignatureError::HostNotSigned);

        let mut request = Request::signed(dialect);
        request.edit(";x-amz-date", "");
        assert_eq!(request.refusal(), not_signed("x-amz-date"));

        let mut request = Request::new(dialect);
        request.authorize(true);
        request.edit(";x-amz-security-token", "");
        assert_eq!(request.refusal(), not_signed("x-amz-security-token"));
    }
}

#[test]
fn a_signed_header_that_did_not_come_is_refused() {
    let mut request = Request::signed(Dialect::Query);
    request.remove("content-type");
    let error = SignatureError::SignedHeaderAbsent {
        name: "content-type".to_owned(),
    };
    assert_eq!(request.refusal(), error);
    let mut request = Request::signed(Dialect::Query);
    request.remove("host");
    let error = SignatureError::SignedHeaderAbsent {
        name: "host".to_owned(),
    };
    assert_eq!(request.refusal(), error);
}

#[test]
fn s32_a_scope_is_for_one_day_region_and_service() {
    for (dialect, from, to) in [
        (Dialect::S3, "/s3/", "/sts/"),
        (Dialect::Query, "/sts/", "/s3/"),
        (Dialect::Query, "/sts/", "/iam/"),
        (Dialect::Json, "/cognito-identity/", "/cognito-idp/"),
    ] {
        let mut request = Request::signed(dialect);
        request.edit(from, to);
        let error = SignatureError::ScopeService {
            got: to.replace('/', ""),
            expected: from.replace('/', ""),
        };
        assert_eq!(request.refusal(), error);
    }
    for date in ["20260228", "20260302", "20250301"] {
        let mut request = Request::signed(Dialect::Json);
        request.edit("/20260301/", &format!("/{date}/"));
        assert!(
            matches!(request.refusal(), SignatureError::ScopeDate { scope_date, .. }
            if scope_date == date)
        );
    }
    let mut request = Request::signed(Dialect::Json);
    request.edit("us-east-1", "eu-west-1");
    let error = SignatureError::ScopeRegion {
        got: "eu-west-1".to_owned(),
        expected: "us-east-1".to_owned(),
    };
    assert_eq!(request.refusal(), error);
    let mut request = Request::signed(Dialect::Json);
    request.edit("aws4_request", "aws5_request");
    let error = SignatureError::ScopeTerminator {
        got: "aws5_request".to_owned(),
    };
    assert_eq!(request.refusal(), error);
}

#[test]
fn s32_a_face_without_a_region_takes_any_but_signs_with_it() {
    use daypass_proof::sigv4::{Rules, verify};
    let request = Request::signed(Dialect::Json);
    let rules = Rules {
        region: None,
        ..crate::client::rules(Dialect::Json)
    };
    let secret = SECRET.parse().unwrap();
    let judge = |request: &Request| {
        let body = Body::Whole(&request.body);
        verify(
            &request.claim().unwrap(),
            &request.view(),
            body,
            &secret,
            &rules,
            NOW,
        )
    };
    assert!(judge(&request).is_ok());
    let mut moved = request;
    moved.edit("us-east-1", "eu-west-1");
    assert_eq!(judge(&moved).unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn s33_the_clock_may_differ_by_the_skew_and_no_more() {
    for dialect in DIALECTS {
        let request = Request::signed(dialect);
        for seconds in [SKEW_SECONDS - 1, SKEW_SECONDS] {
            assert!(request.judge_at(NOW + seconds).is_ok(), "{seconds} s later");
            assert!(
                request.judge_at(NOW - seconds).is_ok(),
                "{seconds} s earlier"
            );
        }
        let late = request.judge_at(NOW + SKEW_SECONDS + 1).unwrap_err();
        assert!(matches!(late, SignatureError::TooOld { .. }), "{late:?}");
        let early = request.judge_at(NOW - SKEW_SECONDS - 1).unwrap_err();
        assert!(
            matches!(early, SignatureError::TooEarly { .. }),
            "{early:?}"
        );
        for now in [i64::MIN, i64::MAX] {
            assert!(request.judge_at(now).is_err());
        }
    }
}

#[test]
fn s33_the_clock_is_judged_before_the_signature() {
    let mut request = Request::signed(Dialect::Json);
    request.body.push(b' ');
    let error = request.judge_at(NOW + SKEW_SECONDS + 1).unwrap_err();
    assert!(matches!(error, SignatureError::TooOld { .. }), "{error:?}");
}

#[test]
fn a_claim_about_another_session_token_is_refused() {
    let mut request = Request::new(Dialect::Json);
    request.authorize(true);
    request.set("x-amz-security-token", TOKEN.replace("EXAMPLE", "example"));
    assert_eq!(request.refusal(), SignatureError::Mismatch);
}

#[test]
fn a_client_cannot_sign_without_a_host_or_outside_the_calendar() {
    let mut request = Request::new(Dialect::Json);
    request.remove("host");
    assert_eq!(request.try_sign(NOW), SignatureError::HostNotSigned);
    let request = Request::new(Dialect::Json);
    let got = i64::MAX.to_string();
    assert_eq!(
        request.try_sign(i64::MAX),
        SignatureError::MalformedTimestamp { got }
    );
}
