//! The test suites of AWS: `aws-c-auth` in both forms, the classic one, and Signature 4A refused.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::canonical::{CanonicalRequest, PathRule, Plus, Spelling, hex};
use super::super::payload::claim;
use super::super::presented::{Form, presented};
use super::super::presign::{X_SECURITY_TOKEN, X_SIGNATURE};
use super::super::scope::{SigningKey, string_to_sign};
use super::super::sign::Signer;
use super::super::verify::{matching, verify};
use super::super::{Body, Dialect, Payload, RequestView, Rules, SignatureError};
use super::{Wire, claimed, read, vectors};
use crate::secret::{AccessKeyId, SecretAccessKey};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const NOW: i64 = 1_440_938_160; // 2015-08-30T12:36:00Z
const RULES: Rules = Rules {
    dialect: Dialect::Query,
    service: "service",
    region: Some("us-east-1"),
    skew_seconds: 900,
};

/// What a vector says the three texts are.
struct Expected {
    canonical: String,
    string_to_sign: String,
    signature: String,
}

/// Checks one signed request against its texts under one spelling; then our verdict on it.
fn check(name: &str, wire: &Wire, expected: &Expected, path: PathRule, token_outside: bool) {
    let request = wire.view();
    let body = Body::Whole(wire.body.as_bytes());
    let secret: SecretAccessKey = SECRET.parse().unwrap();
    let presentation = claimed(&request, Dialect::Query);
    let excluded: &[&str] = match (presentation.form(), token_outside) {
        (Form::Header, _) => &[],
        (Form::Query { .. }, false) => &[X_SIGNATURE],
        (Form::Query { .. }, true) => &[X_SIGNATURE, X_SECURITY_TOKEN],
    };
    let payload = claim(&presentation, &request, body, Dialect::Query).unwrap();
    let canonical = |spelling: &Spelling| {
        let headers = presentation.signed_headers();
        CanonicalRequest::of(&request, headers, &payload.text, spelling).unwrap()
    };
    let theirs = canonical(&Spelling {
        path,
        plus: Plus::Literal,
        excluded,
    });
    assert_eq!(
        String::from_utf8_lossy(theirs.text()),
        expected.canonical,
        "{name}"
    );
    let text = string_to_sign("20150830T123600Z", presentation.scope(), &theirs.hash());
    assert_eq!(text, expected.string_to_sign, "{name}");
    let key = SigningKey::derive(&secret, presentation.scope());
    assert_eq!(hex(&key.sign(&text)), expected.signature, "{name}");
    assert!(matching(&presentation, &theirs, &key).is_some(), "{name}");

    let ours = canonical(&Spelling {
        path: PathRule::NormalizedTwice,
        plus: Plus::Literal,
        excluded: &[X_SIGNATURE],
    });
    let verdict = verify(&presentation, &request, body, &secret, &RULES, NOW);
    match (token_outside, presentation.form()) {
        (true, Form::Header) => {
            let names = vec!["x-amz-security-token".to_owned()];
            assert_eq!(
                verdict.unwrap_err(),
                SignatureError::HeadersNotSigned { names },
                "{name}"
            );
        }
        _ if ours.text() == theirs.text() => assert!(verdict.is_ok(), "{name}: {verdict:?}"),
        _ => assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch, "{name}"),
    }
}

/// Signs the unsigned request of a vector with our own signer.
fn check_signing(name: &str, unsigned: &Wire, context: &Value, form: &str, signature: &str) {
    let credentials = &context["credentials"];
    let key = AccessKeyId::claimed(credentials["access_key_id"].as_str().unwrap()).unwrap();
    let secret: SecretAccessKey = SECRET.parse().unwrap();
    let token = credentials["token"]
        .as_str()
        .map(|token| token.parse().unwrap());
    let signer = Signer {
        access_key_id: &key,
        secret: &secret,
        session_token: token.as_ref(),
        region: "us-east-1",
        service: "service",
        dialect: Dialect::Query,
    };
    let payload = Payload::of(unsigned.body.as_bytes());
    let made = if form == "header" {
        let mut headers = unsigned.headers.clone();
        if context["sign_body"] == true {
            headers.push((
                "x-amz-content-sha256".to_owned(),
                payload.text().into_bytes(),
            ));
        }
        let request = RequestView {
            headers: &headers,
            ..unsigned.view()
        };
        signer
            .authorize(&request, payload, NOW)
            .unwrap()
            .into_headers()
            .pop()
            .unwrap()
            .1
    } else {
        signer
            .presign(&unsigned.view(), payload, NOW, 3600)
            .unwrap()
    };
    assert!(made.ends_with(signature), "{name} {form}: {made}");
}

