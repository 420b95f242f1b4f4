//! Uploads in parts, and the parts that have arrived.
//!
//! **Shape**: `upload <bucket> <key> <upload id>` → the upload; `part <upload id> <number>` → a
//! part, its number written with leading zeros so that text order is number order.
//!
//! **Source**: S3 API reference, *ListMultipartUploads* and *ListParts*.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use daypass_core::time::Timestamp;

use super::object::{ObjectChecksum, Position};
use super::{RecordError, Records};
use crate::stored::{self, Stored};
use crate::{Key, Range};

const UPLOAD: &str = "upload";
const PART: &str = "part";

/// The most parts an upload has.
///
/// **Source**: S3 user guide, *Amazon S3 multipart upload limits*.
pub const PARTS_MAX: usize = 10_000;

/// An upload that was begun and neither completed nor aborted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Upload {
    /// When it was begun.
    pub created: Timestamp,
    /// The checksum algorithm asked for.
    pub algorithm: Option<String>,
    /// Whether the checksum is to be one of the parts' checksums.
    pub composite: bool,
    /// Headers for the object.
    pub headers: BTreeMap<String, String>,
    /// The user's metadata for the object.
    pub metadata: BTreeMap<String, String>,
}

/// One part of an upload.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Part {
    /// The file that holds its bytes.
    pub body: String,
    /// How many bytes.
    pub size_bytes: u64,
    /// Its entity tag, without quotes.
    pub etag: String,
    /// Its checksum.
    pub checksum: Option<ObjectChecksum>,
    /// When it arrived.
    pub modified: Timestamp,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct UploadForm {
    created: i64,
    algorithm: Option<String>,
    composite: bool,
    headers: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
}

impl Stored for Upload {
    type Form = UploadForm;

    fn to_form(&self) -> UploadForm {
        UploadForm {
            created: self.created.millis(),
            algorithm: self.algorithm.clone(),
            composite: self.composite,
            headers: self.headers.clone(),
            metadata: self.metadata.clone(),
        }
    }

    fn from_form(form: UploadForm) -> Option<Self> {
        Some(Self {
            created: Timestamp::from_millis(form.created),
            algorithm: form.algorithm,
            composite: form.composite,
            headers: form.headers,
            metadata: form.metadata,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(crate) struct PartForm {
    body: String,
    size: u64,
    etag: String,
    checksum: Option<ObjectChecksum>,
    modified: i64,
}

impl Stored for Part {
    type Form = PartForm;

    fn to_form(&self) -> PartForm {
        PartForm {
            body: self.body.clone(),
            size: self.size_bytes,
            etag: self.etag.clone(),
            checksum: self.checksum.clone(),
            modified: self.modified.millis(),
        }
    }

    fn from_form(form: PartForm) -> Option<Self> {
        Some(Self {
            body: form.body,
            size_bytes: form.size,
            etag: form.etag,
            checksum: form.checksum,
            modified: Timestamp::from_millis(form.modified),
        })
    }
}

fn upload_key(bucket: &str, key: &str, id: &str) -> Key {
    Key::of(&[UPLOAD, bucket, key, id])
}

fn part_number(number: u32) -> String {
    format!("{number:05}")
}

fn part_key(upload_id: &str, number: u32) -> Key {
    Key::of(&[PART, upload_id, &part_number(number)])
}

fn number_of(place: &Key) -> Option<u32> {
    place.parts().pop()?.parse().ok()
}

impl Records {
    /// The upload of this id to this key.
    pub async fn upload(
        &mut self,
        bucket: &str,
        key: &str,
        id: &str,
    ) -> Result<Option<Upload>, RecordError> {
        self.load(&upload_key(bucket, key, id)).await
    }

    /// Writes an upload.
    pub async fn put_upload(
        &mut self,
        bucket: &str,
        key: &str,
        id: &str,
        upload: &Upload,
    ) -> Result<(), RecordError> {
        self.save(&upload_key(bucket, key, id), upload).await
    }

    /// Removes an upload with its parts and gives the parts, whose files nobody names any more.
    pub async fn delete_upload(
        &mut self,
        bucket: &str,
        key: &str,
        id: &str,
    ) -> Result<Vec<Part>, RecordError> {
        let parts = self.parts(id, 0, PARTS_MAX).await?;
        for (number, part) in &parts {
            self.release_body(&part.body).await?;
            self.tx().delete(&part_key(id, *number)).await?;
        }
        self.tx().delete(&upload_key(bucket, key, id)).await?;
        Ok(parts.into_iter().map(|(_, part)| part).collect())
    }

    /// Up to `limit` uploads to keys that begin with `prefix`: key, id, upload.
    ///
    /// With an id beside [`Position::AfterKey`], the later uploads to that key come, too.
    pub async fn uploads(
        &mut self,
        bucket: &str,
        prefix: &str,
        from: &Position,
        after_id: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String, Upload)>, RecordError> {
        let parts = [UPLOAD, bucket];
        let range = match (from, after_id) {
            (Position::AfterKey(key), Some(id)) => {
                Range::text_prefix(&parts, prefix, limit).after(&upload_key(bucket, key, id))
            }
            // No id sorts behind every id of the key.
            (Position::AfterKey(key), None) => Range::text_prefix(&parts, prefix, limit)
                .after_text_prefix(&[UPLOAD, bucket, key], ""),
            (from, _) => from.range(&parts, prefix, limit),
        };
        let mut found = Vec::new();
        for (place, text) in self.tx().scan(&range).await? {
            let undecodable = || RecordError::Undecodable {
                place: place.to_string(),
            };
            let upload = stored::read(&place.to_string(), &text)?;
            let mut names = place.parts();
            let id = names.pop().ok_or_else(undecodable)?;
            let key = names.pop().ok_or_else(undecodable)?;
            found.push((key, id, upload));
        }
        Ok(found)
    }

    /// Whether a bucket has any upload that is neither completed nor aborted.
    pub async fn has_uploads(&mut self, bucket: &str) -> Result<bool, RecordError> {
        let range = Range::prefix(&Key::of(&[UPLOAD, bucket]), 1);
        Ok(!self.tx().scan(&range).await?.is_empty())
    }

    /// One part of an upload.
    pub async fn part(
        &mut self,
        upload_id: &str,
        number: u32,
    ) -> Result<Option<Part>, RecordError> {
        self.load(&part_key(upload_id, number)).await
    }

    /// Writes a part and gives the one it replaced, whose file nobody names any more.
    pub async fn put_part(
        &mut self,
        upload_id: &str,
        number: u32,
        part: &Part,
    ) -> Result<Option<Part>, RecordError> {
        let place = part_key(upload_id, number);
        let replaced: Option<Part> = self.load(&place).await?;
        if let Some(replaced) = &replaced {
            self.release_body(&replaced.body).await?;
        }
        self.claim_body(&part.body).await?;
        self.save(&place, part).await?;
        Ok(replaced)
    }

    /// Up to `limit` parts of an upload behind the part `after`, by number.
    pub async fn parts(
        &mut self,
        upload_id: &str,
        after: u32,
        limit: usize,
    ) -> Result<Vec<(u32, Part)>, RecordError> {
        let mut range = Range::prefix(&Key::of(&[PART, upload_id]), limit);
        if after > 0 {
            range = range.after(&part_key(upload_id, after));
        }
        let mut found = Vec::new();
        for (place, text) in self.tx().scan(&range).await? {
            let part = stored::read(&place.to_string(), &text)?;
            let number = number_of(&place).ok_or_else(|| RecordError::Undecodable {
                place: place.to_string(),
            })?;
            found.push((number, part));
        }
        Ok(found)
    }
}
