//! `CopyObject`: an object made from another one.
//!
//! Two permissions decide together: to read the source and to write the target.
//!
//! **Source**: S3 API reference, *CopyObject*; requirement S54.
//! **Errors**: `InvalidRequest`, `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`, and the common set.

use std::sync::Arc;

use daypass_store::records::Object;
use s3s::dto::{
    ChecksumAlgorithm, CopyObjectInput, CopyObjectOutput, CopyObjectResult, MetadataDirective,
};

use super::checksum::Algorithm;
use super::described::{Described, Fields, Sums, etag, moment};
use super::error;
use super::put_object::{DEFAULT_ALGORITHM, Write};
use super::source::{Source, conditions};
use super::store::{Meter, Pieces, append, draft, hex};
use super::visit::{Stop, Visit, bucket, not_written};
use crate::error::ApiError;

pub(super) async fn call(
    visit: Arc<Visit>,
    mut input: CopyObjectInput,
) -> Result<CopyObjectOutput, Stop> {
    let directive = input.metadata_directive.take();
    let directive = directive.as_ref().map(MetadataDirective::as_str);
    let replaces = match directive {
        None | Some(MetadataDirective::COPY) => false,
        Some(MetadataDirective::REPLACE) => true,
        Some(_) => return Err(unknown_directive().into()),
    };
    let algorithm = asked_algorithm(input.checksum_algorithm.as_ref())?;
    let given = fields(&mut input).checked()?;
    let source = Source::of(&input.copy_source)?;
    if !replaces && source.bucket == input.bucket && source.key == input.key {
        return Err(onto_itself().into());
    }
    let from = format!("{}/{}", source.bucket, source.key);
    let mut need = visit
        .on_object("s3:PutObject", &input.bucket, &input.key)
        .with("s3:x-amz-copy-source", from);
    if let Some(directive) = directive {
        need = need.with("s3:x-amz-metadata-directive", directive);
    }
    let needs = [
        visit.on_object("s3:GetObject", source.bucket, source.key),
        need,
    ];
    let permit = visit.permit(&needs).await?;
    bucket(&mut visit.env().read().await?, &input.bucket).await?;
    let conditions = conditions(
        input.copy_source_if_match.as_ref(),
        input.copy_source_if_none_match.as_ref(),
        input.copy_source_if_modified_since.as_ref(),
        input.copy_source_if_unmodified_since.as_ref(),
    );
    let (original, file) = source.open(&visit, &permit, conditions).await?;
    let algorithm = algorithm
        .or_else(|| of_original(&original))
        .unwrap_or(DEFAULT_ALGORITHM);
    let mut meter = Meter::new(Some(algorithm));
    let mut draft = draft(visit.env()).await?;
    let pieces = Pieces::new(file, 0, original.size_bytes).await?;
    append(&mut draft, pieces, &mut meter).await?;
    let placed = draft.place().await.map_err(not_written)?;
    let measured = meter.finish();
    let described = if replaces {
        given
    } else {
        inherited(&original)
    };
    let object = Object {
        body: placed.name().to_owned(),
        size_bytes: measured.bytes,
        etag: hex(&measured.md5),
        modified: visit.now(),
        checksum: measured.checksum,
        headers: described.headers,
        metadata: described.metadata,
    };
    let write = Write {
        bucket: &input.bucket,
        key: &input.key,
        object: &object,
        matches: None,
        none_matches: None,
    };
    write.commit(&visit, &needs, placed).await?;
    Ok(answered(&object))
}

fn answered(object: &Object) -> CopyObjectOutput {
    let sums = Sums::of(object.checksum.as_ref());
    let result = CopyObjectResult {
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        e_tag: Some(etag(&object.etag)),
        last_modified: Some(moment(object.modified)),
    };
    CopyObjectOutput {
        copy_object_result: Some(result),
        ..CopyObjectOutput::default()
    }
}

fn fields(input: &mut CopyObjectInput) -> Fields {
    Fields {
        cache_control: input.cache_control.take(),
        content_disposition: input.content_disposition.take(),
        content_encoding: input.content_encoding.take(),
        content_language: input.content_language.take(),
        content_type: input.content_type.take(),
        expires: input.expires.take(),
        metadata: input.metadata.take(),
    }
}

fn inherited(original: &Object) -> Described {
    Described {
        headers: original.headers.clone(),
        metadata: original.metadata.clone(),
    }
}

/// The original's algorithm, which the copy keeps.
fn of_original(original: &Object) -> Option<Algorithm> {
    Algorithm::named(&original.checksum.as_ref()?.algorithm)
}

/// The algorithm a client names.
pub(super) fn asked_algorithm(
    name: Option<&ChecksumAlgorithm>,
) -> Result<Option<Algorithm>, ApiError> {
    let Some(name) = name else {
        return Ok(None);
    };
    let unknown = || {
        let message = "Checksum algorithm provided is unsupported. Please try again with any of \
                       the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]";
        error::invalid_request(message, "request.digest")
    };
    Algorithm::named(name.as_str())
        .map(Some)
        .ok_or_else(unknown)
}

fn unknown_directive() -> ApiError {
    error::invalid_argument("Unknown metadata directive.", "request.invalid")
}

fn onto_itself() -> ApiError {
    let message = "This copy request is illegal because it is trying to copy an object to itself \
                   without changing the object's metadata, storage class, website redirect \
                   location or encryption attributes.";
    error::invalid_request(message, "object.same")
}
