//! Presigned URLs: bearer credentials, so they give what was signed and no more.

use daypass_proof::sigv4::{Dialect, Payload, RequestView};

use crate::client::{Answer, Keys, Sent};
use crate::house::{House, NOW_SECONDS, run};
use crate::signatures::{ALLOW_ALL, furnished};

/// Changes a presigned URL.
fn altered(sent: &Sent, from: &str, to: &str) -> Sent {
    let mut altered = sent.clone();
    altered.query = sent.query.replace(from, to);
    assert_ne!(altered.query, sent.query, "nothing to alter");
    altered
}

#[test]
fn s34_a_presigned_url_gives_what_was_signed_and_no_more() {
    run(async {
        let house = furnished().await;
        let url = Sent::new("GET", "/demo/kept", "", b"").presigned(&house.root, 60);
        house
            .send_at(url.clone(), NOW_SECONDS + 60)
            .await
            .expect(200);
        let late = house
            .send_at(url.clone(), NOW_SECONDS + 61)
            .await
            .refused(403, "AccessDenied");
        assert_eq!(
            late.element("Message").as_deref(),
            Some("Request has expired")
        );
        assert_eq!(late.element("X-Amz-Expires").as_deref(), Some("60"));
        let mismatch = |answer: Answer| answer.refused(403, "SignatureDoesNotMatch");
        let longer = altered(&url, "X-Amz-Expires=60", "X-Amz-Expires=600");
        mismatch(house.send(longer).await);
        for (value, name) in [
            ("0", "zero"),
            ("604801", "more than a week"),
            ("x", "a word"),
        ] {
            let altered = altered(&url, "X-Amz-Expires=60", &format!("X-Amz-Expires={value}"));
            let answer = house.send(altered).await;
            assert_eq!(
                answer.element("Code").as_deref(),
                Some("AuthorizationQueryParametersError"),
                "{name}"
            );
        }
        for method in ["PUT", "DELETE"] {
            let mut other = url.clone();
            other.method = method.to_owned();
            mismatch(house.send(other).await);
        }
        let mut other = url.clone();
        other.path = "/demo/other".to_owned();
        mismatch(house.send(other).await);
        let mut more = url.clone();
        more.query.push_str("&response-content-type=text%2Fhtml");
        mismatch(house.send(more).await);
        let mut twice = url.clone();
        twice.query.push_str("&X-Amz-Expires=60");
        house
            .send(twice)
            .await
            .refused(400, "AuthorizationQueryParametersError");
        let unsigned_host = altered(&url, "X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=date");
        house.send(unsigned_host).await.refused(403, "AccessDenied");
    });
}

#[test]
fn s34_a_url_of_a_session_needs_its_token_and_ends_with_it() {
    run(async {
        let house = furnished().await;
        let session = session(&house).await;
        let url = Sent::new("GET", "/demo/kept", "", b"").presigned(&session, 604_800);
        house.send(url.clone()).await.expect(200);
        let token = url
            .query
            .split('&')
            .find(|piece| piece.starts_with("X-Amz-Security-Token="))
            .unwrap();
        let dropped = altered(&url, &format!("&{token}"), "");
        house.send(dropped).await.refused(403, "InvalidAccessKeyId");
        house
            .send_at(url.clone(), NOW_SECONDS + 900)
            .await
            .refused(400, "ExpiredToken");
        let broken = altered(&url, token, &format!("{token}x"));
        house.send(broken).await.refused(400, "InvalidToken");
        let streamed =
            Sent::new("PUT", "/demo/streamed", "", b"by a session").in_chunks(&session, 5, None);
        house.send(streamed).await.expect(200);
    });
}

/// Fifteen minutes of a user, from the STS face.
async fn session(house: &House) -> Keys {
    let user = house.user("dweller", ALLOW_ALL).await;
    let body = b"Action=GetSessionToken&Version=2011-06-15&DurationSeconds=900";
    let mut sent =
        Sent::new("POST", "/", "", body).with("content-type", "application/x-www-form-urlencoded");
    let mut signer = user.signer();
    signer.service = "sts";
    signer.dialect = Dialect::Query;
    let view = RequestView {
        method: &sent.method,
        path: &sent.path,
        query: "",
        headers: &sent.headers,
    };
    let payload = Payload::of(body);
    let authorization = signer.authorize(&view, payload, NOW_SECONDS).unwrap();
    for (name, value) in authorization.into_headers() {
        sent = sent.with(&name, &value);
    }
    let answer = house.send(sent).await.expect(200);
    let text = |name: &str| answer.element(name).unwrap();
    let mut keys = Keys::new(&text("AccessKeyId"), &text("SecretAccessKey"));
    keys.token = Some(text("SessionToken").parse().unwrap());
    keys
}
