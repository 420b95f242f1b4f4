//! Where credentials may stand, how often, and in which algorithm.

use daypass_proof::sigv4::{Dialect, Presented, SignatureError, presented};

use crate::client::{DIALECTS, Request, TOKEN};

pub(crate) const PARAMETERS: [&str; 8] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
];

#[test]
fn s37_neither_a_view_nor_a_claim_shows_tokens() {
    let mut request = Request::new(Dialect::Json);
    request.authorize(true);
    let shown = format!("{:?} {:?}", request.view(), request.claim().unwrap());
    assert!(!shown.contains(TOKEN), "{shown}");
    assert!(
        shown.contains("POST") && shown.contains("ASIAIOSFODNN7EXAMPLE"),
        "{shown}"
    );
}

#[test]
fn other_schemes_and_no_credentials_are_nothing() {
    let values: [Option<&[u8]>; 7] = [
        None,
        Some(b""),
        Some(b"Bearer eyJhbGciOiJub25lIn0"),
        Some(b"Basic QVdTOkFXUw=="),
        Some(b"aw"),
        Some(b"\xff\xfe"),
        Some("éAWS4".as_bytes()),
    ];
    for dialect in DIALECTS {
        for value in values {
            let mut request = Request::new(dialect);
            if let Some(value) = value {
                request.add("authorization", value);
            }
            let nothing = presented(&request.view(), dialect);
            assert!(
                matches!(nothing, Ok(Presented::Nothing)),
                "{value:?}: {nothing:?}"
            );
        }
    }
}

#[test]
fn s38_other_algorithms_are_refused_and_never_unsigned() {
    for (value, algorithm) in [
        (
            "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=",
            "AWS",
        ),
        ("AWS", "AWS"),
        ("AWS3-HTTPS AWSAccessKeyId=a", "AWS3-HTTPS"),
        ("AWS4-HMAC-SHA1 Credential=a", "AWS4-HMAC-SHA1"),
        ("AWS4-HMAC-SHA512 Credential=a", "AWS4-HMAC-SHA512"),
        (
            "AWS4-ECDSA-P256-SHA256 Credential=a",
            "AWS4-ECDSA-P256-SHA256",
        ),
        ("aws4-hmac-sha256 Credential=a", "aws4-hmac-sha256"),
        (
            "AWS4-HMAC-SHA256,Credential=a",
            "AWS4-HMAC-SHA256,Credential=a",
        ),
    ] {
        let mut request = Request::new(Dialect::Query);
        request.add("authorization", value);
        let algorithm = algorithm.to_owned();
        assert_eq!(
            request.refusal(),
            SignatureError::UnsupportedAlgorithm { algorithm }
        );
    }
    for (query, algorithm) in [
        (
            "AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1&Signature=x",
            "AWS",
        ),
        ("Signature=x", "AWS"),
        ("SignatureVersion=2&SignatureMethod=HmacSHA256", "AWS"),
        (
            "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Signature=x",
            "AWS4-ECDSA-P256-SHA256",
        ),
        ("X-Amz-Algorithm=AWS4-HMAC-SHA1", "AWS4-HMAC-SHA1"),
    ] {
        let mut request = Request::new(Dialect::S3);
        request.query = query.to_owned();
        let algorithm = algorithm.to_owned();
        assert_eq!(
            request.refusal(),
            SignatureError::UnsupportedAlgorithm { algorithm }
        );
    }
}

#[test]
fn s04_signature_parameters_come_once_and_in_exact_case() {
    for name in PARAMETERS {
        for (dialect, spelled) in [
            (Dialect::S3, name.to_owned()),
            (Dialect::Query, name.replace("Amz", "%41mz")),
            (Dialect::Json, name.replace('-', "%2D")),
        ] {
            let mut request = Request::presigned(dialect);
            for _ in 0..2 {
                request.add_query(&format!("{spelled}=x"));
            }
            let name = name.to_owned();
            assert_eq!(
                request.refusal(),
                SignatureError::DuplicateQueryParameter { name }
            );
        }
        for variant in [
            name.to_lowercase(),
            name.to_uppercase(),
            name.replace("Amz", "%61mz"),
        ] {
            let mut request = Request::presigned(Dialect::S3);
            request.add_query(&format!("{variant}=x"));
            assert_eq!(
                request.refusal(),
                SignatureError::CaseVariant { name },
                "{variant}"
            );
            request.query = format!("{variant}=x");
            assert_eq!(
                request.refusal(),
                SignatureError::CaseVariant { name },
                "{variant}"
            );
        }
    }
}

#[test]
fn s04_every_amz_parameter_comes_once() {
    for (first, second) in [
        ("x-amz-acl", "x-amz-acl"),
        ("x-amz-acl", "X-Amz-Acl"),
        ("x-amz-tagging", "x%2Damz-tagging"),
    ] {
        let mut request = Request::new(Dialect::S3);
        request.query = format!("{first}=one&{second}=two");
        let error = request.refusal();
        assert!(
            matches!(error, SignatureError::DuplicateQueryParameter { .. }),
            "{second}"
        );
        request.presign(false, 60);
        let error = request.refusal();
        assert!(
            matches!(error, SignatureError::DuplicateQueryParameter { .. }),
            "{second}"
        );
    }
    let mut request = Request::new(Dialect::S3);
    request.query = "x-amz-acl=one&x-amz-tagging=two&a=1&a=2".to_owned();
    request.presign(false, 60);
    assert!(request.judge().is_ok());
}

#[test]
fn s05_decisive_headers_come_once() {
    for name in [
        "host",
        "authorization",
        "x-amz-target",
        "x-amz-date",
        "x-amz-security-token",
        "x-amz-content-sha256",
        "content-length",
    ] {
        let mut request = Request::new(Dialect::Json);
        request.authorize(true);
        request.set(name, "one");
        request.add(name, "two");
        assert_eq!(request.refusal(), SignatureError::DuplicateHeader { name });
        request.remove("authorization");
        request.set(name, "one");
        request.add(name, "two");
        assert_eq!(request.refusal(), SignatureError::DuplicateHeader { name });
    }
    let mut request = Request::signed(Dialect::Json);
    request.remove("x-amz-date");
    request.add("date", "Sun, 01 Mar 2026 12:00:00 GMT");
    request.add("date", "Sun, 01 Mar 2026 12:00:00 GMT");
    assert_eq!(
        request.refusal(),
        SignatureError::DuplicateHeader { name: "date" }
    );
}

#[test]
fn s28_credentials_stand_in_one_place_only() {
    let mut both = Request::signed(Dialect::S3);
    both.presign(false, 60);
    assert_eq!(both.refusal(), SignatureError::BothForms);
    for name in PARAMETERS {
        let mut partly = Request::signed(Dialect::S3);
        partly.query = format!("{name}=x");
        assert_eq!(partly.refusal(), SignatureError::BothForms, "{name}");
    }
    let mut bearer = Request::presigned(Dialect::S3);
    bearer.add("authorization", "Bearer x");
    assert_eq!(bearer.refusal(), SignatureError::BothForms);
    let mut token_beside = Request::presigned(Dialect::Query);
    token_beside.add("x-amz-security-token", TOKEN);
    assert_eq!(token_beside.refusal(), SignatureError::BothForms);
}
