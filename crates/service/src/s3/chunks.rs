//! The framing of a body sent in chunks (`aws-chunked`).
//!
//! Bytes are pushed in as they arrive and frames are pulled out; nothing is held but one line or one
//! arrived piece. Signatures are only carried here, `reading.rs` checks them.
//!
//! **Shape**: `<hex size>[;chunk-signature=<hex>]\r\n<bytes>\r\n` per chunk, the last of size 0,
//! then `name:value\r\n` per trailer and an empty line.
//!
//! **Source**: S3 API reference, *Signature calculations for the Authorization header: transferring
//! payload in multiple chunks*, and *…with trailing headers*.

use bytes::{Buf, Bytes, BytesMut};

/// The longest chunk header: sixteen digits and a signature are 98 bytes.
const LINE_BYTES_MAX: usize = 256;

/// The most bytes behind the last chunk: a checksum and a signature are some 150.
const TRAILER_BYTES_MAX: usize = 4 * 1_024;

/// The framing is broken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct BrokenFrame;

/// The next thing in the stream.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Frame {
    /// More bytes are needed first.
    Hungry,
    /// Bytes of the body.
    Data(Bytes),
    /// A chunk is complete; the signature is the one in its header.
    EndOfChunk {
        /// The signature, if chunks carry one.
        signature: Option<String>,
        /// Whether it was the empty one that ends the body.
        last: bool,
    },
}

#[derive(Debug)]
enum State {
    Header,
    Data {
        left: u64,
        signature: Option<String>,
    },
    DataEnd {
        signature: Option<String>,
    },
    Trailers,
}

/// Reads frames out of arriving bytes.
#[derive(Debug)]
pub(super) struct Frames {
    buffer: BytesMut,
    state: State,
}

impl Frames {
    /// At the start of a body.
    pub(super) fn new() -> Self {
        Self {
            buffer: BytesMut::new(),
            state: State::Header,
        }
    }

    /// Takes arrived bytes.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame.
    pub(super) fn next(&mut self) -> Result<Frame, BrokenFrame> {
        match &mut self.state {
            State::Header => self.header(),
            State::Data { left, signature } => {
                let arrived = u64::try_from(self.buffer.len()).map_err(|_| BrokenFrame)?;
                if arrived == 0 {
                    return Ok(Frame::Hungry);
                }
                let take = arrived.min(*left);
                *left -= take;
                let signature = signature.take();
                if *left == 0 {
                    self.state = State::DataEnd { signature };
                } else {
                    self.state = State::Data {
                        left: *left,
                        signature,
                    };
                }
                let take = usize::try_from(take).map_err(|_| BrokenFrame)?;
                Ok(Frame::Data(self.buffer.split_to(take).freeze()))
            }
            State::DataEnd { signature } => {
                if self.buffer.len() < 2 {
                    return Ok(Frame::Hungry);
                }
                if !self.buffer.starts_with(b"\r\n") {
                    return Err(BrokenFrame);
                }
                let signature = signature.take();
                self.buffer.advance(2);
                self.state = State::Header;
                Ok(Frame::EndOfChunk {
                    signature,
                    last: false,
                })
            }
            State::Trailers if self.buffer.len() > TRAILER_BYTES_MAX => Err(BrokenFrame),
            State::Trailers => Ok(Frame::Hungry),
        }
    }

