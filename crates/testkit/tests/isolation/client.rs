//! A small client of a test house: one call, one answer.

use std::sync::Arc;

use bytes::Bytes;
use daypass_testkit::house::House;
use daypass_testkit::keys::{Keys, Signing, with_host};
use http::{Method, Request};
use serde_json::{Value, json};

pub(crate) const PROVIDER: &str = "login.example.app";

/// A Cognito identity call; unsigned without keys. Gives the status and the body as sent.
pub(crate) async fn raw(
    house: &House,
    keys: Option<&Keys>,
    operation: &str,
    input: &Value,
) -> (u16, Bytes) {
    let mut request = Request::new(Bytes::from(input.to_string()));
    *request.method_mut() = Method::POST;
    let target = format!("AWSCognitoIdentityService.{operation}");
    request
        .headers_mut()
        .insert("x-amz-target", target.parse().unwrap());
    let content_type = "application/x-amz-json-1.1".parse().unwrap();
    request.headers_mut().insert("content-type", content_type);
    match keys {
        Some(keys) => {
            let signing = Signing::of("cognito-identity");
            signing
                .sign(keys, &mut request, house.clock.seconds())
                .unwrap();
        }
        None => with_host(&mut request),
    }
    let answer = house.send(request).await;
    (answer.status().as_u16(), answer.into_body())
}

/// The same, with the body read.
pub(crate) async fn call(
    house: &House,
    keys: Option<&Keys>,
    operation: &str,
    input: &Value,
) -> (u16, Value) {
    let (status, body) = raw(house, keys, operation, input).await;
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

/// The same by the root user, and it must succeed.
pub(crate) async fn done(house: &House, operation: &str, input: &Value) -> Value {
    let (status, answer) = call(house, Some(&house.root), operation, input).await;
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

/// An STS or IAM call by `keys`.
pub(crate) async fn query(house: &House, keys: &Keys, service: &str, form: &str) -> (u16, String) {
    let mut request = Request::new(Bytes::from(form.to_owned()));
    *request.method_mut() = Method::POST;
    let content_type = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", content_type);
    Signing::of(service)
        .sign(keys, &mut request, house.clock.seconds())
        .unwrap();
    let answer = house.send(request).await;
    let status = answer.status().as_u16();
    (
        status,
        String::from_utf8(answer.into_body().to_vec()).unwrap(),
    )
}

/// A new pool with the usual developer provider.
pub(crate) async fn pool(house: &House, guests: bool) -> String {
    let input = json!({
        "IdentityPoolName": "pool",
        "AllowUnauthenticatedIdentities": guests,
        "DeveloperProviderName": PROVIDER,
    });
    text(
        &done(house, "CreateIdentityPool", &input).await,
        "IdentityPoolId",
    )
}

/// A token for a user: the identity and the token.
pub(crate) async fn token(house: &Arc<House>, pool: &str, user: &str) -> (String, String) {
    let input = json!({ "IdentityPoolId": pool, "Logins": { PROVIDER: user } });
    let answer = done(house, "GetOpenIdTokenForDeveloperIdentity", &input).await;
    (text(&answer, "IdentityId"), text(&answer, "Token"))
}

/// A role that trusts a pool, allowed everything, and given to its users.
pub(crate) async fn give_role(house: &House, pool: &str, name: &str) {
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Federated": "cognito-identity.amazonaws.com" },
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": { "StringEquals": { "cognito-identity.amazonaws.com:aud": pool } },
        }],
    });
    let everything =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let trust = daypass_wire::rest::encode(&trust.to_string());
    let everything = daypass_wire::rest::encode(everything);
    let forms = [
        format!(
            "Action=CreateRole&Version=2010-05-08&RoleName={name}&AssumeRolePolicyDocument={trust}"
        ),
        format!(
            "Action=PutRolePolicy&Version=2010-05-08&RoleName={name}&PolicyName=all&PolicyDocument={everything}"
        ),
    ];
    for form in forms {
        let (status, answer) = query(house, &house.root, "iam", &form).await;
        assert_eq!(status, 200, "{answer}");
    }
    let arn = format!(
        "arn:aws:iam::{}:role/{name}",
        daypass_testkit::house::ACCOUNT
    );
    let roles = json!({ "authenticated": arn, "unauthenticated": arn });
    done(
        house,
        "SetIdentityPoolRoles",
        &json!({ "IdentityPoolId": pool, "Roles": roles }),
    )
    .await;
}

/// Credentials for a token of an identity.
pub(crate) async fn credentials(house: &House, identity: &str, token: &str) -> Keys {
    let logins = json!({ "cognito-identity.amazonaws.com": token });
    let input = json!({ "IdentityId": identity, "Logins": logins });
    let (status, answer) = call(house, None, "GetCredentialsForIdentity", &input).await;
    assert_eq!(status, 200, "{answer}");
    keys(&answer)
}

/// The keys in an answer of `GetCredentialsForIdentity`.
pub(crate) fn keys(answer: &Value) -> Keys {
    let given = &answer["Credentials"];
    Keys::session(
        &text(given, "AccessKeyId"),
        &text(given, "SecretKey"),
        &text(given, "SessionToken"),
    )
}

/// A member that is a text.
pub(crate) fn text(answer: &Value, member: &str) -> String {
    answer[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {answer}"))
        .to_owned()
}
