//! The spine: one walk for every face, written once. Read first.
//!
//! Route, take a place, read the body, run the operation, encode, write one audit line. What an
//! operation does between decoding and encoding is in `operation.rs`; who may is in `guard.rs`.

use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use daypass_core::time::Timestamp;
use daypass_wire::limits::{COGNITO_BODY_BYTES_MAX, QUERY_BODY_BYTES_MAX};
use daypass_wire::{json::Answer, query, rest, time, xml};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use tracing::Instrument;
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::circumstances::Circumstances;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::incoming::Incoming;
use crate::quota::{Busy, Rate};
use crate::route::{
    JsonFace, QueryFace, Route, json_operation, query_face, route, signed_for, version_of,
};
use crate::{aws_json, aws_query, cognito, cors, daypass, iam, s3, sts, well_known};

/// What goes wrong while a body is read or written.
pub type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// A body, either way.
pub type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, BodyError>;

/// When and from where a request came.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// The moment, in milliseconds since the epoch; read once, by the listener.
    pub now_millis: i64,
    /// The peer of the connection.
    pub peer: IpAddr,
    /// Whether the connection is encrypted.
    pub secure: bool,
}

/// A body of these bytes.
pub(crate) fn full_body(bytes: Vec<u8>) -> Body {
    Full::new(Bytes::from(bytes))
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// No body.
pub(crate) fn empty_body() -> Body {
    full_body(Vec::new())
}

/// An answer on its way.
pub type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// Answers a request.
pub fn handle(env: &Arc<Env>, request: Request<Body>, arrival: Arrival) -> Answering {
    let env = Arc::clone(env);
    let random = env.random().ok();
    let request_id = random.map(|random| uuid::Builder::from_random_bytes(random).into_uuid());
    let span = tracing::info_span!("request", request_id = %request_id.unwrap_or_default());
    Box::pin(async move { walk(env, request, arrival, request_id).await }.instrument(span))
}

async fn walk(
    env: Arc<Env>,
    request: Request<Body>,
    arrival: Arrival,
    request_id: Option<Uuid>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let circumstances = circumstances(&parts, arrival, request_id.unwrap_or_default());
    let asked = parts.headers.clone();
    let path = parts.uri.path().to_owned();
    let announced = cors::announced_method(&parts.method, &parts.headers);
    let route = route(
        announced.as_ref().unwrap_or(&parts.method),
        &path,
        parts.uri.query().unwrap_or(""),
        &parts.headers,
    );
    let mut response = if announced.is_some() {
        cors::preflight(&parts.headers)
    } else if request_id.is_none() {
        // Without randomness nothing is done, not even what needs none.
        bare(StatusCode::INTERNAL_SERVER_ERROR)
    } else {
        dispatch(env, route, parts, body, &circumstances).await
    };
    finish(response.headers_mut(), &asked, route, &circumstances);
    response
}

fn circumstances(parts: &Parts, arrival: Arrival, request_id: Uuid) -> Circumstances {
    let text = |name: header::HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    Circumstances {
        now: Timestamp::from_millis(arrival.now_millis),
        peer: arrival.peer.to_canonical(),
        secure: arrival.secure,
        request_id,
        user_agent: text(header::USER_AGENT).unwrap_or_default(),
        referer: text(header::REFERER),
    }
}

/// What every answer carries, refusals included.
fn finish(headers: &mut HeaderMap, asked: &HeaderMap, route: Route, circumstances: &Circumstances) {
    if asked.contains_key(header::ORIGIN) || matches!(route, Route::WellKnown(_)) {
        cors::allow(headers, route == Route::S3);
    }
    let id = circumstances.request_id.to_string();
    let date = time::http_date(circumstances.now.seconds());
    insert(headers, "x-amzn-requestid", &id);
    if route == Route::S3 {
        insert(headers, "x-amz-request-id", &id);
        insert(headers, "x-amz-id-2", &id);
    }
    insert(headers, "date", &date);
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
}

fn insert(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

async fn dispatch(
    env: Arc<Env>,
    route: Route,
    parts: Parts,
    body: Body,
    circumstances: &Circumstances,
) -> Response<Body> {
    match route {
        Route::Health => text(StatusCode::OK, "ok"),
        Route::Ready => match env.ready().await {
            Ok(()) => text(StatusCode::OK, "ready"),
            Err(cause) => {
                tracing::warn!(cause, "not ready");
                text(StatusCode::SERVICE_UNAVAILABLE, "not ready")
            }
        },
        Route::WellKnown(document) => well_known::answer(&env, document),
        Route::Json => json(&env, Incoming::new(&parts, circumstances.clone()), body).await,
        Route::Query => query(&env, Incoming::new(&parts, circumstances.clone()), body).await,
        Route::S3 => {
            let incoming = Incoming::new(&parts, circumstances.clone());
            s3::answer(&env, parts, incoming, body).await
        }
    }
}

/// Cognito identity, and what it has no operation for.
async fn json(env: &Env, mut incoming: Incoming, body: Body) -> Response<Body> {
    let target = incoming
        .header("x-amz-target")
        .unwrap_or_default()
        .to_owned();
    let (face, operation) = json_operation(&target);
    let result = match take_place(env) {
        Err(failure) => Err(failure),
        Ok(_place) => match read_body(body, COGNITO_BODY_BYTES_MAX).await {
            Err(failure) => Err(failure),
            Ok(_) if incoming.count("x-amz-target") > 1 => Err(repeated_target().into()),
            Ok(bytes) => {
                incoming.body = bytes;
                match face {
                    JsonFace::CognitoIdentity => cognito::answer(env, &incoming, operation).await,
                    JsonFace::Daypass => daypass::answer(env, &incoming, operation).await,
                }
            }
        },
    };
    let result = limit_guesses(env, &incoming, result);
    let cause = cause_of(&result);
    let result = result.map_err(cognito::error::translate);
    let refused = result.as_ref().err();
    log(env, &incoming, face.name(), operation, refused, &cause);
    match result {
        Ok(bytes) => answer(StatusCode::OK, aws_json::CONTENT_TYPE, bytes),
        Err(error) => {
            let bytes = Answer::error(error.code, &error.message).to_bytes();
            refusal(env, &error, aws_json::CONTENT_TYPE, bytes)
        }
    }
}

fn repeated_target() -> ApiError {
    let message = "X-Amz-Target must be given once.";
    ApiError::new("SerializationException", 400, message, "request.malformed")
}

/// STS and IAM.
async fn query(env: &Env, mut incoming: Incoming, body: Body) -> Response<Body> {
    let mut operation = String::new();
    let mut face = signed_for(incoming.header("authorization"), &incoming.query);
    let result = match take_place(env) {
        Err(failure) => Err(failure),
        Ok(_place) => match read_body(body, QUERY_BODY_BYTES_MAX).await {
            Err(failure) => Err(failure),
            Ok(bytes) => {
                incoming.body = bytes;
                let parameters = query::read(&incoming.query, &incoming.body);
                face = parameters.as_ref().map_or(face, query_face);
                run_query(env, &incoming, parameters, face, &mut operation).await
            }
        },
    };
    let (name, namespace, internal) = match face {
        QueryFace::Sts => ("sts", sts::NAMESPACE, sts::error::INTERNAL),
        QueryFace::Iam => ("iam", iam::NAMESPACE, iam::error::INTERNAL),
    };
    let result = limit_guesses(env, &incoming, result);
    let cause = cause_of(&result);
    let result = result.map_err(|failure| aws_query::translate(failure, internal));
    let refused = result.as_ref().err();
    log(env, &incoming, name, &operation, refused, &cause);
    match result {
        Ok(bytes) => answer(StatusCode::OK, aws_query::CONTENT_TYPE, bytes),
        Err(error) => {
            let fault = xml::Fault::of_status(error.status);
            let request_id = incoming.circumstances.request_id.to_string();
            let bytes = xml::error(namespace, fault, error.code, &error.message, &request_id);
            refusal(env, &error, aws_query::CONTENT_TYPE, bytes)
        }
    }
}

async fn run_query(
    env: &Env,
    incoming: &Incoming,
    parameters: Result<query::Parameters, query::QueryError>,
    face: QueryFace,
    operation: &mut String,
) -> Result<Vec<u8>, Failure> {
    let parameters = parameters
        .map_err(|error| aws_query::validation_error(error.to_string(), "request.malformed"))?;
    let (operations, rules, namespace) = match face {
        QueryFace::Sts => (sts::OPERATIONS, &sts::RULES, sts::NAMESPACE),
        QueryFace::Iam => (iam::OPERATIONS, &iam::RULES, iam::NAMESPACE),
    };
    let action = parameters.action().ok_or_else(|| {
        ApiError::new("MissingAction", 400, "Missing Action", "operation.unknown")
    })?;
    let version = parameters.version().unwrap_or_else(|| version_of(face));
    let row = operations
        .iter()
        .find(|row| row.name == action && version == version_of(face));
    let row = row.ok_or_else(|| {
        let action = rest::printable(action);
        let version = rest::printable(version);
        let message = format!("Could not find operation {action} for version {version}");
        ApiError::new("InvalidAction", 400, message, "operation.unknown")
    })?;
    row.name.clone_into(operation);
    row.run(env, incoming, rules, &parameters, namespace).await
}

/// A place among the requests worked on at once; who finds none is told to come back.
fn take_place(env: &Env) -> Result<tokio::sync::SemaphorePermit<'_>, Failure> {
    env.in_flight()
        .try_acquire()
        .map_err(|_| Busy::now("limit.in_flight").into())
}

/// Reads a body piece by piece, so that one byte too many ends it before it is held in memory.
async fn read_body(mut body: Body, bytes_max: usize) -> Result<Bytes, Failure> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| unreadable(error.as_ref()))?;
        let Ok(piece) = frame.into_data() else {
            continue;
        };
        if piece.len() > bytes_max - read.len() {
            return Err(Failure::TooLarge);
        }
        read.extend_from_slice(&piece);
    }
    Ok(read.freeze())
}

