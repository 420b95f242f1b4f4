//! What one deployment has once: its id, its token signing keys and its sealing keys.
//!
//! **Shape**: `deployment` → its id; `signing-key <number>` and `sealing-key <id>` → sealed keys.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{RecordError, Records};
use crate::{Key, Range};

const DEPLOYMENT: &str = "deployment";
const SIGNING_KEY: &str = "signing-key";
const SEALING_KEY: &str = "sealing-key";

/// More keys than rotation ever keeps.
const KEYS_READ: usize = 64;

/// What was made at the first start.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Deployment {
    /// Names this deployment in everything it seals: tokens of another one do not open here.
    pub id: String,
    /// The account its resources belong to.
    pub account_id: String,
    /// The Region it calls itself.
    pub region: String,
    /// Counts the restores that ended all sessions before them.
    #[serde(default)]
    pub session_epoch: u32,
}

/// A token signing key as it rests.
#[derive(Debug)]
pub struct StoredSigningKey {
    /// Its number in the key id `<region>-<number>`; never reused.
    pub number: u32,
    /// When it stopped signing, in seconds since the epoch; nothing while it signs.
    pub retired_seconds: Option<i64>,
    /// The private key, PKCS#8.
    pub pkcs8: Zeroizing<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
struct KeyForm {
    v: u32,
    retired_seconds: Option<i64>,
    sealed: String,
}

fn signing_key(number: u32) -> Key {
    Key::of(&[SIGNING_KEY, &format!("{number:010}")])
}

impl Records {
    /// This deployment, if it has started before.
    pub async fn deployment(&mut self) -> Result<Option<Deployment>, RecordError> {
        let key = Key::of(&[DEPLOYMENT]);
        let Some(text) = self.tx().get(&key).await? else {
            return Ok(None);
        };
        let undecodable = |_| RecordError::Undecodable {
            place: key.to_string(),
        };
        serde_json::from_str(&text).map(Some).map_err(undecodable)
    }

    /// Writes what was made at the first start.
    pub async fn put_deployment(&mut self, deployment: &Deployment) -> Result<(), RecordError> {
        let text = serde_json::to_string(deployment).map_err(|_| RecordError::Unwritable)?;
        Ok(self.tx().put(&Key::of(&[DEPLOYMENT]), text).await?)
    }

    /// All token signing keys, oldest first.
    pub async fn signing_keys(&mut self) -> Result<Vec<StoredSigningKey>, RecordError> {
        let mut keys = Vec::new();
        for (place, form) in self.key_forms(SIGNING_KEY).await? {
            let number = place.parts().pop().and_then(|number| number.parse().ok());
            keys.push(StoredSigningKey {
                number: number.ok_or_else(|| RecordError::Undecodable {
                    place: place.to_string(),
                })?,
                retired_seconds: form.retired_seconds,
                pkcs8: self.vault.open(&place, &form.sealed)?,
            });
        }
        Ok(keys)
    }

    /// Writes a token signing key.
    pub async fn put_signing_key(
        &mut self,
        key: &StoredSigningKey,
        nonce: [u8; 12],
    ) -> Result<(), RecordError> {
        self.put_key(
            &signing_key(key.number),
            key.retired_seconds,
            &key.pkcs8,
            nonce,
        )
        .await
    }

    /// Forgets every signing and sealing key; the next start makes what is missing.
    pub async fn forget_keys(&mut self) -> Result<(), RecordError> {
        for kind in [SIGNING_KEY, SEALING_KEY] {
            for (place, _) in self.key_forms(kind).await? {
                self.tx().delete(&place).await?;
            }
        }
        Ok(())
    }

    /// All sealing keys: id, whether it seals now, key bytes.
    pub async fn sealing_keys(
        &mut self,
    ) -> Result<Vec<(String, bool, Zeroizing<Vec<u8>>)>, RecordError> {
        let mut keys = Vec::new();
        for (place, form) in self.key_forms(SEALING_KEY).await? {
            let id = place.parts().pop().unwrap_or_default();
            keys.push((
                id,
                form.retired_seconds.is_none(),
                self.vault.open(&place, &form.sealed)?,
            ));
        }
        Ok(keys)
    }

    /// Writes the sealing key that seals from now on.
    pub async fn put_sealing_key(
        &mut self,
        id: &str,
        key: &[u8],
        nonce: [u8; 12],
    ) -> Result<(), RecordError> {
        self.put_key(&Key::of(&[SEALING_KEY, id]), None, key, nonce)
            .await
    }

    async fn put_key(
        &mut self,
        place: &Key,
        retired_seconds: Option<i64>,
        key: &[u8],
        nonce: [u8; 12],
    ) -> Result<(), RecordError> {
        let form = KeyForm {
            v: 1,
            retired_seconds,
            sealed: self.vault.seal(place, nonce, key)?,
        };
        let text = serde_json::to_string(&form).map_err(|_| RecordError::Unwritable)?;
        Ok(self.tx().put(place, text).await?)
    }

    async fn key_forms(&mut self, kind: &str) -> Result<Vec<(Key, KeyForm)>, RecordError> {
        let range = Range::prefix(&Key::of(&[kind]), KEYS_READ);
        let mut forms = Vec::new();
        for (place, text) in self.tx().scan(&range).await? {
            let undecodable = |_| RecordError::Undecodable {
                place: place.to_string(),
            };
            let form: KeyForm = serde_json::from_str(&text).map_err(undecodable)?;
            forms.push((place, form));
        }
        Ok(forms)
    }
}
