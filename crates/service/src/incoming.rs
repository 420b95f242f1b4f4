//! A request as a value: raw path and query, headers in the order received, the whole body.

use bytes::Bytes;
use daypass_proof::sigv4::RequestView;
use http::request::Parts;

use crate::circumstances::Circumstances;

/// A request before anything was decoded.
pub(crate) struct Incoming {
    /// The method.
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// The query without `?`; empty if there is none.
    pub query: String,
    /// Lower-case names with their values, duplicates kept.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body. Empty on the S3 face, whose bodies stay streams.
    pub body: Bytes,
    /// When, from where and how.
    pub circumstances: Circumstances,
}

impl Incoming {
    /// The head of a request. Behind HTTP/2 there is no `Host` header: the authority stands in.
    pub(crate) fn new(parts: &Parts, circumstances: Circumstances) -> Self {
        let mut headers: Vec<(String, Vec<u8>)> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
            .collect();
        if !parts.headers.contains_key(http::header::HOST)
            && let Some(authority) = parts.uri.authority()
        {
            headers.push(("host".to_owned(), authority.as_str().as_bytes().to_vec()));
        }
        Self {
            method: parts.method.as_str().to_owned(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            headers,
            body: Bytes::new(),
            circumstances,
        }
    }

    /// The value of a header, if it came exactly once and is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(header, _)| header == name);
        let (_, value) = values.next()?;
        if values.next().is_some() {
            return None;
        }
        std::str::from_utf8(value).ok()
    }

    /// How many headers of this name came.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.headers
            .iter()
            .filter(|(header, _)| header == name)
            .count()
    }

    /// The request as the signature verifier wants it.
    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
        }
    }
}
