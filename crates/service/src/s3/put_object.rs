//! `PutObject`: an object in one piece.
//!
//! The body is durable and checked before the record names it, and the record is one transaction; so
//! readers see the old object or the new one, and a crash leaves one of the two.
//!
//! **Source**: S3 API reference, *PutObject*.
//! **Errors**: `BadDigest`, `EntityTooLarge`, `IncompleteBody`, `InvalidDigest`, `MetadataTooLarge`,
//! `MissingContentLength`, `NoSuchBucket`, `PreconditionFailed`, `XAmzContentSHA256Mismatch`, and the
//! common set.

use std::sync::Arc;

use daypass_store::records::Object;
use s3s::dto::{ETagCondition, PutObjectInput, PutObjectOutput};

use super::checksum::Algorithm;
use super::conditions::may_write;
use super::described::{Fields, Sums, etag};
use super::disk::Placed;
use super::store::{discard, hex, receive};
use super::visit::{Stop, Visit, bucket, transact};
use crate::guard::{Need, Permit};

/// What is computed where the client declares nothing, as the service does.
pub(super) const DEFAULT_ALGORITHM: Algorithm = Algorithm::Crc64Nvme;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: PutObjectInput,
) -> Result<PutObjectOutput, Stop> {
    let mut need = visit.on_object("s3:PutObject", &input.bucket, &input.key);
    for (name, condition) in [
        ("s3:if-match", &input.if_match),
        ("s3:if-none-match", &input.if_none_match),
    ] {
        need = with_condition(need, name, condition.as_ref());
    }
    if let Some(class) = &input.storage_class {
        need = need.with("s3:x-amz-storage-class", class.as_str());
    }
    let needs = [need];
    visit.permit(&needs).await?;
    bucket(&mut visit.env().read().await?, &input.bucket).await?;
    let described = Fields {
        cache_control: input.cache_control,
        content_disposition: input.content_disposition,
        content_encoding: input.content_encoding,
        content_language: input.content_language,
        content_type: input.content_type,
        expires: input.expires,
        metadata: input.metadata,
    }
    .checked()?;
    let mut reading = visit.take_reading()?;
    if !reading.has_checksum() {
        reading.also(DEFAULT_ALGORITHM);
    }
    let (placed, received) = receive(visit.env(), reading).await?;
    let object = Object {
        body: placed.name().to_owned(),
        size_bytes: received.bytes(),
        etag: hex(&received.md5()),
        modified: visit.now(),
        checksum: received.first_checksum().cloned(),
        headers: described.headers,
        metadata: described.metadata,
    };
    let write = Write {
        bucket: &input.bucket,
        key: &input.key,
        object: &object,
        matches: input.if_match.as_ref(),
        none_matches: input.if_none_match.as_ref(),
    };
    write.commit(&visit, &needs, placed).await?;
    let sums = Sums::of(object.checksum.as_ref());
    Ok(PutObjectOutput {
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        e_tag: Some(etag(&object.etag)),
        size: None,
        ..PutObjectOutput::default()
    })
}

/// The need with the key of a conditional write, as far as one came.
pub(super) fn with_condition(need: Need, name: &str, condition: Option<&ETagCondition>) -> Need {
    match condition {
        None => need,
        Some(ETagCondition::Any) => need.with(name, "*"),
        Some(ETagCondition::ETag(etag)) => need.with(name, etag.value()),
    }
}

/// An object on its way into the records.
pub(super) struct Write<'a> {
    pub bucket: &'a str,
    pub key: &'a str,
    pub object: &'a Object,
    pub matches: Option<&'a ETagCondition>,
    pub none_matches: Option<&'a ETagCondition>,
}

impl Write<'_> {
    /// Asks for the permissions as they are now, and writes the record.
    pub(super) async fn commit(
        &self,
        visit: &Visit,
        needs: &[Need],
        placed: Placed,
    ) -> Result<(), Stop> {
        let placed = std::sync::Mutex::new(placed);
        let replaced = transact(|| async {
            let permit = visit.permit(needs).await?;
            self.put(visit, &permit, &placed).await
        })
        .await?;
        drop(placed);
        discard(visit.env(), replaced.map(|object| object.body)).await;
        Ok(())
    }

    async fn put(
        &self,
        visit: &Visit,
        _permit: &Permit,
        placed: &std::sync::Mutex<Placed>,
    ) -> Result<Option<Object>, Stop> {
        let mut records = visit.env().write().await?;
        bucket(&mut records, self.bucket).await?;
        let existing = records.object(self.bucket, self.key).await?;
        may_write(self.matches, self.none_matches, existing.as_ref(), self.key)?;
        let replaced = records
            .put_object(self.bucket, self.key, self.object)
            .await?;
        placed
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .keep();
        records.commit().await?;
        Ok(replaced)
    }
}
