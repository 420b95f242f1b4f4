//! The records: one file per noun, with its keys, its indexes and its uniqueness.
//!
//! Everything above speaks in nouns, everything below in keys and text. A function here is a few
//! lines that a reader can hold against the invariants: which keys does it read, which does it
//! write, and can two records ever claim the same one?

mod access_key;
mod activity;
mod bucket;
mod deployment;
mod identity;
mod managed_policy;
mod object;
mod open_id_provider;
mod pool;
mod principal;
mod saml_provider;
mod upload;

pub use activity::{ActivityHour, PoolActivity};
pub use bucket::Bucket;
pub use deployment::{Deployment, StoredSigningKey};
pub use object::{Object, ObjectChecksum, Position};
pub use saml_provider::AssertionUse;
pub use upload::{PARTS_MAX, Part, Upload};

use std::sync::Arc;

use daypass_proof::seal::{Purpose, SealingRing};
use zeroize::Zeroizing;

use crate::stored::{self, Stored};
use crate::{Key, Range, StoreError, Tx};

/// Why a record could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The store itself refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored under this key is not what this version writes there.
    #[error("record `{place}` does not read")]
    Undecodable {
        /// The key.
        place: String,
    },
    /// A sealed value does not open under the master key.
    #[error("record `{place}` does not open under the master key")]
    Sealed {
        /// The key.
        place: String,
    },
    /// A value has no stored form.
    #[error("a record cannot be written")]
    Unwritable,
    /// Another record already has the name or login.
    #[error("`{0}` is taken")]
    Taken(&'static str),
}

/// Seals what must never rest in the open, under the master key.
#[derive(Clone)]
pub struct Vault {
    ring: Arc<SealingRing>,
}

impl Vault {
    /// A vault over the master key.
    pub fn new(ring: SealingRing) -> Self {
        Self {
            ring: Arc::new(ring),
        }
    }

    /// Seals a secret for the record at `place`, so that it opens nowhere else.
    fn seal(&self, place: &Key, nonce: [u8; 12], secret: &[u8]) -> Result<String, RecordError> {
        self.ring
            .seal(Purpose::StoredSecret, &[&place.to_string()], nonce, secret)
            .map_err(|_| RecordError::Unwritable)
    }

    fn open(&self, place: &Key, sealed: &str) -> Result<Zeroizing<Vec<u8>>, RecordError> {
        let place = place.to_string();
        self.ring
            .open(Purpose::StoredSecret, &[&place], sealed)
            .map_err(|_| RecordError::Sealed { place })
    }
}

/// One transaction, spoken to in nouns.
pub struct Records {
    tx: Box<dyn Tx>,
    vault: Vault,
}

/// One page of a listing: the nouns, and the position after the last of them if there are more.
#[derive(Debug)]
pub struct Page<T> {
    /// The nouns of this page.
    pub items: Vec<T>,
    /// Where the next page starts, if there is one.
    pub next: Option<String>,
}

impl Records {
    /// The records behind `tx`.
    pub fn new(tx: Box<dyn Tx>, vault: Vault) -> Self {
        Self { tx, vault }
    }

    /// The transaction itself, for records that are kept elsewhere in this room.
    pub fn tx(&mut self) -> &mut dyn Tx {
        self.tx.as_mut()
    }

    /// Makes every change durable.
    pub async fn commit(self) -> Result<(), RecordError> {
        Ok(self.tx.commit().await?)
    }

    async fn load<T: Stored>(&mut self, key: &Key) -> Result<Option<T>, RecordError> {
        match self.tx.get(key).await? {
            Some(text) => stored::read(&key.to_string(), &text).map(Some),
            None => Ok(None),
        }
    }

    async fn save<T: Stored>(&mut self, key: &Key, value: &T) -> Result<(), RecordError> {
        Ok(self.tx.put(key, stored::write(value)?).await?)
    }

    /// One page of records directly under `prefix`; `after` is the last part of the last key seen.
    async fn page<T: Stored>(
        &mut self,
        prefix: &[&str],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<T>, RecordError> {
        let pairs = self.page_of_pairs(prefix, after, limit).await?;
        let mut items = Vec::with_capacity(pairs.items.len());
        for (key, text) in &pairs.items {
            items.push(stored::read(&key.to_string(), text)?);
        }
        Ok(Page {
            items,
            next: pairs.next,
        })
    }

    async fn page_of_pairs(
        &mut self,
        prefix: &[&str],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<(Key, String)>, RecordError> {
        let mut range = Range::prefix(&Key::of(prefix), limit.saturating_add(1));
        if let Some(last) = after {
            range = range.after(&Key::of(&[prefix, &[last]].concat()));
        }
        let mut items = self.tx.scan(&range).await?;
        let more = items.len() > limit;
        items.truncate(limit);
        let last = items.last().and_then(|(key, _)| key.parts().pop());
        Ok(Page {
            items,
            next: if more { last } else { None },
        })
    }
}