/// A body that the client broke off or sent too slowly.
fn unreadable(error: &(dyn std::error::Error + Send + Sync)) -> Failure {
    let message = format!("the body could not be read: {error}");
    ApiError::new("SerializationException", 400, message, "request.body").into()
}

/// Counts refused tokens by address; who sends too many of them is told that instead.
fn limit_guesses<T>(
    env: &Env,
    incoming: &Incoming,
    result: Result<T, Failure>,
) -> Result<T, Failure> {
    if let Err(Failure::Api(error)) = &result
        && error.reason.starts_with("token.")
    {
        env.quota()
            .count(Rate::FailedTokens, &incoming.circumstances)?;
    }
    result
}

fn cause_of<T>(result: &Result<T, Failure>) -> String {
    match result {
        Err(Failure::Internal(cause) | Failure::Unavailable(cause)) => cause.clone(),
        Err(Failure::Busy(busy)) => busy.limit.clone(),
        _ => String::new(),
    }
}

fn log(
    env: &Env,
    incoming: &Incoming,
    face: &'static str,
    operation: &str,
    error: Option<&ApiError>,
    cause: &str,
) {
    let access_key_id = claimed_access_key_id(incoming);
    let event = Event {
        face,
        operation,
        access_key_id: &access_key_id,
        status: error.map_or(200, |error| error.status),
        code: error.map_or("", |error| error.code),
        reason: error.map_or("", |error| error.reason),
        cause,
    };
    audit::write(env, &incoming.circumstances, &event);
}

