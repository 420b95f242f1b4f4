//! Walking over keys: prefixes, delimiters, and where the next page starts.
//!
//! Keys that share everything up to a delimiter are one line of the listing, and the walk steps over
//! all of them at once; its cost is the lines it gives, not the keys it passes.
//!
//! **Source**: S3 user guide, *Organizing objects using prefixes*; S3 API reference, *ListObjectsV2*.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_store::records::{Object, Position, RecordError, Records, Upload};
use daypass_wire::rest;

use super::error;
use crate::error::ApiError;

/// The most lines of a page.
///
/// **Source**: S3 API reference, *ListObjectsV2*, `max-keys`.
pub(super) const LINES_MAX: usize = 1_000;

/// Keys read at once where a delimiter may step over most of them.
const BATCH: usize = 100;

/// What is listed.
pub(super) struct Question<'a> {
    pub bucket: &'a str,
    pub prefix: &'a str,
    pub delimiter: Option<&'a str>,
    pub from: Position,
    pub limit: usize,
}

/// One page.
#[derive(Debug)]
pub(super) struct Page<T> {
    /// Keys with what is under them, in order.
    pub items: Vec<T>,
    /// Prefixes that stand for several keys, in order.
    pub prefixes: Vec<String>,
    /// Where the next page starts, if there is one.
    pub next: Option<Position>,
}

impl Question<'_> {
    /// The prefix up to the delimiter that stands for `key`.
    fn common<'k>(&self, key: &'k str) -> Option<&'k str> {
        common(key, self.prefix, self.delimiter)
    }

    fn batch(&self, taken: usize) -> usize {
        // One more than wanted tells whether there is a next page.
        let wanted = self.limit.saturating_sub(taken).saturating_add(1);
        if self.delimiter.is_some() {
            wanted.min(BATCH)
        } else {
            wanted
        }
    }

    fn delimited(&self) -> bool {
        self.delimiter.is_some()
    }
}

fn common<'k>(key: &'k str, prefix: &str, delimiter: Option<&str>) -> Option<&'k str> {
    let delimiter = delimiter.filter(|delimiter| !delimiter.is_empty())?;
    let (at, found) = key.strip_prefix(prefix)?.match_indices(delimiter).next()?;
    key.get(..prefix.len() + at + found.len())
}

/// Where a listing starts that a client wants behind `marker`.
pub(super) fn behind(marker: Option<&str>, prefix: &str, delimiter: Option<&str>) -> Position {
    match marker.filter(|marker| !marker.is_empty()) {
        None => Position::Start,
        // The marker is a line that stood for several keys: all of them are behind us.
        Some(marker) if common(marker, prefix, delimiter) == Some(marker) => {
            Position::AfterPrefix(marker.to_owned())
        }
        Some(marker) => Position::AfterKey(marker.to_owned()),
    }
}

/// Lists objects.
pub(super) async fn objects(
    records: &mut Records,
    question: Question<'_>,
) -> Result<Page<(String, Object)>, RecordError> {
    let mut page = Page {
        items: Vec::new(),
        prefixes: Vec::new(),
        next: None,
    };
    let mut position = question.from.clone();
    if question.limit == 0 {
        return Ok(page);
    }
    loop {
        let batch = question.batch(page.items.len() + page.prefixes.len());
        let found = records
            .objects(question.bucket, question.prefix, &position, batch)
            .await?;
        let last = found.len() < batch;
        let mut stepped = false;
        for (key, object) in found {
            if page.items.len() + page.prefixes.len() == question.limit {
                page.next = Some(position);
                return Ok(page);
            }
            if let Some(common) = question.common(&key) {
                page.prefixes.push(common.to_owned());
                position = Position::AfterPrefix(common.to_owned());
                stepped = true;
                break;
            }
            position = Position::AfterKey(key.clone());
            page.items.push((key, object));
        }
        if !stepped && (last || !question.delimited()) {
            return Ok(page);
        }
    }
}

/// Lists uploads; `after_id` goes on within the key that `from` names.
pub(super) async fn uploads(
    records: &mut Records,
    question: Question<'_>,
    after_id: Option<&str>,
) -> Result<Page<(String, String, Upload)>, RecordError> {
    let mut page = Page {
        items: Vec::new(),
        prefixes: Vec::new(),
        next: None,
    };
    let mut position = question.from.clone();
    let mut id = after_id.map(str::to_owned);
    if question.limit == 0 {
        return Ok(page);
    }
    loop {
        let batch = question.batch(page.items.len() + page.prefixes.len());
        let (bucket, prefix) = (question.bucket, question.prefix);
        let found = records
            .uploads(bucket, prefix, &position, id.as_deref(), batch)
            .await?;
        let last = found.len() < batch;
        let mut stepped = false;
        for (key, upload_id, upload) in found {
            if page.items.len() + page.prefixes.len() == question.limit {
                page.next = Some(position);
                return Ok(page);
            }
            if let Some(common) = question.common(&key) {
                page.prefixes.push(common.to_owned());
                (position, id) = (Position::AfterPrefix(common.to_owned()), None);
                stepped = true;
                break;
            }
            (position, id) = (Position::AfterKey(key.clone()), Some(upload_id.clone()));
            page.items.push((key, upload_id, upload));
        }
        if !stepped && (last || !question.delimited()) {
            return Ok(page);
        }
    }
}

/// A position as clients carry it. It gives no rights: what it may be used for is decided each time.
pub(super) fn token(position: &Position) -> String {
    let text = match position {
        Position::Start => String::new(),
        Position::AfterKey(key) => format!("k{key}"),
        Position::AfterPrefix(prefix) => format!("p{prefix}"),
    };
    URL_SAFE_NO_PAD.encode(text)
}

/// The position of a token.
pub(super) fn position(token: &str) -> Result<Position, ApiError> {
    let refused = || {
        let message = "The continuation token provided is incorrect";
        error::invalid_argument(message, "request.page_token")
    };
    let bytes = URL_SAFE_NO_PAD.decode(token).map_err(|_| refused())?;
    let text = String::from_utf8(bytes).map_err(|_| refused())?;
    match text.split_at_checked(1) {
        Some(("k", key)) => Ok(Position::AfterKey(key.to_owned())),
        Some(("p", prefix)) => Ok(Position::AfterPrefix(prefix.to_owned())),
        _ => Err(refused()),
    }
}

/// How many lines a client gets who asks for `asked`.
pub(super) fn limit(asked: Option<i32>) -> Result<usize, ApiError> {
    let Some(asked) = asked else {
        return Ok(LINES_MAX);
    };
    let refused = |_| {
        let message = "Argument maxKeys must be an integer between 0 and 2147483647";
        error::invalid_argument(message, "request.invalid")
    };
    Ok(usize::try_from(asked).map_err(refused)?.min(LINES_MAX))
}

/// A name as the listing writes it: escaped if the client asked for that.
pub(super) fn written(name: &str, escaped: bool) -> String {
    if escaped {
        rest::encode(name).replace("%2F", "/")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests;
