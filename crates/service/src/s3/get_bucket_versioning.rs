//! `GetBucketVersioning`: there are no versions, which is an empty answer.
//!
//! **Source**: S3 API reference, *GetBucketVersioning*.
//! **Errors**: `NoSuchBucket`, and the common set.

use std::sync::Arc;

use s3s::dto::{GetBucketVersioningInput, GetBucketVersioningOutput};

use super::visit::{Stop, Visit, bucket};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: GetBucketVersioningInput,
) -> Result<GetBucketVersioningOutput, Stop> {
    let need = visit.on_bucket("s3:GetBucketVersioning", &input.bucket);
    visit.permit(&[need]).await?;
    bucket(&mut visit.env().read().await?, &input.bucket).await?;
    Ok(GetBucketVersioningOutput::default())
}
