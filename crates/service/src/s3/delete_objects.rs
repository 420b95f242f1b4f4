//! `DeleteObjects`: remove up to a thousand objects, each by its own permission.
//!
//! **Source**: S3 API reference, *DeleteObjects*; requirement S54.
//! **Errors**: `MalformedXML`, `NoSuchBucket`, and the common set; per key `AccessDenied`,
//! `KeyTooLongError`, `InvalidURI`, `NotImplemented`.

use std::sync::Arc;

use daypass_store::records::Object;
use daypass_wire::limits::DELETE_KEYS_MAX;
use s3s::dto::{self, DeleteObjectsInput, DeleteObjectsOutput, DeletedObject, ObjectIdentifier};

use super::error;
use super::names::check_key;
use super::store::discard;
use super::visit::{Stop, Visit, bucket, transact};
use crate::error::ApiError;
use crate::guard::Permit;

/// What became of the keys.
struct Outcome {
    removed: Vec<Object>,
    deleted: Vec<String>,
    errors: Vec<dto::Error>,
}

pub(super) async fn call(
    visit: Arc<Visit>,
    input: DeleteObjectsInput,
) -> Result<DeleteObjectsOutput, Stop> {
    let asked = input.delete.objects;
    if asked.is_empty() || asked.len() > DELETE_KEYS_MAX {
        return Err(error::malformed_xml().into());
    }
    let outcome = transact(|| delete(&visit, &input.bucket, &asked)).await?;
    discard(
        visit.env(),
        outcome.removed.into_iter().map(|object| object.body),
    )
    .await;
    let deleted = outcome.deleted.into_iter().map(|key| DeletedObject {
        key: Some(key),
        ..DeletedObject::default()
    });
    let quiet = input.delete.quiet == Some(true);
    Ok(DeleteObjectsOutput {
        deleted: (!quiet).then(|| deleted.collect()),
        errors: (!outcome.errors.is_empty()).then_some(outcome.errors),
        ..DeleteObjectsOutput::default()
    })
}

async fn delete(visit: &Visit, name: &str, asked: &[ObjectIdentifier]) -> Result<Outcome, Stop> {
    let permit = visit.permit(&[]).await?;
    let mut outcome = Outcome {
        removed: Vec::new(),
        deleted: Vec::new(),
        errors: Vec::new(),
    };
    for object in asked {
        match allowed(visit, &permit, name, object).await? {
            None => outcome.deleted.push(object.key.clone()),
            Some(refusal) => outcome.errors.push(dto::Error {
                code: Some(refusal.code.to_owned()),
                key: Some(object.key.clone()),
                message: Some(refusal.message),
                version_id: object.version_id.clone(),
            }),
        }
    }
    let mut records = visit.env().write().await?;
    bucket(&mut records, name).await?;
    for key in &outcome.deleted {
        outcome
            .removed
            .extend(records.delete_object(name, key).await?);
    }
    records.commit().await?;
    Ok(outcome)
}

/// Why this key is not removed, if so.
async fn allowed(
    visit: &Visit,
    permit: &Permit,
    name: &str,
    object: &ObjectIdentifier,
) -> Result<Option<ApiError>, Stop> {
    if let Err(refusal) = check_key(&object.key) {
        return Ok(Some(refusal));
    }
    let ObjectIdentifier {
        key,
        version_id,
        e_tag,
        last_modified_time,
        size,
    } = object;
    if version_id.is_some() || e_tag.is_some() || last_modified_time.is_some() || size.is_some() {
        return Ok(Some(error::not_implemented()));
    }
    let need = visit.on_object("s3:DeleteObject", name, key);
    let denial = permit.also(visit.env(), &need).await?;
    Ok(denial.map(|denial| ApiError::new("AccessDenied", 403, denial.message(), denial.reason())))
}
