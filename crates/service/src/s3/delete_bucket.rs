//! `DeleteBucket`: remove a bucket that is empty.
//!
//! **Source**: S3 API reference, *DeleteBucket*.
//! **Errors**: `BucketNotEmpty`, `NoSuchBucket`, and the common set.

use std::sync::Arc;

use s3s::dto::{DeleteBucketInput, DeleteBucketOutput};

use super::visit::{Stop, Visit, bucket, transact};
use crate::error::ApiError;
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: DeleteBucketInput,
) -> Result<DeleteBucketOutput, Stop> {
    let needs = [visit.on_bucket("s3:DeleteBucket", &input.bucket)];
    transact(|| delete(&visit, &needs, &input.bucket)).await?;
    Ok(DeleteBucketOutput::default())
}

async fn delete(visit: &Visit, needs: &[Need], name: &str) -> Result<(), Stop> {
    visit.permit(needs).await?;
    let mut records = visit.env().write().await?;
    bucket(&mut records, name).await?;
    // An upload that goes on counts, too: its parts would belong to nothing.
    if records.has_objects(name).await? || records.has_uploads(name).await? {
        let message = "The bucket you tried to delete is not empty";
        let refused = ApiError::new("BucketNotEmpty", 409, message, "bucket.not_empty");
        return Err(refused.with("BucketName", name).into());
    }
    records.delete_bucket(name).await?;
    Ok(records.commit().await?)
}
