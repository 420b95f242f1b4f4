//! `GetObject`: an object's bytes, or a range of them.
//!
//! **Source**: S3 API reference, *GetObject*; RFC 9110, section 14.
//! **Errors**: `InvalidRange`, `NoSuchBucket`, `NoSuchKey`, `PreconditionFailed`, and the common set.

use std::ops::Range;
use std::sync::Arc;

use daypass_store::records::{Object, ObjectChecksum};
use futures_util::stream;
use http::{HeaderMap, HeaderValue, header};
use s3s::dto::{self, GetObjectInput, GetObjectOutput, StreamingBlob};

use super::conditions::{Conditions, Verdict};
use super::described::{
    Sums, content_type, etag, expires, header as described, metadata, moment, size,
};
use super::error;
use super::store::{Pieces, missing, open};
use super::visit::{Stop, Visit};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: GetObjectInput,
) -> Result<GetObjectOutput, Stop> {
    let need = visit.on_object("s3:GetObject", &input.bucket, &input.key);
    let permit = visit.permit(&[need]).await?;
    let Some((object, file)) = open(visit.env(), &input.bucket, &input.key).await? else {
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
    let span = range.clone().unwrap_or(0..object.size_bytes);
    let length = span.end.saturating_sub(span.start);
    let pieces = Pieces::new(file, span.start, length).await?;
    let sums = Sums::of(asked_for(
        &object,
        input.checksum_mode.as_ref(),
        range.is_some(),
    ));
    Ok(GetObjectOutput {
        accept_ranges: Some("bytes".to_owned()),
        body: Some(streamed(pieces)),
        cache_control: described(&object, "cache-control"),
        checksum_crc32: sums.crc32,
        checksum_crc32c: sums.crc32c,
        checksum_crc64nvme: sums.crc64nvme,
        checksum_sha1: sums.sha1,
        checksum_sha256: sums.sha256,
        checksum_type: sums.kind,
        content_disposition: described(&object, "content-disposition"),
        content_encoding: described(&object, "content-encoding"),
        content_language: described(&object, "content-language"),
        content_length: Some(size(length)),
        content_range: range.map(|range| content_range(&range, object.size_bytes)),
        content_type: Some(content_type(&object)),
        e_tag: Some(etag(&object.etag)),
        expires: expires(&object),
        last_modified: Some(moment(object.modified)),
        metadata: metadata(&object),
        ..GetObjectOutput::default()
    })
}

fn streamed(pieces: Pieces) -> StreamingBlob {
    StreamingBlob::wrap(stream::try_unfold(pieces, |mut pieces| async move {
        let piece = pieces.next().await?;
        Ok::<_, std::io::Error>(piece.map(|piece| (piece, pieces)))
    }))
}

/// Goes on, or says why not.
pub(super) fn heeded(conditions: &Conditions<'_>, object: &Object) -> Result<(), Stop> {
    match conditions.judge(object) {
        Verdict::Proceed => Ok(()),
        Verdict::Failed(condition) => Err(error::precondition_failed(condition).into()),
        Verdict::NotModified => {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_str(&format!("\"{}\"", object.etag)) {
                headers.insert(header::ETAG, value);
            }
            let modified = daypass_wire::time::http_date(object.modified.seconds());
            if let Ok(value) = HeaderValue::from_str(&modified) {
                headers.insert(header::LAST_MODIFIED, value);
            }
            Err(Stop::NotModified(headers))
        }
    }
}

/// The bytes a range means.
pub(super) fn satisfied(
    range: Option<dto::Range>,
    object: &Object,
) -> Result<Option<Range<u64>>, Stop> {
    let Some(range) = range else {
        return Ok(None);
    };
    let found = range.check(object.size_bytes);
    let found = found.map_err(|_| error::invalid_range(object.size_bytes))?;
    if found.is_empty() {
        return Err(error::invalid_range(object.size_bytes).into());
    }
    Ok(Some(found))
}

/// How a range is written in the answer.
pub(super) fn content_range(range: &Range<u64>, size_bytes: u64) -> String {
    format!(
        "bytes {}-{}/{size_bytes}",
        range.start,
        range.end.saturating_sub(1)
    )
}

/// The checksum, for a client that wants one and gets the bytes it is of.
pub(super) fn asked_for<'a>(
    object: &'a Object,
    mode: Option<&dto::ChecksumMode>,
    in_part: bool,
) -> Option<&'a ObjectChecksum> {
    let enabled = mode.is_some_and(|mode| mode.as_str() == dto::ChecksumMode::ENABLED);
    object.checksum.as_ref().filter(|_| enabled && !in_part)
}
