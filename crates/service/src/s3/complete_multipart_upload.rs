//! `CompleteMultipartUpload`: the parts become one object.
//!
//! The parts are joined into a new file first, which is durable before the one transaction that shows
//! the object and forgets the upload. That transaction finds the parts as they were joined, or fails.
//!
//! **Source**: S3 API reference, *CompleteMultipartUpload*; S3 user guide, *Amazon S3 multipart upload
//! limits*.
//! **Errors**: `BadDigest`, `EntityTooLarge`, `EntityTooSmall`, `InvalidPart`, `InvalidPartOrder`,
//! `InvalidRequest`, `MalformedXML`, `NoSuchUpload`, `PreconditionFailed`, and the common set.

use std::sync::{Arc, Mutex, PoisonError};

use daypass_store::records::{Object, ObjectChecksum, PARTS_MAX, Part, Upload};
use daypass_wire::limits::OBJECT_BYTES_MAX;
use md5::{Digest as _, Md5};
use s3s::dto::{self, CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart};

use super::checksum::{Algorithm, composite};
use super::conditions::may_write;
use super::described::{Sums, etag, size};
use super::disk::Placed;
use super::error;
use super::put_object::with_condition;
use super::store::{Meter, Pieces, append, discard, draft, hex};
use super::upload_part::{Target, algorithm, part_number};
use super::visit::{Stop, Visit, bucket, not_read, not_written, transact};
use crate::error::{ApiError, Failure};
use crate::guard::Need;

/// The least size of every part but the last.
///
/// **Source**: S3 user guide, *Amazon S3 multipart upload limits*.
pub(super) const PART_BYTES_MIN: u64 = 5 * 1_024 * 1_024;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: CompleteMultipartUploadInput,
) -> Result<CompleteMultipartUploadOutput, Stop> {
    let need = visit.on_object("s3:PutObject", &input.bucket, &input.key);
    let need = with_condition(need, "s3:if-match", input.if_match.as_ref());
    let needs = [with_condition(
        need,
        "s3:if-none-match",
        input.if_none_match.as_ref(),
    )];
    visit.permit(&needs).await?;
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        number: 0,
    };
    let upload = target.upload(&visit).await?;
    let listed = input
        .multipart_upload
        .as_ref()
        .and_then(|listed| listed.parts.as_deref());
    let parts = chosen(&visit, &input.upload_id, listed.unwrap_or_default()).await?;
    check_sizes(&parts, input.mpu_object_size)?;
    let algorithm = algorithm(&upload);
    let (placed, whole) = join(&visit, &input.upload_id, &parts, algorithm).await?;
    let checksum = if upload.composite {
        composite(
            algorithm,
            parts.iter().map(|(_, part)| part.checksum.as_ref()),
        )
    } else {
        whole
    };
    check_declared(&input, checksum.as_ref())?;
    let object = Object {
        body: placed.name().to_owned(),
        size_bytes: parts.iter().map(|(_, part)| part.size_bytes).sum(),
        etag: joined_etag(&parts)?,
        modified: visit.now(),
        checksum,
        headers: upload.headers.clone(),
        metadata: upload.metadata.clone(),
    };
    let completion = Completion {
        input: &input,
        upload: &upload,
        parts: &parts,
        object: &object,
        placed: Mutex::new(placed),
    };
    let bodies = transact(|| completion.commit(&visit, &needs)).await?;
    drop(completion);
    discard(visit.env(), bodies).await;
    Ok(answered(&visit, input, &object))
}

fn answered(
    visit: &Visit,
    input: CompleteMultipartUploadInput,
    object: &Object,
) -> CompleteMultipartUploadOutput {
    let sums = Sums::of(object.checksum.as_ref());
    let base = visit.env().settings().public_url.trim_end_matches('/');
    CompleteMultipartUploadOutput {
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        e_tag: Some(etag(&object.etag)),
        location: Some(format!(
            "{base}/{}/{}",
            input.bucket,
            super::listing::written(&input.key, true)
        )),
        bucket: Some(input.bucket),
        key: Some(input.key),
        ..CompleteMultipartUploadOutput::default()
    }
}

