//! Buckets of the S3 face.
//!
//! **Shape**: `bucket <name>`.

use serde::{Deserialize, Serialize};

use daypass_core::time::Timestamp;

use super::{Page, RecordError, Records};
use crate::stored::Stored;
use crate::{Key, Range};

const BUCKET: &str = "bucket";

/// A bucket. Its objects are records of their own.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bucket {
    /// Its name, unique in the deployment.
    pub name: String,
    /// When it was made.
    pub created: Timestamp,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct BucketForm {
    name: String,
    created: i64,
}

impl Stored for Bucket {
    type Form = BucketForm;

    fn to_form(&self) -> BucketForm {
        BucketForm {
            name: self.name.clone(),
            created: self.created.millis(),
        }
    }

    fn from_form(form: BucketForm) -> Option<Self> {
        Some(Self {
            name: form.name,
            created: Timestamp::from_millis(form.created),
        })
    }
}

fn key(name: &str) -> Key {
    Key::of(&[BUCKET, name])
}

impl Records {
    /// The bucket of this name.
    pub async fn bucket(&mut self, name: &str) -> Result<Option<Bucket>, RecordError> {
        self.load(&key(name)).await
    }

    /// One page of buckets by name; `after` is the last name seen.
    pub async fn buckets(
        &mut self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Bucket>, RecordError> {
        self.page(&[BUCKET], after, limit).await
    }

    /// How many buckets there are, counted up to `limit`.
    pub async fn count_buckets(&mut self, limit: usize) -> Result<usize, RecordError> {
        let range = Range::prefix(&Key::of(&[BUCKET]), limit);
        Ok(self.tx().scan(&range).await?.len())
    }

    /// Writes a bucket.
    pub async fn put_bucket(&mut self, bucket: &Bucket) -> Result<(), RecordError> {
        self.save(&key(&bucket.name), bucket).await
    }

    /// Removes a bucket; whoever asks has seen that it is empty.
    pub async fn delete_bucket(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(name)).await?)
    }
}
