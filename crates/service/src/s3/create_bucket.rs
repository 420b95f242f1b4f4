//! `CreateBucket`: a new bucket.
//!
//! **Source**: S3 API reference, *CreateBucket*; S3 user guide, *Creating buckets* (in us-east-1 an
//! owner may create a bucket again).
//! **Errors**: `BucketAlreadyOwnedByYou`, `IllegalLocationConstraintException`, `TooManyBuckets`, and
//! the common set.

use std::sync::Arc;

use daypass_store::records::Bucket;
use s3s::dto::{CreateBucketInput, CreateBucketOutput};

use super::error;
use super::visit::{Stop, Visit, transact};
use crate::error::ApiError;

/// The most buckets of an account: all of them are listed in one answer.
///
/// **Source**: decided here; the service's own default is 10,000.
pub(super) const BUCKETS_MAX: usize = 1_000;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: CreateBucketInput,
) -> Result<CreateBucketOutput, Stop> {
    let configuration = input.create_bucket_configuration;
    if configuration
        .as_ref()
        .is_some_and(|asked| asked.bucket.is_some() || asked.location.is_some())
    {
        return Err(error::not_implemented().into());
    }
    let constraint = configuration.and_then(|asked| asked.location_constraint);
    let constraint = constraint
        .as_ref()
        .map(s3s::dto::BucketLocationConstraint::as_str);
    let region = visit.env().region().as_str();
    if constraint
        .is_some_and(|asked| asked != region && !(asked.is_empty() && region == "us-east-1"))
    {
        let message = "The specified location-constraint is not valid";
        let code = "IllegalLocationConstraintException";
        return Err(ApiError::new(code, 400, message, "bucket.region").into());
    }
    let mut need = visit.on_bucket("s3:CreateBucket", &input.bucket);
    if let Some(constraint) = constraint {
        need = need.with("s3:LocationConstraint", constraint);
    }
    let needs = [need];
    transact(|| create(&visit, &needs, &input.bucket)).await?;
    Ok(CreateBucketOutput {
        location: Some(format!("/{}", input.bucket)),
    })
}

async fn create(visit: &Visit, needs: &[crate::guard::Need], name: &str) -> Result<(), Stop> {
    visit.permit(needs).await?;
    let mut records = visit.env().write().await?;
    if records.bucket(name).await?.is_some() {
        if visit.env().region().as_str() == "us-east-1" {
            return Ok(());
        }
        let message = "Your previous request to create the named bucket succeeded and you already \
                       own it.";
        let code = "BucketAlreadyOwnedByYou";
        let taken = ApiError::new(code, 409, message, "bucket.exists").with("BucketName", name);
        return Err(taken.into());
    }
    if records.count_buckets(BUCKETS_MAX).await? >= BUCKETS_MAX {
        let message = "You have attempted to create more buckets than allowed";
        return Err(ApiError::new("TooManyBuckets", 400, message, "limit.buckets").into());
    }
    let bucket = Bucket {
        name: name.to_owned(),
        created: visit.now(),
    };
    records.put_bucket(&bucket).await?;
    Ok(records.commit().await?)
}