    fn header(&mut self) -> Result<Frame, BrokenFrame> {
        let end = self.buffer.windows(2).position(|pair| pair == b"\r\n");
        let Some(end) = end else {
            return if self.buffer.len() > LINE_BYTES_MAX {
                Err(BrokenFrame)
            } else {
                Ok(Frame::Hungry)
            };
        };
        if end > LINE_BYTES_MAX {
            return Err(BrokenFrame);
        }
        let line = self.buffer.split_to(end);
        self.buffer.advance(2);
        let line = std::str::from_utf8(&line).map_err(|_| BrokenFrame)?;
        let (size, signature) = match line.split_once(';') {
            None => (line, None),
            Some((size, extension)) => {
                let signature = extension.strip_prefix("chunk-signature=");
                (size, Some(signature.ok_or(BrokenFrame)?.to_owned()))
            }
        };
        if size.is_empty() || !size.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BrokenFrame);
        }
        let left = u64::from_str_radix(size, 16).map_err(|_| BrokenFrame)?;
        if left == 0 {
            self.state = State::Trailers;
            return Ok(Frame::EndOfChunk {
                signature,
                last: true,
            });
        }
        self.state = State::Data { left, signature };
        self.next()
    }

    /// The trailers, lower-case names in the order received, once the stream has ended.
    pub(super) fn trailers(self) -> Result<Vec<(String, String)>, BrokenFrame> {
        if !matches!(self.state, State::Trailers) || self.buffer.len() > TRAILER_BYTES_MAX {
            return Err(BrokenFrame);
        }
        let text = std::str::from_utf8(&self.buffer).map_err(|_| BrokenFrame)?;
        let mut trailers: Vec<(String, String)> = Vec::new();
        for line in text.split('\n').map(|line| line.trim_end_matches('\r')) {
            if line.is_empty() {
                continue;
            }
            let (name, value) = line.split_once(':').ok_or(BrokenFrame)?;
            let name = name.to_ascii_lowercase();
            if trailers.iter().any(|(known, _)| *known == name) {
                return Err(BrokenFrame);
            }
            trailers.push((name, value.trim().to_owned()));
        }
        Ok(trailers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes, chunks, trailers.
    type Whole = (Vec<u8>, usize, Vec<(String, String)>);

    fn read(body: &[u8], piece: usize) -> Result<Whole, BrokenFrame> {
        let mut frames = Frames::new();
        let (mut data, mut chunks) = (Vec::new(), 0);
        for piece in body.chunks(piece) {
            frames.push(piece);
            loop {
                match frames.next()? {
                    Frame::Hungry => break,
                    Frame::Data(bytes) => data.extend_from_slice(&bytes),
                    Frame::EndOfChunk { .. } => chunks += 1,
                }
            }
        }
        Ok((data, chunks, frames.trailers()?))
    }

    #[test]
    fn a_body_reads_the_same_however_it_arrives() {
        let body = b"5;chunk-signature=aa\r\nhello\r\n3\r\n!\r\n\r\n0;chunk-signature=bb\r\n\
                     X-Amz-Checksum-Crc32:AAAAAA==\r\nx-amz-trailer-signature:cc\r\n\r\n";
        for piece in 1..=body.len() {
            let (data, chunks, trailers) = read(body, piece).unwrap();
            assert_eq!(data, b"hello!\r\n", "pieces of {piece}");
            assert_eq!(chunks, 3);
            assert_eq!(trailers[0].0, "x-amz-checksum-crc32");
            assert_eq!(trailers[1].1, "cc");
        }
    }

    #[test]
    fn broken_frames_and_cut_bodies_are_refused() {
        let broken: [&[u8]; 9] = [
            b"5\r\nhello0\r\n\r\n",
            b"-5\r\nhello\r\n0\r\n\r\n",
            b"+5\r\nhello\r\n0\r\n\r\n",
            b"\r\nhello\r\n0\r\n\r\n",
            b"fffffffffffffffff\r\n",
            b"5;other=1\r\nhello\r\n0\r\n\r\n",
            b"5\r\nhel",
            b"5\r\nhello\r\n",
            b"0\r\na:b\r\na:c\r\n\r\n",
        ];
        for body in broken {
            assert_eq!(
                read(body, 4),
                Err(BrokenFrame),
                "{:?}",
                String::from_utf8_lossy(body)
            );
        }
        assert_eq!(read(&[b'1'; 400], 50), Err(BrokenFrame), "an endless line");
        let mut endless = b"0\r\n".to_vec();
        endless.resize(6_000, b'a');
        assert_eq!(read(&endless, 100), Err(BrokenFrame), "an endless trailer");
    }
}
