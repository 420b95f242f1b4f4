//! `ListObjectsV2`: the keys of a bucket, page by page.
//!
//! **Source**: S3 API reference, *ListObjectsV2*.
//! **Errors**: `NoSuchBucket`, `InvalidArgument`, and the common set.

use std::sync::Arc;

use s3s::dto::{ListObjectsV2Input, ListObjectsV2Output};

use super::list_buckets::owner;
use super::list_objects::{is_url, lines, need, prefixes};
use super::listing::{Question, behind, limit, objects, position, token, written};
use super::visit::{Stop, Visit, bucket};

pub(super) async fn call(
    visit: Arc<Visit>,
    input: ListObjectsV2Input,
) -> Result<ListObjectsV2Output, Stop> {
    let (prefix, delimiter) = (input.prefix.as_deref(), input.delimiter.as_deref());
    let need = need(&visit, &input.bucket, prefix, delimiter, input.max_keys);
    visit.permit(&[need]).await?;
    let limit = limit(input.max_keys)?;
    let from = match &input.continuation_token {
        Some(token) => position(token)?,
        None => behind(
            input.start_after.as_deref(),
            prefix.unwrap_or_default(),
            delimiter,
        ),
    };
    let mut records = visit.env().read().await?;
    bucket(&mut records, &input.bucket).await?;
    let question = Question {
        bucket: &input.bucket,
        prefix: prefix.unwrap_or_default(),
        delimiter,
        from,
        limit,
    };
    let page = objects(&mut records, question).await?;
    let escaped = is_url(input.encoding_type.as_ref());
    let owner = (input.fetch_owner == Some(true)).then(|| owner(&visit));
    Ok(ListObjectsV2Output {
        name: Some(input.bucket),
        prefix: Some(written(prefix.unwrap_or_default(), escaped)),
        max_keys: i32::try_from(limit).ok(),
        key_count: i32::try_from(page.items.len() + page.prefixes.len()).ok(),
        continuation_token: input.continuation_token,
        is_truncated: Some(page.next.is_some()),
        next_continuation_token: page.next.as_ref().map(token),
        contents: Some(lines(page.items, escaped, owner.as_ref())),
        common_prefixes: Some(prefixes(page.prefixes, escaped)),
        delimiter: delimiter.map(|delimiter| written(delimiter, escaped)),
        encoding_type: input.encoding_type,
        start_after: input.start_after.map(|start| written(&start, escaped)),
        ..ListObjectsV2Output::default()
    })
}
