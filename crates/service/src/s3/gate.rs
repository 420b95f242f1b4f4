//! What `s3s` is told about who may: nothing but what the guard has already established.
//!
//! `s3s` gets requests without credentials, so none of its own signature checks ever decides. Its
//! access hook runs before an operation is decoded, for every operation it knows; this one lets a
//! request through only with a [`Visit`], and only if `s3s` read the same operation and the same path
//! out of it as we did. Each operation then asks for its permissions itself.
//!
//! **Source**: dependencies page, section 8; requirements S27, S54 and S55.

use std::sync::Arc;

use daypass_wire::rest::ResourcePath;
use s3s::access::{S3Access, S3AccessContext};
use s3s::auth::{S3Auth, SecretKey};
use s3s::path::S3Path;
use s3s::{S3Result, s3_error};

use super::visit::Visit;

/// Knows no key: without a provider of keys `s3s` would not ask [`Gate`] at all.
pub(super) struct NoKeys;

#[async_trait::async_trait]
impl S3Auth for NoKeys {
    async fn get_secret_key(&self, _: &str) -> S3Result<SecretKey> {
        Err(s3_error!(AccessDenied))
    }
}

/// Lets through what was authenticated, and nothing else.
pub(super) struct Gate;

#[async_trait::async_trait]
impl S3Access for Gate {
    async fn check(&self, cx: &mut S3AccessContext<'_>) -> S3Result<()> {
        let visit = cx.extensions_mut().get::<Arc<Visit>>().cloned();
        let Some(visit) = visit else {
            return Err(s3_error!(AccessDenied));
        };
        if cx.credentials().is_some() || cx.s3_op().name() != visit.operation().name {
            return Err(s3_error!(AccessDenied));
        }
        let same = match (cx.s3_path(), visit.path()) {
            (S3Path::Root, ResourcePath::Root) => true,
            (S3Path::Bucket { bucket }, ResourcePath::Bucket(ours)) => **bucket == **ours,
            (
                S3Path::Object { bucket, key },
                ResourcePath::Object {
                    bucket: ours,
                    key: own,
                },
            ) => **bucket == **ours && **key == **own,
            _ => false,
        };
        if same {
            Ok(())
        } else {
            Err(s3_error!(AccessDenied))
        }
    }
}
