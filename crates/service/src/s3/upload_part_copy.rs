//! `UploadPartCopy`: a part made from an object, or from a range of one.
//!
//! **Source**: S3 API reference, *UploadPartCopy*; requirement S54.
//! **Errors**: `EntityTooLarge`, `InvalidArgument`, `InvalidRange`, `NoSuchKey`, `NoSuchUpload`,
//! `PreconditionFailed`, and the common set.

use std::ops::Range;
use std::sync::Arc;

use daypass_store::records::{Object, Part};
use s3s::dto::{self, CopyPartResult, UploadPartCopyInput, UploadPartCopyOutput};

use super::described::{Sums, etag, moment};
use super::error;
use super::source::{Source, conditions};
use super::store::{Meter, Pieces, append, draft, hex};
use super::upload_part::{Target, algorithm, part_number};
use super::visit::{Stop, Visit, not_written};
use crate::error::ApiError;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: UploadPartCopyInput,
) -> Result<UploadPartCopyOutput, Stop> {
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        number: part_number(input.part_number)?,
    };
    let source = Source::of(&input.copy_source)?;
    let from = format!("{}/{}", source.bucket, source.key);
    let write = visit
        .on_object("s3:PutObject", &input.bucket, &input.key)
        .with("s3:x-amz-copy-source", from);
    let needs = [
        visit.on_object("s3:GetObject", source.bucket, source.key),
        write,
    ];
    let permit = visit.permit(&needs).await?;
    let algorithm = algorithm(&target.upload(&visit).await?);
    let conditions = conditions(
        input.copy_source_if_match.as_ref(),
        input.copy_source_if_none_match.as_ref(),
        input.copy_source_if_modified_since.as_ref(),
        input.copy_source_if_unmodified_since.as_ref(),
    );
    let (original, file) = source.open(&visit, &permit, conditions).await?;
    let span = span(input.copy_source_range.as_deref(), &original)?;
    let mut meter = Meter::new(Some(algorithm));
    let mut draft = draft(visit.env()).await?;
    let pieces = Pieces::new(file, span.start, span.end.saturating_sub(span.start)).await?;
    append(&mut draft, pieces, &mut meter).await?;
    let placed = draft.place().await.map_err(not_written)?;
    let measured = meter.finish();
    let part = Part {
        body: placed.name().to_owned(),
        size_bytes: measured.bytes,
        etag: hex(&measured.md5),
        checksum: measured.checksum,
        modified: visit.now(),
    };
    target.commit(&visit, &needs, &part, placed).await?;
    let sums = Sums::of(part.checksum.as_ref());
    let result = CopyPartResult {
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        e_tag: Some(etag(&part.etag)),
        last_modified: Some(moment(part.modified)),
    };
    Ok(UploadPartCopyOutput {
        copy_part_result: Some(result),
        ..UploadPartCopyOutput::default()
    })
}

/// The bytes to copy. Unlike a reader's range, this one must name both ends and lie inside.
fn span(range: Option<&str>, original: &Object) -> Result<Range<u64>, ApiError> {
    let Some(text) = range else {
        return Ok(0..original.size_bytes);
    };
    match dto::Range::parse(text) {
        Ok(dto::Range::Int {
            first,
            last: Some(last),
        }) if last < original.size_bytes => Ok(first..last.saturating_add(1)),
        Ok(dto::Range::Int { last: Some(_), .. }) => Err(error::invalid_range(original.size_bytes)),
        _ => {
            let message = "The x-amz-copy-source-range value must be of the form bytes=first-last \
                           where first and last are the zero-based offsets of the first and last \
                           bytes to copy";
            Err(error::invalid_argument(message, "request.invalid"))
        }
    }
}
