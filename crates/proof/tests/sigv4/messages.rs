//! What a client is told, word for word, and what it is never told.

use daypass_proof::sigv4::{Dialect, ExpiresError, SignatureError};

use crate::client::{DIALECTS, NOW, Request, SKEW_SECONDS};

const MISMATCH: &str = "The request signature we calculated does not match the signature you \
    provided. Check your AWS Secret Access Key and signing method. Consult the service \
    documentation for details.";

fn said(request: &Request) -> String {
    request.refusal().to_string()
}

#[test]
fn time_messages_show_both_clocks_and_the_bound() {
    let request = Request::signed(Dialect::Query);
    let old = request.judge_at(NOW + SKEW_SECONDS + 60).unwrap_err();
    assert_eq!(
        old.to_string(),
        "Signature expired: 20260301T120000Z is now earlier than 20260301T120100Z \
         (20260301T121600Z - 15 min.)"
    );
    let ahead = request.judge_at(NOW - SKEW_SECONDS - 60).unwrap_err();
    assert_eq!(
        ahead.to_string(),
        "Signature not yet current: 20260301T120000Z is still later than 20260301T115900Z \
         (20260301T114400Z + 15 min.)"
    );
    let presigned = Request::presigned(Dialect::Query)
        .judge_at(NOW + 3601)
        .unwrap_err();
    assert_eq!(
        presigned.to_string(),
        "Signature expired: 20260301T120000Z is now earlier than 20260301T120001Z \
         (20260301T130001Z - 60 min.)"
    );
    let mut short = Request::new(Dialect::Query);
    short.presign(false, 90);
    let short = short.judge_at(NOW + 91).unwrap_err().to_string();
    assert!(short.ends_with("(20260301T120131Z - 90 sec.)"), "{short}");
}

#[test]
fn scope_messages_name_what_was_wrong() {
    let mut request = Request::signed(Dialect::Query);
    request.edit("/20260301/", "/20260228/");
    assert_eq!(
        said(&request),
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from \
         HTTP: '20260228' != '20260301', from '20260301T120000Z'."
    );
    for (from, to, message) in [
        (
            "us-east-1",
            "mars-1",
            "Credential should be scoped to a valid region, not 'mars-1'.",
        ),
        (
            "/sts/",
            "/s3/",
            "Credential should be scoped to correct service: 'sts'.",
        ),
        (
            "aws4_request",
            "x",
            "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'.",
        ),
    ] {
        let mut request = Request::signed(Dialect::Query);
        request.edit(from, to);
        assert_eq!(said(&request), message);
    }
}

#[test]
fn structure_messages_name_what_is_missing() {
    assert_eq!(
        said(&Request::new(Dialect::Json)),
        "Request is missing Authentication Token"
    );
    let mut request = Request::new(Dialect::Json);
    request.add("authorization", "AWS4-HMAC-SHA256 Signature=00");
    assert_eq!(
        said(&request),
        "Authorization header requires 'Credential' parameter. Authorization header requires \
         'SignedHeaders' parameter. Authorization header requires existence of either a \
         'X-Amz-Date' or a 'Date' header."
    );
    request.set("authorization", "AWS4-HMAC-SHA256 Signature");
    assert_eq!(
        said(&request),
        "'Signature' not a valid key=value pair (missing equal-sign) in Authorization header."
    );
    request.set("authorization", "AWS4-HMAC-SHA1 Signature");
    assert_eq!(
        said(&request),
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."
    );
    let mut request = Request::signed(Dialect::Json);
    request.edit("/20260301/", "/");
    assert_eq!(
        said(&request),
        "Credential must have exactly 5 slash-delimited elements, e.g. \
         keyid/date/region/service/term, got \
         'AKIAIOSFODNN7EXAMPLE/us-east-1/cognito-identity/aws4_request'"
    );
    let mut request = Request::new(Dialect::Query);
    request.query =
        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0&X-Amz-SignedHeaders=host".to_owned();
    assert_eq!(
        said(&request),
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string \
         parameters must include 'X-Amz-Date'. Re-examine the query-string parameters."
    );
}

#[test]
fn coverage_messages_name_the_headers() {
    let mut request = Request::signed(Dialect::Json);
    request.edit("host;", "");
    assert_eq!(
        said(&request),
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    );
    let mut request = Request::signed(Dialect::Json);
    request.edit(";x-amz-date;x-amz-target", "");
    assert_eq!(
        said(&request),
        "'x-amz-date' must be a 'SignedHeader' in the AWS Authorization. 'x-amz-target' must be \
         a 'SignedHeader' in the AWS Authorization."
    );
}

#[test]
fn every_failure_of_the_signature_itself_sounds_the_same() {
    for error in [
        SignatureError::Mismatch,
        SignatureError::PayloadMismatch,
        SignatureError::PayloadModeRefused,
        SignatureError::SignedHeaderAbsent {
            name: "host".to_owned(),
        },
    ] {
        assert_eq!(error.to_string(), MISMATCH);
    }
    for error in [
        SignatureError::UnknownAccessKey,
        SignatureError::TokenMissing,
        SignatureError::TokenInvalid,
    ] {
        let message = "The security token included in the request is invalid.";
        assert_eq!(error.to_string(), message);
    }
    let expired = "The security token included in the request is expired";
    assert_eq!(SignatureError::TokenExpired.to_string(), expired);
}

#[test]
fn expires_messages_are_those_of_s3() {
    for (error, message) in [
        (ExpiresError::NotANumber, "X-Amz-Expires should be a number"),
        (ExpiresError::Negative, "X-Amz-Expires must be non-negative"),
        (ExpiresError::Zero, "X-Amz-Expires must be greater than 0"),
        (
            ExpiresError::TooLong,
            "X-Amz-Expires must be less than a week (in seconds); that is, the given \
             X-Amz-Expires must be less than 604800 seconds",
        ),
    ] {
        assert_eq!(SignatureError::Expires(error).to_string(), message);
    }
}

#[test]
fn s37_a_refusal_repeats_little_and_only_printable_text() {
    let long = "x\u{202e}\u{1b}é".repeat(200);
    let mut requests = Vec::new();
    for name in ["Credential", "SignedHeaders", "Signature"] {
        let mut request = Request::new(Dialect::S3);
        request.query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260301T120000Z&X-Amz-Expires=60\
             &X-Amz-{name}={long}"
        );
        requests.push(request);
    }
    let mut request = Request::signed(Dialect::S3);
    request.set(
        "authorization",
        format!("AWS4-HMAC-SHA256 {}", "y".repeat(5000)),
    );
    requests.push(request);
    for date in [long.as_str(), &"9".repeat(5000)] {
        let mut request = Request::signed(Dialect::S3);
        request.set("x-amz-date", date);
        requests.push(request);
    }
    for request in requests {
        let message = said(&request);
        assert!(message.len() < 512, "{message}");
        assert!(
            message.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{message}"
        );
    }
}

#[test]
fn s37_a_refusal_never_shows_the_signature_that_was_expected() {
    for dialect in DIALECTS {
        let honest = Request::signed(dialect);
        let value = honest.header("authorization");
        let expected = value.rsplit_once('=').unwrap().1;
        let mut forged = honest.clone();
        forged.edit(expected, &"0".repeat(64));
        let refusal = forged.refusal();
        assert_eq!(refusal, SignatureError::Mismatch);
        let shown = format!("{refusal} {refusal:?}");
        assert!(
            !shown.contains(expected) && !shown.contains("20260301"),
            "{shown}"
        );
    }
}
