//! Reading a body, and what must hold of it before anything of it counts.
//!
//! A signature says what the body is: a hash, chunks that each carry a signature, or nothing. This
//! reader hands pieces on as they arrive and compares everything at the end; only then it gives
//! [`Received`], without which no operation stores anything.
//!
//! **Source**: contract page, SigV4 sections 6.2 and 6.7; requirements S27 and S31.

use bytes::Bytes;
use daypass_proof::secret::SecretAccessKey;
use daypass_proof::sigv4::chunked::Chain;
use daypass_proof::sigv4::{Payload, SignatureError, VerifiedSignature};
use daypass_store::records::ObjectChecksum;
use http_body_util::BodyExt;
use md5::{Digest as _, Md5};
use s3s::crypto::{Checksum as _, Sha256};

use super::checksum::{self, Algorithm, Running};
use super::chunks::{Frame, Frames};
use super::declared::Declared;
use super::error;
use crate::error::Failure;
use crate::handle::Body;
use crate::incoming::Incoming;

const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";

/// A body that arrived whole and is the one that was signed.
///
/// Holding one is the proof; only [`Reading`] makes it.
#[derive(Debug)]
pub(super) struct Received {
    bytes: u64,
    md5: [u8; 16],
    checksums: Vec<ObjectChecksum>,
}

impl Received {
    /// How many bytes there were.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Their MD5.
    pub(super) fn md5(&self) -> [u8; 16] {
        self.md5
    }

    /// The checksum by an algorithm that was declared or asked for.
    pub(super) fn checksum(&self, algorithm: Algorithm) -> Option<&ObjectChecksum> {
        self.checksums
            .iter()
            .find(|sum| sum.algorithm == algorithm.name())
    }

    /// The checksum the client declared, or the first one asked for.
    pub(super) fn first_checksum(&self) -> Option<&ObjectChecksum> {
        self.checksums.first()
    }
}

/// The next thing a body gives.
pub(super) enum Step {
    /// Some of its bytes.
    Piece(Bytes),
    /// All was read, and all of it holds.
    End(Received),
}

enum Framing {
    Plain,
    Chunked(Box<Chunked>),
}

struct Chunked {
    frames: Frames,
    /// Checks chunk signatures, where chunks are signed.
    chain: Option<Chain>,
    signed_trailer: bool,
    chunk: Sha256,
    chunk_bytes: u64,
}

/// A body being read.
pub(super) struct Reading {
    body: Body,
    framing: Framing,
    declared: Declared,
    bytes: u64,
    bytes_max: u64,
    sha256: Sha256,
    md5: Md5,
    checksums: Vec<Running>,
}

impl Reading {
    /// A body that nothing is known of yet but what the request says.
    ///
    /// `of_the_object` is set where a checksum header is about the object and not about this body.
    pub(super) fn new(
        incoming: &Incoming,
        lifted: &[(String, String)],
        body: Body,
        verified: &VerifiedSignature,
        secret: Option<&SecretAccessKey>,
        of_the_object: bool,
    ) -> Result<Self, Failure> {
        let framing = match verified.payload() {
            Payload::Signed(_) | Payload::Unsigned => Framing::Plain,
            Payload::StreamingSigned { trailer } => {
                let chain = secret.and_then(|secret| Chain::start(verified, secret));
                chunked(Some(chain.ok_or(SignatureError::Mismatch)?), trailer)
            }
            Payload::StreamingUnsignedTrailer => chunked(None, false),
        };
        let declared = Declared::read(incoming, lifted, verified.payload(), of_the_object)?;
        let computed = declared.algorithm.map(Running::new);
        Ok(Self {
            body,
            framing,
            declared,
            bytes: 0,
            bytes_max: u64::MAX,
            sha256: Sha256::new(),
            md5: Md5::new(),
            checksums: computed.into_iter().collect(),
        })
    }

    /// Also computes this checksum.
    pub(super) fn also(&mut self, algorithm: Algorithm) {
        if !self
            .checksums
            .iter()
            .any(|known| known.algorithm() == algorithm)
        {
            self.checksums.push(Running::new(algorithm));
        }
    }

    /// Whether any checksum is computed.
    pub(super) fn has_checksum(&self) -> bool {
        !self.checksums.is_empty()
    }

    /// Refuses a body of more bytes, at once if it announces them.
    pub(super) fn limit(&mut self, bytes_max: u64) -> Result<(), TooLong> {
        self.bytes_max = bytes_max;
        match self.declared.length {
            Some(length) if length > bytes_max => Err(TooLong),
            _ => Ok(()),
        }
    }

    /// The length the request announces.
    pub(super) fn length(&self) -> Option<u64> {
        self.declared.length
    }

