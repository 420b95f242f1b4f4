//! `ListMultipartUploads`: the uploads to a bucket that go on.
//!
//! **Source**: S3 API reference, *ListMultipartUploads*.
//! **Errors**: `NoSuchBucket`, `InvalidArgument`, and the common set.

use std::sync::Arc;

use daypass_store::records::{Position, Upload};
use s3s::dto::{
    ChecksumAlgorithm, Initiator, ListMultipartUploadsInput, ListMultipartUploadsOutput,
    MultipartUpload, Owner, StorageClass,
};

use super::described::moment;
use super::list_buckets::owner;
use super::list_objects::{is_url, prefixes};
use super::listing::{Question, behind, limit, uploads, written};
use super::visit::{Stop, Visit, bucket};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: ListMultipartUploadsInput,
) -> Result<ListMultipartUploadsOutput, Stop> {
    let need = visit.on_bucket("s3:ListBucketMultipartUploads", &input.bucket);
    visit.permit(&[need]).await?;
    let limit = limit(input.max_uploads)?;
    let mut records = visit.env().read().await?;
    bucket(&mut records, &input.bucket).await?;
    let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
    let marker = input
        .key_marker
        .as_deref()
        .filter(|marker| !marker.is_empty());
    let id_marker = input
        .upload_id_marker
        .as_deref()
        .filter(|id| !id.is_empty());
    let question = Question {
        bucket: &input.bucket,
        prefix: prefix.unwrap_or_default(),
        delimiter,
        from: behind(marker, prefix.unwrap_or_default(), delimiter),
        limit,
    };
    // An id without a key says nothing.
    let page = uploads(
        &mut records,
        question,
        id_marker.filter(|_| marker.is_some()),
    )
    .await?;
    let escaped = is_url(input.encoding_type.as_ref());
    let next_key = page.next.as_ref().and_then(|position| match position {
        Position::Start => None,
        Position::AfterKey(text) | Position::AfterPrefix(text) => Some(written(text, escaped)),
    });
    let next_id = match &page.next {
        Some(Position::AfterKey(_)) => page.items.last().map(|(_, id, _)| id.clone()),
        _ => None,
    };
    let owner = owner(&visit);
    let items = page
        .items
        .into_iter()
        .map(|item| line(item, escaped, &owner));
    Ok(ListMultipartUploadsOutput {
        bucket: Some(input.bucket),
        common_prefixes: Some(prefixes(page.prefixes, escaped)),
        delimiter: delimiter.map(|delimiter| written(delimiter, escaped)),
        is_truncated: Some(page.next.is_some()),
        key_marker: Some(written(marker.unwrap_or_default(), escaped)),
        max_uploads: i32::try_from(limit).ok(),
        next_key_marker: next_key,
        next_upload_id_marker: next_id,
        prefix: Some(written(prefix.unwrap_or_default(), escaped)),
        upload_id_marker: Some(id_marker.unwrap_or_default().to_owned()),
        uploads: Some(items.collect()),
        encoding_type: input.encoding_type,
        ..ListMultipartUploadsOutput::default()
    })
}

fn line(
    (key, id, upload): (String, String, Upload),
    escaped: bool,
    owner: &Owner,
) -> MultipartUpload {
    MultipartUpload {
        checksum_algorithm: upload.algorithm.map(ChecksumAlgorithm::from),
        initiated: Some(moment(upload.created)),
        initiator: Some(Initiator {
            display_name: None,
            id: owner.id.clone(),
        }),
        key: Some(written(&key, escaped)),
        owner: Some(owner.clone()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        upload_id: Some(id),
        ..MultipartUpload::default()
    }
}
