//! What happens to a deployment between a backup and its next start.
//!
//! A restored deployment has forgotten what was done since: keys that were disabled, identities that
//! were deleted. Credentials vended in that time know nothing of it either, so they end here. And a
//! copy that runs beside its original must not be believed by whoever believes the original.
//!
//! **Source**: requirements F27 and F28; invariant 5 of the reliability and security page.

use std::sync::Arc;

use daypass_proof::jwt::SigningKey;
use daypass_store::Store;
use daypass_store::records::{Records, StoredSigningKey, Vault};
use zeroize::Zeroizing;

use crate::env::{Entropy, OpenError};
use crate::error::chain;
use crate::first_start::{master_ring, random, refused};

/// What is wanted of a restored deployment.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Restored {
    /// Credentials vended before the restore stay good.
    pub keep_sessions: bool,
    /// It is a deployment of its own, beside the original.
    pub new_deployment: bool,
}

/// Readies a restored store for its first start, in one transaction.
///
/// **Errors**: [`OpenError::WrongMasterKey`] when the key is not the one the data was sealed with;
/// then nothing was changed.
pub async fn settle_restored(
    store: Arc<dyn Store>,
    master_key: &Zeroizing<[u8; 32]>,
    choices: Restored,
    entropy: &dyn Entropy,
) -> Result<(), OpenError> {
    let vault = Vault::new(master_ring(master_key)?);
    let tx = store
        .write()
        .await
        .map_err(|error| OpenError::Store(chain(&error)))?;
    let mut records = Records::new(tx, vault);
    // Both open under the master key, or there is nothing to go on with.
    let signing = records.signing_keys().await.map_err(refused)?;
    records.sealing_keys().await.map_err(refused)?;
    let Some(mut deployment) = records.deployment().await.map_err(refused)? else {
        // A backup from before the first start was complete: a first start is still to come.
        return Ok(());
    };
    if choices.new_deployment {
        deployment.id = format!("{:032x}", u128::from_be_bytes(random(entropy)?));
        let highest = signing.iter().map(|key| key.number).max().unwrap_or(0);
        let next = new_signing_key(highest)?;
        records.forget_keys().await.map_err(refused)?;
        records
            .put_signing_key(&next, random(entropy)?)
            .await
            .map_err(refused)?;
    } else if !choices.keep_sessions {
        deployment.session_epoch = deployment.session_epoch.saturating_add(1);
    }
    records.put_deployment(&deployment).await.map_err(refused)?;
    records.commit().await.map_err(refused)
}

/// A first key of its own; its number goes on where the original's were.
fn new_signing_key(highest: u32) -> Result<StoredSigningKey, OpenError> {
    let keys = |error: &dyn std::fmt::Display| OpenError::Keys(error.to_string());
    let key = SigningKey::generate().map_err(|error| keys(&error))?;
    Ok(StoredSigningKey {
        number: highest.saturating_add(1),
        retired_seconds: None,
        pkcs8: key.to_pkcs8().map_err(|error| keys(&error))?,
    })
}