    /// The next piece, or the end.
    pub(super) async fn next(&mut self) -> Result<Step, Failure> {
        loop {
            if let Framing::Chunked(chunked) = &mut self.framing
                && let Some(piece) = chunked.next()?
            {
                self.take(&piece)?;
                return Ok(Step::Piece(piece));
            }
            match self.body.frame().await {
                Some(Ok(frame)) => {
                    let Ok(bytes) = frame.into_data() else {
                        continue;
                    };
                    match &mut self.framing {
                        Framing::Chunked(chunked) => chunked.frames.push(&bytes),
                        Framing::Plain if bytes.is_empty() => {}
                        Framing::Plain => {
                            self.take(&bytes)?;
                            return Ok(Step::Piece(bytes));
                        }
                    }
                }
                Some(Err(_)) => return Err(error::incomplete_body().into()),
                None => return self.end().map(Step::End),
            }
        }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), Failure> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        if self.bytes > self.bytes_max {
            return Err(Failure::TooLarge);
        }
        if self
            .declared
            .length
            .is_some_and(|declared| self.bytes > declared)
        {
            return Err(error::incomplete_body().into());
        }
        if self.declared.sha256.is_some() {
            self.sha256.update(piece);
        }
        self.md5.update(piece);
        for checksum in &mut self.checksums {
            checksum.update(piece);
        }
        Ok(())
    }

    /// Compares everything. INVARIANT: nothing of a body counts before this.
    fn end(&mut self) -> Result<Received, Failure> {
        let framing = std::mem::replace(&mut self.framing, Framing::Plain);
        let trailers = match framing {
            Framing::Plain => Vec::new(),
            Framing::Chunked(chunked) => chunked.end(&self.declared.trailers)?,
        };
        if self
            .declared
            .length
            .is_some_and(|declared| self.bytes != declared)
        {
            return Err(error::incomplete_body().into());
        }
        let sha256 = std::mem::replace(&mut self.sha256, Sha256::new()).finalize();
        if self
            .declared
            .sha256
            .is_some_and(|declared| declared != AsRef::<[u8]>::as_ref(&sha256))
        {
            return Err(error::content_sha256_mismatch().into());
        }
        let md5: [u8; 16] = std::mem::take(&mut self.md5).finalize().into();
        if self
            .declared
            .md5
            .as_ref()
            .is_some_and(|declared| *declared != md5)
        {
            return Err(error::bad_digest("Content-MD5").into());
        }
        let mut checksums = Vec::new();
        for running in std::mem::take(&mut self.checksums) {
            let algorithm = running.algorithm();
            let sum = checksum::whole(algorithm, &running.finish());
            let declared = self.declared.checksum.iter();
            let declared = declared.filter(|(declared, _)| *declared == algorithm);
            let trailing = trailers
                .iter()
                .filter(|(name, _)| name == algorithm.header());
            let values = declared
                .map(|(_, value)| value)
                .chain(trailing.map(|(_, value)| value));
            for value in values {
                algorithm.decode(value).ok_or_else(error::invalid_digest)?;
                if *value != sum.value {
                    return Err(error::bad_digest(algorithm.name()).into());
                }
            }
            checksums.push(sum);
        }
        Ok(Received {
            bytes: self.bytes,
            md5,
            checksums,
        })
    }

    /// Reads a body whole, up to `bytes_max` bytes.
    pub(super) async fn collect(mut self, bytes_max: usize) -> Result<Bytes, Failure> {
        let bytes_max = u64::try_from(bytes_max).unwrap_or(u64::MAX);
        self.limit(bytes_max).map_err(|TooLong| Failure::TooLarge)?;
        let mut collected = Vec::new();
        loop {
            match self.next().await? {
                Step::Piece(piece) => collected.extend_from_slice(&piece),
                Step::End(_) => return Ok(Bytes::from(collected)),
            }
        }
    }
}

/// The body announces more bytes than allowed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct TooLong;

fn chunked(chain: Option<Chain>, signed_trailer: bool) -> Framing {
    Framing::Chunked(Box::new(Chunked {
        frames: Frames::new(),
        chain,
        signed_trailer,
        chunk: Sha256::new(),
        chunk_bytes: 0,
    }))
}

impl Chunked {
    /// The next bytes, or nothing until more arrive; signatures of complete chunks are checked.
    fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            match self.frames.next().map_err(|_| error::incomplete_body())? {
                Frame::Hungry => return Ok(None),
                Frame::Data(bytes) => {
                    if self.chain.is_some() {
                        self.chunk.update(&bytes);
                    }
                    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    self.chunk_bytes = self.chunk_bytes.saturating_add(length);
                    return Ok(Some(bytes));
                }
                Frame::EndOfChunk { signature, .. } => self.check(signature.as_deref())?,
            }
        }
    }

    fn check(&mut self, signature: Option<&str>) -> Result<(), Failure> {
        let length = std::mem::take(&mut self.chunk_bytes);
        let Some(chain) = &mut self.chain else {
            return Ok(());
        };
        let hash = std::mem::replace(&mut self.chunk, Sha256::new()).finalize();
        let hash: Result<[u8; 32], _> = AsRef::<[u8]>::as_ref(&hash).try_into();
        let hash = hash.map_err(|_| SignatureError::Mismatch)?;
        let signature = signature.ok_or(SignatureError::Mismatch)?;
        Ok(chain.hashed_chunk(signature.as_bytes(), &hash, length)?)
    }

    /// The trailers, their signature checked, each of them announced and each announced one there.
    fn end(self, announced: &[String]) -> Result<Vec<(String, String)>, Failure> {
        let trailers = self
            .frames
            .trailers()
            .map_err(|_| error::malformed_trailer())?;
        let (signatures, trailers): (Vec<_>, Vec<_>) = trailers
            .into_iter()
            .partition(|(name, _)| name == TRAILER_SIGNATURE);
        if let Some(chain) = self.chain {
            if self.signed_trailer {
                let signature = signatures.first().ok_or(SignatureError::Mismatch)?;
                let pairs: Vec<(&str, &str)> = trailers
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                chain.trailer(signature.1.as_bytes(), &pairs)?;
            } else {
                chain.finish()?;
                if !trailers.is_empty() {
                    return Err(error::malformed_trailer().into());
                }
                return Ok(trailers);
            }
        }
        let arrived = |name: &String| trailers.iter().any(|(trailer, _)| trailer == name);
        let expected = |(name, _): &(String, String)| announced.contains(name);
        if announced.iter().all(arrived) && trailers.iter().all(expected) {
            Ok(trailers)
        } else {
            Err(error::malformed_trailer().into())
        }
    }
}
