//! One request at the listener: admitted, given its turn and its moment, handed to the house.
//!
//! The house is one function from a request to a response; it runs in its own task, so a defect in
//! one request ends that request and nothing else.
//!
//! **Source**: requirements S01, S06, S83, F19; limits table (requests in flight, waiting, times).

use std::future::Future;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use daypass_service::{Arrival, Body};
use http::header::{CONNECTION, CONTENT_TYPE, RETRY_AFTER, TRANSFER_ENCODING};
use http::{HeaderValue, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::admit::{Hosts, admit};
use super::body::{self, Fate};
use super::connections::Connection;
use super::limits::{IN_FLIGHT_MAX, Times, WAITING_MAX};
use super::peer::Proxies;
use crate::clock;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Desk<H> {
    /// The house.
    pub(crate) handler: H,
    /// The hosts this server answers for.
    pub(crate) hosts: Hosts,
    /// The proxies whose words are believed.
    pub(crate) proxies: Proxies,
    /// The times of the limits table.
    pub(crate) times: Times,
    /// Whose turn it is.
    pub(crate) turns: Turns,
}

impl<H, F> Desk<H>
where
    H: Fn(Request<Body>, Arrival) -> F + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    /// Answers one request of a connection.
    pub(crate) async fn answer(
        self: Arc<Self>,
        connection: Arc<Connection>,
        peer: IpAddr,
        request: Request<Incoming>,
    ) -> Response<Body> {
        let answering = connection.answering();
        let version = request.version();
        let (mut response, close) = match connection.refused() {
            Some(status) => (plain(status), true),
            None => Arc::clone(&self).respond(peer, request).await,
        };
        if close && version < Version::HTTP_2 {
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response.map(|body| body::until_sent(body, answering))
    }

    /// The response, and whether the connection must end with it.
    async fn respond(
        self: Arc<Self>,
        peer: IpAddr,
        mut request: Request<Incoming>,
    ) -> (Response<Body>, bool) {
        if let Err(status) = admit(&mut request, &self.hosts) {
            return (plain(status), true);
        }
        let turn = if is_probe(request.uri().path()) {
            None
        } else {
            match self.turns.take(self.times.turn).await {
                Some(turn) => Some(turn),
                None => return (busy(), false),
            }
        };
        // A chunked body is the last thing on its connection: see `super::gate`.
        let chunked = request.headers().contains_key(TRANSFER_ENCODING);
        let (peer, secure) = self.proxies.client(peer, request.headers());
        let arrival = Arrival {
            now_millis: clock::now_millis(),
            peer,
            secure,
        };
        let whole = (!may_stream(&request)).then_some(self.times.whole);
        let fate = Arc::new(Fate::default());
        let request =
            request.map(|body| body::watch(body, self.times.body_idle, Arc::clone(&fate)));

        // Even the first step of the house is taken inside its task.
        let answer = async move { (self.handler)(request, arrival).await };
        let response = in_own_task(answer, turn, whole, &fate).await;
        match (response, fate.refusal()) {
            (_, Some(status)) | (Err(status), None) => (plain(status), true),
            (Ok(response), None) => (response, chunked),
        }
    }
}

/// Runs the house's answer where a panic ends nothing else. The turn is held until it ends, even
/// when the client has gone: what was begun is finished.
async fn in_own_task<F>(
    answer: F,
    turn: Option<OwnedSemaphorePermit>,
    whole: Option<Duration>,
    fate: &Fate,
) -> Result<Response<Body>, StatusCode>
where
    F: Future<Output = Response<Body>> + Send + 'static,
{
    let mut task = tokio::spawn(async move {
        let response = answer.await;
        drop(turn);
        response
    });
    let ended = match whole {
        None => Ok((&mut task).await),
        Some(whole) => tokio::time::timeout(whole, &mut task).await,
    };
    match ended {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => {
            tracing::error!("a request ended in a defect and was answered with 500");
            Err(StatusCode::INTERNAL_SERVER_ERROR)
        }
        Err(_) => {
            task.abort();
            let late = if fate.is_complete() {
                StatusCode::SERVICE_UNAVAILABLE
            } else {
                StatusCode::REQUEST_TIMEOUT
            };
            Err(late)
        }
    }
}

/// The probes of an orchestrator are answered even when everything else has to wait.
fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// Whether a request may take as long as its body keeps moving: an object, as opposed to a call in
/// one of the two call encodings.
fn may_stream<B>(request: &Request<B>) -> bool {
    let form = request.headers().get(CONTENT_TYPE).is_some_and(|value| {
        value
            .as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    !form && !request.headers().contains_key("x-amz-target")
}

/// A response from before any face is known: a status and nothing else.
fn plain(status: StatusCode) -> Response<Body> {
    let nothing = Empty::<Bytes>::new().map_err(|never| match never {});
    let mut response = Response::new(nothing.boxed_unsync());
    *response.status_mut() = status;
    response
}

fn busy() -> Response<Body> {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

/// Bounded work and a bounded queue before it.
#[derive(Debug)]
pub(crate) struct Turns {
    in_flight: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Turns {
    /// The turns of the limits table.
    pub(crate) fn new() -> Self {
        Self {
            in_flight: Arc::new(Semaphore::new(IN_FLIGHT_MAX)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// A turn, now or within `patience`; `None` when too many wait or it took too long.
    async fn take(&self, patience: Duration) -> Option<OwnedSemaphorePermit> {
        if let Ok(turn) = Arc::clone(&self.in_flight).try_acquire_owned() {
            return Some(turn);
        }
        let _waiting = Waiting::enter(&self.waiting)?;
        let turn = Arc::clone(&self.in_flight).acquire_owned();
        tokio::time::timeout(patience, turn).await.ok()?.ok()
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn enter(waiting: &'a AtomicUsize) -> Option<Self> {
        let before = waiting.fetch_add(1, Ordering::AcqRel);
        let entered = Self(waiting);
        (before < WAITING_MAX).then_some(entered)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn f19_turns_and_their_queue_are_bounded() {
        let turns = Arc::new(Turns::new());
        let patience = Duration::from_secs(10);
        let mut held = Vec::new();
        for _ in 0..IN_FLIGHT_MAX {
            held.push(turns.take(patience).await.unwrap());
        }
        let waiters: Vec<_> = (0..WAITING_MAX)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move { turns.take(patience).await.is_some() })
            })
            .collect();
        while turns.waiting.load(Ordering::Acquire) < WAITING_MAX {
            tokio::task::yield_now().await;
        }
        assert!(turns.take(patience).await.is_none(), "the queue is full");
        drop(held.pop());
        let mut served = 0;
        for waiter in waiters {
            served += usize::from(waiter.await.unwrap());
        }
        // One permit came free; each waiter that got it gave it back at once.
        assert_eq!(served, WAITING_MAX);
        assert_eq!(turns.waiting.load(Ordering::Acquire), 0);
        assert!(turns.take(patience).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn f19_a_turn_that_never_comes_is_given_up() {
        let turns = Turns::new();
        let _all = Arc::clone(&turns.in_flight)
            .acquire_many_owned(512)
            .await
            .unwrap();
        assert!(turns.take(Duration::from_secs(10)).await.is_none());
    }

    #[test]
    fn calls_are_bounded_in_time_and_objects_are_not() {
        let request =
            |name: &str, value: &str| Request::builder().header(name, value).body(()).unwrap();
        assert!(!may_stream(&request("x-amz-target", "A.B")));
        let form = "application/x-www-form-urlencoded; charset=utf-8";
        assert!(!may_stream(&request("content-type", form)));
        assert!(may_stream(&request("content-type", "image/png")));
    }
}
