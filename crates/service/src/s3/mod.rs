//! The S3 face: objects, to prove the last step of the journey.
//!
//! The walk is the same as on every face: who asks is established by our guard, what is asked is read
//! once, and each operation gets its permissions from the guard before it touches anything. `s3s`
//! stands in the middle as a translator between HTTP and typed inputs and outputs. It gets requests
//! that have no credentials left and bodies that are unframed and checked, so nothing it lets through
//! (older signatures, forms, unsigned headers) can decide anything.
//!
//! Read in this order: [`answer`], `operations.rs` (what there is), `gate.rs`, `visit.rs`, then any
//! operation.
//!
//! **Source**: S3 API reference; contract page, SigV4 sections 6.6, 6.7 and 7.1; dependencies page,
//! section 8.

mod abort_multipart_upload;
mod backend;
mod checksum;
mod chunks;
mod complete_multipart_upload;
mod conditions;
mod copy_object;
mod create_bucket;
mod create_multipart_upload;
mod declared;
mod delete_bucket;
mod delete_object;
mod delete_objects;
mod described;
mod disk;
mod error;
mod gate;
mod get_bucket_location;
mod get_bucket_versioning;
mod get_object;
mod head_bucket;
mod head_object;
mod headers;
mod list_buckets;
mod list_multipart_uploads;
mod list_objects;
mod list_objects_v2;
mod list_parts;
mod listing;
mod names;
mod operations;
mod put_object;
mod query;
mod reading;
mod reply;
mod source;
mod store;
mod sweep;
mod upload_part;
mod upload_part_copy;
mod visit;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use daypass_proof::secret::SecretAccessKey;
use daypass_proof::sigv4::{self, Dialect, Form, Payload, SignatureError, VerifiedSignature};
use daypass_wire::limits::OBJECT_BYTES_MAX;
use daypass_wire::rest::ResourcePath;
use http::request::Parts;
use http::{Method, Request, Response};
use s3s::config::{S3Config, StaticConfigProvider};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::sync::Semaphore;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use crate::audit::{self, Event};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{self, Caller, FaceRules};
use crate::handle::{Body, claimed_access_key_id};
use crate::incoming::Incoming;
use crate::quota::Busy;
use disk::Disk;
use operations::{Carries, LIST_BYTES_MAX, Row};
use query::Query;
use reading::Reading;
use visit::{Arrived, Stop, Visit};

/// What signatures of this face must be.
const RULES: FaceRules = FaceRules {
    dialect: Dialect::S3,
    service: "s3",
    own_region_only: true,
    skew_seconds: 900,
    user_sessions: true,
};

/// Long lists of keys or parts held at once, which bounds what they take together to 128 MiB.
const LISTS_MAX: usize = 64;

/// The object store.
pub(crate) struct S3 {
    disk: Arc<Disk>,
    service: S3Service,
    lists: Semaphore,
    swept: AtomicBool,
}

impl S3 {
    /// Opens the folder of object bodies.
    pub(crate) fn open(objects_dir: &Path) -> std::io::Result<Self> {
        let mut config = S3Config::default();
        config.xml_max_body_size = LIST_BYTES_MAX;
        let mut builder = S3ServiceBuilder::new(backend::Backend);
        builder.set_auth(gate::NoKeys);
        builder.set_access(gate::Gate);
        builder.set_config(Arc::new(StaticConfigProvider::new(Arc::new(config))));
        Ok(Self {
            disk: Disk::open(objects_dir)?,
            service: builder.build(),
            lists: Semaphore::new(LISTS_MAX),
            swept: AtomicBool::new(false),
        })
    }

    fn disk(&self) -> &Arc<Disk> {
        &self.disk
    }
}

/// The wire names of the operations.
pub(crate) fn operation_names() -> impl Iterator<Item = &'static str> {
    operations::OPERATIONS.iter().map(|row| row.name)
}

/// What the audit line will say.
#[derive(Default)]
struct Entry {
    operation: &'static str,
    access_key_id: String,
}

