//! `UploadPart`: one part of an upload.
//!
//! **Source**: S3 API reference, *UploadPart*.
//! **Errors**: `BadDigest`, `EntityTooLarge`, `IncompleteBody`, `InvalidArgument`, `NoSuchUpload`,
//! `XAmzContentSHA256Mismatch`, and the common set.

use std::sync::Arc;

use daypass_store::records::{PARTS_MAX, Part, Upload};
use s3s::dto::{UploadPartInput, UploadPartOutput};

use super::checksum::Algorithm;
use super::described::{Sums, etag};
use super::disk::Placed;
use super::error;
use super::put_object::DEFAULT_ALGORITHM;
use super::store::{discard, hex, receive};
use super::visit::{Stop, Visit, transact};
use crate::error::{ApiError, Failure};
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: UploadPartInput,
) -> Result<UploadPartOutput, Stop> {
    let number = part_number(input.part_number)?;
    let target = Target {
        bucket: &input.bucket,
        key: &input.key,
        upload_id: &input.upload_id,
        number,
    };
    let needs = [visit.on_object("s3:PutObject", &input.bucket, &input.key)];
    visit.permit(&needs).await?;
    let algorithm = algorithm(&target.upload(&visit).await?);
    let mut reading = visit.take_reading()?;
    reading.also(algorithm);
    let (placed, received) = receive(visit.env(), reading).await?;
    let part = Part {
        body: placed.name().to_owned(),
        size_bytes: received.bytes(),
        etag: hex(&received.md5()),
        checksum: received.checksum(algorithm).cloned(),
        modified: visit.now(),
    };
    target.commit(&visit, &needs, &part, placed).await?;
    // What the client declared is what it wants to see again.
    let sums = Sums::of(received.first_checksum());
    Ok(UploadPartOutput {
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        e_tag: Some(etag(&part.etag)),
        ..UploadPartOutput::default()
    })
}

/// The number of a part.
pub(super) fn part_number(number: i32) -> Result<u32, ApiError> {
    let refused = || {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        error::invalid_argument(message, "request.invalid")
    };
    let number = u32::try_from(number).map_err(|_| refused())?;
    let within = number >= 1 && usize::try_from(number).is_ok_and(|number| number <= PARTS_MAX);
    within.then_some(number).ok_or_else(refused)
}

/// The algorithm of an upload's checksums.
pub(super) fn algorithm(upload: &Upload) -> Algorithm {
    let named = upload.algorithm.as_deref().and_then(Algorithm::named);
    named.unwrap_or(DEFAULT_ALGORITHM)
}

/// The place of a part.
pub(super) struct Target<'a> {
    pub bucket: &'a str,
    pub key: &'a str,
    pub upload_id: &'a str,
    pub number: u32,
}

impl Target<'_> {
    /// The upload, if it goes on.
    pub(super) async fn upload(&self, visit: &Visit) -> Result<Upload, Failure> {
        let mut records = visit.env().read().await?;
        let upload = records
            .upload(self.bucket, self.key, self.upload_id)
            .await?;
        upload.ok_or_else(|| error::no_such_upload(self.upload_id).into())
    }

    /// Asks for the permissions as they are now, and writes the record of the part.
    pub(super) async fn commit(
        &self,
        visit: &Visit,
        needs: &[Need],
        part: &Part,
        placed: Placed,
    ) -> Result<(), Stop> {
        let placed = std::sync::Mutex::new(placed);
        let replaced = transact(|| self.put(visit, needs, part, &placed)).await?;
        drop(placed);
        discard(visit.env(), replaced.map(|part| part.body)).await;
        Ok(())
    }

    async fn put(
        &self,
        visit: &Visit,
        needs: &[Need],
        part: &Part,
        placed: &std::sync::Mutex<Placed>,
    ) -> Result<Option<Part>, Stop> {
        visit.permit(needs).await?;
        let mut records = visit.env().write().await?;
        let upload = records
            .upload(self.bucket, self.key, self.upload_id)
            .await?;
        upload.ok_or_else(|| error::no_such_upload(self.upload_id))?;
        let replaced = records.put_part(self.upload_id, self.number, part).await?;
        placed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .keep();
        records.commit().await?;
        Ok(replaced)
    }
}
