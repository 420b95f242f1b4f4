//! `GetBucketLocation`: the Region of a bucket; us-east-1 is written as nothing.
//!
//! **Source**: S3 API reference, *GetBucketLocation*.
//! **Errors**: `NoSuchBucket`, and the common set.

use std::sync::Arc;

use s3s::dto::{BucketLocationConstraint, GetBucketLocationInput, GetBucketLocationOutput};

use super::visit::{Stop, Visit, bucket};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: GetBucketLocationInput,
) -> Result<GetBucketLocationOutput, Stop> {
    let need = visit.on_bucket("s3:GetBucketLocation", &input.bucket);
    visit.permit(&[need]).await?;
    bucket(&mut visit.env().read().await?, &input.bucket).await?;
    let region = visit.env().region().to_string();
    Ok(GetBucketLocationOutput {
        location_constraint: (region != "us-east-1")
            .then(|| BucketLocationConstraint::from(region)),
    })
}
