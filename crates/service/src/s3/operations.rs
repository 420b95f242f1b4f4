//! The operations of the S3 face, and what each may be asked: a closed table.
//!
//! Parameters, `x-amz-` headers and conditions that a row does not list are refused, since each of
//! them would ask for something that is not done. `s3s` finds the operation a second time by its own
//! rules; [`super::gate`] refuses the request unless both found the same.
//!
//! **Source**: S3 API reference, *Actions*; requirements S27 and S54.

use daypass_wire::rest::ResourcePath;
use http::Method;

use super::error;
use super::query::Query;
use crate::error::ApiError;

/// What the body of a request is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Carries {
    /// Read whole before the operation starts, up to so many bytes.
    Whole(usize),
    /// A stream that the operation reads.
    Stream,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Row {
    /// Its wire name.
    pub name: &'static str,
    /// Query parameters it understands.
    pub parameters: &'static [&'static str],
    /// `x-amz-` headers it understands beside the common ones; one that ends in a dash is a prefix.
    pub headers: &'static [&'static str],
    /// Whether it heeds `If-Match` and its kin.
    pub conditional: bool,
    /// Its body.
    pub carries: Carries,
}

/// A body that should be empty or is a handful of elements.
const SMALL_BYTES_MAX: usize = 64 * 1_024;

/// A thousand keys to delete, or ten thousand parts to join.
pub(super) const LIST_BYTES_MAX: usize = 2 * 1_024 * 1_024;

const PLAIN: Row = Row {
    name: "",
    parameters: &[],
    headers: &[],
    conditional: false,
    carries: Carries::Whole(SMALL_BYTES_MAX),
};

/// Every operation there is.
pub(super) static OPERATIONS: &[Row] = &[
    Row {
        name: "ListBuckets",
        ..PLAIN
    },
    Row {
        name: "CreateBucket",
        ..PLAIN
    },
    Row {
        name: "HeadBucket",
        ..PLAIN
    },
    Row {
        name: "DeleteBucket",
        ..PLAIN
    },
    Row {
        name: "GetBucketLocation",
        parameters: &["location"],
        ..PLAIN
    },
    Row {
        name: "GetBucketVersioning",
        parameters: &["versioning"],
        ..PLAIN
    },
    Row {
        name: "ListObjects",
        parameters: &["prefix", "delimiter", "marker", "max-keys", "encoding-type"],
        ..PLAIN
    },
    Row {
        name: "ListObjectsV2",
        parameters: &[
            "list-type",
            "prefix",
            "delimiter",
            "continuation-token",
            "start-after",
            "max-keys",
            "encoding-type",
            "fetch-owner",
        ],
        ..PLAIN
    },
    Row {
        name: "ListMultipartUploads",
        parameters: &[
            "uploads",
            "prefix",
            "delimiter",
            "key-marker",
            "upload-id-marker",
            "max-uploads",
            "encoding-type",
        ],
        ..PLAIN
    },
    Row {
        name: "DeleteObjects",
        parameters: &["delete"],
        carries: Carries::Whole(LIST_BYTES_MAX),
        ..PLAIN
    },
    Row {
        name: "GetObject",
        parameters: READS,
        headers: &["x-amz-checksum-mode"],
        conditional: true,
        ..PLAIN
    },
    Row {
        name: "HeadObject",
        parameters: READS,
        headers: &["x-amz-checksum-mode"],
        conditional: true,
        ..PLAIN
    },
    Row {
        name: "PutObject",
        headers: &["x-amz-meta-", "x-amz-storage-class"],
        conditional: true,
        carries: Carries::Stream,
        ..PLAIN
    },
    Row {
        name: "CopyObject",
        headers: &[
            "x-amz-copy-source",
            "x-amz-copy-source-if-",
            "x-amz-source-expected-bucket-owner",
            "x-amz-metadata-directive",
            "x-amz-checksum-algorithm",
            "x-amz-meta-",
            "x-amz-storage-class",
        ],
        ..PLAIN
    },
    Row {
        name: "DeleteObject",
        conditional: true,
        ..PLAIN
    },
    Row {
        name: "CreateMultipartUpload",
        parameters: &["uploads"],
        headers: &[
            "x-amz-meta-",
            "x-amz-storage-class",
            "x-amz-checksum-algorithm",
            "x-amz-checksum-type",
        ],
        ..PLAIN
    },
    Row {
        name: "UploadPart",
        parameters: &["partNumber", "uploadId"],
        carries: Carries::Stream,
        ..PLAIN
    },
    Row {
        name: "UploadPartCopy",
        parameters: &["partNumber", "uploadId"],
        headers: &[
            "x-amz-copy-source",
            "x-amz-copy-source-range",
            "x-amz-copy-source-if-",
            "x-amz-source-expected-bucket-owner",
        ],
        ..PLAIN
    },
    Row {
        name: "CompleteMultipartUpload",
        parameters: &["uploadId"],
        headers: &["x-amz-checksum-type", "x-amz-mp-object-size"],
        conditional: true,
        carries: Carries::Whole(LIST_BYTES_MAX),
    },
    Row {
        name: "AbortMultipartUpload",
        parameters: &["uploadId"],
        ..PLAIN
    },
    Row {
        name: "ListParts",
        parameters: &["uploadId", "max-parts", "part-number-marker"],
        ..PLAIN
    },
];

