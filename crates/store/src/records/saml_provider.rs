//! SAML providers, and the assertions that may not be used again.
//!
//! **Shape**: `saml-provider <name in lower case>`; `saml-assertion <the second it may be forgotten>
//! <digest> <operation>`.

use daypass_core::saml_provider::SamlProvider;
use daypass_proof::digest::sha256_hex;

use super::{RecordError, Records};
use crate::{Key, Range};

const PROVIDER: &str = "saml-provider";
const ASSERTION: &str = "saml-assertion";
/// How many forgotten uses one use removes, so that they never pile up.
const FORGOTTEN_AT_ONCE: usize = 8;

/// The use of an assertion that may be used once by each operation.
#[derive(Clone, Copy, Debug)]
pub struct AssertionUse<'u> {
    /// Who issued it.
    pub issuer: &'u str,
    /// Its `ID`.
    pub id: &'u str,
    /// From when on it cannot be accepted anyway, in seconds since 1970.
    pub until_seconds: i64,
    /// The operation that uses it.
    pub operation: &'u str,
    /// The request that uses it; the same one may do so again.
    pub request: &'u str,
}

impl AssertionUse<'_> {
    fn key(&self) -> Key {
        let named = format!("{}\n{}", self.issuer, self.id);
        let digest = sha256_hex(named.as_bytes());
        let until = format!("{:012}", self.until_seconds);
        Key::of(&[ASSERTION, &until, &digest, self.operation])
    }
}

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

    /// Remembers the use of an assertion, and forgets some that do not matter any more. Says whether
    /// it is the first, or a second run of the request that made it.
    pub async fn use_assertion(
        &mut self,
        one: &AssertionUse<'_>,
        now_seconds: i64,
    ) -> Result<bool, RecordError> {
        let key = one.key();
        if let Some(request) = self.tx().get(&key).await? {
            return Ok(request == one.request);
        }
        let oldest = Range::prefix(&Key::of(&[ASSERTION]), FORGOTTEN_AT_ONCE);
        for (key, _) in self.tx().scan(&oldest).await? {
            let until = key
                .parts()
                .get(1)
                .and_then(|until| until.parse::<i64>().ok());
            if until.is_some_and(|until| until < now_seconds) {
                self.tx().delete(&key).await?;
            }
        }
        self.tx().put(&key, one.request.to_owned()).await?;
        Ok(true)
    }
}
