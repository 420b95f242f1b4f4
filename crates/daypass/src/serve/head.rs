//! The strict reading of an HTTP/1 request head, before the HTTP library sees it.
//!
//! Two readers that disagree about where a request ends let a stranger hide one request inside
//! another. The library forgives a lone line feed, a length beside a transfer coding, a repeated
//! length; a proxy in front may forgive other things. Here nothing is forgiven: a head has one
//! reading, or the connection ends with the status that says why.
//!
//! **Shape**: `token SP target SP HTTP/1.x CRLF *(name ":" value CRLF) CRLF`.
//! **Source**: RFC 9112 sections 2 to 6; requirements S01, S05 and S06.

use http::StatusCode;

use super::limits::{
    HEADER_BYTES_MAX, HEADER_COUNT_MAX, HEADERS_BYTES_MAX, REQUEST_LINE_BYTES_MAX,
};

/// How the body that follows a head is delimited.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Framing {
    /// By a count of bytes; zero when there is no body.
    Length(u64),
    /// By chunks.
    Chunked,
}

/// What a scan knows so far.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Progress {
    /// The head has not ended yet.
    Partial,
    /// The head takes this many bytes, and its body is delimited so.
    Complete(usize, Framing),
    /// This is not a head we answer.
    Refused(StatusCode),
}

/// A scan over the growing bytes of one head; each byte is looked at once.
#[derive(Debug, Default)]
pub(crate) struct Scan {
    line_start: usize,
    seen: usize,
    version: Option<Version>,
    headers_bytes: usize,
    header_count: usize,
    hosts: usize,
    length: Option<u64>,
    chunked: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Version {
    Http10,
    Http11,
}

impl Scan {
    /// Looks at the bytes that came since the last call. `bytes` always starts at the head's start.
    pub(crate) fn advance(&mut self, bytes: &[u8]) -> Progress {
        loop {
            let unseen = bytes.get(self.seen..).unwrap_or_default();
            let Some(offset) = unseen.iter().position(|byte| *byte == b'\n') else {
                self.seen = bytes.len();
                return self.partial(bytes.get(self.line_start..).unwrap_or_default());
            };
            let end = self.seen.saturating_add(offset);
            let line = bytes.get(self.line_start..end).unwrap_or_default();
            self.seen = end.saturating_add(1);
            self.line_start = self.seen;
            // A line feed without its carriage return ends a line for some readers only.
            let Some(line) = line.strip_suffix(b"\r") else {
                return Progress::Refused(StatusCode::BAD_REQUEST);
            };
            let step = match self.version {
                None => self.request_line(line),
                Some(version) if line.is_empty() => return self.finish(version),
                Some(version) => self.header(version, line),
            };
            if let Err(status) = step {
                return Progress::Refused(status);
            }
        }
    }

    /// An unfinished line must still be able to end within its limit.
    fn partial(&self, line: &[u8]) -> Progress {
        let length = line.strip_suffix(b"\r").unwrap_or(line).len();
        if self.version.is_some() {
            let all = self.headers_bytes.saturating_add(length);
            if length > HEADER_BYTES_MAX || all > HEADERS_BYTES_MAX {
                return Progress::Refused(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
            }
        } else if line.first().is_some_and(|first| !is_token(*first)) {
            // Another protocol altogether, TLS for instance: no use in waiting for more of it.
            return Progress::Refused(StatusCode::BAD_REQUEST);
        } else if length > REQUEST_LINE_BYTES_MAX {
            return Progress::Refused(StatusCode::URI_TOO_LONG);
        }
        Progress::Partial
    }

    fn request_line(&mut self, line: &[u8]) -> Result<(), StatusCode> {
        if line.len() > REQUEST_LINE_BYTES_MAX {
            return Err(StatusCode::URI_TOO_LONG);
        }
        let mut parts = line.split(|byte| *byte == b' ');
        let (Some(method), Some(target), Some(version), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(StatusCode::BAD_REQUEST);
        };
        let method_fits = !method.is_empty() && method.iter().all(|byte| is_token(*byte));
        // A fragment never travels; the library would drop it and verify another path.
        let target_fits = !target.is_empty()
            && target
                .iter()
                .all(|byte| byte.is_ascii_graphic() && *byte != b'#');
        if !method_fits || !target_fits {
            return Err(StatusCode::BAD_REQUEST);
        }
        self.version = match version {
            b"HTTP/1.1" => Some(Version::Http11),
            b"HTTP/1.0" => Some(Version::Http10),
            _ => return Err(StatusCode::BAD_REQUEST),
        };
        Ok(())
    }

    fn header(&mut self, version: Version, line: &[u8]) -> Result<(), StatusCode> {
        self.headers_bytes = self
            .headers_bytes
            .saturating_add(line.len())
            .saturating_add(2);
        self.header_count = self.header_count.saturating_add(1);
        if line.len() > HEADER_BYTES_MAX
            || self.headers_bytes > HEADERS_BYTES_MAX
            || self.header_count > HEADER_COUNT_MAX
        {
            return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        }
        let colon = line
            .iter()
            .position(|byte| *byte == b':')
            .ok_or(StatusCode::BAD_REQUEST)?;
        let name = line.get(..colon).unwrap_or_default();
        let value = line.get(colon.saturating_add(1)..).unwrap_or_default();
        // A folded line starts with a space and a loose name ends with one; neither is a token.
        if name.is_empty() || !name.iter().all(|byte| is_token(*byte)) {
            return Err(StatusCode::BAD_REQUEST);
        }
        if !value.iter().all(|byte| is_field_content(*byte)) {
            return Err(StatusCode::BAD_REQUEST);
        }
        self.framing_header(version, name, value.trim_ascii())
    }

    fn framing_header(
        &mut self,
        version: Version,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), StatusCode> {
        if name.eq_ignore_ascii_case(b"host") {
            self.hosts = self.hosts.saturating_add(1);
        } else if name.eq_ignore_ascii_case(b"content-length") {
            if self.length.is_some() {
                return Err(StatusCode::BAD_REQUEST);
            }
            self.length = Some(length(value).ok_or(StatusCode::BAD_REQUEST)?);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            let plain = value.eq_ignore_ascii_case(b"chunked") && version == Version::Http11;
            if !plain || self.chunked {
                return Err(StatusCode::BAD_REQUEST);
            }
            self.chunked = true;
        }
        Ok(())
    }

    fn finish(&self, version: Version) -> Progress {
        let hosts_fit = self.hosts == 1 || (self.hosts == 0 && version == Version::Http10);
        match (hosts_fit, self.length, self.chunked) {
            (true, length, false) => {
                Progress::Complete(self.seen, Framing::Length(length.unwrap_or(0)))
            }
            (true, None, true) => Progress::Complete(self.seen, Framing::Chunked),
            // INVARIANT: a length beside a transfer coding never reaches the library.
            _ => Progress::Refused(StatusCode::BAD_REQUEST),
        }
    }
}

/// A length is digits and nothing else: no sign, no list, no space.
fn length(value: &[u8]) -> Option<u64> {
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value)
        .ok()?
        .parse::<u64>()
        .ok()
        .filter(|length| *length < 1 << 62)
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_field_content(byte: u8) -> bool {
    byte == b'\t' || byte == b' ' || byte.is_ascii_graphic() || byte >= 0x80
}

#[cfg(test)]
mod tests;
