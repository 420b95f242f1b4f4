//! `ListObjects`: the keys of a bucket, by the first version of the interface.
//!
//! **Source**: S3 API reference, *ListObjects*.
//! **Errors**: `NoSuchBucket`, `InvalidArgument`, and the common set.

use std::sync::Arc;

use daypass_store::records::{self, Position};
use s3s::dto::{
    CommonPrefix, ListObjectsInput, ListObjectsOutput, Object, ObjectStorageClass, Owner,
};

use super::described::{etag, moment, size};
use super::list_buckets::owner;
use super::listing::{Question, behind, limit, objects, written};
use super::visit::{Stop, Visit, bucket};
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: ListObjectsInput,
) -> Result<ListObjectsOutput, Stop> {
    let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
    let need = need(&visit, &input.bucket, prefix, delimiter, input.max_keys);
    visit.permit(&[need]).await?;
    let limit = limit(input.max_keys)?;
    let mut records = visit.env().read().await?;
    bucket(&mut records, &input.bucket).await?;
    let question = Question {
        bucket: &input.bucket,
        prefix: prefix.unwrap_or_default(),
        delimiter,
        from: behind(
            input.marker.as_deref(),
            prefix.unwrap_or_default(),
            delimiter,
        ),
        limit,
    };
    let page = objects(&mut records, question).await?;
    let escaped = is_url(input.encoding_type.as_ref());
    let next = page.next.as_ref().and_then(|position| match position {
        Position::Start => None,
        Position::AfterKey(text) | Position::AfterPrefix(text) => Some(written(text, escaped)),
    });
    let owner = owner(&visit);
    Ok(ListObjectsOutput {
        name: Some(input.bucket),
        prefix: Some(written(prefix.unwrap_or_default(), escaped)),
        marker: Some(written(
            input.marker.as_deref().unwrap_or_default(),
            escaped,
        )),
        max_keys: i32::try_from(limit).ok(),
        is_truncated: Some(page.next.is_some()),
        contents: Some(lines(page.items, escaped, Some(&owner))),
        common_prefixes: Some(prefixes(page.prefixes, escaped)),
        delimiter: delimiter.map(|delimiter| written(delimiter, escaped)),
        next_marker: next.filter(|_| delimiter.is_some()),
        encoding_type: input.encoding_type,
        ..ListObjectsOutput::default()
    })
}

/// The permission that every listing of objects needs. A listing without a prefix is one of the empty
/// prefix, so that policies on prefixes decide it, too.
pub(super) fn need(
    visit: &Visit,
    bucket: &str,
    prefix: Option<&str>,
    delimiter: Option<&str>,
    max_keys: Option<i32>,
) -> Need {
    let need = visit.on_bucket("s3:ListBucket", bucket);
    let mut need = need.with("s3:prefix", prefix.unwrap_or_default());
    if let Some(delimiter) = delimiter {
        need = need.with("s3:delimiter", delimiter);
    }
    if let Some(max_keys) = max_keys {
        need = need.with("s3:max-keys", max_keys.to_string());
    }
    need
}

/// Whether names are to be escaped.
pub(super) fn is_url(encoding: Option<&s3s::dto::EncodingType>) -> bool {
    encoding.is_some_and(|encoding| encoding.as_str() == s3s::dto::EncodingType::URL)
}

/// The lines of objects.
pub(super) fn lines(
    items: Vec<(String, records::Object)>,
    escaped: bool,
    owner: Option<&Owner>,
) -> Vec<Object> {
    let line = |(key, object): (String, records::Object)| Object {
        e_tag: Some(etag(&object.etag)),
        key: Some(written(&key, escaped)),
        last_modified: Some(moment(object.modified)),
        owner: owner.cloned(),
        size: Some(size(object.size_bytes)),
        storage_class: Some(ObjectStorageClass::from_static(
            ObjectStorageClass::STANDARD,
        )),
        ..Object::default()
    };
    items.into_iter().map(line).collect()
}

/// The lines of prefixes.
pub(super) fn prefixes(prefixes: Vec<String>, escaped: bool) -> Vec<CommonPrefix> {
    let line = |prefix: String| CommonPrefix {
        prefix: Some(written(&prefix, escaped)),
    };
    prefixes.into_iter().map(line).collect()
}
