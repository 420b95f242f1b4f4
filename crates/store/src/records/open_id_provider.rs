//! OpenID Connect providers.
//!
//! **Shape**: `oidc-provider <host and path>`, in the case they were given in.

use daypass_core::open_id_provider::OpenIdProvider;

use super::{RecordError, Records};
use crate::Key;

const PROVIDER: &str = "oidc-provider";

fn key(name: &str) -> Key {
    Key::of(&[PROVIDER, name])
}

impl Records {
    /// The provider of this name: its URL without the scheme.
    pub async fn open_id_provider(
        &mut self,
        name: &str,
    ) -> Result<Option<OpenIdProvider>, RecordError> {
        self.load(&key(name)).await
    }

    /// The providers by name, up to `limit`.
    pub async fn open_id_providers(
        &mut self,
        limit: usize,
    ) -> Result<Vec<OpenIdProvider>, RecordError> {
        Ok(self.page(&[PROVIDER], None, limit).await?.items)
    }

    /// Writes a provider, new or changed.
    pub async fn put_open_id_provider(
        &mut self,
        provider: &OpenIdProvider,
    ) -> Result<(), RecordError> {
        self.save(&key(provider.url.name()), provider).await
    }

    /// Removes a provider.
    pub async fn delete_open_id_provider(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(name)).await?)
    }

    /// How many providers there are, counted up to `limit`.
    pub async fn count_open_id_providers(&mut self, limit: usize) -> Result<usize, RecordError> {
        self.count(PROVIDER, limit).await
    }
}
