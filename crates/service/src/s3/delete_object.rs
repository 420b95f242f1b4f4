//! `DeleteObject`: remove an object; removing what is not there succeeds.
//!
//! **Source**: S3 API reference, *DeleteObject*.
//! **Errors**: `NoSuchBucket`, `PreconditionFailed`, and the common set.

use std::sync::Arc;

use daypass_store::records::Object;
use s3s::dto::{DeleteObjectInput, DeleteObjectOutput, ETagCondition};

use super::conditions::may_write;
use super::store::discard;
use super::visit::{Stop, Visit, bucket, transact};
use crate::guard::Need;

pub(super) async fn call(
    visit: Arc<Visit>,
    input: DeleteObjectInput,
) -> Result<DeleteObjectOutput, Stop> {
    let needs = [visit.on_object("s3:DeleteObject", &input.bucket, &input.key)];
    let (name, key) = (&input.bucket, &input.key);
    let removed = transact(|| delete(&visit, &needs, name, key, input.if_match.as_ref())).await?;
    discard(visit.env(), removed.map(|object| object.body)).await;
    Ok(DeleteObjectOutput::default())
}

async fn delete(
    visit: &Visit,
    needs: &[Need],
    name: &str,
    key: &str,
    matches: Option<&ETagCondition>,
) -> Result<Option<Object>, Stop> {
    visit.permit(needs).await?;
    let mut records = visit.env().write().await?;
    bucket(&mut records, name).await?;
    if matches.is_some() {
        let existing = records.object(name, key).await?;
        may_write(matches, None, existing.as_ref(), key)?;
    }
    let removed = records.delete_object(name, key).await?;
    records.commit().await?;
    Ok(removed)
}
