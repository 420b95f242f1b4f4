//! Answers of the S3 face: what every one of them looks like.
//!
//! **Source**: S3 API reference, *Error responses*; contract page, SigV4 section 6.6; requirement S86.

use daypass_proof::sigv4::{self, Dialect, Presented};
use daypass_wire::xml;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};

use super::error;
use super::operations::Row;
use super::visit::Stop;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::handle::{Body, empty_body, full_body, hints};
use crate::incoming::Incoming;

/// More than any refusal that `s3s` writes.
const REFUSAL_BYTES_MAX: usize = 64 * 1_024;

/// A refusal of ours as XML; without a body where the method has none.
pub(super) fn refusal(env: &Env, error: &ApiError, incoming: &Incoming) -> Response<Body> {
    let details: Vec<(&'static str, &str)> = error
        .details
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let id = incoming.circumstances.request_id.to_string();
    let mut response = if incoming.method == "HEAD" {
        Response::new(empty_body())
    } else {
        let bytes = xml::bare_error(error.code, &error.message, &details, &id, &id);
        Response::new(full_body(bytes))
    };
    let status = StatusCode::from_u16(error.status);
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/xml"),
    );
    hints(env, error, headers);
    response
}

/// The client's copy is still good.
pub(super) fn not_modified(headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(empty_body());
    *response.status_mut() = StatusCode::NOT_MODIFIED;
    *response.headers_mut() = headers;
    response
}

/// The key the client says it signed with, which its own refusal may repeat.
pub(super) fn claimed_key(incoming: &Incoming) -> String {
    match sigv4::presented(&incoming.view(), Dialect::S3) {
        Ok(Presented::Signed(presentation)) => presentation.access_key_id().to_string(),
        _ => String::new(),
    }
}

/// The answer that `s3s` encoded; its own refusals are said in our words.
pub(super) async fn finished(
    response: s3s::HttpResponse,
    row: &Row,
) -> Result<Response<Body>, Stop> {
    let (mut parts, body) = response.into_parts();
    if parts.status.is_client_error() || parts.status.is_server_error() {
        return Err(refused_by_s3s(parts.status, body).await.into());
    }
    if row.name == "GetObject" {
        // Whatever an object says it is, a browser runs none of it here.
        let sandbox = HeaderValue::from_static("sandbox");
        parts
            .headers
            .insert(header::CONTENT_SECURITY_POLICY, sandbox);
    }
    Ok(Response::from_parts(parts, body.boxed_unsync()))
}

async fn refused_by_s3s(status: StatusCode, body: s3s::Body) -> Failure {
    let collected = Limited::new(body, REFUSAL_BYTES_MAX).collect().await;
    let bytes = collected
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    match element(&text, "Code").unwrap_or_default() {
        "MalformedXML" | "MissingRequestBodyError" => error::malformed_xml().into(),
        "InvalidArgument" | "InvalidRequest" => {
            error::invalid_argument("A header or parameter is not valid.", "request.invalid").into()
        }
        "InvalidRange" => error::invalid_argument("Invalid Range", "request.invalid").into(),
        "NotImplemented" => error::not_implemented().into(),
        "AccessDenied" => error::access_denied("Access Denied", "s3.gate").into(),
        code if status.is_client_error() => {
            tracing::warn!(target: "daypass::s3", code, "refused while decoding");
            error::invalid_request("The request is not valid.", "request.invalid").into()
        }
        code => Failure::Internal(format!("s3s refused with `{code}`")),
    }
}

/// The text of an element in XML that `s3s` wrote.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    rest.split_once('<').map(|(text, _)| text)
}
