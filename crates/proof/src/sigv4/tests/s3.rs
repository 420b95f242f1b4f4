//! The worked examples of the S3 documentation: header, presigned, chunked, chunked with trailer.

use serde_json::Value;

use super::super::canonical::{CanonicalRequest, PathRule, Plus, Spelling, hex};
use super::super::chunked::Chain;
use super::super::payload::claim;
use super::super::presign::X_SIGNATURE;
use super::super::scope::string_to_sign;
use super::super::verify::verify;
use super::super::{Body, Dialect, Rules};
use super::{Wire, claimed, read, vectors};
use crate::secret::SecretAccessKey;

fn s3_rules() -> Rules<'static> {
    Rules {
        dialect: Dialect::S3,
        service: "s3",
        region: Some("us-east-1"),
        skew_seconds: 900,
    }
}

/// Builds the wire request of a worked S3 example.
fn s3_wire(document: &Value, example: &Value) -> Wire {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let signed: Vec<(String, String)> = example["signed_headers"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let mut wire = Wire {
        method: text(&example["method"]),
        path: text(&example["canonical_uri"]),
        query: text(&example["canonical_query"]),
        headers: signed
            .iter()
            .map(|(name, value)| (name.clone(), value.clone().into()))
            .collect(),
        body: String::new(),
    };
    let signature = text(&example["signature"]);
    if example["form"] == "query" {
        wire.query = format!("{}&{X_SIGNATURE}={signature}", wire.query);
    } else {
        let names: Vec<&str> = signed.iter().map(|(name, _)| name.as_str()).collect();
        let (key, scope) = (text(&document["access_key_id"]), text(&document["scope"]));
        let value = format!(
            "AWS4-HMAC-SHA256 Credential={key}/{scope},SignedHeaders={},Signature={signature}",
            names.join(";")
        );
        wire.headers
            .push(("authorization".to_owned(), value.into_bytes()));
    }
    wire
}

#[test]
fn s35_the_worked_examples_of_s3() {
    let document: Value = serde_json::from_str(&read(&vectors().join("s3-vectors.json"))).unwrap();
    let secret = document["secret_access_key"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let examples = document["requests"].as_array().unwrap();
    assert_eq!(examples.len(), 7);
    for example in examples {
        let wire = s3_wire(&document, example);
        let request = wire.view();
        let presentation = claimed(&request, Dialect::S3);
        let payload = claim(&presentation, &request, Body::Streamed, Dialect::S3).unwrap();
        assert_eq!(payload.text, example["payload_hash"]);
        let spelling = Spelling {
            path: PathRule::AsSentOnce,
            plus: Plus::Space,
            excluded: &[X_SIGNATURE],
        };
        let headers = presentation.signed_headers();
        let canonical = CanonicalRequest::of(&request, headers, &payload.text, &spelling).unwrap();
        assert_eq!(
            String::from_utf8_lossy(canonical.text()).into_owned(),
            example["canonical_request"]
        );
        let text = string_to_sign("20130524T000000Z", presentation.scope(), &canonical.hash());
        assert_eq!(text, example["string_to_sign"]);
        let now = 1_369_353_600;
        let verified = verify(
            &presentation,
            &request,
            Body::Streamed,
            &secret,
            &s3_rules(),
            now,
        )
        .unwrap();
        assert_eq!(verified.payload(), payload.payload);
        assert_eq!(hex(&verified.seed()), example["signature"]);
    }
}

#[test]
fn s27_the_chunk_chain_and_trailer_of_s3() {
    let document: Value = serde_json::from_str(&read(&vectors().join("s3-vectors.json"))).unwrap();
    let secret: SecretAccessKey = document["secret_access_key"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let streams = document["streams"].as_array().unwrap();
    assert_eq!(streams.len(), 2);
    for stream in streams {
        let seed = format!("{}-seed", stream["name"].as_str().unwrap());
        let examples = document["requests"].as_array().unwrap();
        let example = examples
            .iter()
            .find(|example| example["name"] == *seed)
            .unwrap();
        let wire = s3_wire(&document, example);
        let request = wire.view();
        let presentation = claimed(&request, Dialect::S3);
        let (rules, now) = (s3_rules(), 1_369_353_600);
        let verified = verify(
            &presentation,
            &request,
            Body::Streamed,
            &secret,
            &rules,
            now,
        )
        .unwrap();
        let mut chain = Chain::start(&verified, &secret).unwrap();
        for chunk in stream["chunks"].as_array().unwrap() {
            let size = usize::try_from(chunk["size"].as_u64().unwrap()).unwrap();
            let data = chunk["byte"].as_str().unwrap().repeat(size);
            let signature = chunk["signature"].as_str().unwrap().as_bytes();
            chain.chunk(signature, data.as_bytes()).unwrap();
        }
        let body = match stream.get("trailer") {
            None => chain.finish().unwrap(),
            Some(trailer) => {
                let line = trailer["canonical"].as_str().unwrap().trim_end();
                let signature = trailer["signature"].as_str().unwrap().as_bytes();
                chain
                    .trailer(signature, &[line.split_once(':').unwrap()])
                    .unwrap()
            }
        };
        assert_eq!(body.decoded_bytes(), 66_560);
    }
}
