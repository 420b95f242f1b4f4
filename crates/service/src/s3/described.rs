//! What a client says of an object beside its bytes, and how readers get it back.
//!
//! **Source**: S3 user guide, *Working with object metadata* (system-defined and user-defined).

use std::collections::BTreeMap;

use ::time::OffsetDateTime;
use daypass_core::time::Timestamp;
use daypass_store::records::{Object, ObjectChecksum};
use daypass_wire::time;
use s3s::dto::{self, ETag};

use super::checksum::Algorithm;
use crate::error::ApiError;

/// The most user metadata of an object, names and values together.
///
/// **Source**: S3 user guide, *User-defined object metadata*.
const METADATA_BYTES_MAX: usize = 2 * 1_024;

/// The type of an object whose writer named none.
pub(super) const DEFAULT_TYPE: &str = "binary/octet-stream";

/// The fields as `s3s` decodes them.
#[derive(Default)]
pub(super) struct Fields {
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub content_type: Option<String>,
    pub expires: Option<dto::Timestamp>,
    pub metadata: Option<dto::Metadata>,
}

/// The fields as records keep them.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Described {
    pub headers: BTreeMap<String, String>,
    pub metadata: BTreeMap<String, String>,
}

impl Fields {
    /// The fields, if they are not too much.
    pub(super) fn checked(self) -> Result<Described, ApiError> {
        let metadata: BTreeMap<String, String> =
            self.metadata.unwrap_or_default().into_iter().collect();
        let bytes: usize = metadata
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum();
        if bytes > METADATA_BYTES_MAX {
            let message = "Your metadata headers exceed the maximum allowed metadata size";
            return Err(ApiError::new(
                "MetadataTooLarge",
                400,
                message,
                "limit.metadata",
            ));
        }
        let expires = self.expires.map(|moment| time::http_date(seconds(&moment)));
        let named = [
            ("cache-control", self.cache_control),
            ("content-disposition", self.content_disposition),
            ("content-encoding", self.content_encoding),
            ("content-language", self.content_language),
            ("content-type", self.content_type),
            ("expires", expires),
        ];
        let headers = named.into_iter().filter_map(|(name, value)| {
            Some((name.to_owned(), value.filter(|value| !value.is_empty())?))
        });
        Ok(Described {
            headers: headers.collect(),
            metadata,
        })
    }
}

/// A header given with an object.
pub(super) fn header(object: &Object, name: &str) -> Option<String> {
    object.headers.get(name).cloned()
}

/// Its type.
pub(super) fn content_type(object: &Object) -> String {
    header(object, "content-type").unwrap_or_else(|| DEFAULT_TYPE.to_owned())
}

/// When it expires.
pub(super) fn expires(object: &Object) -> Option<dto::Timestamp> {
    let seconds = time::parse_http_date(object.headers.get("expires")?)?;
    Some(moment(Timestamp::from_seconds(seconds)))
}

/// The user's metadata.
pub(super) fn metadata(object: &Object) -> Option<dto::Metadata> {
    let pairs = object.metadata.iter();
    let metadata: dto::Metadata = pairs
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    (!metadata.is_empty()).then_some(metadata)
}

/// An entity tag.
pub(super) fn etag(text: &str) -> ETag {
    ETag::Strong(text.to_owned())
}

/// A moment as `s3s` writes it.
pub(super) fn moment(timestamp: Timestamp) -> dto::Timestamp {
    let nanos = i128::from(timestamp.millis()) * 1_000_000;
    let moment = OffsetDateTime::from_unix_timestamp_nanos(nanos);
    dto::Timestamp::from(moment.unwrap_or(OffsetDateTime::UNIX_EPOCH))
}

/// The whole seconds of a moment that `s3s` read.
pub(super) fn seconds(moment: &dto::Timestamp) -> i64 {
    OffsetDateTime::from(moment.clone()).unix_timestamp()
}

/// A size as `s3s` writes it.
pub(super) fn size(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// A checksum spread over the five fields that outputs have for it.
#[derive(Default)]
pub(super) struct Sums {
    pub crc32: Option<String>,
    pub crc32c: Option<String>,
    pub crc64nvme: Option<String>,
    pub sha1: Option<String>,
    pub sha256: Option<String>,
    pub kind: Option<dto::ChecksumType>,
}

impl Sums {
    /// The fields of a checksum.
    pub(super) fn of(checksum: Option<&ObjectChecksum>) -> Self {
        let mut sums = Self::default();
        let Some(checksum) = checksum else {
            return sums;
        };
        let value = Some(checksum.value.clone());
        match Algorithm::named(&checksum.algorithm) {
            Some(Algorithm::Crc32) => sums.crc32 = value,
            Some(Algorithm::Crc32c) => sums.crc32c = value,
            Some(Algorithm::Crc64Nvme) => sums.crc64nvme = value,
            Some(Algorithm::Sha1) => sums.sha1 = value,
            Some(Algorithm::Sha256) => sums.sha256 = value,
            None => {}
        }
        let kind = if checksum.composite {
            dto::ChecksumType::COMPOSITE
        } else {
            dto::ChecksumType::FULL_OBJECT
        };
        sums.kind = Some(dto::ChecksumType::from_static(kind));
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_kilobytes_of_metadata_fit_and_one_byte_more_does_not() {
        let fields = |length: usize| Fields {
            metadata: Some(
                [("name".to_owned(), "v".repeat(length))]
                    .into_iter()
                    .collect(),
            ),
            ..Fields::default()
        };
        assert!(fields(METADATA_BYTES_MAX - 4).checked().is_ok());
        let refused = fields(METADATA_BYTES_MAX - 3).checked().unwrap_err();
        assert_eq!(refused.code, "MetadataTooLarge");
    }

    #[test]
    fn moments_keep_their_seconds() {
        let there = moment(Timestamp::from_millis(1_700_000_000_123));
        assert_eq!(seconds(&there), 1_700_000_000);
    }
}
