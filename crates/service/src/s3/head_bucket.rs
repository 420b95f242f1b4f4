//! `HeadBucket`: is the bucket there, and may the caller list it?
//!
//! **Source**: S3 API reference, *HeadBucket*.
//! **Errors**: `NoSuchBucket` (without a body), and the common set.

use std::sync::Arc;

use s3s::dto::{HeadBucketInput, HeadBucketOutput};

use super::visit::{Stop, Visit, bucket};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: HeadBucketInput,
) -> Result<HeadBucketOutput, Stop> {
    let need = visit.on_bucket("s3:ListBucket", &input.bucket);
    visit.permit(&[need]).await?;
    bucket(&mut visit.env().read().await?, &input.bucket).await?;
    Ok(HeadBucketOutput {
        bucket_region: Some(visit.env().region().to_string()),
        ..HeadBucketOutput::default()
    })
}
