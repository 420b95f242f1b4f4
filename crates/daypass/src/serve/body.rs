//! The body of a request on its way in, watched, and the mark that an answer is on its way out.
//!
//! The service reads a body as a stream and may map a broken one to whatever its face says. What
//! actually happened to the connection is noted here, so that the listener can give the answer the
//! limits table asks for and close.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use daypass_service::{Body, BodyError};
use http::StatusCode;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::time::Sleep;

use super::connections::Answering;

/// What became of a body.
#[derive(Debug, Default)]
pub(crate) struct Fate(AtomicU8);

const READING: u8 = 0;
const COMPLETE: u8 = 1;
const STALLED: u8 = 2;
const BROKEN: u8 = 3;

impl Fate {
    fn set(&self, fate: u8) {
        self.0.store(fate, Ordering::Release);
    }

    /// Whether the whole body arrived.
    pub(crate) fn is_complete(&self) -> bool {
        self.0.load(Ordering::Acquire) == COMPLETE
    }

    /// The status for a body that did not arrive as HTTP.
    pub(crate) fn refusal(&self) -> Option<StatusCode> {
        match self.0.load(Ordering::Acquire) {
            STALLED => Some(StatusCode::REQUEST_TIMEOUT),
            BROKEN => Some(StatusCode::BAD_REQUEST),
            _ => None,
        }
    }
}

/// A body with a time-out between its pieces.
struct Watched {
    inner: Incoming,
    idle: Duration,
    timer: Option<Pin<Box<Sleep>>>,
    fate: Arc<Fate>,
}

/// Watches a body as it is read.
pub(crate) fn watch(inner: Incoming, idle: Duration, fate: Arc<Fate>) -> Body {
    fate.set(if inner.is_end_stream() {
        COMPLETE
    } else {
        READING
    });
    Watched {
        inner,
        idle,
        timer: None,
        fate,
    }
    .boxed_unsync()
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let body = &mut *self;
        match Pin::new(&mut body.inner).poll_frame(context) {
            Poll::Ready(frame) => {
                body.timer = None;
                match &frame {
                    None => body.fate.set(COMPLETE),
                    Some(Err(_)) => body.fate.set(BROKEN),
                    Some(Ok(_)) if body.inner.is_end_stream() => body.fate.set(COMPLETE),
                    Some(Ok(_)) => {}
                }
                Poll::Ready(frame.map(|frame| frame.map_err(BodyError::from)))
            }
            Poll::Pending => {
                let idle = body.idle;
                let timer = body
                    .timer
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(idle)));
                ready!(timer.as_mut().poll(context));
                body.timer = None;
                body.fate.set(STALLED);
                Poll::Ready(Some(Err("the body stopped arriving".into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// An answer that keeps its connection marked as busy until it has been sent.
pub(crate) fn until_sent(body: Body, answering: Answering) -> Body {
    Marked {
        inner: body,
        _answering: answering,
    }
    .boxed_unsync()
}

struct Marked {
    inner: Body,
    _answering: Answering,
}

impl HttpBody for Marked {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
