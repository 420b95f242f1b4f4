//! `CreateMultipartUpload`: begin an upload in parts.
//!
//! **Source**: S3 API reference, *CreateMultipartUpload*; S3 user guide, *Checking object integrity*
//! (which algorithms go with which type).
//! **Errors**: `InvalidRequest`, `MetadataTooLarge`, `NoSuchBucket`, and the common set.

use std::sync::Arc;

use daypass_store::records::Upload;
use s3s::dto::{
    ChecksumAlgorithm, ChecksumType, CreateMultipartUploadInput, CreateMultipartUploadOutput,
};

use super::checksum::Algorithm;
use super::copy_object::asked_algorithm;
use super::described::Fields;
use super::error;
use super::visit::{Stop, Visit, bucket, transact};
use crate::error::ApiError;
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: CreateMultipartUploadInput,
) -> Result<CreateMultipartUploadOutput, Stop> {
    let algorithm = asked_algorithm(input.checksum_algorithm.as_ref())?;
    let kind = input.checksum_type.as_ref().map(ChecksumType::as_str);
    let composite = is_composite(algorithm, kind)?;
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
    let upload = Upload {
        created: visit.now(),
        algorithm: algorithm.map(|algorithm| algorithm.name().to_owned()),
        composite,
        headers: described.headers,
        metadata: described.metadata,
    };
    let mut need = visit.on_object("s3:PutObject", &input.bucket, &input.key);
    if let Some(class) = &input.storage_class {
        need = need.with("s3:x-amz-storage-class", class.as_str());
    }
    let needs = [need];
    let id = format!("{:032x}", u128::from_be_bytes(visit.env().random()?));
    transact(|| create(&visit, &needs, (&input.bucket, &input.key), &id, &upload)).await?;
    let kind = if composite {
        ChecksumType::COMPOSITE
    } else {
        ChecksumType::FULL_OBJECT
    };
    Ok(CreateMultipartUploadOutput {
        bucket: Some(input.bucket),
        key: Some(input.key),
        upload_id: Some(id),
        checksum_algorithm: upload.algorithm.map(ChecksumAlgorithm::from),
        checksum_type: algorithm.map(|_| ChecksumType::from_static(kind)),
        ..CreateMultipartUploadOutput::default()
    })
}

async fn create(
    visit: &Visit,
    needs: &[Need],
    (name, key): (&str, &str),
    id: &str,
    upload: &Upload,
) -> Result<(), Stop> {
    visit.permit(needs).await?;
    let mut records = visit.env().write().await?;
    bucket(&mut records, name).await?;
    records.put_upload(name, key, id, upload).await?;
    Ok(records.commit().await?)
}

/// Whether the object's checksum will be one of its parts' checksums.
fn is_composite(algorithm: Option<Algorithm>, kind: Option<&str>) -> Result<bool, ApiError> {
    let composite = match (algorithm, kind) {
        (None | Some(Algorithm::Crc64Nvme), None | Some(ChecksumType::FULL_OBJECT)) => false,
        (Some(algorithm), Some(ChecksumType::FULL_OBJECT)) if !algorithm.only_composite() => false,
        (Some(algorithm), None | Some(ChecksumType::COMPOSITE))
            if algorithm != Algorithm::Crc64Nvme =>
        {
            true
        }
        _ => {
            let message = "The checksum type cannot be used with the checksum algorithm.";
            return Err(error::invalid_request(message, "request.digest"));
        }
    };
    Ok(composite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_algorithm_has_the_types_the_guide_gives_it() {
        let (full, composite) = (
            Some(ChecksumType::FULL_OBJECT),
            Some(ChecksumType::COMPOSITE),
        );
        for algorithm in Algorithm::ALL {
            let kinds =
                [None, full, composite].map(|kind| is_composite(Some(algorithm), kind).ok());
            let expected = match algorithm {
                Algorithm::Crc64Nvme => [Some(false), Some(false), None],
                Algorithm::Crc32 | Algorithm::Crc32c => [Some(true), Some(false), Some(true)],
                Algorithm::Sha1 | Algorithm::Sha256 => [Some(true), None, Some(true)],
            };
            assert_eq!(kinds, expected, "{algorithm:?}");
        }
        assert_eq!(is_composite(None, None).ok(), Some(false));
        assert!(is_composite(None, composite).is_err());
    }
}
