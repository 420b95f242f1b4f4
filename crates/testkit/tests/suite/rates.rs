//! Rates met on every face: what the client reads, when it may come back, and what is not counted.
//!
//! **Source**: limits table of the reliability and security page, section 3; contract pages, Cognito
//! identity section 7, STS and IAM section 1.3; S3 API reference, *Error responses*.

use bytes::Bytes;
use daypass_service::{Allowance, Rates, Scope};
use daypass_testkit::house::{House, Plan};
use daypass_testkit::keys::{Keys, Signing};
use http::{Method, Request, Response};

const ONE: Allowance = Allowance::new(1, 1);

async fn house(rates: Rates) -> House {
    let plan = Plan {
        rates,
        ..Plan::default()
    };
    House::open(plan).await
}

fn cognito(operation: &str, input: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from(input.to_owned()));
    *request.method_mut() = Method::POST;
    let headers = request.headers_mut();
    let target = format!("AWSCognitoIdentityService.{operation}");
    headers.insert("x-amz-target", target.parse().unwrap());
    let content_type = "application/x-amz-json-1.1";
    headers.insert("content-type", content_type.parse().unwrap());
    request
}

fn query(body: &'static str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::from_static(body.as_bytes()));
    *request.method_mut() = Method::POST;
    let content_type = "application/x-www-form-urlencoded";
    let headers = request.headers_mut();
    headers.insert("content-type", content_type.parse().unwrap());
    request
}

async fn signed(house: &House, service: &str, mut request: Request<Bytes>) -> Response<Bytes> {
    let keys = &house.root;
    let now = house.clock.millis() / 1_000;
    Signing::of(service).sign(keys, &mut request, now).unwrap();
    house.send(request).await
}

/// A pool that takes guests, by its id.
async fn pool(house: &House) -> String {
    let input = r#"{"IdentityPoolName":"p","AllowUnauthenticatedIdentities":true}"#;
    let request = cognito("CreateIdentityPool", input);
    let answer = signed(house, "cognito-identity", request).await;
    let answer: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
    answer["IdentityPoolId"].as_str().unwrap().to_owned()
}

