//! The gate between a socket and the HTTP library.
//!
//! The library serves HTTP/1 and HTTP/2 well, but reads HTTP/1 heads forgivingly and has no time-out
//! for a client that never speaks. The gate holds an HTTP/1 head back until `head.rs` has found
//! exactly one reading for it, then lets it and its counted body through. A head it refuses is
//! replaced by one harmless request, and the connection remembers the status that request is to be
//! answered with; nothing that follows is ever read as a request. HTTP/2 passes unchanged: its
//! frames leave no room for a second reading.
//!
//! A chunked body passes to the library's own strict decoder, and its answer closes the connection
//! (`super::request`), so no request can hide behind it.
//!
//! **Source**: requirements S01, S05, S06; the times of the limits table; RFC 9113 section 3.4.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::connections::Connection;
use super::head::{Framing, Progress, Scan};
use super::limits::{LINGER_BYTES_MAX, Times};

const HTTP2_PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What the library reads in place of a head we refuse.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";

const READ_BYTES: usize = 8 * 1024;

/// A socket whose requests have one reading each.
#[derive(Debug)]
pub(crate) struct Gate<S> {
    stream: S,
    connection: Arc<Connection>,
    times: Times,
    state: State,
    buffer: BytesMut,
    read_timer: Option<Pin<Box<Sleep>>>,
    write_timer: Option<Pin<Box<Sleep>>>,
    linger: Option<Linger>,
}

#[derive(Debug)]
enum State {
    /// The first bytes: which protocol is this?
    Protocol,
    /// An HTTP/1 head is being gathered.
    Head(Scan),
    /// So many bytes of a scanned head go out, then comes what follows it.
    Release(usize, Next),
    /// So many bytes of a body pass.
    Body(u64),
    /// Everything passes: HTTP/2, or the chunks of the last request.
    Through,
    /// Nothing passes any more.
    Refused,
}

#[derive(Clone, Copy, Debug)]
enum Next {
    Body(u64),
    Through,
    Refused,
}

#[derive(Debug)]
struct Linger {
    timer: Pin<Box<Sleep>>,
    left: usize,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Gate<S> {
    /// A gate before a socket that was just accepted; the header time starts now.
    pub(crate) fn new(stream: S, connection: Arc<Connection>, times: Times) -> Self {
        Self {
            stream,
            connection,
            times,
            state: State::Protocol,
            buffer: BytesMut::new(),
            read_timer: Some(Box::pin(tokio::time::sleep(times.header))),
            write_timer: None,
            linger: None,
        }
    }

    /// Looks at what was gathered; says whether more bytes are needed.
    fn examine(&mut self) -> bool {
        if matches!(self.state, State::Protocol) {
            let common = self.buffer.len().min(HTTP2_PREFACE.len());
            let same = self.buffer.get(..common) == HTTP2_PREFACE.get(..common);
            if same && common < HTTP2_PREFACE.len() {
                return true;
            }
            if same {
                self.read_timer = None;
                self.state = State::Through;
                return false;
            }
            self.state = State::Head(Scan::default());
        }
        let State::Head(scan) = &mut self.state else {
            return false;
        };
        match scan.advance(&self.buffer) {
            Progress::Partial => return true,
            Progress::Complete(length, Framing::Length(body)) => {
                self.state = State::Release(length, Next::Body(body));
            }
            Progress::Complete(length, Framing::Chunked) => {
                self.state = State::Release(length, Next::Through);
            }
            Progress::Refused(status) => self.refuse(status),
        }
        self.read_timer = None;
        false
    }

    /// From here on the client's bytes mean nothing.
    fn refuse(&mut self, status: StatusCode) {
        self.connection.refuse(status);
        self.buffer.clear();
        self.buffer.extend_from_slice(STAND_IN);
        self.state = State::Release(STAND_IN.len(), Next::Refused);
        self.read_timer = None;
    }

    /// Gathers more of a head. Ready means the state changed or the input ended.
    fn poll_gather(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Gathered>> {
        let mut space = [0; READ_BYTES];
        let mut piece = ReadBuf::new(&mut space);
        match Pin::new(&mut self.stream).poll_read(context, &mut piece) {
            Poll::Ready(Ok(())) if piece.filled().is_empty() => Poll::Ready(Ok(Gathered::End)),
            Poll::Ready(Ok(())) => {
                if self.buffer.is_empty() && matches!(self.state, State::Head(_)) {
                    // The time between requests is over; the time of a header begins.
                    self.read_timer = Some(Box::pin(tokio::time::sleep(self.times.header)));
                }
                self.buffer.extend_from_slice(piece.filled());
                Poll::Ready(Ok(Gathered::More))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let time = if self.buffer.is_empty() {
                    self.times.keep_alive
                } else {
                    self.times.header
                };
                ready!(poll_timer(&mut self.read_timer, time, context));
                self.read_timer = None;
                if self.buffer.is_empty() {
                    return Poll::Ready(Ok(Gathered::End));
                }
                self.refuse(StatusCode::REQUEST_TIMEOUT);
                Poll::Ready(Ok(Gathered::More))
            }
        }
    }

    /// Passes bytes on; a connection on which nothing is asked and nothing is read has to go.
    fn poll_through(
        &mut self,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.buffer.is_empty() {
            hand_out(&mut self.buffer, usize::MAX, out);
            return Poll::Ready(Ok(()));
        }
        loop {
            if let Poll::Ready(done) = Pin::new(&mut self.stream).poll_read(context, out) {
                self.read_timer = None;
                return Poll::Ready(done);
            }
            ready!(poll_timer(
                &mut self.read_timer,
                self.times.keep_alive,
                context
            ));
            self.read_timer = None;
            if self.connection.is_quiet() {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Passes at most what is left of a counted body.
    fn poll_body(
        &mut self,
        left: u64,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let most = usize::try_from(left).unwrap_or(usize::MAX);
        let passed = if self.buffer.is_empty() {
            let space = out.initialize_unfilled_to(most.min(out.remaining()));
            let mut piece = ReadBuf::new(space);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut piece))?;
            let passed = piece.filled().len();
            out.advance(passed);
            passed
        } else {
            hand_out(&mut self.buffer, most, out)
        };
        let left = left.saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
        self.state = State::Body(left);
        Poll::Ready(Ok(()))
    }

    /// Reads on for a moment, so that closing does not destroy the answer on its way.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let sleep = self.times.linger;
        let linger = self.linger.get_or_insert_with(|| Linger {
            timer: Box::pin(tokio::time::sleep(sleep)),
            left: LINGER_BYTES_MAX,
        });
        let mut space = [0; READ_BYTES];
        while linger.left > 0 && linger.timer.as_mut().poll(context).is_pending() {
            let mut piece = ReadBuf::new(&mut space);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut piece))?;
            if piece.filled().is_empty() {
                break;
            }
            linger.left = linger.left.saturating_sub(piece.filled().len());
        }
        Poll::Ready(Ok(()))
    }
}

