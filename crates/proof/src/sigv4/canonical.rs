//! One request, one text: the canonical form that both sides hash.
//!
//! Everything here works on what came over the wire. A percent escape that is cut short or not
//! hexadecimal is refused, not guessed, because a later decoder might guess differently.
//!
//! **Source**: IAM user guide, *Create a signed AWS API request*, step 1; S3 API reference,
//! *Signature calculations*; requirement S35.

use aws_lc_rs::digest;

use super::error::SignatureError;
use super::{Dialect, RequestView};

/// How the path enters the canonical form.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum PathRule {
    /// S3: decoded and encoded once, dot segments and empty segments kept.
    AsSentOnce,
    /// Other services: normalised, then encoded on top of the encoding it came with.
    NormalizedTwice,
    /// The same without normalising; some signers can be told to leave the path alone.
    #[cfg(test)]
    AsSentTwice,
}

/// What an unescaped `+` in the query means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Plus {
    /// A plus sign.
    Literal,
    /// A space, as forms write it.
    Space,
}

/// The choices that make one canonical form out of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spelling<'a> {
    /// How the path enters.
    pub(super) path: PathRule,
    /// What `+` means in the query.
    pub(super) plus: Plus,
    /// Query parameters that were added after signing.
    pub(super) excluded: &'a [&'a str],
}

impl PathRule {
    pub(super) fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::S3 => Self::AsSentOnce,
            Dialect::Json | Dialect::Query => Self::NormalizedTwice,
        }
    }
}

impl Plus {
    /// The readings to try. Each is a full check, so a second reading weakens nothing.
    pub(super) fn readings(dialect: Dialect, query: &str) -> &'static [Self] {
        match dialect {
            Dialect::S3 => &[Self::Space],
            _ if query.contains('+') => &[Self::Literal, Self::Space],
            _ => &[Self::Literal],
        }
    }
}

/// The canonical request; it is hashed and never shown.
pub(super) struct CanonicalRequest(Vec<u8>);

impl CanonicalRequest {
    pub(super) fn of(
        request: &RequestView,
        signed_headers: &[String],
        payload: &str,
        spelling: &Spelling,
    ) -> Result<Self, SignatureError> {
        let mut text = Vec::with_capacity(512);
        text.extend_from_slice(request.method.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(path(request.path, spelling.path)?.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(query(request.query, spelling)?.as_bytes());
        text.push(b'\n');
        for name in signed_headers {
            header(&mut text, request, name)?;
        }
        text.push(b'\n');
        text.extend_from_slice(signed_headers.join(";").as_bytes());
        text.push(b'\n');
        text.extend_from_slice(payload.as_bytes());
        Ok(Self(text))
    }

    pub(super) fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }

    #[cfg(test)]
    pub(super) fn text(&self) -> &[u8] {
        &self.0
    }
}

fn path(path: &str, rule: PathRule) -> Result<String, SignatureError> {
    let mut encoded = String::with_capacity(path.len() + 8);
    match rule {
        PathRule::AsSentOnce => encode(&mut encoded, &decode(path, Plus::Literal)?, true),
        PathRule::NormalizedTwice => encode(&mut encoded, normalized(path).as_bytes(), true),
        #[cfg(test)]
        PathRule::AsSentTwice => encode(&mut encoded, path.as_bytes(), true),
    }
    if encoded.is_empty() {
        encoded.push('/');
    }
    Ok(encoded)
}

fn normalized(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment),
        }
    }
    let mut normal = String::from("/");
    normal.push_str(&segments.join("/"));
    if path.ends_with('/') && !segments.is_empty() {
        normal.push('/');
    }
    normal
}

fn query(query: &str, spelling: &Spelling) -> Result<String, SignatureError> {
    let mut pairs = Vec::new();
    for (name, value) in pieces(query) {
        let name = decode(name, spelling.plus)?;
        if spelling
            .excluded
            .iter()
            .any(|excluded| excluded.as_bytes() == name)
        {
            continue;
        }
        let mut pair = (String::new(), String::new());
        encode(&mut pair.0, &name, false);
        encode(&mut pair.1, &decode(value, spelling.plus)?, false);
        pairs.push(pair);
    }
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    Ok(pairs.join("&"))
}

/// The `name` and `value` of each piece of a query, still encoded; empty pieces are dropped.
pub(super) fn pieces(query: &str) -> impl Iterator<Item = (&str, &str)> {
    query
        .split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| piece.split_once('=').unwrap_or((piece, "")))
}

fn header(text: &mut Vec<u8>, request: &RequestView, name: &str) -> Result<(), SignatureError> {
    let mut values = request.values(name).peekable();
    if values.peek().is_none() {
        return Err(SignatureError::SignedHeaderAbsent {
            name: name.to_owned(),
        });
    }
    text.extend_from_slice(name.as_bytes());
    let mut separator = b':';
    for value in values {
        text.push(separator);
        collapse(text, value);
        separator = b',';
    }
    text.push(b'\n');
    Ok(())
}

/// Trims a value and writes each run of blanks, line folding included, as one space.
fn collapse(text: &mut Vec<u8>, value: &[u8]) {
    let mut words = value
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        text.extend_from_slice(first);
    }
    for word in words {
        text.push(b' ');
        text.extend_from_slice(word);
    }
}

/// Percent-encodes every byte that is not unreserved; `/` stays only in paths.
pub(super) fn encode(out: &mut String, bytes: &[u8], keep_slash: bool) {
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            b'/' if keep_slash => out.push('/'),
            _ => {
                out.push('%');
                out.push(digit(byte >> 4).to_ascii_uppercase());
                out.push(digit(byte & 15).to_ascii_uppercase());
            }
        }
    }
}

/// Undoes percent-encoding once.
pub(super) fn decode(text: &str, plus: Plus) -> Result<Vec<u8>, SignatureError> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let high = bytes
                    .next()
                    .and_then(nibble)
                    .ok_or(SignatureError::MalformedEscape)?;
                let low = bytes
                    .next()
                    .and_then(nibble)
                    .ok_or(SignatureError::MalformedEscape)?;
                high << 4 | low
            }
            b'+' if plus == Plus::Space => b' ',
            other => other,
        });
    }
    Ok(decoded)
}

/// The SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = digest::digest(&digest::SHA256, bytes);
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8; 32]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

/// Reads exactly 64 hexadecimal digits of either case.
pub(super) fn unhex(text: &[u8]) -> Option<[u8; 32]> {
    if text.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    let mut digits = text.iter().copied().map(nibble);
    for byte in &mut bytes {
        *byte = digits.next()?? << 4 | digits.next()??;
    }
    Some(bytes)
}

fn digit(value: u8) -> char {
    char::from(if value < 10 {
        b'0' + value
    } else {
        b'a' + (value - 10)
    })
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}