async fn get_id(house: &House, pool: &str) -> Response<Bytes> {
    let input = format!(r#"{{"IdentityPoolId":"{pool}"}}"#);
    house.send(cognito("GetId", &input)).await
}

fn refused(answer: &Response<Bytes>, status: u16, code: &str) {
    let body = String::from_utf8_lossy(answer.body());
    assert_eq!(answer.status(), status, "{body}");
    assert!(body.contains(code), "{body}");
    let hint = answer.headers().get("retry-after").unwrap();
    assert_eq!(hint, "1");
}

#[tokio::test]
async fn by_default_nothing_is_throttled() {
    let house = house(Rates::off()).await;
    let pool = pool(&house).await;
    for _ in 0..200 {
        assert_eq!(get_id(&house, &pool).await.status(), 200);
    }
}

#[tokio::test]
async fn the_rate_of_get_id_is_that_of_aws_and_says_when_to_come_back() {
    let house = house(Rates::aws()).await;
    let pool = pool(&house).await;
    for _ in 0..50 {
        assert_eq!(get_id(&house, &pool).await.status(), 200);
    }
    let throttled = get_id(&house, &pool).await;
    refused(&throttled, 400, "TooManyRequestsException");
    let body = String::from_utf8_lossy(throttled.body());
    assert_eq!(
        body,
        r#"{"__type":"TooManyRequestsException","message":"Rate exceeded"}"#
    );
    assert!(!throttled.headers().contains_key("x-daypass-reason"));
    house.clock.advance_seconds(1);
    for _ in 0..25 {
        assert_eq!(get_id(&house, &pool).await.status(), 200);
    }
    assert_eq!(get_id(&house, &pool).await.status(), 400);
}

#[tokio::test]
async fn a_busy_pool_leaves_the_others_their_rate() {
    let house = house(Rates::off().with(Scope::Pool, "GetId", ONE)).await;
    let (busy, other) = (pool(&house).await, pool(&house).await);
    assert_eq!(get_id(&house, &busy).await.status(), 200);
    refused(
        &get_id(&house, &busy).await,
        400,
        "TooManyRequestsException",
    );
    assert_eq!(get_id(&house, &other).await.status(), 200);
    let nowhere = "us-east-1:00000000-0000-4000-8000-000000000000";
    for _ in 0..3 {
        let unknown = get_id(&house, nowhere).await;
        let body = String::from_utf8_lossy(unknown.body());
        assert!(body.contains("ResourceNotFoundException"), "{body}");
    }
}

#[tokio::test]
async fn an_address_has_its_own_rate_and_this_machine_none() {
    let house = house(Rates::off().with(Scope::Address, "GetId", ONE)).await;
    let pool = pool(&house).await;
    let input = format!(r#"{{"IdentityPoolId":"{pool}"}}"#);
    let from = |peer: &str| {
        let peer = peer.parse().unwrap();
        house.send_from(peer, cognito("GetId", &input))
    };
    assert_eq!(from("192.0.2.7").await.status(), 200);
    refused(&from("192.0.2.7").await, 400, "TooManyRequestsException");
    assert_eq!(from("192.0.2.8").await.status(), 200);
    for _ in 0..5 {
        assert_eq!(from("127.0.0.1").await.status(), 200);
    }
}

#[tokio::test]
async fn each_face_says_it_in_its_own_words() {
    let rates = Rates::off()
        .with(Scope::Account, "GetCallerIdentity", ONE)
        .with(Scope::Account, "ListUsers", ONE)
        .with(Scope::Account, "ListBuckets", ONE)
        .with(Scope::Account, "ListIdentityPools", ONE);
    let house = house(rates).await;
    let caller = || query("Action=GetCallerIdentity&Version=2011-06-15");
    let users = || query("Action=ListUsers&Version=2010-05-08");
    let pools = || cognito("ListIdentityPools", r#"{"MaxResults":1}"#);
    let buckets = || Request::new(Bytes::new());
    assert_eq!(signed(&house, "sts", caller()).await.status(), 200);
    refused(
        &signed(&house, "sts", caller()).await,
        400,
        "<Code>Throttling</Code>",
    );
    assert_eq!(signed(&house, "iam", users()).await.status(), 200);
    refused(
        &signed(&house, "iam", users()).await,
        400,
        "<Code>Throttling</Code>",
    );
    assert_eq!(signed(&house, "s3", buckets()).await.status(), 200);
    refused(
        &signed(&house, "s3", buckets()).await,
        503,
        "<Code>SlowDown</Code>",
    );
    let answer = signed(&house, "cognito-identity", pools()).await;
    assert_eq!(answer.status(), 200);
    let answer = signed(&house, "cognito-identity", pools()).await;
    refused(&answer, 400, "TooManyRequestsException");
}

#[tokio::test]
async fn who_has_no_signature_uses_up_nobodys_rate() {
    let house = house(Rates::off().with(Scope::Account, "ListIdentityPools", ONE)).await;
    let request = || cognito("ListIdentityPools", r#"{"MaxResults":1}"#);
    for _ in 0..10 {
        assert_eq!(house.send(request()).await.status(), 400);
    }
    let answer = signed(&house, "cognito-identity", request()).await;
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn refused_tokens_are_counted_by_address() {
    let house = house(Rates::off()).await;
    let pool = pool(&house).await;
    let id = get_id(&house, &pool).await;
    let id: serde_json::Value = serde_json::from_slice(id.body()).unwrap();
    let id = id["IdentityId"].as_str().unwrap();
    let input = format!(
        r#"{{"IdentityId":"{id}","Logins":{{"cognito-identity.amazonaws.com":"no token"}}}}"#
    );
    let guess = || house.send(cognito("GetCredentialsForIdentity", &input));
    for _ in 0..100 {
        let body = guess().await.into_body();
        assert!(String::from_utf8_lossy(&body).contains("NotAuthorizedException"));
    }
    refused(&guess().await, 400, "TooManyRequestsException");
    let other = "192.0.2.99".parse().unwrap();
    let elsewhere = cognito("GetCredentialsForIdentity", &input);
    let elsewhere = house.send_from(other, elsewhere).await;
    assert!(String::from_utf8_lossy(elsewhere.body()).contains("NotAuthorizedException"));
}

#[tokio::test]
async fn guesses_at_one_key_from_many_addresses_are_slowed_and_its_owner_is_not() {
    let house = house(Rates::off()).await;
    let wrong = Keys::long_term(
        house.root.id.as_str(),
        "not-the-secret-of-the-root-user-but-a-guess",
    );
    let mut last = String::new();
    for number in 0..=100 {
        let mut request = cognito("ListIdentityPools", r#"{"MaxResults":1}"#);
        let now = house.clock.millis() / 1_000;
        let signing = Signing::of("cognito-identity");
        signing.sign(&wrong, &mut request, now).unwrap();
        let peer = format!("198.51.100.{number}").parse().unwrap();
        let answer = house.send_from(peer, request).await;
        last = String::from_utf8_lossy(answer.body()).into_owned();
        let expected = if number < 100 {
            "InvalidSignature"
        } else {
            "TooMany"
        };
        assert!(last.contains(expected), "{number}: {last}");
    }
    assert!(last.contains("TooManyRequestsException"));
    let request = cognito("ListIdentityPools", r#"{"MaxResults":1}"#);
    let answer = signed(&house, "cognito-identity", request).await;
    assert_eq!(answer.status(), 200);
}
