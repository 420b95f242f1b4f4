//! Signatures as the JSON and query faces take them.
//!
//! **Source**: requirements S27, S28, S30 to S33, S37.

use bytes::Bytes;
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use daypass_proof::sigv4::sign::Signer;
use daypass_proof::sigv4::{Dialect, Payload, RequestView};
use daypass_testkit::house::{House, REGION};
use daypass_testkit::keys::{Keys, Signing, with_host};
use daypass_testkit::vector::given::World;
use http::{HeaderMap, Method, Request};

use super::{Answer, WHO, given, house};

fn json_request(operation: &str, body: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.method_mut() = Method::POST;
    let target = format!("AWSCognitoIdentityService.{operation}");
    let headers = request.headers_mut();
    headers.insert("x-amz-target", target.parse().unwrap());
    headers.insert(
        "content-type",
        "application/x-amz-json-1.1".parse().unwrap(),
    );
    request
}

fn form_request(body: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(body.to_owned()));
    *request.method_mut() = Method::POST;
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", form);
    request
}

/// One request of each face, with the service that signs it.
fn requests() -> [(&'static str, Request<Bytes>); 3] {
    let mut own = json_request("", "{}");
    let target = "Daypass.GetActivity".parse().unwrap();
    own.headers_mut().insert("x-amz-target", target);
    [
        ("daypass", own),
        (
            "cognito-identity",
            json_request("ListIdentityPools", r#"{"MaxResults":1}"#),
        ),
        ("sts", form_request(WHO)),
    ]
}

async fn answer(house: &House, request: Request<Bytes>) -> Answer {
    Answer::of(&house.send(request).await)
}

fn mismatch(answer: &Answer) -> bool {
    matches!(
        answer.code.as_str(),
        "InvalidSignatureException" | "SignatureDoesNotMatch"
    )
}

/// The query of a request presigned with these keys.
fn presigned(keys: &Keys, request: &Request<Bytes>, service: &str, now: i64) -> String {
    let headers = [(
        "host".to_owned(),
        daypass_testkit::house::HOST.as_bytes().to_vec(),
    )];
    let view = RequestView {
        method: request.method().as_str(),
        path: "/",
        query: request.uri().query().unwrap_or_default(),
        headers: &headers,
    };
    let dialect = if ["cognito-identity", "daypass"].contains(&service) {
        Dialect::Json
    } else {
        Dialect::Query
    };
    let signer = Signer {
        access_key_id: &keys.id,
        secret: &keys.secret,
        session_token: keys.token.as_ref(),
        region: REGION,
        service,
        dialect,
    };
    let payload = Payload::of(request.body());
    signer.presign(&view, payload, now, 60).unwrap()
}

#[tokio::test]
async fn s27_every_way_to_sign_is_verified_on_every_face() {
    let house = house().await;
    let wrong: SecretAccessKey = "another-secret-another-secret-another-se".parse().unwrap();
    let forger = Keys {
        secret: wrong,
        ..house.root.clone()
    };
    let now = house.clock.seconds();
    for (service, request) in requests() {
        for (keys, good) in [(&house.root, true), (&forger, false)] {
            let mut by_header = request.clone();
            Signing::of(service)
                .sign(keys, &mut by_header, now)
                .unwrap();
            let said = answer(&house, by_header).await;
            assert_eq!(said.status == 200, good, "{service}: {}", said.body);
            assert!(good || mismatch(&said), "{service}: {}", said.body);
        }
    }
    // The query form: everything is in the URL.
    for (keys, good) in [(&house.root, true), (&forger, false)] {
        let mut by_query = Request::new(Bytes::new());
        *by_query.uri_mut() = format!("/?{WHO}").parse().unwrap();
        let query = presigned(keys, &by_query, "sts", now);
        *by_query.uri_mut() = format!("/?{query}").parse().unwrap();
        with_host(&mut by_query);
        let said = answer(&house, by_query).await;
        assert_eq!(said.status == 200, good, "{}", said.body);
        assert!(good || mismatch(&said), "{}", said.body);
    }
}

#[tokio::test]
async fn s28_credentials_in_two_places_are_in_none() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, &["user ann, allows * on *"]).await;
    let now = house.clock.seconds();
    for (service, request) in requests() {
        let query = presigned(world.keys("ann").unwrap(), &request, service, now);
        let pieces: Vec<&str> = query.split('&').collect();
        // All of the query credentials, and each of them alone.
        let mut queries = vec![query.clone()];
        queries.extend(pieces.iter().map(|piece| (*piece).to_owned()));
        for query in queries {
            let mut both = request.clone();
            *both.uri_mut() = format!("/?{query}").parse().unwrap();
            Signing::of(service)
                .sign(&house.root, &mut both, now)
                .unwrap();
            let said = answer(&house, both).await;
            let code = said.code.as_str();
            assert!(
                matches!(code, "IncompleteSignatureException" | "IncompleteSignature"),
                "{service} {query}: {}",
                said.body
            );
        }
    }
}

