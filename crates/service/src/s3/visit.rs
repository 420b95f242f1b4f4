//! One request on its way through `s3s`: who asks, for what, and the body that was checked.
//!
//! `s3s` decodes and encodes; everything it could be wrong about travels past it in here. An operation
//! that finds no [`Visit`] with its request has not been through the guard, and does nothing.

use std::sync::{Arc, Mutex, PoisonError};

use daypass_core::time::Timestamp;
use daypass_wire::rest::ResourcePath;
use http::HeaderMap;

use super::error;
use super::operations::Row;
use super::reading::Reading;
use crate::circumstances::Circumstances;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{self, Caller, Need, Permit};

/// Why an operation gives no output of its own.
#[derive(Debug)]
pub(super) enum Stop {
    /// It failed or was refused.
    Failed(Failure),
    /// The client's copy is still good; these headers say which it is.
    NotModified(HeaderMap),
}

impl<E: Into<Failure>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// A request whose caller is known.
pub(super) struct Visit {
    env: Arc<Env>,
    circumstances: Circumstances,
    caller: Caller,
    operation: &'static Row,
    path: ResourcePath,
    /// Condition keys that every permission of this request sees.
    keys: Vec<(String, String)>,
    reading: Mutex<Option<Reading>>,
    stop: Mutex<Option<Stop>>,
}

/// What a visit is made of.
pub(super) struct Arrived {
    pub env: Arc<Env>,
    pub circumstances: Circumstances,
    pub caller: Caller,
    pub operation: &'static Row,
    pub path: ResourcePath,
    pub keys: Vec<(String, String)>,
    pub reading: Option<Reading>,
}

impl Visit {
    /// The visit of an authenticated request.
    pub(super) fn new(arrived: Arrived) -> Arc<Self> {
        Arc::new(Self {
            env: arrived.env,
            circumstances: arrived.circumstances,
            caller: arrived.caller,
            operation: arrived.operation,
            path: arrived.path,
            keys: arrived.keys,
            reading: Mutex::new(arrived.reading),
            stop: Mutex::new(None),
        })
    }

    /// Everything an operation may reach.
    pub(super) fn env(&self) -> &Arc<Env> {
        &self.env
    }

    /// The moment of the request.
    pub(super) fn now(&self) -> Timestamp {
        self.circumstances.now
    }

    /// The operation the table found.
    pub(super) fn operation(&self) -> &'static Row {
        self.operation
    }

    /// The decoded path.
    pub(super) fn path(&self) -> &ResourcePath {
        &self.path
    }

    /// The need for `action` on a bucket.
    pub(super) fn on_bucket(&self, action: &str, bucket: &str) -> Need {
        self.need(action, format!("arn:aws:s3:::{bucket}"))
    }

    /// The need for `action` on an object.
    pub(super) fn on_object(&self, action: &str, bucket: &str, key: &str) -> Need {
        self.need(action, format!("arn:aws:s3:::{bucket}/{key}"))
    }

    /// The need for `action` on a resource.
    pub(super) fn need(&self, action: &str, resource: String) -> Need {
        let mut need = Need::new(action, resource);
        need.keys.clone_from(&self.keys);
        need
    }

    /// Allows the caller everything in `needs`, or nothing.
    pub(super) async fn permit(&self, needs: &[Need]) -> Result<Permit, Failure> {
        guard::authorize(&self.env, self.caller.clone(), &self.circumstances, needs).await
    }

    /// The body; there once, and only for operations that read one.
    pub(super) fn take_reading(&self) -> Result<Reading, Failure> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let missing = || Failure::Internal("the body was taken already".to_owned());
        reading.take().ok_or_else(missing)
    }

    /// Remembers why there is no output; what `s3s` makes of it is not looked at.
    pub(super) fn stopped(&self, stop: Stop) {
        *self.stop.lock().unwrap_or_else(PoisonError::into_inner) = Some(stop);
    }

    /// Why there was no output.
    pub(super) fn take_stop(&self) -> Option<Stop> {
        self.stop
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// How often a transaction is run again after another one got there first.
///
/// **Source**: limits table of the reliability and security page, section 3.
const CONFLICT_RETRIES_MAX: u32 = 8;

/// Runs a transaction, permission included, until no other one gets in its way.
pub(super) async fn transact<T, F>(mut run: impl FnMut() -> F + Send) -> Result<T, Stop>
where
    F: Future<Output = Result<T, Stop>> + Send,
    T: Send,
{
    for _ in 0..CONFLICT_RETRIES_MAX {
        match run().await {
            Err(Stop::Failed(Failure::Conflict)) => tokio::task::yield_now().await,
            other => return other,
        }
    }
    run().await
}

/// A write to the disk that did not succeed.
pub(super) fn not_written(error: std::io::Error) -> Failure {
    Failure::Unavailable(format!("a body was not written: {error}"))
}

/// A read from the disk that did not succeed.
pub(super) fn not_read(error: std::io::Error) -> Failure {
    Failure::Internal(format!("a body does not read: {error}"))
}

/// The bucket's record must be there.
pub(super) async fn bucket(
    records: &mut daypass_store::records::Records,
    name: &str,
) -> Result<daypass_store::records::Bucket, Failure> {
    let bucket = records.bucket(name).await?;
    bucket.ok_or_else(|| error::no_such_bucket(name).into())
}
