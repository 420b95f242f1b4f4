//! Names of buckets and keys: which there can be.
//!
//! Everything on one port means that some first segments belong to other faces for ever.
//!
//! **Source**: S3 user guide, *General purpose buckets naming rules* and *Naming Amazon S3 objects*.

use daypass_wire::limits::OBJECT_KEY_BYTES_MAX;
use daypass_wire::rest::{self, ResourcePath};

use super::error;
use crate::error::ApiError;

/// First segments that are not buckets here.
const RESERVED: [&str; 3] = ["healthz", "readyz", "console"];

/// The decoded path of a request, its names such as there can be.
pub(super) fn read_path(path: &str) -> Result<ResourcePath, ApiError> {
    let read = rest::resource_path(path).map_err(|_| error::invalid_uri())?;
    match &read {
        ResourcePath::Root => {}
        ResourcePath::Bucket(bucket) => check_bucket(bucket)?,
        ResourcePath::Object { bucket, key } => {
            check_bucket(bucket)?;
            check_key(key)?;
        }
    }
    Ok(read)
}

/// Refuses a name that no bucket can have.
pub(super) fn check_bucket(name: &str) -> Result<(), ApiError> {
    if s3s::path::check_bucket_name(name) && !RESERVED.contains(&name) {
        Ok(())
    } else {
        Err(error::invalid_bucket_name(name))
    }
}

/// Refuses a key that no object can have.
pub(super) fn check_key(key: &str) -> Result<(), ApiError> {
    if key.len() > OBJECT_KEY_BYTES_MAX {
        return Err(error::key_too_long());
    }
    if key.is_empty() || key.contains('\0') {
        return Err(error::invalid_uri());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s55_a_key_is_what_the_path_says_after_one_decoding() {
        let cases = [
            ("/bkt/a%2fb", "a/b"),
            ("/bkt/a//b", "a//b"),
            ("/bkt/./a", "./a"),
            ("/bkt/..", ".."),
            ("/bkt/a/", "a/"),
            ("/bkt/%C3%A9", "é"),
            ("/bkt/a+b", "a+b"),
            ("/bkt/%252e", "%2e"),
            ("/bkt//", "/"),
        ];
        for (path, expected) in cases {
            match read_path(path).unwrap() {
                ResourcePath::Object { key, .. } => assert_eq!(key, expected, "{path}"),
                other => panic!("{path} is {other:?}"),
            }
        }
    }

    #[test]
    fn names_that_cannot_be_are_refused() {
        let buckets = [
            "/healthz/x",
            "/readyz",
            "/console",
            "/.well-known/x",
            "/UP",
            "/a_b",
            "/ab",
        ];
        for path in buckets {
            assert_eq!(
                read_path(path).unwrap_err().code,
                "InvalidBucketName",
                "{path}"
            );
        }
        for path in ["/bkt/a%00b", "/bkt/%ff", "/bkt/%2", "//x", "/b%2fkt/x"] {
            assert_eq!(read_path(path).unwrap_err().code, "InvalidURI", "{path}");
        }
        let longest = format!("/bkt/{}", "k".repeat(1_024));
        assert!(read_path(&longest).is_ok());
        assert_eq!(
            read_path(&format!("{longest}k")).unwrap_err().code,
            "KeyTooLongError"
        );
    }
}
