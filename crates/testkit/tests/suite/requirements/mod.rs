//! The requirements that can be seen from outside, each test named after its own.
//!
//! **Source**: reliability and security page, section 2.

mod activity;
mod assertions;
mod logs;
mod requests;
mod rights;
mod sessions;
mod signatures;
mod token_use;
mod tokens;

use bytes::Bytes;
use daypass_testkit::house::{House, Plan};
use daypass_testkit::vector::given::World;
use daypass_testkit::vector::{code_of, request};
use http::Response;

/// A house with a user, a guest and the roles of both.
const FURNISHED: &[&str] = &[
    "pool P, developer provider login.example, guests",
    "role AppUser, trusts users of P",
    "role AppGuest, trusts guests of P",
    "P gives AppUser to users",
    "P gives AppGuest to guests",
    "identity A of P for user-1",
    "identity B of P for user-2",
    "guest G of P",
];

/// What came back: the status, the code (`ok` for success) and the whole body.
#[derive(Debug)]
struct Answer {
    status: u16,
    code: String,
    body: String,
}

impl Answer {
    fn of(answer: &Response<Bytes>) -> Self {
        Self {
            status: answer.status().as_u16(),
            code: code_of(answer).unwrap_or_else(|| "ok".to_owned()),
            body: String::from_utf8_lossy(answer.body()).into_owned(),
        }
    }
}

async fn house() -> House {
    House::open(Plan::default()).await
}

async fn given(world: &mut World<'_>, phrases: &[&str]) {
    for phrase in phrases.iter().flat_map(|line| line.split("; ")) {
        world.given(phrase).await.unwrap();
    }
}

async fn send(world: &World<'_>, lines: &[String]) -> Answer {
    let request = request::build(lines, world).unwrap();
    Answer::of(&world.send(request).await)
}

/// Calls a Cognito operation, signed as the line says.
async fn cognito(world: &World<'_>, operation: &str, body: &str, signed_by: &str) -> Answer {
    let lines = [
        "POST /".to_owned(),
        format!("X-Amz-Target: AWSCognitoIdentityService.{operation}"),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        format!("Signed-By: {signed_by}"),
        String::new(),
        body.to_owned(),
    ];
    send(world, &lines).await
}

/// Calls an operation of STS or IAM with form parameters.
async fn form(world: &World<'_>, parameters: &str, signed_by: &str) -> Answer {
    let lines = [
        "POST /".to_owned(),
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8".to_owned(),
        format!("Signed-By: {signed_by}"),
        String::new(),
        parameters.to_owned(),
    ];
    send(world, &lines).await
}

/// Presents the token bound to `T` for identity `A`.
async fn present(world: &World<'_>) -> Answer {
    let body = r#"{"IdentityId":"<A>","Logins":{"cognito-identity.amazonaws.com":"<T>"}}"#;
    cognito(world, "GetCredentialsForIdentity", body, "nobody").await
}

/// Takes the token bound to `T` to STS, for the role of users.
async fn exchange(world: &World<'_>) -> Answer {
    let parameters = "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=<AppUser>\
        &RoleSessionName=web&WebIdentityToken=<T>";
    form(world, parameters, "nobody").await
}

const WHO: &str = "Action=GetCallerIdentity&Version=2011-06-15";
