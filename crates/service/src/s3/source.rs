//! The source of a copy: an object the caller must be allowed to read.
//!
//! **Source**: S3 API reference, *CopyObject* and *UploadPartCopy*; requirements S54 and S55.

use daypass_store::records::Object;
use s3s::dto::{self, CopySource};
use tokio::fs::File;

use super::conditions::{Conditions, Verdict};
use super::error;
use super::names::{check_bucket, check_key};
use super::store::{missing, open};
use super::visit::{Stop, Visit};
use crate::error::ApiError;
use crate::guard::Permit;

/// Where a copy comes from, decoded once.
pub(super) struct Source<'a> {
    pub bucket: &'a str,
    pub key: &'a str,
}

impl<'a> Source<'a> {
    /// The source a request names.
    pub(super) fn of(source: &'a CopySource) -> Result<Self, ApiError> {
        let CopySource::Bucket {
            bucket,
            key,
            version_id: None,
        } = source
        else {
            return Err(error::not_implemented());
        };
        check_bucket(bucket)?;
        check_key(key)?;
        Ok(Self { bucket, key })
    }

    /// Opens it for a caller who may read it and write the target.
    pub(super) async fn open(
        &self,
        visit: &Visit,
        permit: &Permit,
        conditions: Conditions<'_>,
    ) -> Result<(Object, File), Stop> {
        let Some((object, file)) = open(visit.env(), self.bucket, self.key).await? else {
            return Err(missing(visit, permit, self.bucket, self.key).await?.into());
        };
        match conditions.judge(&object) {
            Verdict::Proceed => Ok((object, file)),
            Verdict::Failed(_) => {
                Err(error::precondition_failed("x-amz-copy-source-if-match").into())
            }
            Verdict::NotModified => {
                Err(error::precondition_failed("x-amz-copy-source-if-none-match").into())
            }
        }
    }
}

/// The conditions on the source.
pub(super) fn conditions<'a>(
    matches: Option<&'a dto::ETagCondition>,
    none_matches: Option<&'a dto::ETagCondition>,
    modified_since: Option<&'a dto::Timestamp>,
    unmodified_since: Option<&'a dto::Timestamp>,
) -> Conditions<'a> {
    Conditions {
        matches,
        none_matches,
        modified_since,
        unmodified_since,
    }
}