#[tokio::test]
async fn s30_what_decides_the_request_must_be_signed() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(
        &mut world,
        &["user ann, allows * on *; session S of user ann"],
    )
    .await;
    let now = house.clock.seconds();
    for header in ["x-amz-target", "host", "x-amz-date", "x-amz-security-token"] {
        let mut request = json_request("ListIdentityPools", r#"{"MaxResults":1}"#);
        let keys = world.keys("S").unwrap();
        Signing::of("cognito-identity")
            .sign(keys, &mut request, now)
            .unwrap();
        unsign(request.headers_mut(), header);
        let said = answer(&house, request).await;
        assert_eq!(
            said.code, "InvalidSignatureException",
            "{header}: {}",
            said.body
        );
    }
    // A request replayed with another target.
    let mut request = json_request("ListIdentityPools", r#"{"MaxResults":1}"#);
    Signing::of("cognito-identity")
        .sign(&house.root, &mut request, now)
        .unwrap();
    let target = "AWSCognitoIdentityService.ListIdentities".parse().unwrap();
    request.headers_mut().insert("x-amz-target", target);
    let said = answer(&house, request).await;
    assert_eq!(said.code, "InvalidSignatureException", "{}", said.body);
}

/// Takes a header out of the list of signed ones.
fn unsign(headers: &mut HeaderMap, name: &str) {
    let text = headers["authorization"].to_str().unwrap().to_owned();
    let listed = format!("{name};");
    let bent = if text.contains(&listed) {
        text.replacen(&listed, "", 1)
    } else {
        text.replacen(&format!(";{name}"), "", 1)
    };
    assert_ne!(bent, text, "{name} was not signed");
    headers.insert("authorization", bent.parse().unwrap());
}

#[tokio::test]
async fn s31_one_changed_byte_of_the_body_is_noticed() {
    let house = house().await;
    let now = house.clock.seconds();
    for (service, mut request) in requests() {
        Signing::of(service)
            .sign(&house.root, &mut request, now)
            .unwrap();
        let body = request.body().clone();
        for index in 0..body.len() {
            let mut bent = body.to_vec();
            bent[index] ^= 1;
            let mut changed = request.clone();
            *changed.body_mut() = Bytes::from(bent);
            let said = answer(&house, changed).await;
            // A changed name may ask for another operation; it is refused all the same.
            assert_ne!(said.status, 200, "{service} byte {index}: {}", said.body);
        }
        for bent in [&body[..body.len() - 1], b""] {
            let mut changed = request.clone();
            *changed.body_mut() = Bytes::copy_from_slice(bent);
            assert_ne!(answer(&house, changed).await.status, 200, "{service}");
        }
    }
}

#[tokio::test]
async fn s31_payloads_without_a_hash_are_for_s3_alone() {
    let house = house().await;
    let now = house.clock.seconds();
    for (service, request) in requests() {
        for mode in ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"] {
            let mut request = request.clone();
            request
                .headers_mut()
                .insert("x-amz-content-sha256", mode.parse().unwrap());
            let mut signing = Signing::of(service);
            signing.other_body = Some(Bytes::from_static(b"other"));
            signing.sign(&house.root, &mut request, now).unwrap();
            let said = answer(&house, request).await;
            assert!(mismatch(&said), "{service} {mode}: {}", said.body);
        }
    }
}

