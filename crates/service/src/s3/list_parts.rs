//! `ListParts`: the parts of an upload that have arrived.
//!
//! **Source**: S3 API reference, *ListParts*.
//! **Errors**: `InvalidArgument`, `NoSuchUpload`, and the common set.

use std::sync::Arc;

use s3s::dto::{
    ChecksumAlgorithm, ChecksumType, Initiator, ListPartsInput, ListPartsOutput, Part, StorageClass,
};

use super::described::{Sums, etag, moment, size};
use super::error;
use super::list_buckets::owner;
use super::listing::limit;
use super::visit::{Stop, Visit};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: ListPartsInput,
) -> Result<ListPartsOutput, Stop> {
    let need = visit.on_object("s3:ListMultipartUploadParts", &input.bucket, &input.key);
    visit.permit(&[need]).await?;
    let limit = limit(input.max_parts)?;
    let after = input.part_number_marker.unwrap_or(0);
    let negative = |_| error::invalid_argument("Invalid part number marker.", "request.invalid");
    let after_number = u32::try_from(after).map_err(negative)?;
    let mut records = visit.env().read().await?;
    let upload = records
        .upload(&input.bucket, &input.key, &input.upload_id)
        .await?;
    let upload = upload.ok_or_else(|| error::no_such_upload(&input.upload_id))?;
    let mut found = records
        .parts(&input.upload_id, after_number, limit.saturating_add(1))
        .await?;
    let truncated = found.len() > limit;
    found.truncate(limit);
    let next = found
        .last()
        .and_then(|(number, _)| i32::try_from(*number).ok());
    let parts = found.into_iter().map(|(number, part)| {
        let sums = Sums::of(
            part.checksum
                .as_ref()
                .filter(|_| upload.algorithm.is_some()),
        );
        Part {
            checksum_crc32: sums.crc32,
            checksum_crc32c: sums.crc32c,
            checksum_crc64nvme: sums.crc64nvme,
            checksum_sha1: sums.sha1,
            checksum_sha256: sums.sha256,
            e_tag: Some(etag(&part.etag)),
            last_modified: Some(moment(part.modified)),
            part_number: i32::try_from(number).ok(),
            size: Some(size(part.size_bytes)),
        }
    });
    let kind = if upload.composite {
        ChecksumType::COMPOSITE
    } else {
        ChecksumType::FULL_OBJECT
    };
    let owner = owner(&visit);
    Ok(ListPartsOutput {
        bucket: Some(input.bucket),
        checksum_type: upload
            .algorithm
            .as_ref()
            .map(|_| ChecksumType::from_static(kind)),
        initiator: Some(Initiator {
            display_name: None,
            id: owner.id.clone(),
        }),
        is_truncated: Some(truncated),
        key: Some(input.key),
        max_parts: i32::try_from(limit).ok(),
        next_part_number_marker: next.filter(|_| truncated),
        owner: Some(owner),
        part_number_marker: Some(after),
        parts: Some(parts.collect()),
        storage_class: Some(StorageClass::from_static(StorageClass::STANDARD)),
        upload_id: Some(input.upload_id),
        checksum_algorithm: upload.algorithm.clone().map(ChecksumAlgorithm::from),
        ..ListPartsOutput::default()
    })
}
