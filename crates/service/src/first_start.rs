//! What a deployment makes once, at its first start, and reads at every other: its id, its keys.
//!
//! All of it is one transaction: a first start that is cut short left nothing.
//!
//! **Source**: requirements S74, S76 and F02.

use std::sync::Arc;
use std::time::Duration;

use daypass_core::time::Timestamp;
use daypass_core::user::{AccessKey, KeyStatus};
use daypass_proof::jwt::SigningKey;
use daypass_proof::keyring::{KeyRing, Stage, key_id};
use daypass_proof::seal::{SealingKey, SealingKeyIdError, SealingRing};
use daypass_store::records::{Deployment, RecordError, Records, StoredSigningKey, Vault};
use daypass_store::{Store, StoreError};
use zeroize::Zeroizing;

use crate::activity::Activity;
use crate::credentials;
use crate::env::{Entropy, EntropyError, OpenError, RootKey, Settings};
use crate::error::{Failure, chain};

/// Random bytes from `entropy`.
pub(crate) fn random<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N], EntropyError> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}

fn sealing_key(id: &str, bytes: &[u8; 32]) -> Result<SealingKey, OpenError> {
    let keys = |error: &dyn std::fmt::Display| OpenError::Keys(error.to_string());
    let id = id
        .parse()
        .map_err(|error: SealingKeyIdError| keys(&error))?;
    SealingKey::from_bytes(id, bytes).map_err(|error| keys(&error))
}

/// The ring that seals what rests in the store.
pub(crate) fn master_ring(master_key: &[u8; 32]) -> Result<SealingRing, OpenError> {
    let master = sealing_key("master", master_key)?;
    SealingRing::new(master, Vec::new()).map_err(|error| OpenError::Keys(error.to_string()))
}

/// Why a record keeps the deployment from opening.
pub(crate) fn refused(error: RecordError) -> OpenError {
    match error {
        RecordError::Sealed { .. } => OpenError::WrongMasterKey,
        RecordError::Store(StoreError::Conflict | StoreError::Interrupted(_))
        | RecordError::Taken(_) => OpenError::Contended,
        other => OpenError::Store(chain(&other)),
    }
}

/// How often a start begins again because another server starts on the same data.
const ATTEMPTS_MAX: u32 = 8;
const PAUSE: Duration = Duration::from_millis(20);

/// What every server of a deployment shares.
pub(crate) struct Prepared {
    /// The deployment itself.
    pub deployment: Deployment,
    /// What signs tokens.
    pub ring: KeyRing,
    /// What seals sessions and page tokens.
    pub sealing_ring: SealingRing,
    /// The root key, if it was made just now.
    pub created_root: Option<RootKey>,
    /// What was counted before.
    pub activity: Activity,
}

/// Reads what the first start made, or makes it.
pub(crate) struct FirstStart<'a> {
    /// Where chance comes from.
    pub entropy: &'a dyn Entropy,
    /// How the deployment is set up.
    pub settings: &'a Settings,
    /// When it starts.
    pub now: Timestamp,
}

