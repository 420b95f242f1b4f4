//! Each cause of a refused signature, and what the client reads.

use super::*;
use crate::quota::Busy;
use daypass_proof::sigv4::ExpiresError;

const KEY: &str = "AKIAIOSFODNN7EXAMPLE";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(seconds).unwrap()
}

fn header(error: SignatureError) -> ApiError {
    translate(error.into(), KEY, false)
}

fn element<'a>(error: &'a ApiError, name: &str) -> Option<&'a str> {
    let found = error.details.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

#[test]
fn keys_and_tokens() {
    let anonymous = header(SignatureError::Missing);
    assert_eq!((anonymous.code, anonymous.status), ("AccessDenied", 403));
    for cause in [
        SignatureError::UnknownAccessKey,
        SignatureError::TokenMissing,
    ] {
        let refused = header(cause);
        assert_eq!((refused.code, refused.status), ("InvalidAccessKeyId", 403));
        assert_eq!(
            refused.message,
            "The AWS Access Key Id you provided does not exist in our records."
        );
        assert_eq!(element(&refused, "AWSAccessKeyId"), Some(KEY));
    }
    let invalid = header(SignatureError::TokenInvalid);
    assert_eq!((invalid.code, invalid.status), ("InvalidToken", 400));
    let expired = header(SignatureError::TokenExpired);
    assert_eq!((expired.code, expired.status), ("ExpiredToken", 400));
    assert_eq!(expired.message, "The provided token has expired.");
}

#[test]
fn s37_a_mismatch_shows_nothing_that_was_expected() {
    let refused = header(SignatureError::Mismatch);
    assert_eq!(
        (refused.code, refused.status),
        ("SignatureDoesNotMatch", 403)
    );
    let names: Vec<&str> = refused.details.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["AWSAccessKeyId"]);
}

#[test]
fn s33_times() {
    let (timestamp, now) = (at(1_000), at(2_000));
    let late = header(SignatureError::TooOld {
        timestamp,
        earliest: at(1_100),
        now,
        skew_seconds: 900,
    });
    assert_eq!((late.code, late.status), ("RequestTimeTooSkewed", 403));
    assert_eq!(element(&late, "RequestTime"), Some("19700101T001640Z"));
    assert_eq!(element(&late, "ServerTime"), Some("1970-01-01T00:33:20Z"));
    assert_eq!(element(&late, "MaxAllowedSkewMilliseconds"), Some("900000"));
    let expired = SignatureError::PresignedExpired {
        timestamp,
        earliest: at(1_940),
        now,
        expires_seconds: 60,
        expired_at: at(1_060),
    };
    let expired = translate(expired.into(), KEY, true);
    assert_eq!((expired.code, expired.status), ("AccessDenied", 403));
    assert_eq!(expired.message, "Request has expired");
    assert_eq!(element(&expired, "X-Amz-Expires"), Some("60"));
    assert_eq!(element(&expired, "Expires"), Some("1970-01-01T00:17:40Z"));
}

#[test]
fn s32_scope_is_the_headers_or_the_querys_fault() {
    let cases = [
        (
            SignatureError::ScopeRegion {
                got: "eu-west-1".to_owned(),
                expected: "us-east-1".to_owned(),
            },
            "the region 'eu-west-1' is wrong; expecting 'us-east-1'",
        ),
        (
            SignatureError::ScopeService {
                got: "sts".to_owned(),
                expected: "s3".to_owned(),
            },
            "incorrect service \"sts\". This endpoint belongs to \"s3\".",
        ),
        (
            SignatureError::ScopeDate {
                scope_date: "19700102".to_owned(),
                timestamp: at(0),
            },
            "Invalid credential date \"19700102\". This date is not the same as X-Amz-Date: \
             \"19700101\".",
        ),
    ];
    for (cause, tail) in cases {
        let refused = header(cause.clone());
        assert_eq!(
            (refused.code, refused.status),
            ("AuthorizationHeaderMalformed", 400)
        );
        assert_eq!(
            refused.message,
            format!("The authorization header is malformed; {tail}")
        );
        let refused = translate(cause.into(), KEY, true);
        assert_eq!(refused.code, "AuthorizationQueryParametersError");
        assert!(
            refused
                .message
                .starts_with("Error parsing the X-Amz-Credential parameter; ")
        );
    }
    let region = SignatureError::ScopeRegion {
        got: "x".to_owned(),
        expected: "us-east-1".to_owned(),
    };
    assert_eq!(element(&header(region), "Region"), Some("us-east-1"));
}

#[test]
fn s38_other_algorithms_and_s28_both_forms() {
    let legacy = header(SignatureError::UnsupportedAlgorithm {
        algorithm: "AWS".to_owned(),
    });
    assert_eq!((legacy.code, legacy.status), ("InvalidRequest", 400));
    let both = header(SignatureError::BothForms);
    assert_eq!((both.code, both.status), ("InvalidArgument", 400));
    assert!(
        both.message
            .starts_with("Only one auth mechanism allowed; ")
    );
}

#[test]
fn s04_s34_parameters_of_a_url() {
    let missing = SignatureError::MissingQueryParameters {
        missing: vec!["X-Amz-Date"],
    };
    let cases = [
        missing,
        SignatureError::CaseVariant {
            name: "X-Amz-Expires",
        },
        SignatureError::DuplicateQueryParameter {
            name: "X-Amz-Date".to_owned(),
        },
        SignatureError::Expires(ExpiresError::TooLong),
    ];
    for cause in cases {
        let refused = translate(cause.into(), KEY, true);
        assert_eq!(
            (refused.code, refused.status),
            ("AuthorizationQueryParametersError", 400)
        );
    }
}

#[test]
fn s29_headers_that_are_not_signed_are_named() {
    let names = vec!["x-amz-acl".to_owned(), "x-amz-meta-a".to_owned()];
    let refused = header(SignatureError::HeadersNotSigned { names });
    assert_eq!((refused.code, refused.status), ("AccessDenied", 403));
    assert_eq!(
        refused.message,
        "There were headers present in the request which were not signed"
    );
    assert_eq!(
        element(&refused, "HeadersNotSigned"),
        Some("x-amz-acl, x-amz-meta-a")
    );
}

#[test]
fn load_and_faults_say_nothing_of_their_cause() {
    let cases = [
        (Failure::Busy(Busy::now("limit.rate")), "SlowDown", 503),
        (Failure::Conflict, "ServiceUnavailable", 503),
        (
            Failure::Unavailable("no space".to_owned()),
            "ServiceUnavailable",
            503,
        ),
        (Failure::Internal("secret".to_owned()), "InternalError", 500),
        (Failure::TooLarge, "MaxMessageLengthExceeded", 400),
    ];
    for (failure, code, status) in cases {
        let refused = translate(failure, KEY, false);
        assert_eq!((refused.code, refused.status), (code, status));
        assert!(!refused.message.contains("secret") && !refused.message.contains("space"));
    }
}
