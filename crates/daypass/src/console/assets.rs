//! The style sheet and the script: part of the binary, named by their content.
//!
//! A name that changes with the content may be kept by the browser for ever.

use std::sync::LazyLock;

use daypass_proof::digest::sha256_hex;
use daypass_service::Body;
use http::{HeaderValue, Method, Response, StatusCode, header};

use super::reply;

/// One file.
#[derive(Debug)]
pub(crate) struct Asset {
    path: String,
    content_type: &'static str,
    bytes: &'static [u8],
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("console.css");
    Asset::new("console", "css", "text/css; charset=utf-8", bytes)
});

static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("console.js");
    Asset::new("console", "js", "text/javascript; charset=utf-8", bytes)
});

impl Asset {
    fn new(name: &str, extension: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let hash = sha256_hex(bytes);
        let short = hash.get(..16).unwrap_or_default();
        Self {
            path: format!("/console/assets/{name}-{short}.{extension}"),
            content_type,
            bytes,
        }
    }
}

/// Where the style sheet is.
pub(crate) fn style_url() -> String {
    STYLE.path.clone()
}

/// Where the script is.
pub(crate) fn script_url() -> String {
    SCRIPT.path.clone()
}

/// The file at a path.
pub(crate) fn find(path: &str) -> Option<&'static Asset> {
    let all: [&'static Asset; 2] = [&STYLE, &SCRIPT];
    all.into_iter().find(|asset| asset.path == path)
}

/// The file as an answer.
pub(crate) fn answer(asset: &'static Asset, method: &Method) -> Response<Body> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return reply::Reply::text(StatusCode::METHOD_NOT_ALLOWED, "only GET").into_response(&[]);
    }
    let body = if *method == Method::HEAD {
        &[]
    } else {
        asset.bytes
    };
    let mut response = Response::new(reply::full(body.to_vec()));
    reply::secure_headers(response.headers_mut());
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(asset.content_type),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}
