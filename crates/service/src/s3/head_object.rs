//! `HeadObject`: what is known of an object, without its bytes.
//!
//! **Source**: S3 API reference, *HeadObject*.
//! **Errors**: those of `GetObject`, without a body.

use std::sync::Arc;

use s3s::dto::{HeadObjectInput, HeadObjectOutput};

use super::conditions::Conditions;
use super::described::{Sums, content_type, etag, expires, header, metadata, moment, size};
use super::get_object::{asked_for, content_range, heeded, satisfied};
use super::store::missing;
use super::visit::{Stop, Visit};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: HeadObjectInput,
) -> Result<HeadObjectOutput, Stop> {
    let need = visit.on_object("s3:GetObject", &input.bucket, &input.key);
    let permit = visit.permit(&[need]).await?;
    let object = visit
        .env()
        .read()
        .await?
        .object(&input.bucket, &input.key)
        .await?;
    let Some(object) = object else {
        return Err(missing(&visit, &permit, &input.bucket, &input.key)
            .await?
            .into());
    };
    let conditions = Conditions {
        matches: input.if_match.as_ref(),
        none_matches: input.if_none_match.as_ref(),
        modified_since: input.if_modified_since.as_ref(),
        unmodified_since: input.if_unmodified_since.as_ref(),
    };
    heeded(&conditions, &object)?;
    let range = satisfied(input.range, &object)?;
    let length = range
        .as_ref()
        .map_or(object.size_bytes, |range| range.end - range.start);
    let sums = Sums::of(asked_for(
        &object,
        input.checksum_mode.as_ref(),
        range.is_some(),
    ));
    Ok(HeadObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        cache_control: header(&object, "cache-control"),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        content_disposition: header(&object, "content-disposition"),
        content_encoding: header(&object, "content-encoding"),
        content_language: header(&object, "content-language"),
        content_length: Some(size(length)),
        content_range: range.map(|range| content_range(&range, object.size_bytes)),
        content_type: Some(content_type(&object)),
        e_tag: Some(etag(&object.etag)),
        expires: expires(&object),
        last_modified: Some(moment(object.modified)),
        metadata: metadata(&object),
        ..HeadObjectOutput::default()
    })
}