#[tokio::test]
async fn s32_a_signature_is_for_one_service_and_one_day() {
    let house = house().await;
    let now = house.clock.seconds();
    for (service, request) in requests() {
        let others = ["s3", "iam", "sts", "cognito-identity", "daypass"];
        for other in others.into_iter().chain(["execute-api", ""]) {
            if other == service {
                continue;
            }
            let mut request = request.clone();
            let mut signing = Signing::of(service);
            signing.service = other.to_owned();
            signing.sign(&house.root, &mut request, now).unwrap();
            assert_ne!(
                answer(&house, request).await.status,
                200,
                "{other} for {service}"
            );
        }
        for day in ["20251231", "20260102"] {
            let mut request = request.clone();
            Signing::of(service)
                .sign(&house.root, &mut request, now)
                .unwrap();
            let text = request.headers()["authorization"].to_str().unwrap();
            let bent = text.replacen("/20260101/", &format!("/{day}/"), 1);
            request
                .headers_mut()
                .insert("authorization", bent.parse().unwrap());
            let said = answer(&house, request).await;
            assert!(mismatch(&said), "{service} {day}: {}", said.body);
        }
    }
    let mut elsewhere = json_request("ListIdentityPools", r#"{"MaxResults":1}"#);
    let mut signing = Signing::of("cognito-identity");
    "eu-west-1".clone_into(&mut signing.region);
    signing.sign(&house.root, &mut elsewhere, now).unwrap();
    assert!(mismatch(&answer(&house, elsewhere).await));
}

#[tokio::test]
async fn s33_the_clock_may_differ_both_ways_up_to_the_bound() {
    let house = house().await;
    let now = house.clock.seconds();
    for (service, request) in requests() {
        let bound = if service == "sts" { 900 } else { 300 };
        for (ahead, good) in [
            (-bound - 1, false),
            (-bound, true),
            (1 - bound, true),
            (0, true),
            (bound - 1, true),
            (bound, true),
            (bound + 1, false),
        ] {
            let mut request = request.clone();
            let mut signing = Signing::of(service);
            signing.clock_ahead_seconds = ahead;
            signing.sign(&house.root, &mut request, now).unwrap();
            let said = answer(&house, request).await;
            assert_eq!(said.status == 200, good, "{service} {ahead}: {}", said.body);
            assert!(good || mismatch(&said), "{service} {ahead}: {}", said.body);
        }
    }
}

#[tokio::test]
async fn s37_a_refusal_shows_nothing_that_would_have_been_right() {
    let house = house().await;
    let now = house.clock.seconds();
    let unknown: AccessKeyId = "AKIANOBODYNOBODYNOBO".parse().unwrap();
    for (service, request) in requests() {
        let mut honest = request.clone();
        Signing::of(service)
            .sign(&house.root, &mut honest, now)
            .unwrap();
        let right = honest.headers()["authorization"].to_str().unwrap();
        let right = right.split("Signature=").nth(1).unwrap().to_owned();
        let mut bent = honest.clone();
        let zeros = "0".repeat(right.len());
        let text = honest.headers()["authorization"].to_str().unwrap();
        let text = text.replace(&right, &zeros);
        bent.headers_mut()
            .insert("authorization", text.parse().unwrap());
        let response = house.send(bent).await;
        let all = format!("{:?} {:?}", response.headers(), response.body());
        for secret in [
            right.as_str(),
            house.root.secret.expose(),
            "AWS4-HMAC-SHA256",
        ] {
            assert!(!all.contains(secret), "{service} shows {secret}: {all}");
        }
        // Which half was wrong, the key or the secret, shows in the code only, as documented.
        let mut stranger = request.clone();
        let keys = Keys {
            id: unknown.clone(),
            ..house.root.clone()
        };
        Signing::of(service)
            .sign(&keys, &mut stranger, now)
            .unwrap();
        let said = answer(&house, stranger).await;
        assert!(!said.body.contains(unknown.as_str()), "{}", said.body);
    }
}
