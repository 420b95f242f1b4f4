//! Objects: what is known of each, and which file holds its bytes.
//!
//! The bytes are outside the store, in a file with a random name. The index of bodies says which
//! files are spoken for; a file without an entry there is left over from a crash.
//!
//! **Shape**: `object <bucket> <key>` → the object; `body <file name>` → what the file is for.
//!
//! **Source**: requirement S90; S3 API reference, *ListObjectsV2* (order by UTF-8 bytes of the key).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use daypass_core::time::Timestamp;

use super::{RecordError, Records};
use crate::stored::{self, Stored};
use crate::{Key, Range};

const OBJECT: &str = "object";
const BODY: &str = "body";

/// A checksum that the client gave or asked for.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ObjectChecksum {
    /// `CRC32`, `CRC32C`, `CRC64NVME`, `SHA1` or `SHA256`.
    pub algorithm: String,
    /// In base64; of parts, with their number behind a dash.
    pub value: String,
    /// Whether it is a checksum of checksums of parts.
    pub composite: bool,
}

/// An object without its bytes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Object {
    /// The file that holds the bytes.
    pub body: String,
    /// How many bytes.
    pub size_bytes: u64,
    /// The entity tag, without quotes.
    pub etag: String,
    /// When it was written.
    pub modified: Timestamp,
    /// Its checksum.
    pub checksum: Option<ObjectChecksum>,
    /// Headers given with it that its readers get back, by lower-case name.
    pub headers: BTreeMap<String, String>,
    /// The user's own metadata, names without their prefix.
    pub metadata: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct ObjectForm {
    body: String,
    size: u64,
    etag: String,
    modified: i64,
    checksum: Option<ObjectChecksum>,
    headers: BTreeMap<String, String>,
    metadata: BTreeMap<String, String>,
}

impl Stored for Object {
    type Form = ObjectForm;

    fn to_form(&self) -> ObjectForm {
        ObjectForm {
            body: self.body.clone(),
            size: self.size_bytes,
            etag: self.etag.clone(),
            modified: self.modified.millis(),
            checksum: self.checksum.clone(),
            headers: self.headers.clone(),
            metadata: self.metadata.clone(),
        }
    }

    fn from_form(form: ObjectForm) -> Option<Self> {
        Some(Self {
            body: form.body,
            size_bytes: form.size,
            etag: form.etag,
            modified: Timestamp::from_millis(form.modified),
            checksum: form.checksum,
            headers: form.headers,
            metadata: form.metadata,
        })
    }
}

/// Where a walk over the keys of a bucket goes on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Position {
    /// At the first key.
    Start,
    /// Behind this key.
    AfterKey(String),
    /// Behind every key that begins so.
    AfterPrefix(String),
}

impl Position {
    /// The keys under `parts` that begin with `prefix`, from this position on.
    pub(super) fn range(&self, parts: &[&str], prefix: &str, limit: usize) -> Range {
        let range = Range::text_prefix(parts, prefix, limit);
        match self {
            Self::Start => range,
            Self::AfterKey(key) => range.after(&Key::of(&[parts, &[key.as_str()]].concat())),
            Self::AfterPrefix(passed) => range.after_text_prefix(parts, passed),
        }
    }
}

fn object_key(bucket: &str, key: &str) -> Key {
    Key::of(&[OBJECT, bucket, key])
}

fn body_key(body: &str) -> Key {
    Key::of(&[BODY, body])
}

impl Records {
    /// The object under this key.
    pub async fn object(&mut self, bucket: &str, key: &str) -> Result<Option<Object>, RecordError> {
        self.load(&object_key(bucket, key)).await
    }

    /// Writes an object and gives the one it replaced, whose file nobody names any more.
    pub async fn put_object(
        &mut self,
        bucket: &str,
        key: &str,
        object: &Object,
    ) -> Result<Option<Object>, RecordError> {
        let replaced = self.delete_object(bucket, key).await?;
        self.claim_body(&object.body).await?;
        self.save(&object_key(bucket, key), object).await?;
        Ok(replaced)
    }

    /// Removes an object and gives what was there.
    pub async fn delete_object(
        &mut self,
        bucket: &str,
        key: &str,
    ) -> Result<Option<Object>, RecordError> {
        let place = object_key(bucket, key);
        let Some(object) = self.load::<Object>(&place).await? else {
            return Ok(None);
        };
        self.release_body(&object.body).await?;
        self.tx().delete(&place).await?;
        Ok(Some(object))
    }

    /// Up to `limit` objects whose keys begin with `prefix`, in the order of their keys' bytes.
    pub async fn objects(
        &mut self,
        bucket: &str,
        prefix: &str,
        from: &Position,
        limit: usize,
    ) -> Result<Vec<(String, Object)>, RecordError> {
        let range = from.range(&[OBJECT, bucket], prefix, limit);
        let mut found = Vec::new();
        for (place, text) in self.tx().scan(&range).await? {
            let object = stored::read(&place.to_string(), &text)?;
            let undecodable = || RecordError::Undecodable {
                place: place.to_string(),
            };
            found.push((place.parts().pop().ok_or_else(undecodable)?, object));
        }
        Ok(found)
    }

    /// Whether a bucket holds any object.
    pub async fn has_objects(&mut self, bucket: &str) -> Result<bool, RecordError> {
        let range = Range::prefix(&Key::of(&[OBJECT, bucket]), 1);
        Ok(!self.tx().scan(&range).await?.is_empty())
    }

    /// Whether an object or a part names this file.
    pub async fn body_is_claimed(&mut self, body: &str) -> Result<bool, RecordError> {
        Ok(self.tx().get(&body_key(body)).await?.is_some())
    }

    pub(super) async fn claim_body(&mut self, body: &str) -> Result<(), RecordError> {
        Ok(self.tx().put(&body_key(body), "true".to_owned()).await?)
    }

    pub(super) async fn release_body(&mut self, body: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&body_key(body)).await?)
    }
}

#[cfg(test)]
mod tests;
