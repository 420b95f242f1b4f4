//! Reading a body, and what must hold of it before anything of it counts.
//!
//! A signature says what the body is: a hash, chunks that each carry a signature, or nothing. This
//! reader hands pieces on as they arrive and compares everything at the end; only then it gives
//! [`Received`], without which no operation stores anything.
//!
//! **Source**: contract page, SigV4 sections 6.2 and 6.7; requirements S27 and S31.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
use super::error;
use crate::error::{ApiError, Failure};
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

/// Everything a request declares about its body.
struct Declared {
    length: Option<u64>,
    sha256: Option<[u8; 32]>,
    md5: Option<Vec<u8>>,
    checksum: Option<(Algorithm, String)>,
    trailers: Vec<String>,
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
        let (framing, length_header) = match verified.payload() {
            Payload::Signed(_) | Payload::Unsigned => (Framing::Plain, "content-length"),
            Payload::StreamingSigned { trailer } => {
                let chain = secret.and_then(|secret| Chain::start(verified, secret));
                let chain = chain.ok_or(SignatureError::Mismatch)?;
                (
                    chunked(Some(chain), trailer),
                    "x-amz-decoded-content-length",
                )
            }
            Payload::StreamingUnsignedTrailer => {
                (chunked(None, false), "x-amz-decoded-content-length")
            }
        };
        let in_chunks = matches!(framing, Framing::Chunked(_));
        let mut declared = Declared {
            length: length(incoming, length_header)?,
            sha256: match verified.payload() {
                Payload::Signed(hash) => Some(hash),
                _ => None,
            },
            md5: content_md5(incoming)?,
            checksum: None,
            trailers: if in_chunks {
                trailers(incoming)
            } else {
                Vec::new()
            },
        };
        if in_chunks && declared.length.is_none() {
            return Err(error::missing_content_length().into());
        }
        if !of_the_object {
            declared.checksum = checksum_header(incoming, lifted)?;
        }
        let mut reading = Self {
            body,
            framing,
            declared,
            bytes: 0,
            bytes_max: u64::MAX,
            sha256: Sha256::new(),
            md5: Md5::new(),
            checksums: Vec::new(),
        };
        reading.watch_declared(incoming, lifted)?;
        Ok(reading)
    }

    /// Computes what was declared, so that it can be compared.
    fn watch_declared(
        &mut self,
        incoming: &Incoming,
        lifted: &[(String, String)],
    ) -> Result<(), ApiError> {
        let in_trailer = self
            .declared
            .trailers
            .iter()
            .filter_map(|name| Algorithm::of_header(name));
        let in_header = self
            .declared
            .checksum
            .as_ref()
            .map(|(algorithm, _)| *algorithm);
        let mut declared: Vec<Algorithm> = in_trailer.chain(in_header).collect();
        if declared.len() > 1 {
            let message = "Expecting a single x-amz-checksum- header";
            return Err(error::invalid_request(message, "request.digest"));
        }
        if declared.is_empty()
            && let Some(name) = value_of(incoming, lifted, "x-amz-sdk-checksum-algorithm")
        {
            declared.extend(Algorithm::named(name));
        }
        for algorithm in declared {
            self.also(algorithm);
        }
        Ok(())
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

fn length(incoming: &Incoming, header: &str) -> Result<Option<u64>, ApiError> {
    let Some(text) = incoming.header(header) else {
        return if incoming.count(header) > 0 {
            Err(error::missing_content_length())
        } else {
            Ok(None)
        };
    };
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let length = text.parse().ok().filter(|_| digits);
    length.map(Some).ok_or_else(error::missing_content_length)
}

fn content_md5(incoming: &Incoming) -> Result<Option<Vec<u8>>, ApiError> {
    if incoming.count("content-md5") == 0 {
        return Ok(None);
    }
    let value = incoming.header("content-md5").unwrap_or_default();
    let digest = STANDARD
        .decode(value)
        .ok()
        .filter(|digest| digest.len() == 16);
    digest.map(Some).ok_or_else(error::invalid_digest)
}

/// The names in `x-amz-trailer`.
fn trailers(incoming: &Incoming) -> Vec<String> {
    let text = incoming.header("x-amz-trailer").unwrap_or_default();
    let names = text.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty()).collect()
}

fn value_of<'a>(
    incoming: &'a Incoming,
    lifted: &'a [(String, String)],
    name: &str,
) -> Option<&'a str> {
    let lifted = lifted.iter().find(|(header, _)| header == name);
    incoming
        .header(name)
        .or(lifted.map(|(_, value)| value.as_str()))
}

fn checksum_header(
    incoming: &Incoming,
    lifted: &[(String, String)],
) -> Result<Option<(Algorithm, String)>, ApiError> {
    let mut found = Algorithm::ALL.into_iter().filter_map(|algorithm| {
        let value = value_of(incoming, lifted, algorithm.header())?;
        Some((algorithm, value.to_owned()))
    });
    let first = found.next();
    if found.next().is_some() {
        let message = "Expecting a single x-amz-checksum- header";
        return Err(error::invalid_request(message, "request.digest"));
    }
    Ok(first)
}
