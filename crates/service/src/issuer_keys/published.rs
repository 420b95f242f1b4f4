//! Where an issuer publishes its keys, and how they are read from there.
//!
//! **Source**: OpenID Connect Discovery 1.0, section 4; requirements S79, S81 and S82.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use daypass_core::issuer::IssuerUrl;
use daypass_proof::jwt::{KeySet, KeySetError};
use daypass_proof::login::discovery;
use tokio::io::AsyncReadExt;

use super::{IssuerKeysError, KeyFetcher};
use crate::outbound::{DOCUMENT_BYTES_MAX, Outbound, OutboundRequest};

/// Where the keys of an issuer are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum KeySource {
    /// Where the issuer's own OpenID configuration says.
    Issuer(IssuerUrl),
    /// At this URL, which its provider documents.
    Document(String),
    /// In this file, which the operator keeps.
    File(PathBuf),
}

impl KeySource {
    /// Its name: no two sources have the same.
    pub fn name(&self) -> String {
        match self {
            Self::Issuer(issuer) => issuer.to_string(),
            Self::Document(url) => format!("document {url}"),
            Self::File(path) => format!("file {}", path.display()),
        }
    }
}

/// Keys as they are published now.
pub struct PublishedKeys {
    outbound: Arc<dyn Outbound>,
}

impl PublishedKeys {
    /// Keys fetched through `outbound`.
    pub fn new(outbound: Arc<dyn Outbound>) -> Self {
        Self { outbound }
    }

    async fn document(&self, url: String) -> Result<Bytes, IssuerKeysError> {
        let asked = self.outbound.fetch(OutboundRequest::get(url)).await;
        let document = asked.map_err(|error| IssuerKeysError::Unreachable(error.to_string()))?;
        let status = document.status;
        match document.success() {
            Ok(body) => Ok(body),
            // A server in trouble is like none; one that answers something else is wrong.
            Err(error) if status >= 500 => Err(IssuerKeysError::Unreachable(error.to_string())),
            Err(error) => Err(IssuerKeysError::Unusable(error.to_string())),
        }
    }
}

#[async_trait]
impl KeyFetcher for PublishedKeys {
    async fn fetch(&self, source: &KeySource) -> Result<KeySet, IssuerKeysError> {
        let unusable = |error: KeySetError| IssuerKeysError::Unusable(error.to_string());
        match source {
            KeySource::Issuer(issuer) => {
                let document = self.document(discovery::address(issuer.as_str())).await?;
                let keys = discovery::key_address(&document, issuer.as_str())
                    .map_err(|error| IssuerKeysError::Unusable(error.to_string()))?;
                KeySet::parse(&self.document(keys).await?).map_err(unusable)
            }
            KeySource::Document(url) => {
                KeySet::parse(&self.document(url.clone()).await?).map_err(unusable)
            }
            KeySource::File(path) => KeySet::parse(&read(path).await?).map_err(unusable),
        }
    }
}

/// A file of keys, which is as short as a document of keys.
async fn read(path: &Path) -> Result<Vec<u8>, IssuerKeysError> {
    let unreadable = |error: std::io::Error| {
        IssuerKeysError::Unreachable(format!("`{}` does not read: {error}", path.display()))
    };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    let most = u64::try_from(DOCUMENT_BYTES_MAX).unwrap_or(u64::MAX);
    let mut file = file.take(most.saturating_add(1));
    file.read_to_end(&mut bytes).await.map_err(unreadable)?;
    if bytes.len() > DOCUMENT_BYTES_MAX {
        let message = format!("`{}` is too long for a file of keys", path.display());
        return Err(IssuerKeysError::Unusable(message));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests;
