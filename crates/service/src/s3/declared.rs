//! What a request declares about its body, read before the first byte of it.
//!
//! **Source**: contract page, SigV4 section 6.7; S3 user guide, *Checking object integrity*.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_proof::sigv4::Payload;

use super::checksum::Algorithm;
use super::error;
use crate::error::ApiError;
use crate::incoming::Incoming;

/// Everything that is compared at the end of the body.
pub(super) struct Declared {
    /// How many bytes, framing not counted.
    pub length: Option<u64>,
    /// Their SHA-256, covered by the signature.
    pub sha256: Option<[u8; 32]>,
    /// Their MD5.
    pub md5: Option<Vec<u8>>,
    /// A checksum and its value, from a header.
    pub checksum: Option<(Algorithm, String)>,
    /// The trailers that must come.
    pub trailers: Vec<String>,
    /// The checksum to compute: of a header, of a trailer, or one the client only names.
    pub algorithm: Option<Algorithm>,
}

impl Declared {
    /// Reads the declarations; `lifted` are headers that came as query parameters.
    ///
    /// With `of_the_object`, a checksum header is about the object and not about this body.
    pub(super) fn read(
        incoming: &Incoming,
        lifted: &[(String, String)],
        payload: Payload,
        of_the_object: bool,
    ) -> Result<Self, ApiError> {
        let mut declared = match payload {
            Payload::Signed(_) | Payload::Unsigned => Self {
                length: length(incoming, "content-length")?,
                ..Self::nothing()
            },
            Payload::StreamingSigned { .. } | Payload::StreamingUnsignedTrailer => Self {
                length: length(incoming, "x-amz-decoded-content-length")?
                    .map(Some)
                    .ok_or_else(error::missing_content_length)?,
                trailers: trailers(incoming),
                ..Self::nothing()
            },
        };
        if let Payload::Signed(hash) = payload {
            declared.sha256 = Some(hash);
        }
        declared.md5 = content_md5(incoming)?;
        if !of_the_object {
            declared.checksum = checksum_header(incoming, lifted)?;
        }
        declared.algorithm = declared.computed()?;
        if declared.algorithm.is_none()
            && let Some(name) = value_of(incoming, lifted, "x-amz-sdk-checksum-algorithm")
        {
            declared.algorithm = Algorithm::named(name);
        }
        Ok(declared)
    }

    const fn nothing() -> Self {
        Self {
            length: None,
            sha256: None,
            md5: None,
            checksum: None,
            trailers: Vec::new(),
            algorithm: None,
        }
    }

    /// The one checksum whose value comes along.
    fn computed(&self) -> Result<Option<Algorithm>, ApiError> {
        let trailers = self.trailers.iter();
        let in_trailer = trailers.filter_map(|name| Algorithm::of_header(name));
        let in_header = self.checksum.iter().map(|(algorithm, _)| *algorithm);
        single(in_trailer.chain(in_header))
    }
}

/// The only item, if there is one.
fn single<T>(mut items: impl Iterator<Item = T>) -> Result<Option<T>, ApiError> {
    let first = items.next();
    if items.next().is_some() {
        let message = "Expecting a single x-amz-checksum- header";
        return Err(error::invalid_request(message, "request.digest"));
    }
    Ok(first)
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
    single(Algorithm::ALL.into_iter().filter_map(|algorithm| {
        let value = value_of(incoming, lifted, algorithm.header())?;
        Some((algorithm, value.to_owned()))
    }))
}
