//! A small client that signs, for the console, the command line and the demo.
//!
//! It speaks to one daypass and knows the three encodings of its faces only as far as headers and
//! signatures go. It follows no redirects and keeps no cookies. The console reaches the house it
//! stands in without a socket; everything else is the same, so that nothing has a private door.
//!
//! **Source**: IAM user guide, *Create a signed AWS API request*.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SecretError, SessionToken};
use daypass_proof::sigv4::sign::Signer;
use daypass_proof::sigv4::{Dialect, Payload, RequestView};
use daypass_service::{Arrival, Body, Env};
use http::header::{
    CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderMap, HeaderName, HeaderValue, USER_AGENT,
};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::clock;

/// The longest answer that is read.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How long one call may take.
const CALL: Duration = Duration::from_secs(30);

/// Keys to sign with.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    /// The key's name.
    pub(crate) access_key_id: AccessKeyId,
    /// The key's secret.
    pub(crate) secret_access_key: SecretAccessKey,
    /// The token that goes with temporary keys.
    pub(crate) session_token: Option<SessionToken>,
}

impl Keys {
    /// Keys made of texts.
    pub(crate) fn from_texts(
        id: &str,
        secret: &str,
        token: Option<&str>,
    ) -> Result<Self, SecretError> {
        Ok(Self {
            access_key_id: id.parse()?,
            secret_access_key: secret.parse()?,
            session_token: token.map(str::parse).transpose()?,
        })
    }
}

/// One request before it is signed.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    /// The method.
    pub(crate) method: Method,
    /// The path as it goes out, percent-encoded.
    pub(crate) path: &'a str,
    /// The service to sign for.
    pub(crate) service: &'a str,
    /// The encoding of the face.
    pub(crate) dialect: Dialect,
    /// What the body is.
    pub(crate) content_type: &'a str,
    /// The operation of a JSON face.
    pub(crate) target: Option<&'a str>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// The keys; public operations have none.
    pub(crate) keys: Option<&'a Keys>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The headers.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The request could not be made.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The other side could not be reached or broke off.
    #[error("no answer: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("no answer within {} seconds", .0.as_secs())]
    Late(Duration),
}

/// A client of one daypass.
#[derive(Debug)]
pub(crate) struct Client {
    line: Line,
    endpoint: String,
    region: String,
    agent: &'static str,
    patience: Duration,
}

/// How the daypass is reached.
#[derive(Debug)]
enum Line {
    /// Over a socket.
    Http(HyperClient<HttpConnector, Full<Bytes>>),
    /// Over a socket with TLS, believing the roots that the machine believes.
    Https(HyperClient<HttpsConnector<HttpConnector>, Full<Bytes>>),
    /// From inside its own process, on behalf of a person who arrived like this.
    House(Arc<Env>, Arrival),
}

impl Client {
    /// A client for an endpoint like `http://127.0.0.1:4600`.
    pub(crate) fn new(endpoint: String, region: String) -> Self {
        let http = HyperClient::builder(TokioExecutor::new()).build_http();
        Self::over(Line::Http(http), endpoint, region)
    }

    /// A client for an endpoint that may also be `https://…`, waiting so long for each answer.
    ///
    /// **Errors**: the roots of the machine cannot be read.
    pub(crate) fn connect(
        endpoint: String,
        region: String,
        patience: Duration,
    ) -> Result<Self, ClientError> {
        let client = if endpoint.starts_with("https:") {
            let roots = HttpsConnectorBuilder::new()
                .with_native_roots()
                .map_err(|error| ClientError::Request(error.to_string()))?;
            let connector = roots.https_only().enable_http1().build();
            let https = HyperClient::builder(TokioExecutor::new()).build(connector);
            Self::over(Line::Https(https), endpoint, region)
        } else {
            Self::new(endpoint, region)
        };
        Ok(Self { patience, ..client })
    }

    fn over(line: Line, endpoint: String, region: String) -> Self {
        Self {
            line,
            endpoint,
            region,
            agent: concat!("daypass-cli/", env!("CARGO_PKG_VERSION")),
            patience: CALL,
        }
    }

    /// A client inside the house, for a person whose own request arrived like `arrival`.
    pub(crate) fn inside(
        env: Arc<Env>,
        arrival: Arrival,
        endpoint: String,
        region: String,
    ) -> Self {
        Self {
            agent: concat!("daypass-console/", env!("CARGO_PKG_VERSION")),
            ..Self::over(Line::House(env, arrival), endpoint, region)
        }
    }

    /// Where the daypass is.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The Region it is in.
    pub(crate) fn region(&self) -> &str {
        &self.region
    }

    /// Signs and sends one call.
    pub(crate) async fn send(&self, call: Call<'_>) -> Result<Answer, ClientError> {
        let request = self.request(call)?;
        self.in_time(request).await
    }

