//! Reasons of refusals: each vector's audit line says one that is listed for its code, and nobody
//! but a developer's own machine is told.
//!
//! **Source**: users page, section 5; requirement S75.

use std::collections::{BTreeMap, BTreeSet};

use daypass_service::reasons;
use daypass_testkit::house::{House, Plan};
use http::{Request, Response};

use crate::telling::told;

/// The text of a field of a log line.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (_, rest) = line.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[test]
fn every_refusal_of_the_vectors_has_a_reason_listed_for_its_code() {
    let listed: BTreeMap<&str, BTreeSet<&str>> = reasons()
        .map(|reason| (reason.code, reason.answers.split(' ').collect()))
        .collect();
    let mut seen = 0;
    let mut wrong = BTreeSet::new();
    for case in told() {
        for line in case
            .log
            .lines()
            .filter(|line| line.contains("daypass::audit"))
        {
            let Some(code) = field(line, "code") else {
                continue;
            };
            seen += 1;
            let reason = field(line, "reason").unwrap_or_default();
            let fits = listed.get(reason).is_some_and(|codes| codes.contains(code));
            if !fits {
                wrong.insert(format!("{reason}|{code} at {}", case.place));
            }
        }
    }
    assert!(seen > 100 || crate::setting("DAYPASS_VECTOR").is_some());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// One refusal of each face, before and after the signature.
async fn refusals(house: &House) -> Vec<Response<bytes::Bytes>> {
    let request = |method: &str, uri: &str, headers: &[(&str, &str)], body: &'static str| {
        let mut builder = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let host = ("host", daypass_testkit::house::HOST);
        let origin = ("origin", "https://app.example");
        for (name, value) in [host, origin] {
            builder = builder.header(name, value);
        }
        builder
            .body(bytes::Bytes::from_static(body.as_bytes()))
            .unwrap()
    };
    let json = |target: &'static str| {
        let headers = [
            ("x-amz-target", target),
            ("content-type", "application/x-amz-json-1.1"),
        ];
        request("POST", "/", &headers, "{}")
    };
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let mut answers = Vec::new();
    for request in [
        json("AWSCognitoIdentityService.GetId"),
        json("AWSCognitoIdentityService.ListIdentities"),
        json("AWSCognitoIdentityService.Nothing"),
        json("Daypass.DescribeDeployment"),
        request(
            "POST",
            "/",
            &form,
            "Action=GetCallerIdentity&Version=2011-06-15",
        ),
        request("POST", "/", &form, "Action=ListUsers&Version=2010-05-08"),
        request("POST", "/", &form, "Action=Nothing"),
        request("GET", "/", &[], ""),
        request("HEAD", "/bucket/key", &[], ""),
    ] {
        answers.push(house.send(request).await);
    }
    answers
}

#[tokio::test]
async fn no_face_tells_a_reason_outside_development() {
    let house = House::open(Plan::default()).await;
    for answer in refusals(&house).await {
        assert!(answer.status().is_client_error(), "{answer:?}");
        assert!(!answer.headers().contains_key("x-daypass-reason"));
        let exposed = answer.headers().get_all("access-control-expose-headers");
        assert_eq!(exposed.iter().count(), 1);
        let exposed = exposed.iter().next().unwrap().to_str().unwrap();
        assert!(!exposed.contains("daypass"), "{exposed}");
    }
}

#[tokio::test]
async fn in_development_every_face_tells_a_listed_reason_and_lets_pages_read_it() {
    let plan = Plan {
        dev: true,
        ..Plan::default()
    };
    let house = House::open(plan).await;
    for answer in refusals(&house).await {
        let told = answer.headers().get("x-daypass-reason");
        let told = told.unwrap_or_else(|| panic!("{answer:?}"));
        let told = told.to_str().unwrap();
        assert!(reasons().any(|reason| reason.code == told), "{told}");
        let exposed = answer.headers().get_all("access-control-expose-headers");
        assert!(exposed.iter().any(|one| one == "x-daypass-reason"));
    }
}