#[test]
fn s35_all_76_signatures_of_the_aws_c_auth_suite() {
    let mut checked = 0;
    for case in fs::read_dir(vectors().join("aws-c-auth/v4")).unwrap() {
        let folder = case.unwrap().path();
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let context: Value = serde_json::from_str(&read(&folder.join("context.json"))).unwrap();
        let normalize = context["normalize"] == true;
        let path = if normalize {
            PathRule::NormalizedTwice
        } else {
            PathRule::AsSentTwice
        };
        let token_outside = context["omit_session_token"] == true;
        for form in ["header", "query"] {
            let file = |part: &str| read(&folder.join(format!("{form}-{part}.txt")));
            let expected = Expected {
                canonical: file("canonical-request"),
                string_to_sign: file("string-to-sign"),
                signature: file("signature"),
            };
            let wire = Wire::parse(&file("signed-request"));
            check(
                &format!("{name} {form}"),
                &wire,
                &expected,
                path,
                token_outside,
            );
            if normalize && !token_outside {
                let unsigned = Wire::parse(&read(&folder.join("request.txt")));
                check_signing(&name, &unsigned, &context, form, &expected.signature);
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 76);
}

fn classic_cases(folder: &Path, cases: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            classic_cases(&path, cases);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "sreq")
        {
            cases.push(path);
        }
    }
}

#[test]
fn s35_the_34_cases_of_the_classic_suite() {
    let mut cases = Vec::new();
    classic_cases(&vectors().join("classic"), &mut cases);
    assert_eq!(cases.len(), 34);
    for file in cases {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let authorization = read(&file.with_extension("authz"));
        let expected = Expected {
            canonical: read(&file.with_extension("creq")),
            string_to_sign: read(&file.with_extension("sts")),
            signature: authorization.rsplit_once('=').unwrap().1.to_owned(),
        };
        let mut wire = Wire::parse(&read(&file));
        if name == "get-vanilla-with-session-token" {
            // Its signed request carries the signature of another case; see PROVENANCE.md.
            let (request, secret) = (wire.view(), SECRET.parse().unwrap());
            let presentation = claimed(&request, Dialect::Query);
            let verdict = verify(
                &presentation,
                &request,
                Body::Whole(b""),
                &secret,
                &RULES,
                NOW,
            );
            assert_eq!(verdict.unwrap_err(), SignatureError::Mismatch);
            wire.headers.retain(|(name, _)| name != "authorization");
            wire.headers
                .push(("authorization".to_owned(), authorization.into_bytes()));
        }
        let token_outside = name == "post-sts-header-after";
        check(
            &name,
            &wire,
            &expected,
            PathRule::NormalizedTwice,
            token_outside,
        );
    }
}

#[test]
fn s38_every_signature_4a_vector_is_refused_as_unsupported() {
    let mut refused = 0;
    for case in fs::read_dir(vectors().join("aws-c-auth/v4a")).unwrap() {
        let folder = case.unwrap().path();
        for form in ["header", "query"] {
            let file = folder.join(format!("{form}-signed-request.txt"));
            let wire = Wire::parse(&read(&file));
            let error = presented(&wire.view(), Dialect::Query).unwrap_err();
            let algorithm = "AWS4-ECDSA-P256-SHA256".to_owned();
            assert_eq!(error, SignatureError::UnsupportedAlgorithm { algorithm });
            refused += 1;
        }
    }
    assert_eq!(refused, 12);
}
