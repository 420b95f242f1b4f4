//! The query of an S3 request, decoded once.
//!
//! The same decoded values choose the operation, feed the policy and reach the operation: `s3s` gets
//! them encoded anew, never the text that came. What belongs to the signature is gone by then.
//!
//! **Source**: requirements S04 and S55; contract page, SigV4 section 6.2 (an S3 `+` is a space).

use daypass_wire::rest;

use super::error;
use crate::error::ApiError;

/// The parameters of a presigned URL, already judged by the signature check.
const OF_THE_SIGNATURE: [&str; 8] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-Date",
    "X-Amz-SignedHeaders",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
];

/// Decoded parameters, each name once.
#[derive(Debug, Default)]
pub(super) struct Query {
    parameters: Vec<(String, String)>,
    /// Parameters that stand for headers: presigning clients put signed headers there.
    headers: Vec<(String, String)>,
}

impl Query {
    /// Reads the text after the `?`.
    pub(super) fn read(text: &str) -> Result<Self, ApiError> {
        let mut query = Self::default();
        for piece in text.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if OF_THE_SIGNATURE.contains(&name.as_str()) {
                continue;
            }
            let lower = name.to_ascii_lowercase();
            let (list, name) = if lower.starts_with("x-amz-") {
                (&mut query.headers, lower)
            } else {
                (&mut query.parameters, name)
            };
            if list.iter().any(|(known, _)| *known == name) {
                return Err(error::invalid_argument(
                    "A query parameter must not be given twice.",
                    "request.duplicate_parameter",
                ));
            }
            list.push((name, value));
        }
        Ok(query)
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a parameter is there, with or without a value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names of all parameters.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.parameters.iter().map(|(name, _)| name.as_str())
    }

    /// The headers that came as parameters, names in lower case.
    pub(super) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The parameters in one canonical spelling.
    pub(super) fn encoded(&self) -> String {
        let pairs = self
            .parameters
            .iter()
            .map(|(name, value)| format!("{}={}", rest::encode(name), rest::encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }
}

fn decode(text: &str) -> Result<String, ApiError> {
    rest::decode(&text.replace('+', " ")).map_err(|_| error::invalid_uri())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_decoded_once_and_written_in_one_spelling() {
        let query = Query::read("prefix=a%2Fb+c%2B&list-type=2&&uploads").unwrap();
        assert_eq!(query.get("prefix"), Some("a/b c+"));
        assert!(query.has("uploads"));
        assert_eq!(query.encoded(), "prefix=a%2Fb%20c%2B&list-type=2&uploads=");
    }

    #[test]
    fn the_signature_is_left_out_and_hoisted_headers_are_told_apart() {
        let query = Query::read("X-Amz-Signature=ab&X-Amz-Acl=private&x-id=PutObject").unwrap();
        assert_eq!(query.names().collect::<Vec<_>>(), ["x-id"]);
        let header = ("x-amz-acl".to_owned(), "private".to_owned());
        assert_eq!(query.headers(), [header]);
    }

    #[test]
    fn s04_a_parameter_comes_once() {
        for text in [
            "prefix=a&prefix=b",
            "pre%66ix=a&prefix=b",
            "x-amz-acl=a&X-Amz-Acl=b",
        ] {
            assert_eq!(Query::read(text).unwrap_err().code, "InvalidArgument");
        }
        for text in ["prefix=%zz", "prefix=%ff", "prefix=%00"] {
            assert_eq!(Query::read(text).unwrap_err().code, "InvalidURI");
        }
    }
}