/// The parts that the client lists, found as it describes them.
async fn chosen(
    visit: &Visit,
    upload_id: &str,
    listed: &[CompletedPart],
) -> Result<Vec<(u32, Part)>, Stop> {
    if listed.is_empty() || listed.len() > PARTS_MAX {
        return Err(error::malformed_xml().into());
    }
    let mut records = visit.env().read().await?;
    let mut parts: Vec<(u32, Part)> = Vec::with_capacity(listed.len());
    for asked in listed {
        let number = part_number(asked.part_number.ok_or_else(error::malformed_xml)?)?;
        if parts.last().is_some_and(|(last, _)| *last >= number) {
            let message = "The list of parts was not in ascending order. Parts must be ordered by \
                           part number.";
            let refused = ApiError::new("InvalidPartOrder", 400, message, "upload.order");
            return Err(refused.with("UploadId", upload_id).into());
        }
        let part = records.part(upload_id, number).await?;
        let part = part.filter(|part| is_described(asked, part));
        let part = part.ok_or_else(|| invalid_part(upload_id, number))?;
        parts.push((number, part));
    }
    Ok(parts)
}

/// Whether a part is what the client says it is.
fn is_described(asked: &CompletedPart, part: &Part) -> bool {
    let etag = asked.e_tag.as_ref().map(dto::ETag::value);
    let declared = [
        (Algorithm::Crc32, &asked.checksum_crc32),
        (Algorithm::Crc32c, &asked.checksum_crc32c),
        (Algorithm::Crc64Nvme, &asked.checksum_crc64nvme),
        (Algorithm::Sha1, &asked.checksum_sha1),
        (Algorithm::Sha256, &asked.checksum_sha256),
    ];
    let sums_agree = declared.into_iter().all(|(algorithm, value)| {
        let kept = part
            .checksum
            .as_ref()
            .filter(|kept| kept.algorithm == algorithm.name());
        match (value, kept) {
            (Some(value), Some(kept)) => *value == kept.value,
            (Some(_), None) => false,
            (None, _) => true,
        }
    });
    etag == Some(part.etag.as_str()) && sums_agree
}

fn invalid_part(upload_id: &str, number: u32) -> ApiError {
    let message = "One or more of the specified parts could not be found.  The part may not have \
                   been uploaded, or the specified entity tag may not match the part's entity tag.";
    ApiError::new("InvalidPart", 400, message, "upload.part")
        .with("UploadId", upload_id)
        .with("PartNumber", number.to_string())
}

fn check_sizes(parts: &[(u32, Part)], declared: Option<i64>) -> Result<(), ApiError> {
    let but_last = parts.split_last().map(|(_, rest)| rest).unwrap_or_default();
    if let Some((number, part)) = but_last
        .iter()
        .find(|(_, part)| part.size_bytes < PART_BYTES_MIN)
    {
        let message = "Your proposed upload is smaller than the minimum allowed size";
        return Err(
            ApiError::new("EntityTooSmall", 400, message, "upload.part_size")
                .with("ProposedSize", part.size_bytes.to_string())
                .with("MinSizeAllowed", PART_BYTES_MIN.to_string())
                .with("PartNumber", number.to_string())
                .with("ETag", part.etag.clone()),
        );
    }
    let total = parts.iter().fold(0_u64, |total, (_, part)| {
        total.saturating_add(part.size_bytes)
    });
    if total > OBJECT_BYTES_MAX {
        return Err(error::entity_too_large(OBJECT_BYTES_MAX));
    }
    if declared.is_some_and(|declared| declared != size(total)) {
        let message =
            "The provided 'x-amz-mp-object-size' header does not match what was computed.";
        return Err(error::invalid_request(message, "upload.size"));
    }
    Ok(())
}