/// Answers an S3 request.
pub(crate) async fn answer(
    env: &Arc<Env>,
    parts: Parts,
    incoming: Incoming,
    body: Body,
) -> Response<Body> {
    let mut entry = Entry {
        operation: "",
        access_key_id: claimed_access_key_id(&incoming),
    };
    let result = walk(env, &parts, &incoming, body, &mut entry).await;
    let (response, refused) = match result {
        Ok(response) => (response, None),
        Err(Stop::NotModified(headers)) => (reply::not_modified(headers), None),
        Err(Stop::Failed(failure)) => {
            let cause = match &failure {
                Failure::Internal(cause) | Failure::Unavailable(cause) => cause.clone(),
                _ => String::new(),
            };
            let key = reply::claimed_key(&incoming);
            let query_form = incoming.count("authorization") == 0;
            let error = error::translate(failure, &key, query_form);
            let response = reply::refusal(env, &error, &incoming);
            (response, Some((error, cause)))
        }
    };
    let (code, reason, cause) = match &refused {
        Some((error, cause)) => (error.code, error.reason, cause.as_str()),
        None => ("", "", ""),
    };
    let event = Event {
        face: "s3",
        operation: entry.operation,
        access_key_id: &entry.access_key_id,
        status: response.status().as_u16(),
        code,
        reason,
        cause,
    };
    audit::write(env, &incoming.circumstances, &event);
    response
}

async fn walk(
    env: &Arc<Env>,
    parts: &Parts,
    incoming: &Incoming,
    body: Body,
    entry: &mut Entry,
) -> Result<Response<Body>, Stop> {
    let place = env.in_flight().try_acquire();
    let _place = place.map_err(|_| Busy::now("limit.in_flight"))?;
    if !env.s3().swept.swap(true, Ordering::Relaxed) {
        sweep::start(env);
    }
    let asked = Asked::read(&parts.method, incoming);
    if let Ok(asked) = &asked {
        entry.operation = asked.row.name;
    }
    if is_form(incoming) {
        return Err(error::not_implemented().into());
    }
    let (caller, verified) =
        guard::authenticate(env, incoming, &RULES, sigv4::Body::Streamed).await?;
    caller
        .access_key_id()
        .as_str()
        .clone_into(&mut entry.access_key_id);
    let asked = asked?;
    env.quota()
        .operation(asked.row.name, &incoming.circumstances)?;
    headers::check(
        incoming,
        asked.query.headers(),
        asked.row,
        env.account().as_str(),
    )?;
    let mut request = Request::new(s3s::Body::empty());
    *request.method_mut() = parts.method.clone();
    *request.uri_mut() = asked.uri(incoming)?;
    *request.headers_mut() = headers::handed_on(incoming, asked.query.headers(), asked.row)?;
    let reading = reading(env, incoming, &asked, body, &caller, &verified).await?;
    let (reading, _list) = match asked.row.carries {
        Carries::Stream => (Some(bounded(reading)?), None),
        Carries::Whole(bytes_max) => {
            let list = (bytes_max == LIST_BYTES_MAX).then(|| env.s3().lists.try_acquire());
            let list = list.transpose().map_err(|_| Busy::now("limit.buffered"))?;
            *request.body_mut() = s3s::Body::from(reading.collect(bytes_max).await?);
            (None, list)
        }
    };
    let visit = Visit::new(Arrived {
        env: Arc::clone(env),
        circumstances: incoming.circumstances.clone(),
        caller,
        operation: asked.row,
        path: asked.path,
        keys: condition_keys(env, incoming, &verified),
        reading,
    });
    request.extensions_mut().insert(Arc::clone(&visit));
    // It logs every refusal as an error of its own; the audit line says it better and once.
    let answered = env.s3().service.call(request);
    let answered = answered.with_subscriber(NoSubscriber::default()).await;
    if let Some(stop) = visit.take_stop() {
        return Err(stop);
    }
    let response = answered
        .map_err(|error| Failure::Internal(format!("the answer was not encoded: {error:?}")))?;
    reply::finished(response, visit.operation()).await
}