const READS: &[&str] = &[
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
];

/// Finds the operation a request asks for.
pub(super) fn operation(
    method: &Method,
    path: &ResourcePath,
    query: &Query,
    copies: bool,
) -> Result<&'static Row, ApiError> {
    let name = match path {
        ResourcePath::Root => on_service(method),
        ResourcePath::Bucket(_) => on_bucket(method, query),
        ResourcePath::Object { .. } => on_object(method, query, copies),
    };
    let name = name.ok_or_else(error::method_not_allowed)?;
    let row = OPERATIONS.iter().find(|row| row.name == name);
    let row = row.ok_or_else(error::not_implemented)?;
    // SDKs name the operation in `x-id`, which says nothing that the rest does not.
    let known = |name: &str| name == "x-id" || row.parameters.contains(&name);
    if query.names().all(known) {
        Ok(row)
    } else {
        Err(error::not_implemented())
    }
}

fn on_service(method: &Method) -> Option<&'static str> {
    (method == Method::GET).then_some("ListBuckets")
}

fn on_bucket(method: &Method, query: &Query) -> Option<&'static str> {
    match *method {
        Method::HEAD => Some("HeadBucket"),
        Method::PUT => Some("CreateBucket"),
        Method::DELETE => Some("DeleteBucket"),
        Method::POST if query.has("delete") => Some("DeleteObjects"),
        Method::GET if query.has("location") => Some("GetBucketLocation"),
        Method::GET if query.has("versioning") => Some("GetBucketVersioning"),
        Method::GET if query.has("uploads") => Some("ListMultipartUploads"),
        Method::GET if query.get("list-type") == Some("2") => Some("ListObjectsV2"),
        Method::GET => Some("ListObjects"),
        _ => None,
    }
}

