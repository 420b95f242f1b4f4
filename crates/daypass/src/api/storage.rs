//! Buckets and objects, as far as the console and the command line touch them.
//!
//! **Source**: S3 API reference.

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::xml::Node;
use super::{Api, CallError, accepted};

/// What stands in a path as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// The path of an object.
pub(crate) fn object_path(bucket: &str, key: &str) -> String {
    format!(
        "/{}/{}",
        utf8_percent_encode(bucket, PLAIN),
        utf8_percent_encode(key, PLAIN)
    )
}

impl Api<'_> {
    /// The names of the buckets.
    pub(crate) async fn buckets(&self) -> Result<Vec<String>, CallError> {
        let answer = accepted(self.s3(Method::GET, "/", Vec::new()).await?)?;
        let root = Node::parse(&answer.body).map_err(|error| CallError::Unreadable {
            operation: "ListBuckets".to_owned(),
            what: error.to_string(),
        })?;
        let buckets = root.members("Buckets").iter();
        Ok(buckets
            .filter_map(|bucket| bucket.text_of("Name"))
            .collect())
    }

    /// Creates a bucket.
    pub(crate) async fn create_bucket(&self, name: &str) -> Result<(), CallError> {
        let path = format!("/{}", utf8_percent_encode(name, PLAIN));
        accepted(self.s3(Method::PUT, &path, Vec::new()).await?)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::object_path;

    #[test]
    fn a_path_is_percent_encoded_but_for_its_slashes() {
        assert_eq!(object_path("b", "r:1/ü x?#"), "/b/r%3A1/%C3%BC%20x%3F%23");
    }
}
