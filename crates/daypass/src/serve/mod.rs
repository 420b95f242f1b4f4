//! The listener: sockets in, requests out, and a clean end.
//!
//! One accept loop for HTTP/1.1 and HTTP/2. What the library does not bound is bounded here: who may
//! connect and how many, how long a client may be silent, how a request must be written
//! ([`gate`], [`head`], [`admit`]), how many are worked on at once ([`request`]). The house itself is
//! one function, handed in, so that this room knows nothing of faces and operations.
//!
//! **Source**: requirements S01, S05, S06, S83, S91, F19, F20 and F22.

pub(crate) mod admit;
mod body;
mod connections;
mod gate;
mod head;
pub(crate) mod limits;
pub(crate) mod peer;
mod request;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use daypass_service::{Arrival, Body};
use http::{Request, Response};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};

use admit::Hosts;
use connections::{Connection, Connections, Place};
use gate::Gate;
use limits::{
    HEADER_COUNT_MAX, HEADERS_BYTES_MAX, REQUEST_LINE_BYTES_MAX, RESETS_MAX, STREAMS_MAX, Times,
};
use peer::Proxies;
use request::{Desk, Turns};

/// The bound on an HTTP/2 head: the gate's two bounds for HTTP/1 and their line ends.
const HEAD_BYTES_MAX: usize = REQUEST_LINE_BYTES_MAX + HEADERS_BYTES_MAX + 4;

/// The library's buffer for a connection; a head must fit, and bodies pass in pieces of this size.
const BUFFER_BYTES_MAX: usize = 128 * 1024;

/// How a listener behaves.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The hosts it answers for.
    pub(crate) hosts: Hosts,
    /// The proxies whose words are believed.
    pub(crate) proxies: Proxies,
    /// Whether only those proxies, and this machine, may connect.
    pub(crate) proxies_only: bool,
    /// The times of the limits table.
    pub(crate) times: Times,
    /// How many connections fit.
    pub(crate) connections_max: usize,
}

/// Serves until `stop` is ready, then lets what is being answered finish.
///
/// Says whether everything finished within its time.
pub(crate) async fn serve<H, F>(
    listener: TcpListener,
    rules: Rules,
    handler: H,
    stop: impl Future<Output = ()>,
) -> bool
where
    H: Fn(Request<Body>, Arrival) -> F + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let times = rules.times;
    let graceful = GracefulShutdown::new();
    let connections = Arc::new(Connections::new(rules.connections_max));
    let proxies_only = rules.proxies_only;
    let desk = Arc::new(Desk {
        handler,
        hosts: rules.hosts,
        proxies: rules.proxies,
        times,
        turns: Turns::new(),
    });
    let protocol = Arc::new(protocol());
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                pause_after(&error, times).await;
                continue;
            }
        };
        if proxies_only && !may_connect(&desk.proxies, peer) {
            tracing::debug!(%peer, "refused a connection that did not come through a proxy");
            continue;
        }
        let speaks_for_many = desk.proxies.trusts(peer.ip());
        let connection = Arc::new(Connection::new());
        let address = (!speaks_for_many).then(|| peer.ip());
        let Some(place) = connections.enter(address, &connection) else {
            tracing::debug!(%peer, "refused a connection: no room");
            continue;
        };
        let number = place.number();
        let seat = Seat {
            place,
            watcher: graceful.watcher(),
            connection,
            peer: peer.ip(),
        };
        let task = tokio::spawn(seat.converse(stream, Arc::clone(&desk), Arc::clone(&protocol)));
        connections.served_by(number, task.abort_handle());
    }
    drop(listener);
    tokio::time::timeout(times.drain, graceful.shutdown())
        .await
        .is_ok()
}

fn may_connect(proxies: &Proxies, peer: SocketAddr) -> bool {
    let address = peer.ip().to_canonical();
    address.is_loopback() || proxies.trusts(address)
}

/// Out of descriptors: wait for some to come free instead of spinning. Everything else that accept
/// reports belongs to the connection that failed, and that one is gone.
async fn pause_after(error: &io::Error, times: Times) {
    let full = [rustix::io::Errno::MFILE, rustix::io::Errno::NFILE]
        .iter()
        .any(|errno| error.raw_os_error() == Some(errno.raw_os_error()));
    if full {
        tracing::warn!("no file descriptors left; accepting pauses");
        tokio::time::sleep(times.accept_pause).await;
    } else {
        tracing::debug!(%error, "a connection failed before it was accepted");
    }
}

fn protocol() -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        // A client that has sent everything may close its side and still wait for the answer.
        .half_close(true)
        .max_headers(HEADER_COUNT_MAX)
        .max_buf_size(BUFFER_BYTES_MAX);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS_MAX)
        .max_header_list_size(u32::try_from(HEAD_BYTES_MAX).unwrap_or(u32::MAX))
        .max_pending_accept_reset_streams(RESETS_MAX)
        .max_local_error_reset_streams(RESETS_MAX);
    builder
}

/// What one connection holds while it is open.
struct Seat {
    place: Place,
    watcher: Watcher,
    connection: Arc<Connection>,
    peer: IpAddr,
}

impl Seat {
    async fn converse<H, F>(
        self,
        stream: TcpStream,
        desk: Arc<Desk<H>>,
        protocol: Arc<auto::Builder<TokioExecutor>>,
    ) where
        H: Fn(Request<Body>, Arrival) -> F + Send + Sync + 'static,
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let Self {
            place,
            watcher,
            connection,
            peer,
        } = self;
        // Small answers leave at once; a socket that refuses the option still works.
        let _refused = stream.set_nodelay(true);
        let gate = Gate::new(stream, Arc::clone(&connection), desk.times);
        let service = service_fn(move |request| {
            let answer = Arc::clone(&desk).answer(Arc::clone(&connection), peer, request);
            async move { Ok::<_, Infallible>(answer.await) }
        });
        let conversation = protocol.serve_connection(TokioIo::new(gate), service);
        if let Err(error) = watcher.watch(conversation).await {
            tracing::debug!(%peer, %error, "a connection ended early");
        }
        drop(place);
    }
}

#[cfg(test)]
mod tests;