/// Writes the parts one after another into a new file.
async fn join(
    visit: &Visit,
    upload_id: &str,
    parts: &[(u32, Part)],
    algorithm: Algorithm,
) -> Result<(Placed, Option<ObjectChecksum>), Failure> {
    let mut draft = draft(visit.env()).await?;
    let mut meter = Meter::new(Some(algorithm));
    for (number, part) in parts {
        let file = visit.env().s3().disk().read(&part.body).await;
        let file = file.map_err(|error| match error.kind() {
            // It was replaced meanwhile, or its upload aborted.
            std::io::ErrorKind::NotFound => invalid_part(upload_id, *number).into(),
            _ => not_read(error),
        })?;
        let pieces = Pieces::new(file, 0, part.size_bytes).await?;
        append(&mut draft, pieces, &mut meter).await?;
    }
    let placed = draft.place().await.map_err(not_written)?;
    Ok((placed, meter.finish().checksum))
}

/// The MD5 of the parts' MD5s, and their number.
fn joined_etag(parts: &[(u32, Part)]) -> Result<String, Failure> {
    let mut digest = Md5::new();
    for (_, part) in parts {
        let md5 = u128::from_str_radix(&part.etag, 16);
        let md5 = md5.map_err(|_| Failure::Internal("a part's entity tag is no MD5".to_owned()))?;
        digest.update(md5.to_be_bytes());
    }
    let digest: [u8; 16] = digest.finalize().into();
    Ok(format!("{}-{}", hex(&digest), parts.len()))
}

/// The checksum of the whole object, if the client says what it must be.
fn check_declared(
    input: &CompleteMultipartUploadInput,
    checksum: Option<&ObjectChecksum>,
) -> Result<(), ApiError> {
    let declared = [
        (Algorithm::Crc32, &input.checksum_crc32),
        (Algorithm::Crc32c, &input.checksum_crc32c),
        (Algorithm::Crc64Nvme, &input.checksum_crc64nvme),
        (Algorithm::Sha1, &input.checksum_sha1),
        (Algorithm::Sha256, &input.checksum_sha256),
    ];
    for (algorithm, value) in declared {
        let Some(value) = value else {
            continue;
        };
        let kept = checksum.filter(|kept| kept.algorithm == algorithm.name());
        // A client may leave out the number of parts.
        let agrees = kept.is_some_and(|kept| {
            kept.value == *value || kept.value.split('-').next() == Some(value.as_str())
        });
        if !agrees {
            return Err(error::bad_digest(algorithm.name()));
        }
    }
    let kind = input.checksum_type.as_ref().map(dto::ChecksumType::as_str);
    let composite = checksum.is_some_and(|checksum| checksum.composite);
    let expected = if composite {
        dto::ChecksumType::COMPOSITE
    } else {
        dto::ChecksumType::FULL_OBJECT
    };
    if kind.is_some_and(|kind| kind != expected) {
        let message = "The upload was created with another checksum type.";
        return Err(error::invalid_request(message, "request.digest"));
    }
    Ok(())
}

/// An object whose parts were joined.
struct Completion<'a> {
    input: &'a CompleteMultipartUploadInput,
    upload: &'a Upload,
    parts: &'a [(u32, Part)],
    object: &'a Object,
    placed: Mutex<Placed>,
}

impl Completion<'_> {
    /// Shows the object and forgets the upload; gives the bodies that nobody names any more.
    async fn commit(&self, visit: &Visit, needs: &[Need]) -> Result<Vec<String>, Stop> {
        let input = self.input;
        visit.permit(needs).await?;
        let mut records = visit.env().write().await?;
        bucket(&mut records, &input.bucket).await?;
        let (name, key, id) = (&input.bucket, &input.key, &input.upload_id);
        let upload = records.upload(name, key, id).await?;
        if upload.as_ref() != Some(self.upload) {
            return Err(error::no_such_upload(id).into());
        }
        for (number, part) in self.parts {
            if records.part(id, *number).await?.as_ref() != Some(part) {
                return Err(invalid_part(id, *number).into());
            }
        }
        let existing = records.object(name, key).await?;
        let (matches, none_matches) = (input.if_match.as_ref(), input.if_none_match.as_ref());
        may_write(matches, none_matches, existing.as_ref(), key)?;
        let replaced = records.put_object(name, key, self.object).await?;
        let parts = records.delete_upload(name, key, id).await?;
        self.placed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keep();
        records.commit().await?;
        let parts = parts.into_iter().map(|part| part.body);
        Ok(parts.chain(replaced.map(|object| object.body)).collect())
    }
}
