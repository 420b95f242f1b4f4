//! What is no request, on every face.
//!
//! **Source**: requirements S01, S04, S05, S08, S12.

use bytes::Bytes;
use daypass_testkit::house::{House, Plan};
use daypass_testkit::vector::given::World;
use http::{HeaderName, HeaderValue, Method, Request};
use proptest::prelude::*;

use super::{WHO, cognito, form, given, house, send};

#[tokio::test]
async fn s01_bodies_are_bounded_on_both_sides_of_the_limit() {
    let house = house().await;
    let world = World::around(&house).await.unwrap();
    let json = |length: usize| {
        let frame = r#"{"MaxResults":1,"x":""}"#.len();
        format!(r#"{{"MaxResults":1,"x":"{}"}}"#, "x".repeat(length - frame))
    };
    let limit = 1024 * 1024;
    for (length, status) in [(limit - 1, 200), (limit, 200), (limit + 1, 413)] {
        let said = cognito(&world, "ListIdentityPools", &json(length), "root").await;
        assert_eq!(said.status, status, "{length}");
    }
    let query = |length: usize| format!("{WHO}&x={}", "x".repeat(length - WHO.len() - 3));
    let limit = 512 * 1024;
    for (length, status) in [(limit - 1, 200), (limit, 200), (limit + 1, 413)] {
        let said = form(&world, &query(length), "root").await;
        assert_eq!(said.status, status, "{length}");
    }
}

#[tokio::test]
async fn s04_a_parameter_has_one_value_wherever_it_stands() {
    let house = house().await;
    let world = World::around(&house).await.unwrap();
    for body in [
        "Action=GetCallerIdentity&Action=GetCallerIdentity&Version=2011-06-15",
        "Action=GetCallerIdentity&Version=2011-06-15&Version=2011-06-15",
        "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900&DurationSeconds=900",
        "Action=GetSessionToken&Version=2011-06-15&DURATIONSECONDS=900",
        "Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900&durationSeconds=3600",
        "Action=GetCallerIdentity&Version=2011-06-15&ACTION=x",
        "Action=GetCallerIdentity&Version=2011-06-15&%41ction=x",
    ] {
        let said = form(&world, body, "root").await;
        assert_eq!(
            (said.status, said.code.as_str()),
            (400, "ValidationError"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn s05_decisive_headers_come_once() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(
        &mut world,
        &["user ann, allows * on *; session S of user ann"],
    )
    .await;
    let faces = [
        (
            "X-Amz-Target: AWSCognitoIdentityService.ListIdentityPools",
            r#"{"MaxResults":1}"#,
        ),
        ("Content-Type: application/x-www-form-urlencoded", WHO),
    ];
    for (header, body) in faces {
        for name in [
            "Host",
            "Authorization",
            "X-Amz-Date",
            "X-Amz-Security-Token",
            "X-Amz-Target",
        ] {
            if name == "X-Amz-Target" && !header.starts_with(name) {
                continue;
            }
            let lines = [
                "POST /".to_owned(),
                header.to_owned(),
                "Signed-By: session S".to_owned(),
                String::new(),
                body.to_owned(),
            ];
            let mut request = daypass_testkit::vector::request::build(&lines, &world).unwrap();
            let name: HeaderName = name.parse().unwrap();
            let again = request.headers()[&name].clone();
            request.headers_mut().append(&name, again);
            let said = super::Answer::of(&house.send(request).await);
            assert_eq!(said.status, 400, "{name} twice: {}", said.body);
        }
    }
}

#[tokio::test]
async fn s08_text_is_taken_as_given_or_not_at_all() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, &["pool P, developer provider login.example"]).await;
    let user =
        |user: &str| format!(r#"{{"IdentityPoolId":"<P>","Logins":{{"login.example":"{user}"}}}}"#);
    let operation = "GetOpenIdTokenForDeveloperIdentity";
    for refused in [
        r"\ud800",
        r"\udc00x",
        r"a\u0000b",
        r"a\u0001b",
        r"a\nb",
        r"a\u007fb",
        "a\u{1}b",
    ] {
        let said = cognito(&world, operation, &user(refused), "root").await;
        assert_eq!(said.status, 400, "{refused:?}: {}", said.body);
    }
    let mut ids = std::collections::BTreeSet::new();
    let taken = [
        "é",
        "e\u{301}",
        "É",
        "user",
        "USER",
        " user",
        "user ",
        "\u{202e}resu",
        "名前",
    ];
    for name in taken {
        let said = cognito(&world, operation, &user(name), "root").await;
        assert_eq!(said.status, 200, "{name:?}: {}", said.body);
        let body: serde_json::Value = serde_json::from_str(&said.body).unwrap();
        ids.insert(body["IdentityId"].as_str().unwrap().to_owned());
        let look = serde_json::json!({
            "IdentityPoolId": world.places.get("P").unwrap(), "DeveloperUserIdentifier": name,
        });
        let said = cognito(&world, "LookupDeveloperIdentity", &look.to_string(), "root").await;
        let body: serde_json::Value = serde_json::from_str(&said.body).unwrap();
        assert_eq!(
            body["DeveloperUserIdentifierList"][0], name,
            "bytes come back as given"
        );
    }
    assert_eq!(ids.len(), taken.len(), "every spelling is another user");
    let mut request = Request::new(Bytes::from_static(b"{\"MaxResults\":1,\"x\":\"\xff\"}"));
    *request.method_mut() = Method::POST;
    let target = HeaderValue::from_static("AWSCognitoIdentityService.GetId");
    request.headers_mut().insert("x-amz-target", target);
    let said = super::Answer::of(&house.send(request).await);
    assert_eq!(said.code, "SerializationException");
}

#[tokio::test]
async fn unknown_routes_are_refused_and_the_house_stands() {
    let house = house().await;
    let world = World::around(&house).await.unwrap();
    for start in [
        "PUT /",
        "DELETE /",
        "PATCH /",
        "GET /?Action",
        "TRACE /",
        "OPTIONS /",
        "X /",
    ] {
        let said = send(&world, &[start.to_owned()]).await;
        assert!((400..=599).contains(&said.status), "{start}: {said:?}");
        assert_ne!(said.status, 500, "{start}: {said:?}");
    }
    assert_eq!(send(&world, &["GET /healthz".to_owned()]).await.status, 200);
}

/// Pieces that requests are made of, so that random ones come near to real ones.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\u0000",
        "null",
        "1e400",
        "-",
        "\"IdentityPoolId\"",
        "\"Logins\"",
        "us-east-1:0",
        "Action=",
        "AssumeRole",
        "&",
        "=",
        "%",
        "%00",
        "+",
        "<",
        ">",
        "AWS4-HMAC-SHA256 Credential=",
        "AKIAROOTROOTROOTROOT",
        "/20260101/us-east-1/sts/",
        "aws4_request",
        ", SignedHeaders=host, Signature=",
        "..",
        "//",
        "?",
        "#",
        "\u{202e}",
        "é",
    ]);
    prop_oneof![
        4 => words.prop_map(|word| word.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ]
}

fn bytes(pieces: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(piece(), 0..pieces).prop_map(|pieces| pieces.concat())
}

fn request() -> impl Strategy<Value = Request<Bytes>> {
    let method = prop::sample::select(vec!["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS"]);
    let target = prop::sample::select(vec![
        "/",
        "/?Action=GetCallerIdentity",
        "/bucket/key",
        "/bucket/%00",
        "/%zz",
        "/a/../b",
        "/.well-known/jwks_uri",
        "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=x",
        "/b?list-type=2",
        "/b/k?uploadId=x&partNumber=1",
        "/?x=%ff",
    ]);
    let kind = prop::sample::select(vec![
        "application/x-amz-json-1.1",
        "application/x-www-form-urlencoded",
        "application/xml",
        "",
    ]);
    let name = prop::sample::select(vec![
        "x-amz-target",
        "authorization",
        "x-amz-date",
        "x-amz-security-token",
        "host",
        "origin",
        "x-amz-content-sha256",
        "content-md5",
        "range",
        "x-amz-copy-source",
        "user-agent",
        "access-control-request-method",
        "content-length",
        "x-amz-decoded-content-length",
    ]);
    let headers = prop::collection::vec((name, bytes(8)), 0..6);
    (method, target, kind, headers, bytes(30)).prop_map(|(method, target, kind, headers, body)| {
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = method.parse().unwrap();
        *request.uri_mut() = target.parse().unwrap();
        let all = request.headers_mut();
        all.insert("content-type", HeaderValue::from_static(kind));
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                all.append(name, value);
            }
        }
        request
    })
}

#[test]
fn s12_no_request_makes_the_house_panic_or_fail() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let house = runtime.block_on(House::open(Plan::default()));
    let config = ProptestConfig {
        cases: 2_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(request in request())| {
        let shown = format!("{request:?}");
        let answer = runtime.block_on(house.send(request));
        let status = answer.status().as_u16();
        prop_assert!(status != 500, "{shown}: {answer:?}");
    });
}
