//! What refusals of each encoding read as.

use bytes::Bytes;
use http::HeaderMap;

use super::*;

fn answer(status: u16, body: &'static str) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("x-amzn-requestid", "r-1".parse().unwrap());
    Answer {
        status: StatusCode::from_u16(status).unwrap(),
        headers,
        body: Bytes::from_static(body.as_bytes()),
    }
}

#[test]
fn a_refusal_of_each_encoding_names_its_code_and_sentence() {
    for (body, code, message) in [
        (r#"{"__type":"A","message":"b"}"#, "A", "b"),
        (
            "<E><Error><Code>A</Code><Message>b</Message></Error></E>",
            "A",
            "b",
        ),
        (
            "<Error><Code>A</Code><Message>b &amp; c</Message></Error>",
            "A",
            "b & c",
        ),
        (
            "",
            "Forbidden",
            "the server answered 403 Forbidden and nothing else",
        ),
    ] {
        let refusal = refusal(&answer(403, body));
        assert_eq!(
            (refusal.code.as_str(), refusal.message.as_str()),
            (code, message)
        );
        assert_eq!((refusal.status, refusal.request_id.as_str()), (403, "r-1"));
    }
    assert!(accepted(answer(200, "")).is_ok());
    assert!(accepted(answer(404, "")).is_err());
}

#[test]
fn a_denial_and_an_absence_are_told_apart() {
    let of = |code: &str| {
        CallError::Refused(Refusal {
            code: code.to_owned(),
            ..Refusal::default()
        })
    };
    assert!(of("AccessDenied").is_denied() && !of("AccessDenied").is_absent());
    assert!(of("NoSuchEntity").is_absent() && !of("NoSuchEntity").is_denied());
}
