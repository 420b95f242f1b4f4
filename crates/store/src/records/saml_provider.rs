//! SAML providers, and the assertions that may not be used again.
//!
//! **Shape**: `saml-provider <name in lower case>`; `saml-assertion <the second it may be forgotten>
//! <digest> <operation>`.

use daypass_core::saml_provider::SamlProvider;

use super::{RecordError, Records};
use crate::Key;

const PROVIDER: &str = "saml-provider";

fn key(name: &str) -> Key {
    Key::of(&[PROVIDER, &name.to_lowercase()])
}

impl Records {
    /// The provider of this name, in any case.
    pub async fn saml_provider(&mut self, name: &str) -> Result<Option<SamlProvider>, RecordError> {
        self.load(&key(name)).await
    }

    /// The providers by name, up to `limit`.
    pub async fn saml_providers(&mut self, limit: usize) -> Result<Vec<SamlProvider>, RecordError> {
        Ok(self.page(&[PROVIDER], None, limit).await?.items)
    }

    /// Writes a provider, new or changed.
    pub async fn put_saml_provider(&mut self, provider: &SamlProvider) -> Result<(), RecordError> {
        self.save(&key(&provider.name), provider).await
    }

    /// Removes a provider.
    pub async fn delete_saml_provider(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(name)).await?)
    }

    /// How many providers there are, counted up to `limit`.
    pub async fn count_saml_providers(&mut self, limit: usize) -> Result<usize, RecordError> {
        self.count(PROVIDER, limit).await
    }
}
