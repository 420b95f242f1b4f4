//! Cross-origin answers: a page of any origin may be a client.
//!
//! Credentials are never sent along by the browser, so any origin may read; what a caller may do is
//! decided by its signature alone.
//!
//! **Source**: contract page, Cognito identity section 1.6.

use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

use crate::handle::{Body, empty_body};

/// Headers a page may read, beside the always readable ones.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");

/// Tells the reason of a refusal. It is there in development only, and then a page may read it.
pub(crate) const REASON: &str = "x-daypass-reason";

/// The same on the S3 face.
const EXPOSED_S3: HeaderValue = HeaderValue::from_static(
    "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date,ETag,x-amz-request-id,x-amz-id-2",
);

const MAX_AGE_SECONDS: HeaderValue = HeaderValue::from_static("172800");

/// The method of the request that a preflight announces; none, if this is no preflight.
///
/// A browser asks so before it sends a page's request.
pub(crate) fn announced_method(method: &Method, headers: &HeaderMap) -> Option<Method> {
    if method != Method::OPTIONS || !headers.contains_key(header::ORIGIN) {
        return None;
    }
    let announced = headers.get(header::ACCESS_CONTROL_REQUEST_METHOD)?;
    Some(Method::from_bytes(announced.as_bytes()).unwrap_or(Method::OPTIONS))
}

/// The answer to a preflight: what was asked for is allowed.
pub(crate) fn preflight(asked: &HeaderMap) -> Response<Body> {
    let mut response = Response::new(empty_body());
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    let echoed = [
        (
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
        ),
        (
            header::ACCESS_CONTROL_REQUEST_METHOD,
            header::ACCESS_CONTROL_ALLOW_METHODS,
        ),
    ];
    for (question, answer) in echoed {
        if let Some(value) = asked.get(question) {
            headers.insert(answer, value.clone());
        }
    }
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS);
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

/// Lets a page read this answer.
pub(crate) fn allow(headers: &mut HeaderMap, s3: bool) {
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    let exposed = if s3 { EXPOSED_S3 } else { EXPOSED };
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    if headers.contains_key(REASON) {
        headers.append(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(REASON),
        );
    }
}
