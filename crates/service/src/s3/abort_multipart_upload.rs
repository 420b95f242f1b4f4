//! `AbortMultipartUpload`: forget an upload and its parts.
//!
//! **Source**: S3 API reference, *AbortMultipartUpload*.
//! **Errors**: `NoSuchUpload`, and the common set.

use std::sync::Arc;

use daypass_store::records::Part;
use s3s::dto::{AbortMultipartUploadInput, AbortMultipartUploadOutput};

use super::error;
use super::store::discard;
use super::visit::{Stop, Visit, transact};
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: AbortMultipartUploadInput,
) -> Result<AbortMultipartUploadOutput, Stop> {
    if input.if_match_initiated_time.is_some() {
        return Err(error::not_implemented().into());
    }
    let needs = [visit.on_object("s3:AbortMultipartUpload", &input.bucket, &input.key)];
    let parts = transact(|| abort(&visit, &needs, &input)).await?;
    discard(visit.env(), parts.into_iter().map(|part| part.body)).await;
    Ok(AbortMultipartUploadOutput::default())
}

async fn abort(
    visit: &Visit,
    needs: &[Need],
    input: &AbortMultipartUploadInput,
) -> Result<Vec<Part>, Stop> {
    visit.permit(needs).await?;
    let mut records = visit.env().write().await?;
    let (name, key, id) = (&input.bucket, &input.key, &input.upload_id);
    if records.upload(name, key, id).await?.is_none() {
        return Err(error::no_such_upload(id).into());
    }
    let parts = records.delete_upload(name, key, id).await?;
    records.commit().await?;
    Ok(parts)
}
