//! What `s3s` does with a request that did not come through the walk: nothing.

use super::*;

async fn code(s3: &S3, request: Request<s3s::Body>) -> String {
    let response = s3.service.call(request).await.unwrap();
    let status = response.status();
    let body = http_body_util::BodyExt::collect(response.into_body());
    let text = String::from_utf8(body.await.unwrap().to_bytes().to_vec()).unwrap();
    let code = text
        .split("<Code>")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    format!("{} {}", status.as_u16(), code.unwrap_or_default())
}

#[tokio::test]
async fn s27_without_a_caller_no_operation_of_s3s_is_reached() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = S3::open(&folder.path().join("objects")).unwrap();
    let subresources = [
        "",
        "acl",
        "cors",
        "delete",
        "encryption",
        "lifecycle",
        "list-type=2",
        "location",
        "logging",
        "notification",
        "object-lock",
        "ownershipControls",
        "policy",
        "policyStatus",
        "publicAccessBlock",
        "replication",
        "requestPayment",
        "restore",
        "retention",
        "session",
        "tagging",
        "torrent",
        "uploadId=1",
        "uploadId=1&partNumber=1",
        "uploads",
        "versioning",
        "versions",
        "website",
        "attributes",
        "legal-hold",
        "select&select-type=2",
    ];
    let mut reached = 0;
    for method in ["GET", "HEAD", "PUT", "POST", "DELETE"] {
        for path in ["/", "/demo", "/demo/key"] {
            for query in subresources {
                for copies in [false, true] {
                    let mut request = Request::builder()
                        .method(method)
                        .uri(format!("{path}?{query}"));
                    if copies {
                        request = request.header("x-amz-copy-source", "demo/other");
                    }
                    let request = request.body(s3s::Body::empty()).unwrap();
                    let code = code(&s3, request).await;
                    // Where there is no such operation at all, `s3s` says so before it asks.
                    let unknown = code == "501 NotImplemented" || code == "405 MethodNotAllowed";
                    assert!(
                        unknown || code == "403 AccessDenied",
                        "{method} {path}?{query}: {code}"
                    );
                    reached += usize::from(!unknown);
                }
            }
        }
    }
    assert!(
        reached > 500,
        "most of these are operations, {reached} were"
    );
}

#[tokio::test]
async fn s38_credentials_that_s3s_would_check_itself_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let s3 = S3::open(&folder.path().join("objects")).unwrap();
    let version_two = "AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=";
    let request = Request::builder()
        .uri("/demo/key")
        .header("date", "Tue, 27 Mar 2007 19:36:42 +0000")
        .header("authorization", version_two)
        .body(s3s::Body::empty());
    assert_eq!(code(&s3, request.unwrap()).await, "403 AccessDenied");
}
