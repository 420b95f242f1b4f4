//! The keys of other issuers: fetched when a token needs them, kept, and fetched again in time.
//!
//! An issuer can be slow, gone, or wrong, and strangers can send tokens that name keys nobody has.
//! None of that may reach the users whose tokens are good. So a set that was fetched stays until a
//! better one comes; only one request at a time fetches from an issuer, and the others share what it
//! found; and a key that is not in the set causes a fetch only now and then.
//!
//! What is decided here is pure: the moment comes with the request, and [`KeyFetcher`] does the
//! calling.
//!
//! **Source**: requirements S80 and S82, F13 to F16; limits table of the reliability and security
//! page, section 3.

mod published;
mod standing;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use daypass_core::time::Timestamp;
use daypass_proof::jwt::KeySet;

pub use published::{KeySource, PublishedKeys};
use standing::{Standing, Step};

/// Issuers whose keys are kept at once. Only issuers that an operator registered are asked for.
const ISSUERS_MAX: usize = 256;

/// Why an issuer's keys are not there.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IssuerKeysError {
    /// The issuer does not answer, or not in time, or may not be called.
    #[error("the issuer cannot be reached: {0}")]
    Unreachable(String),
    /// The issuer answers with something that is no usable set of its keys.
    #[error("the issuer publishes no usable keys: {0}")]
    Unusable(String),
}

/// The keys of issuers, kept.
#[async_trait]
pub trait IssuerKeys: Send + Sync + 'static {
    /// The keys of an issuer, with the one called `key_id` among them if the issuer is known to
    /// publish it.
    async fn keys(
        &self,
        source: &KeySource,
        key_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, IssuerKeysError>;
}

/// Gets the keys that an issuer publishes now.
#[async_trait]
pub trait KeyFetcher: Send + Sync + 'static {
    /// Asks the issuer once. It ends by itself within a few seconds.
    async fn fetch(&self, source: &KeySource) -> Result<KeySet, IssuerKeysError>;
}

/// Keys of issuers, kept in this process.
pub struct CachedIssuerKeys<F> {
    fetcher: F,
    issuers: Mutex<HashMap<String, Arc<Issuer>>>,
}

/// One issuer: how it stands, and the turn of whoever fetches from it.
#[derive(Default)]
struct Issuer {
    standing: Mutex<Standing>,
    turn: tokio::sync::Mutex<()>,
}

impl<F> std::fmt::Debug for CachedIssuerKeys<F> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CachedIssuerKeys")
            .finish_non_exhaustive()
    }
}

impl<F: KeyFetcher> CachedIssuerKeys<F> {
    /// No keys yet; `fetcher` gets them.
    pub fn new(fetcher: F) -> Self {
        Self {
            fetcher,
            issuers: Mutex::default(),
        }
    }

    /// The issuer of this name. When there are too many, the one that was fetched from the longest
    /// ago goes.
    fn issuer(&self, name: String) -> Arc<Issuer> {
        let mut issuers = self.issuers.lock().unwrap_or_else(PoisonError::into_inner);
        if !issuers.contains_key(&name) && issuers.len() >= ISSUERS_MAX {
            let oldest = issuers.iter().min_by_key(|(_, issuer)| {
                let standing = issuer.look(|standing| standing.attempted());
                standing.map(Timestamp::millis)
            });
            let oldest = oldest.map(|(name, _)| name.clone());
            oldest.and_then(|name| issuers.remove(&name));
        }
        Arc::clone(issuers.entry(name).or_default())
    }
}

impl Issuer {
    fn look<T>(&self, look: impl FnOnce(&mut Standing) -> T) -> T {
        look(&mut self.standing.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl<F: KeyFetcher> IssuerKeys for CachedIssuerKeys<F> {
    async fn keys(
        &self,
        source: &KeySource,
        key_id: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, IssuerKeysError> {
        let issuer = self.issuer(source.name());
        let (step, seen) = issuer.look(|standing| (standing.step(key_id, now), standing.ended()));
        let fallback = match step {
            Step::Answer(answer) => return answer,
            Step::Wait => {
                let _turn = issuer.turn.lock().await;
                return issuer.look(|standing| standing.answer(now));
            }
            Step::Fetch { meanwhile } => meanwhile,
        };
        let _turn = match (issuer.turn.try_lock(), fallback) {
            (Ok(turn), _) => turn,
            // Someone is fetching already, and what is here will do.
            (Err(_), Some(keys)) => return Ok(keys),
            (Err(_), None) => issuer.turn.lock().await,
        };
        if issuer.look(|standing| standing.ended()) != seen {
            return issuer.look(|standing| standing.answer(now));
        }
        issuer.look(|standing| standing.begin(now));
        let fetched = self.fetcher.fetch(source).await;
        if let Err(error) = &fetched {
            tracing::warn!(issuer = source.name(), %error, "no keys from an issuer");
        }
        issuer.look(|standing| {
            standing.end(fetched, now);
            standing.answer(now)
        })
    }
}

#[cfg(test)]
mod tests;
