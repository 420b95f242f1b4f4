//! Calling others: the keys of issuers, and providers that vouch for opaque tokens.
//!
//! Whom to call comes from what an operator registered, but what a name means comes from outside,
//! and so does every byte of the answer. So each call resolves the name afresh, looks at the address
//! it is about to connect to, and connects to exactly that address; it follows no redirect, goes
//! through no proxy, carries no cookie, keeps no connection, unpacks nothing, and ends by itself.
//! Certificates are checked against the roots of the machine (`SSL_CERT_FILE` names others).
//!
//! **Source**: requirements S79 and S81.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use daypass_core::issuer::is_public;
use daypass_service::{
    CONNECT_MILLIS_MAX, DOCUMENT_BYTES_MAX, EXCHANGE_MILLIS_MAX, IssuerSettings, Outbound,
    OutboundDocument, OutboundError, OutboundRequest,
};
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, HOST, USER_AGENT};
use http::{Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_rustls::ConfigBuilderExt;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

/// Calls that run at once; the next one waits, and the waiting counts.
const CALLS_MAX: usize = 64;
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;
/// Bytes of an answer's head.
const HEAD_BYTES_MAX: usize = 16 * 1024;

/// Where the addresses of a name come from.
#[async_trait]
pub(crate) trait Resolve: Send + Sync + 'static {
    /// The addresses of a host now.
    async fn addresses(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>>;
}

/// The resolver of the machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct System;

#[async_trait]
impl Resolve for System {
    async fn addresses(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// Calls others.
pub(crate) struct Fetcher<R = System> {
    named: Vec<String>,
    tls: TlsConnector,
    calls: Semaphore,
    resolver: R,
}

impl Fetcher {
    /// Calls servers of the internet, and the private ones that the operator named.
    ///
    /// **Errors**: the roots of the machine cannot be read.
    pub(crate) fn new(settings: &IssuerSettings) -> std::io::Result<Self> {
        Self::over(settings, System)
    }
}

impl<R: Resolve> Fetcher<R> {
    fn over(settings: &IssuerSettings, resolver: R) -> std::io::Result<Self> {
        let config = ClientConfig::builder();
        let mut config = config.with_native_roots()?.with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let endpoints = settings.endpoints.values();
        let endpoints = endpoints.filter_map(|url| Some(bare(url.parse::<Uri>().ok()?.host()?)));
        Ok(Self {
            named: settings.private.iter().cloned().chain(endpoints).collect(),
            tls: TlsConnector::from(Arc::new(config)),
            calls: Semaphore::new(CALLS_MAX),
            resolver,
        })
    }

    async fn call(&self, request: OutboundRequest) -> Result<OutboundDocument, OutboundError> {
        let _call = self.calls.acquire().await.map_err(|error| failed(&error))?;
        let place = Place::read(&request.url)?;
        let connecting = timeout(
            Duration::from_millis(CONNECT_MILLIS_MAX),
            self.connect(&place),
        );
        let stream = connecting
            .await
            .map_err(|_| refused("nobody took the connection in time"))??;
        let request = message(&place, request)?;
        if !place.tls {
            return exchange(stream, request).await;
        }
        let name = ServerName::try_from(place.host.clone()).map_err(|error| failed(&error))?;
        let stream = self.tls.connect(name, stream).await;
        exchange(stream.map_err(|error| failed(&error))?, request).await
    }

    /// Connects to an address that was looked at, and to no other.
    async fn connect(&self, place: &Place) -> Result<TcpStream, OutboundError> {
        let literal = place.host.parse::<IpAddr>();
        let addresses = if let Ok(address) = literal {
            vec![SocketAddr::new(address, place.port)]
        } else {
            let resolved = self.resolver.addresses(&place.host, place.port).await;
            resolved.map_err(|error| failed(&error))?
        };
        let named = self
            .named
            .iter()
            .any(|named| named.eq_ignore_ascii_case(&place.host));
        let mut last = refused("the name has no address that may be called");
        for address in addresses.into_iter().take(ADDRESSES_MAX) {
            // INVARIANT: what is checked is what is connected to; a name is not asked twice.
            let public = is_public(address.ip());
            if !(if place.tls {
                public || named
            } else {
                !public && named
            }) {
                continue;
            }
            match TcpStream::connect(address).await {
                Ok(stream) => return Ok(stream),
                Err(error) => last = failed(&error),
            }
        }
        Err(last)
    }
}

#[async_trait]
impl<R: Resolve> Outbound for Fetcher<R> {
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundDocument, OutboundError> {
        let whole = Duration::from_millis(EXCHANGE_MILLIS_MAX);
        timeout(whole, self.call(request))
            .await
            .unwrap_or_else(|_| Err(refused("no answer in time")))
    }
}

/// Where a request goes.
#[derive(Debug)]
struct Place {
    tls: bool,
    host: String,
    port: u16,
    authority: String,
    target: String,
}

impl Place {
    fn read(url: &str) -> Result<Self, OutboundError> {
        let uri: Uri = url.parse().map_err(|_| refused("not a URL"))?;
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(refused("neither https nor http")),
        };
        let authority = uri.authority().ok_or_else(|| refused("no host"))?;
        let host = bare(authority.host());
        if host.is_empty() || authority.as_str().contains('@') {
            return Err(refused("no plain host"));
        }
        let target = uri.path_and_query().map_or("/", |target| target.as_str());
        Ok(Self {
            tls,
            host,
            port: uri.port_u16().unwrap_or(if tls { 443 } else { 80 }),
            authority: authority.to_string(),
            target: target.to_owned(),
        })
    }
}

/// A host without the brackets that an address of the sixth version has in a URL.
fn bare(host: &str) -> String {
    host.trim_matches(['[', ']']).to_owned()
}

fn message(place: &Place, request: OutboundRequest) -> Result<Request<Full<Bytes>>, OutboundError> {
    let method = request.body.as_ref().map_or(Method::GET, |_| Method::POST);
    let mut message = Request::builder()
        .method(method)
        .uri(&place.target)
        .header(HOST, &place.authority)
        .header(ACCEPT, "application/json")
        .header(ACCEPT_ENCODING, "identity")
        .header(USER_AGENT, concat!("daypass/", env!("CARGO_PKG_VERSION")));
    for (name, value) in request.headers {
        message = message.header(name, value);
    }
    let message = message.body(Full::new(request.body.unwrap_or_default()));
    message.map_err(|_| refused("the request cannot be made"))
}

/// One request and its whole answer on a fresh connection, which ends with it.
async fn exchange<S>(
    stream: S,
    request: Request<Full<Bytes>>,
) -> Result<OutboundDocument, OutboundError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = http1::Builder::new()
        .max_buf_size(HEAD_BYTES_MAX)
        .handshake(TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.map_err(|error| failed(&error))?;
    let mut driver = JoinSet::new();
    driver.spawn(async move {
        // What goes wrong here shows at the other end of the channel.
        let _ended = connection.await;
    });
    let answer = sender.send_request(request).await;
    let (head, body) = answer.map_err(|error| failed(&error))?.into_parts();
    if head.headers.contains_key(CONTENT_ENCODING) {
        return Err(refused("the answer is packed"));
    }
    let body = Limited::new(body, DOCUMENT_BYTES_MAX).collect().await;
    let body = body.map_err(|error| OutboundError(format!("the answer broke off: {error}")))?;
    Ok(OutboundDocument {
        status: head.status.as_u16(),
        body: body.to_bytes(),
    })
}

fn refused(sentence: &str) -> OutboundError {
    OutboundError(sentence.to_owned())
}

fn failed(error: &dyn std::error::Error) -> OutboundError {
    let cause = error.source().map(|cause| format!(": {cause}"));
    OutboundError(format!("{error}{}", cause.unwrap_or_default()))
}

#[cfg(test)]
mod tests;