fn on_object(method: &Method, query: &Query, copies: bool) -> Option<&'static str> {
    let in_upload = query.has("uploadId");
    match *method {
        Method::HEAD => Some("HeadObject"),
        Method::GET if in_upload => Some("ListParts"),
        Method::GET => Some("GetObject"),
        Method::PUT if in_upload && copies => Some("UploadPartCopy"),
        Method::PUT if in_upload => Some("UploadPart"),
        Method::PUT if copies => Some("CopyObject"),
        Method::PUT => Some("PutObject"),
        Method::POST if query.has("uploads") => Some("CreateMultipartUpload"),
        Method::POST if in_upload => Some("CompleteMultipartUpload"),
        Method::DELETE if in_upload => Some("AbortMultipartUpload"),
        Method::DELETE => Some("DeleteObject"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(method: &str, path: &str, query: &str, copies: bool) -> Result<&'static str, u16> {
        let path = daypass_wire::rest::resource_path(path).unwrap();
        let query = Query::read(query).unwrap();
        let method: Method = method.parse().unwrap();
        operation(&method, &path, &query, copies)
            .map(|row| row.name)
            .map_err(|error| error.status)
    }

    #[test]
    fn each_operation_is_found_by_its_own_request() {
        let cases = [
            ("GET", "/", "", false, "ListBuckets"),
            ("GET", "/", "x-id=ListBuckets", false, "ListBuckets"),
            ("PUT", "/b", "", false, "CreateBucket"),
            ("HEAD", "/b/", "", false, "HeadBucket"),
            ("DELETE", "/b", "", false, "DeleteBucket"),
            ("GET", "/b", "location", false, "GetBucketLocation"),
            ("GET", "/b", "versioning", false, "GetBucketVersioning"),
            ("GET", "/b", "prefix=a", false, "ListObjects"),
            ("GET", "/b", "list-type=2&prefix=a", false, "ListObjectsV2"),
            ("GET", "/b", "uploads", false, "ListMultipartUploads"),
            ("POST", "/b", "delete", false, "DeleteObjects"),
            ("GET", "/b/k", "", false, "GetObject"),
            ("HEAD", "/b/k", "", false, "HeadObject"),
            ("PUT", "/b/k", "", false, "PutObject"),
            ("PUT", "/b/k", "", true, "CopyObject"),
            ("DELETE", "/b/k", "", false, "DeleteObject"),
            ("POST", "/b/k", "uploads", false, "CreateMultipartUpload"),
            (
                "PUT",
                "/b/k",
                "uploadId=u&partNumber=1",
                false,
                "UploadPart",
            ),
            (
                "PUT",
                "/b/k",
                "uploadId=u&partNumber=1",
                true,
                "UploadPartCopy",
            ),
            (
                "POST",
                "/b/k",
                "uploadId=u",
                false,
                "CompleteMultipartUpload",
            ),
            (
                "DELETE",
                "/b/k",
                "uploadId=u",
                false,
                "AbortMultipartUpload",
            ),
            ("GET", "/b/k", "uploadId=u", false, "ListParts"),
        ];
        for (method, path, query, copies, name) in cases {
            assert_eq!(
                found(method, path, query, copies),
                Ok(name),
                "{method} {path}?{query}"
            );
        }
        let mut names: Vec<&str> = cases.iter().map(|case| case.4).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), OPERATIONS.len(), "every row is reached");
    }

    #[test]
    fn what_is_not_done_is_refused_and_never_taken_for_something_else() {
        for query in [
            "acl",
            "policy",
            "versions",
            "tagging",
            "cors",
            "lifecycle",
            "anything=1",
        ] {
            for (method, path) in [("GET", "/b"), ("PUT", "/b"), ("DELETE", "/b")] {
                assert_eq!(
                    found(method, path, query, false),
                    Err(501),
                    "{method} ?{query}"
                );
            }
        }
        for query in [
            "acl",
            "tagging",
            "versionId=1",
            "partNumber=1",
            "retention",
            "torrent",
        ] {
            for method in ["GET", "HEAD", "PUT", "DELETE"] {
                assert_eq!(
                    found(method, "/b/k", query, false),
                    Err(501),
                    "{method} ?{query}"
                );
            }
        }
        for (method, path) in [
            ("POST", "/b"),
            ("POST", "/b/k"),
            ("PATCH", "/b/k"),
            ("PUT", "/"),
        ] {
            assert_eq!(found(method, path, "", false), Err(405), "{method} {path}");
        }
    }
}