    /// Sends a request that is no operation, like one for a document, with these headers only.
    pub(crate) async fn plain(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Answer, ClientError> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.endpoint))
            .header(USER_AGENT, self.agent);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(Full::new(Bytes::new()))
            .map_err(|error| ClientError::Request(error.to_string()))?;
        self.in_time(request).await
    }

    async fn in_time(&self, request: Request<Full<Bytes>>) -> Result<Answer, ClientError> {
        tokio::time::timeout(self.patience, self.exchange(request))
            .await
            .map_err(|_| ClientError::Late(self.patience))?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, ClientError> {
        let (head, body) = match &self.line {
            Line::Http(http) => outside(http.request(request).await).await?,
            Line::Https(https) => outside(https.request(request).await).await?,
            Line::House(env, arrival) => {
                let request = request
                    .map(|body| -> Body { body.map_err(|never| match never {}).boxed_unsync() });
                let response = daypass_service::handle(env, request, *arrival).await;
                let (head, body) = response.into_parts();
                let body = read(body, ANSWER_BYTES_MAX).await;
                (head, body.map_err(ClientError::Unreachable)?)
            }
        };
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body,
        })
    }

    /// The moment to sign with: inside the house, the moment of the request that asks.
    fn now_millis(&self) -> i64 {
        match &self.line {
            Line::Http(_) | Line::Https(_) => clock::now_millis(),
            Line::House(_, arrival) => arrival.now_millis,
        }
    }

    fn request(&self, call: Call<'_>) -> Result<Request<Full<Bytes>>, ClientError> {
        let made = |error: &dyn std::fmt::Display| ClientError::Request(error.to_string());
        let uri: http::Uri = format!("{}{}", self.endpoint, call.path)
            .parse()
            .map_err(|error| made(&error))?;
        let host = uri.authority().map(ToString::to_string).unwrap_or_default();
        let mut headers = vec![(HOST.to_string(), host.into_bytes())];
        headers.push((
            CONTENT_TYPE.to_string(),
            call.content_type.as_bytes().to_vec(),
        ));
        headers.push((USER_AGENT.to_string(), self.agent.as_bytes().to_vec()));
        if let Some(target) = call.target {
            headers.push(("x-amz-target".to_owned(), target.as_bytes().to_vec()));
        }
        if let Some(keys) = call.keys {
            let signer = Signer {
                access_key_id: &keys.access_key_id,
                secret: &keys.secret_access_key,
                session_token: keys.session_token.as_ref(),
                region: &self.region,
                service: call.service,
                dialect: call.dialect,
            };
            let view = RequestView {
                method: call.method.as_str(),
                path: uri.path(),
                query: uri.query().unwrap_or_default(),
                headers: &headers,
            };
            let now = self.now_millis().div_euclid(1_000);
            let authorization = signer
                .authorize(&view, Payload::of(&call.body), now)
                .map_err(|error| made(&error))?;
            let added = authorization.into_headers().into_iter();
            headers.extend(added.map(|(name, value)| (name, value.into_bytes())));
        }
        if let Line::House(..) = &self.line {
            // What the connection adds to requests that go over one.
            let length = call.body.len().to_string();
            headers.push((CONTENT_LENGTH.to_string(), length.into_bytes()));
        }
        let mut request = Request::new(Full::new(Bytes::from(call.body)));
        *request.method_mut() = call.method;
        *request.uri_mut() = match &self.line {
            Line::Http(_) | Line::Https(_) => uri,
            // What the listener does for requests from outside: a path for a target.
            Line::House(..) => uri
                .path_and_query()
                .cloned()
                .map_or_else(http::Uri::default, http::Uri::from),
        };
        *request.headers_mut() = header_map(headers).map_err(|error| made(&error))?;
        Ok(request)
    }
}

/// Reads what came over a socket, up to the bound.
async fn outside(
    response: Result<Response<Incoming>, hyper_util::client::legacy::Error>,
) -> Result<(http::response::Parts, Bytes), ClientError> {
    let (head, body) = response.map_err(|error| unreachable(&error))?.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
    let body = body.map_err(|error| ClientError::Unreachable(error.to_string()))?;
    Ok((head, body.to_bytes()))
}

/// Reads a body of the house, up to a bound.
///
/// **Errors**: why it did not read, in words.
pub(crate) async fn read(mut body: Body, bytes_max: usize) -> Result<Bytes, String> {
    let mut read = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| error.to_string())?;
        let piece = frame.into_data().unwrap_or_default();
        if piece.len() > bytes_max.saturating_sub(read.len()) {
            return Err(format!("longer than {bytes_max} bytes"));
        }
        read.extend_from_slice(&piece);
    }
    Ok(read.freeze())
}

fn header_map(headers: Vec<(String, Vec<u8>)>) -> Result<HeaderMap, http::Error> {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    Ok(map)
}

/// The library's own message says only that something failed; its cause says what.
fn unreachable(error: &hyper_util::client::legacy::Error) -> ClientError {
    let cause = std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
    ClientError::Unreachable(cause)
}
