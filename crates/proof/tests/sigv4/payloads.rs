//! How a signature binds the body.

use daypass_proof::sigv4::{Body, Dialect, Payload, SignatureError};

use crate::client::{NOW, Request, SECRET};

const MODES: [&str; 6] = [
    "UNSIGNED-PAYLOAD",
    "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
];

#[test]
fn s31_another_body_is_refused_without_a_hash_in_the_header() {
    for dialect in [Dialect::Json, Dialect::Query] {
        for mut request in [Request::signed(dialect), Request::presigned(dialect)] {
            request.body = b"[]".to_vec();
            assert_eq!(request.refusal(), SignatureError::Mismatch);
            request.body.clear();
            assert_eq!(request.refusal(), SignatureError::Mismatch);
        }
    }
}

#[test]
fn s31_another_body_is_refused_with_a_hash_in_the_header() {
    for dialect in [Dialect::Json, Dialect::Query, Dialect::S3] {
        let mut request = Request::new(dialect);
        if dialect != Dialect::S3 {
            let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
            request.add("x-amz-content-sha256", hash);
        }
        request.authorize(false);
        assert!(request.judge().is_ok());
        request.body[0] ^= 1;
        assert_eq!(request.refusal(), SignatureError::PayloadMismatch);
    }
}

#[test]
fn s31_only_s3_takes_bodies_that_are_not_hashed() {
    for dialect in [Dialect::Json, Dialect::Query] {
        for mode in MODES {
            let mut request = Request::new(dialect);
            request.add("x-amz-content-sha256", mode);
            request.authorize(false);
            let error = if mode.contains("ECDSA") {
                SignatureError::UnsupportedAlgorithm {
                    algorithm: mode.to_owned(),
                }
            } else {
                SignatureError::PayloadModeRefused
            };
            assert_eq!(request.refusal(), error, "{mode}");
            let mut request = Request::new(dialect);
            request.add("x-amz-content-sha256", mode);
            request.presign(false, 60);
            assert!(request.judge().is_err(), "{mode}");
        }
        for value in ["", "unsigned-payload", "e3b0c442"] {
            let mut request = Request::new(dialect);
            request.add("x-amz-content-sha256", value);
            request.authorize(false);
            assert_eq!(
                request.refusal(),
                SignatureError::PayloadMismatch,
                "{value}"
            );
        }
        let request = Request::signed(dialect);
        let verdict = request.judge_with(Body::Streamed, SECRET, NOW);
        assert_eq!(verdict.unwrap_err(), SignatureError::PayloadModeRefused);
    }
}

#[test]
fn s27_s3_payload_modes_are_a_closed_list() {
    for (mode, payload) in [
        (MODES[0], Payload::Unsigned),
        (MODES[1], Payload::StreamingUnsignedTrailer),
        (MODES[2], Payload::StreamingSigned { trailer: false }),
        (MODES[3], Payload::StreamingSigned { trailer: true }),
    ] {
        let mut request = Request::new(Dialect::S3);
        request.authorize_as(false, payload);
        assert_eq!(request.header("x-amz-content-sha256"), mode);
        let verdict = request.judge_with(Body::Streamed, SECRET, NOW);
        assert_eq!(verdict.unwrap().payload(), payload);
        let wrong = request.judge_with(Body::Streamed, "another", NOW);
        assert_eq!(wrong.unwrap_err(), SignatureError::Mismatch);
    }
    for mode in &MODES[4..] {
        let mut request = Request::signed(Dialect::S3);
        request.set("x-amz-content-sha256", mode);
        let algorithm = (*mode).to_owned();
        assert_eq!(
            request.refusal(),
            SignatureError::UnsupportedAlgorithm { algorithm }
        );
    }
    for value in [
        "",
        "unsigned-payload",
        "STREAMING-PAYLOAD",
        "e3b0c442",
        "\u{e9}",
    ] {
        let mut request = Request::signed(Dialect::S3);
        request.set("x-amz-content-sha256", value);
        assert_eq!(
            request.refusal(),
            SignatureError::ContentSha256Invalid,
            "{value}"
        );
    }
    let mut request = Request::signed(Dialect::S3);
    request.remove("x-amz-content-sha256");
    assert_eq!(request.refusal(), SignatureError::ContentSha256Missing);
}

#[test]
fn s31_a_streamed_body_is_left_to_the_end_but_its_hash_is_signed() {
    let request = Request::signed(Dialect::S3);
    let verdict = request.judge_with(Body::Streamed, SECRET, NOW).unwrap();
    assert_eq!(verdict.payload(), Payload::of(&request.body));
    let mut swapped = request;
    swapped.set("x-amz-content-sha256", "0".repeat(64));
    let verdict = swapped.judge_with(Body::Streamed, SECRET, NOW);
    assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch);
}

#[test]
fn s31_a_presigned_url_binds_the_body_when_it_names_a_hash() {
    let mut unbound = Request::presigned(Dialect::S3);
    assert_eq!(unbound.judge().unwrap().payload(), Payload::Unsigned);
    unbound.body = b"anything".to_vec();
    assert!(unbound.judge().is_ok());

    let mut bound = Request::new(Dialect::S3);
    let payload = bound.payload();
    bound.presign_as(false, 60, payload);
    assert_eq!(bound.judge().unwrap().payload(), payload);
    let mut other = bound.clone();
    other.body = b"anything".to_vec();
    assert_eq!(other.refusal(), SignatureError::PayloadMismatch);

    for payload in [
        Payload::StreamingUnsignedTrailer,
        Payload::StreamingSigned { trailer: false },
    ] {
        let mut streamed = Request::new(Dialect::S3);
        streamed.presign_as(false, 60, payload);
        let verdict = streamed.judge_with(Body::Streamed, SECRET, NOW);
        assert_eq!(verdict.unwrap_err(), SignatureError::PayloadModeRefused);
    }
}

#[test]
fn s31_a_signed_hash_header_on_a_presigned_url_counts() {
    let hash = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let mut request = Request::new(Dialect::S3);
    request.add("x-amz-content-sha256", hash);
    let payload = request.payload();
    request.presign_as(false, 60, payload);
    assert_eq!(request.judge().unwrap().payload(), payload);
    request.set("x-amz-content-sha256", "UNSIGNED-PAYLOAD");
    assert_eq!(request.refusal(), SignatureError::ContentSha256Invalid);
}