enum Gathered {
    More,
    End,
}

/// Waits on a timer, starting it with `duration` if it does not run yet.
fn poll_timer(
    timer: &mut Option<Pin<Box<Sleep>>>,
    duration: Duration,
    context: &mut Context<'_>,
) -> Poll<()> {
    timer
        .get_or_insert_with(|| Box::pin(tokio::time::sleep(duration)))
        .as_mut()
        .poll(context)
}

fn hand_out(buffer: &mut BytesMut, most: usize, out: &mut ReadBuf<'_>) -> usize {
    let length = buffer.len().min(most).min(out.remaining());
    out.put_slice(buffer.get(..length).unwrap_or_default());
    buffer.advance(length);
    length
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gate<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let gate = &mut *self;
        loop {
            match gate.state {
                State::Protocol | State::Head(_) => {
                    let more = gate.buffer.is_empty() || gate.examine();
                    if more && matches!(ready!(gate.poll_gather(context))?, Gathered::End) {
                        return Poll::Ready(Ok(()));
                    }
                }
                State::Release(0, next) => {
                    gate.state = match next {
                        Next::Body(left) => State::Body(left),
                        Next::Through => State::Through,
                        Next::Refused => State::Refused,
                    };
                }
                State::Release(left, next) => {
                    let passed = hand_out(&mut gate.buffer, left, out);
                    gate.state = State::Release(left.saturating_sub(passed), next);
                    return Poll::Ready(Ok(()));
                }
                State::Body(0) => gate.state = State::Head(Scan::default()),
                State::Body(left) => return gate.poll_body(left, context, out),
                State::Through => return gate.poll_through(context, out),
                // The stand-in asked to close: the library will not wait for more.
                State::Refused => return Poll::Ready(Ok(())),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Gate<S> {
    fn watch_write<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_timer = None;
            return written;
        }
        let stalled = self.times.write_idle;
        ready!(poll_timer(&mut self.write_timer, stalled, context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watch_write(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.watch_write(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.watch_write(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        }
        let idle = matches!(
            self.state,
            State::Protocol | State::Head(_) | State::Body(0)
        ) && self.buffer.is_empty();
        if idle {
            return Poll::Ready(Ok(()));
        }
        self.poll_linger(context)
    }
}