/// The body, with everything that must hold of it.
async fn reading(
    env: &Env,
    incoming: &Incoming,
    asked: &Asked,
    body: Body,
    caller: &Caller,
    verified: &VerifiedSignature,
) -> Result<Reading, Failure> {
    let secret = match verified.payload() {
        Payload::StreamingSigned { .. } => Some(secret_of(env, caller).await?),
        Payload::Signed(_) | Payload::Unsigned | Payload::StreamingUnsignedTrailer => None,
    };
    let of_the_object = asked.row.name == "CompleteMultipartUpload";
    let lifted = asked.query.headers();
    Reading::new(
        incoming,
        lifted,
        body,
        verified,
        secret.as_ref(),
        of_the_object,
    )
}

fn bounded(mut reading: Reading) -> Result<Reading, Failure> {
    let limit = reading.limit(OBJECT_BYTES_MAX);
    limit.map_err(|reading::TooLong| error::entity_too_large(OBJECT_BYTES_MAX))?;
    if reading.length().is_none() {
        return Err(error::missing_content_length().into());
    }
    Ok(reading)
}

/// What a request asks for, read once.
struct Asked {
    path: ResourcePath,
    query: Query,
    row: &'static Row,
}

impl Asked {
    fn read(method: &Method, incoming: &Incoming) -> Result<Self, Failure> {
        let path = names::read_path(&incoming.path)?;
        let query = Query::read(&incoming.query)?;
        let source = "x-amz-copy-source";
        let copies =
            incoming.count(source) > 0 || query.headers().iter().any(|(name, _)| name == source);
        let row = operations::operation(method, &path, &query, copies)?;
        Ok(Self { path, query, row })
    }

    /// The target that `s3s` is given: the path as it came, the query in our spelling.
    fn uri(&self, incoming: &Incoming) -> Result<http::Uri, Failure> {
        let query = self.query.encoded();
        let target = if query.is_empty() {
            incoming.path.clone()
        } else {
            format!("{}?{query}", incoming.path)
        };
        target.parse().map_err(|_| error::invalid_uri().into())
    }
}

/// Browser uploads by form: their policy stands in the body, where this face does not look.
fn is_form(incoming: &Incoming) -> bool {
    let content_type = incoming.header("content-type").unwrap_or_default();
    incoming.method == "POST"
        && content_type
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("multipart/form-data")
}

/// The secret that the chunks of this caller are signed with.
async fn secret_of(env: &Env, caller: &Caller) -> Result<SecretAccessKey, Failure> {
    if let Some(session) = caller.session() {
        return Ok(session.secret.clone());
    }
    let id = caller.access_key_id();
    if let Some(root) = env
        .configured_root()
        .filter(|root| root.access_key_id == *id)
    {
        return Ok(root.secret_access_key.clone());
    }
    let key = env.read().await?.access_key(id).await?;
    Ok(key.ok_or(SignatureError::UnknownAccessKey)?.secret)
}

/// The keys every S3 permission sees.
fn condition_keys(
    env: &Env,
    incoming: &Incoming,
    verified: &VerifiedSignature,
) -> Vec<(String, String)> {
    let auth_type = match verified.form() {
        Form::Header => "REST-HEADER",
        Form::Query { .. } => "REST-QUERY-STRING",
    };
    let signed_millis = verified.timestamp().epoch_seconds().saturating_mul(1_000);
    let age_millis = incoming
        .circumstances
        .now
        .millis()
        .saturating_sub(signed_millis)
        .max(0);
    let mut keys = vec![
        ("s3:authType".to_owned(), auth_type.to_owned()),
        (
            "s3:signatureversion".to_owned(),
            "AWS4-HMAC-SHA256".to_owned(),
        ),
        ("s3:signatureAge".to_owned(), age_millis.to_string()),
        ("s3:ResourceAccount".to_owned(), env.account().to_string()),
    ];
    if let (Form::Header, Some(hash)) = (verified.form(), incoming.header("x-amz-content-sha256")) {
        keys.push(("s3:x-amz-content-sha256".to_owned(), hash.to_owned()));
    }
    keys
}

#[cfg(test)]
mod tests;