impl FirstStart<'_> {
    /// Everything, in one transaction: of servers that start at once on empty data, one makes it
    /// and the others find it.
    pub(crate) async fn prepare(
        &self,
        store: &dyn Store,
        vault: &Vault,
    ) -> Result<Prepared, OpenError> {
        for _ in 0..ATTEMPTS_MAX {
            match self.attempt(store, vault).await {
                Err(OpenError::Contended) => tokio::time::sleep(PAUSE).await,
                prepared => return prepared,
            }
        }
        self.attempt(store, vault).await
    }

    async fn attempt(&self, store: &dyn Store, vault: &Vault) -> Result<Prepared, OpenError> {
        let tx = store.write().await.map_err(|error| refused(error.into()))?;
        let mut records = Records::new(tx, vault.clone());
        let prepared = Prepared {
            deployment: self.deployment(&mut records).await?,
            ring: self.signing_keys(&mut records).await?,
            sealing_ring: self.sealing_keys(&mut records).await?,
            created_root: self.root_key(&mut records).await?,
            activity: self.activity(&mut records).await?,
        };
        records.commit().await.map_err(refused)?;
        Ok(prepared)
    }

    /// The deployment, which must be the one the settings name.
    pub(crate) async fn deployment(&self, records: &mut Records) -> Result<Deployment, OpenError> {
        let settings = self.settings;
        if let Some(found) = records.deployment().await.map_err(refused)? {
            if found.account_id != settings.account_id.as_str() {
                let configured = settings.account_id.clone();
                return Err(OpenError::OtherAccount {
                    found: found.account_id,
                    configured,
                });
            }
            if found.region != settings.region.as_str() {
                let configured = settings.region.clone();
                return Err(OpenError::OtherRegion {
                    found: found.region,
                    configured,
                });
            }
            return Ok(found);
        }
        let deployment = Deployment {
            id: format!("{:032x}", u128::from_be_bytes(random(self.entropy)?)),
            account_id: settings.account_id.to_string(),
            region: settings.region.to_string(),
            session_epoch: 0,
        };
        records.put_deployment(&deployment).await.map_err(refused)?;
        Ok(deployment)
    }

    /// The token signing keys.
    pub(crate) async fn signing_keys(&self, records: &mut Records) -> Result<KeyRing, OpenError> {
        let keys = |error: &dyn std::fmt::Display| OpenError::Keys(error.to_string());
        let mut stored = records.signing_keys().await.map_err(refused)?;
        if stored.is_empty() {
            let key = SigningKey::generate().map_err(|error| keys(&error))?;
            let pkcs8 = key.to_pkcs8().map_err(|error| keys(&error))?;
            let first = StoredSigningKey {
                number: 1,
                retired_seconds: None,
                pkcs8,
            };
            records
                .put_signing_key(&first, random(self.entropy)?)
                .await
                .map_err(refused)?;
            stored.push(first);
        }
        let highest = stored.iter().map(|key| key.number).max().unwrap_or(1);
        let mut ring = Vec::new();
        for key in &stored {
            let signing = SigningKey::from_pkcs8(&key.pkcs8).map_err(|error| keys(&error))?;
            let name =
                key_id(self.settings.region.as_str(), key.number).map_err(|error| keys(&error))?;
            let published = signing
                .public_key()
                .published_as(name)
                .map_err(|error| keys(&error))?;
            let stage = match key.retired_seconds {
                None => Stage::Active(Arc::new(signing)),
                Some(since) => Stage::Retired { since },
            };
            ring.push(KeyRing::stored_key(key.number, published, stage));
        }
        KeyRing::restore(self.settings.region.as_str(), highest, ring).map_err(|error| keys(&error))
    }

    /// The keys that seal sessions and page tokens.
    pub(crate) async fn sealing_keys(
        &self,
        records: &mut Records,
    ) -> Result<SealingRing, OpenError> {
        let mut stored = records.sealing_keys().await.map_err(refused)?;
        if stored.is_empty() {
            let key: Zeroizing<[u8; 32]> = Zeroizing::new(random(self.entropy)?);
            let id = "1".to_owned();
            records
                .put_sealing_key(&id, key.as_slice(), random(self.entropy)?)
                .await
                .map_err(refused)?;
            stored.push((id, true, Zeroizing::new(key.to_vec())));
        }
        let mut active = None;
        let mut retired = Vec::new();
        for (id, is_active, bytes) in stored {
            let length = |_| OpenError::Keys(format!("sealing key `{id}` has another length"));
            let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(length)?;
            let key = sealing_key(&id, &bytes)?;
            if is_active {
                active = Some(key);
            } else {
                retired.push(key);
            }
        }
        let active =
            active.ok_or_else(|| OpenError::Keys("no sealing key is active".to_owned()))?;
        SealingRing::new(active, retired).map_err(|error| OpenError::Keys(error.to_string()))
    }

    /// The counts of before, under a new name for those of this process.
    pub(crate) async fn activity(&self, records: &mut Records) -> Result<Activity, OpenError> {
        let node = format!("{:016x}", u64::from_be_bytes(random(self.entropy)?));
        let loaded = Activity::load(records, node, self.now).await;
        loaded.map_err(refused)
    }

    /// The root key, if it was made just now.
    pub(crate) async fn root_key(
        &self,
        records: &mut Records,
    ) -> Result<Option<RootKey>, OpenError> {
        let stored = records.access_keys_of(None).await.map_err(refused)?;
        if self.settings.root.is_some() || !stored.is_empty() {
            return Ok(None);
        }
        let internal = |_: Failure| EntropyError;
        let root = RootKey {
            access_key_id: credentials::access_key_id_from("AKIA", random(self.entropy)?)
                .map_err(internal)?,
            secret_access_key: credentials::secret_from(random(self.entropy)?).map_err(internal)?,
        };
        let key = AccessKey {
            id: root.access_key_id.clone(),
            user_name: None,
            secret: root.secret_access_key.clone(),
            status: KeyStatus::Active,
            created: self.now,
        };
        records
            .put_access_key(&key, random(self.entropy)?)
            .await
            .map_err(refused)?;
        Ok(Some(root))
    }
}
