//! The S3 face: objects, to prove the last step of the journey.

use std::path::Path;

use http::request::Parts;

use crate::env::Env;
use crate::handle::Body;
use crate::incoming::Incoming;

/// The object store.
pub(crate) struct S3 {}

impl S3 {
    /// Opens the folder of object bodies.
    pub(crate) fn open(_objects_dir: &Path) -> std::io::Result<Self> {
        Ok(Self {})
    }
}

/// Answers an S3 request.
pub(crate) async fn answer(
    _env: &std::sync::Arc<Env>,
    _parts: Parts,
    _incoming: Incoming,
    _body: Body,
) -> http::Response<Body> {
    http::Response::new(crate::handle::empty_body())
}
