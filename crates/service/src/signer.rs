//! Signing tokens without stalling the network threads.
//!
//! One RSA signature is a fraction of a millisecond of pure computation. A few at once are run on the
//! blocking pool, as many as there are processors; a bounded number waits; the rest is told to come
//! back. So a burst of tokens never holds up a request that only needs to be answered.
//!
//! **Source**: limits table of the reliability and security page, section 3 (RSA signing).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use daypass_proof::jwt::{KeySet, TokenClaims, issue};
use daypass_proof::keyring::{KeyRing, RingKey};
use tokio::sync::Semaphore;

use crate::error::Failure;
use crate::quota::Busy;

/// Tokens that may wait for a processor.
const QUEUE_MAX: usize = 256;

/// The token signing keys, and the places at which to sign.
pub(crate) struct Signer {
    ring: Arc<KeyRing>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Signer {
    /// A signer over `ring`, signing as many tokens at once as there are processors.
    pub(crate) fn new(ring: KeyRing) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            ring: Arc::new(ring),
            places: Arc::new(Semaphore::new(processors)),
            waiting: AtomicUsize::new(0),
        }
    }

    /// The published keys.
    pub(crate) fn key_set(&self) -> &KeySet {
        self.ring.key_set()
    }

    /// All keys, oldest first, each with its stage.
    pub(crate) fn keys(&self) -> &[RingKey] {
        self.ring.keys()
    }

    /// Signs a token.
    pub(crate) async fn sign(&self, claims: TokenClaims) -> Result<String, Failure> {
        let place = {
            let _waiter = Waiter::enter(&self.waiting)?;
            let places = Arc::clone(&self.places);
            places
                .acquire_owned()
                .await
                .map_err(|error| Failure::Internal(error.to_string()))?
        };
        let ring = Arc::clone(&self.ring);
        let signing = tokio::task::spawn_blocking(move || {
            let (key_id, key) = ring.active();
            let token = issue(key, key_id, &claims);
            drop(place);
            token
        });
        let signed = signing
            .await
            .map_err(|error| Failure::Internal(error.to_string()))?;
        signed.map_err(|error| Failure::Internal(error.to_string()))
    }
}

/// Counts one waiting request, also when its client goes away.
struct Waiter<'c>(&'c AtomicUsize);

impl<'c> Waiter<'c> {
    fn enter(count: &'c AtomicUsize) -> Result<Self, Failure> {
        let before = count.fetch_add(1, Ordering::Relaxed);
        let waiter = Self(count);
        if before >= QUEUE_MAX {
            Err(Busy::now("limit.signing").into())
        } else {
            Ok(waiter)
        }
    }
}

impl Drop for Waiter<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
