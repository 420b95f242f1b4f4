//! `ListBuckets`: every bucket of the account.
//!
//! **Source**: S3 API reference, *ListBuckets*.
//! **Errors**: `AccessDenied`, and the common set.

use std::sync::Arc;

use s3s::dto::{Bucket, ListBucketsInput, ListBucketsOutput, Owner};

use super::create_bucket::BUCKETS_MAX;
use super::described::moment;
use super::visit::{Stop, Visit};

pub(super) async fn call(
    visit: Arc<Visit>,
    _: ListBucketsInput,
) -> Result<ListBucketsOutput, Stop> {
    let need = visit.need("s3:ListAllMyBuckets", "*".to_owned());
    visit.permit(&[need]).await?;
    let page = visit.env().read().await?.buckets(None, BUCKETS_MAX).await?;
    let buckets = page.items.into_iter().map(|bucket| Bucket {
        bucket_region: None,
        creation_date: Some(moment(bucket.created)),
        name: Some(bucket.name),
    });
    Ok(ListBucketsOutput {
        buckets: Some(buckets.collect()),
        owner: Some(owner(&visit)),
        ..ListBucketsOutput::default()
    })
}

/// Everything belongs to the account.
pub(super) fn owner(visit: &Visit) -> Owner {
    Owner {
        display_name: None,
        id: Some(visit.env().account().to_string()),
    }
}