/// The key id in the credential, for the log only: it is what the client claims.
pub(crate) fn claimed_access_key_id(incoming: &Incoming) -> String {
    let header = incoming.header("authorization").unwrap_or_default();
    let credential = header.split("Credential=").nth(1).unwrap_or_default();
    let id = credential.split('/').next().unwrap_or_default();
    let plain =
        (16..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain { id.to_owned() } else { String::new() }
}

fn answer(status: StatusCode, content_type: &'static str, bytes: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(full_body(bytes));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn refusal(
    env: &Env,
    error: &ApiError,
    content_type: &'static str,
    bytes: Vec<u8>,
) -> Response<Body> {
    let status = StatusCode::from_u16(error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = answer(status, content_type, bytes);
    let headers = response.headers_mut();
    if content_type == aws_json::CONTENT_TYPE {
        insert(headers, "x-amzn-errortype", &format!("{}:", error.code));
        insert(
            headers,
            "x-amzn-errormessage",
            &rest::printable(&error.message),
        );
    }
    hints(env, error, headers);
    response
}

/// What a refusal of any face tells beside its words: when to come back and, in development only,
/// the reason.
pub(crate) fn hints(env: &Env, error: &ApiError, headers: &mut HeaderMap) {
    if let Some(seconds) = error.retry_after_seconds {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if env.settings().dev {
        insert(headers, cors::REASON, error.reason);
    }
}

fn text(status: StatusCode, body: &str) -> Response<Body> {
    answer(
        status,
        "text/plain; charset=utf-8",
        body.as_bytes().to_vec(),
    )
}

fn bare(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(empty_body());
    *response.status_mut() = status;
    response
}
