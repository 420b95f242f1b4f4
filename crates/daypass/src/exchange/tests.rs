//! What a step shows, and what it hides.

use serde_json::json;

use super::*;
use crate::client::Client;

#[test]
fn a_step_is_one_line_that_says_whether_it_is_as_expected() {
    let step = |status, expected| Step {
        title: "refused".to_owned(),
        summary: "PUT  s3://b/x".to_owned(),
        status,
        millis: 2,
        expected,
        ..Step::default()
    };
    assert!(step(200, true).line(1).ends_with(" 200    2 ms"));
    assert!(step(403, true).line(1).ends_with("(expected)"));
    assert!(step(200, false).line(1).ends_with("(unexpected)"));
    assert!(step(200, true).line(4).starts_with("  4  refused "));
}

#[test]
fn s77_requests_and_answers_are_shown_without_their_secrets() {
    let client = Client::new("http://127.0.0.1:4600".to_owned(), "us-east-1".to_owned());
    let secret = "secret-secret-secret-secret-secret-1234";
    let keys = Keys::from_texts("AKIAIOSFODNN7EXAMPLE", secret, Some("session-token")).unwrap();
    let api = Api::new(&client, Some(&keys));
    let token = "eyJhbGciOiJSUzUxMiJ9.payload.signature";
    let input = json!({"IdentityId": "r:1", "Logins": {COGNITO_PROVIDER: token}});
    let request = shown::json_request(&api, "GetCredentialsForIdentity", &input);
    let body = json!({
        "Token": token,
        "Credentials": {"SecretKey": secret, "SessionToken": "session-token-session-token"},
    });
    let body = shown::json_body(body.to_string().as_bytes());
    let put = shown::s3_request(&api, "PUT", "/b/k", &keys);
    for text in [&request, &body, &put] {
        assert!(
            !text.contains(secret) && !text.contains(".payload."),
            "{text}"
        );
        assert!(!text.contains("session-token-session"), "{text}");
    }
    assert!(request.contains("X-Amz-Target: AWSCognitoIdentityService.GetCredentialsForIdentity"));
    assert!(request.contains("Host: 127.0.0.1:4600"));
    assert!(body.contains("eyJhbGci… (38 characters)"), "{body}");
}

#[test]
fn the_other_identity_is_another_one_of_the_same_form() {
    let own = "us-east-1:0c9f9f9c-1111-4222-8333-94444555566a";
    let other = shown::other_identity(own);
    assert_ne!(own, other);
    assert_eq!(shown::other_identity(&other), own);
    assert!(
        other.parse::<daypass_core::ids::IdentityId>().is_ok(),
        "{other}"
    );
}

#[test]
fn a_key_is_shortened_for_the_eye() {
    assert_eq!(
        shown::short_key("us-east-1:0c9f9f9c-1111/hello.txt"),
        "us-east-1:0c9f9f9c…/hello.txt"
    );
    assert_eq!(shown::short_key("plain"), "plain");
    assert_eq!(shown::short_key("ü/x"), "ü/x");
}
