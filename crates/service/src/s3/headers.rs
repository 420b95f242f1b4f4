//! The headers of an S3 request: which there may be, and which are handed on.
//!
//! A header that would change what happens must be understood by the operation or is refused; there is
//! no header that is accepted and does nothing. What belongs to the signature and to the framing of
//! the body stays behind, since both are done with by then.
//!
//! **Source**: S3 API reference, *Common request headers*; requirements S29 and S54.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::checksum::Algorithm;
use super::error;
use super::operations::Row;
use crate::error::ApiError;
use crate::incoming::Incoming;

/// `x-amz-` headers that any request may carry. Checksums may come with any body.
const COMMON: [&str; 8] = [
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-expected-bucket-owner",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-trailer",
    "x-amz-user-agent",
];

/// Headers that are done with before the operation.
const LEFT_BEHIND: [&str; 10] = [
    "authorization",
    "content-length",
    "content-md5",
    "transfer-encoding",
    "x-amz-content-sha256",
    "x-amz-date",
    "x-amz-decoded-content-length",
    "x-amz-sdk-checksum-algorithm",
    "x-amz-security-token",
    "x-amz-trailer",
];

const CONDITIONS: [&str; 4] = [
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

const OWNERS: [&str; 2] = [
    "x-amz-expected-bucket-owner",
    "x-amz-source-expected-bucket-owner",
];

/// The one class there is.
const STORAGE_CLASS: &str = "STANDARD";

/// Checks every header of a request, `lifted` being those that came as query parameters.
pub(super) fn check(
    incoming: &Incoming,
    lifted: &[(String, String)],
    row: &Row,
    account: &str,
) -> Result<(), ApiError> {
    for (name, _) in lifted {
        if incoming.count(name) > 0 {
            let message = "A header must not come as a query parameter, too.";
            return Err(error::invalid_request(message, "request.duplicate_header"));
        }
    }
    let own = incoming
        .headers
        .iter()
        .map(|(name, value)| (name, value.as_slice()));
    let lifted = lifted.iter().map(|(name, value)| (name, value.as_bytes()));
    for (name, value) in own.chain(lifted) {
        if name.starts_with("x-amz-") && !understood(name, row) {
            return Err(error::not_implemented());
        }
        let reads = incoming.method == "GET" || incoming.method == "HEAD";
        if CONDITIONS.contains(&name.as_str()) && !row.conditional && !reads {
            return Err(error::not_implemented());
        }
        if OWNERS.contains(&name.as_str()) && value != account.as_bytes() {
            return Err(error::access_denied("Access Denied", "bucket.other_owner"));
        }
        if name == "x-amz-storage-class" && value != STORAGE_CLASS.as_bytes() {
            let message = "The storage class you specified is not valid";
            return Err(ApiError::new(
                "InvalidStorageClass",
                400,
                message,
                "request.storage_class",
            ));
        }
    }
    Ok(())
}

fn understood(name: &str, row: &Row) -> bool {
    let listed = |known: &&str| match known.strip_suffix('-') {
        Some(_) => name.starts_with(*known),
        None => *known == name,
    };
    COMMON.contains(&name) || Algorithm::of_header(name).is_some() || row.headers.iter().any(listed)
}

/// The headers that the operation sees.
pub(super) fn handed_on(
    incoming: &Incoming,
    lifted: &[(String, String)],
    row: &Row,
) -> Result<HeaderMap, ApiError> {
    let mut headers = HeaderMap::new();
    let own = incoming
        .headers
        .iter()
        .map(|(name, value)| (name, value.as_slice()));
    let lifted = lifted.iter().map(|(name, value)| (name, value.as_bytes()));
    for (name, value) in own.chain(lifted) {
        let conditions = CONDITIONS.contains(&name.as_str()) && !row.conditional;
        if LEFT_BEHIND.contains(&name.as_str()) || conditions {
            continue;
        }
        let encoding;
        let value = if name == "content-encoding" {
            let Some(rest) = without_chunks(value) else {
                continue;
            };
            encoding = rest;
            encoding.as_bytes()
        } else if name == "range" && !is_range(value) {
            // A range that cannot be read asks for the whole, as RFC 9110 section 14.2 has it.
            continue;
        } else {
            value
        };
        let unreadable = || error::invalid_request("A header is not readable.", "request.header");
        let name: HeaderName = name.parse().map_err(|_| unreadable())?;
        let value = HeaderValue::from_bytes(value).map_err(|_| unreadable())?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn is_range(value: &[u8]) -> bool {
    std::str::from_utf8(value).is_ok_and(|text| s3s::dto::Range::parse(text).is_ok())
}

/// The content encoding without the framing that is undone by now; nothing if that was all.
fn without_chunks(value: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(value);
    let rest: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("aws-chunked"))
        .collect();
    (!rest.is_empty()).then(|| rest.join(","))
}

#[cfg(test)]
mod tests {
    use super::super::operations::OPERATIONS;
    use super::*;
    use bytes::Bytes;
    use daypass_core::time::Timestamp;

    fn incoming(method: &str, headers: &[(&str, &str)]) -> Incoming {
        Incoming {
            method: method.to_owned(),
            path: "/b/k".to_owned(),
            query: String::new(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: Bytes::new(),
            circumstances: crate::circumstances::Circumstances {
                now: Timestamp::from_millis(0),
                peer: std::net::IpAddr::from([127, 0, 0, 1]),
                secure: false,
                request_id: uuid::Uuid::nil(),
                user_agent: String::new(),
                referer: None,
            },
        }
    }

    fn row(name: &str) -> &'static Row {
        OPERATIONS.iter().find(|row| row.name == name).unwrap()
    }

    fn refusal(operation: &str, name: &str, value: &str) -> Option<&'static str> {
        let incoming = incoming("PUT", &[(name, value)]);
        check(&incoming, &[], row(operation), "000000000000")
            .err()
            .map(|error| error.code)
    }

    #[test]
    fn s54_a_header_that_would_need_another_permission_is_refused() {
        for name in [
            "x-amz-acl",
            "x-amz-tagging",
            "x-amz-grant-read",
            "x-amz-object-lock-mode",
        ] {
            for operation in OPERATIONS {
                assert_eq!(
                    refusal(operation.name, name, "x"),
                    Some("NotImplemented"),
                    "{name}"
                );
            }
        }
        assert_eq!(
            refusal("PutObject", "x-amz-copy-source", "b/k"),
            Some("NotImplemented")
        );
        assert_eq!(refusal("CopyObject", "x-amz-copy-source", "b/k"), None);
        assert_eq!(
            refusal("CopyObject", "if-none-match", "*"),
            Some("NotImplemented")
        );
        assert_eq!(refusal("PutObject", "if-none-match", "*"), None);
        assert_eq!(refusal("PutObject", "x-amz-meta-colour", "red"), None);
        assert_eq!(
            refusal("PutObject", "x-amz-storage-class", "GLACIER"),
            Some("InvalidStorageClass")
        );
        assert_eq!(
            refusal("PutObject", "x-amz-expected-bucket-owner", "1"),
            Some("AccessDenied")
        );
    }

    #[test]
    fn what_is_done_with_stays_behind() {
        let incoming = incoming(
            "PUT",
            &[
                ("authorization", "AWS4-HMAC-SHA256 Credential=x"),
                ("x-amz-security-token", "token"),
                ("content-encoding", "aws-chunked, gzip"),
                ("x-amz-meta-a", "1"),
                ("range", "bytes=nonsense"),
            ],
        );
        let lifted = [("x-amz-meta-b".to_owned(), "2".to_owned())];
        let headers = handed_on(&incoming, &lifted, row("PutObject")).unwrap();
        let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["content-encoding", "x-amz-meta-a", "x-amz-meta-b"]);
        assert_eq!(headers["content-encoding"], "gzip");
        assert_eq!(without_chunks(b"aws-chunked"), None);
    }

    #[test]
    fn s28_a_header_comes_in_one_place() {
        let incoming = incoming("PUT", &[("x-amz-meta-a", "1")]);
        let lifted = [("x-amz-meta-a".to_owned(), "2".to_owned())];
        let refused = check(&incoming, &lifted, row("PutObject"), "000000000000");
        assert_eq!(refused.unwrap_err().code, "InvalidRequest");
    }
}
