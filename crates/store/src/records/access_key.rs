//! Long-term access keys. The secret rests sealed, and opens only in its own record.
//!
//! **Shape**: `access-key <key id>` → the key; `user-key <name in lower case> <key id>` → its
//! place in the owner's list. The root user's list is the one of the empty name.

use daypass_core::time::Timestamp;
use daypass_core::user::{AccessKey, KeyStatus};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use serde::{Deserialize, Serialize};

use super::{RecordError, Records};
use crate::{Key, Range};

const ACCESS_KEY: &str = "access-key";
const OF_USER: &str = "user-key";

/// More keys than any user may have; a listing never needs a second page.
const KEYS_PER_USER_READ: usize = 16;

#[derive(Serialize, Deserialize)]
struct Form {
    v: u32,
    user: Option<String>,
    sealed_secret: String,
    active: bool,
    created: i64,
}

fn key(id: &AccessKeyId) -> Key {
    Key::of(&[ACCESS_KEY, id.as_str()])
}

fn owner(user_name: Option<&str>) -> String {
    user_name.unwrap_or_default().to_ascii_lowercase()
}

fn of_user_key(user_name: Option<&str>, id: &AccessKeyId) -> Key {
    Key::of(&[OF_USER, &owner(user_name), id.as_str()])
}

impl Records {
    /// The access key with this id, its secret opened.
    pub async fn access_key(&mut self, id: &AccessKeyId) -> Result<Option<AccessKey>, RecordError> {
        let place = key(id);
        let Some(text) = self.tx().get(&place).await? else {
            return Ok(None);
        };
        let undecodable = || RecordError::Undecodable {
            place: place.to_string(),
        };
        let form: Form = serde_json::from_str(&text).map_err(|_| undecodable())?;
        if form.v != 1 {
            return Err(undecodable());
        }
        let secret = self.vault.open(&place, &form.sealed_secret)?;
        let secret = std::str::from_utf8(&secret).map_err(|_| undecodable())?;
        Ok(Some(AccessKey {
            id: id.clone(),
            user_name: form.user,
            secret: secret
                .parse::<SecretAccessKey>()
                .map_err(|_| undecodable())?,
            status: if form.active {
                KeyStatus::Active
            } else {
                KeyStatus::Inactive
            },
            created: Timestamp::from_millis(form.created),
        }))
    }

    /// The access keys of a user, or of the root user.
    pub async fn access_keys_of(
        &mut self,
        user_name: Option<&str>,
    ) -> Result<Vec<AccessKey>, RecordError> {
        let prefix = Key::of(&[OF_USER, &owner(user_name)]);
        let range = Range::prefix(&prefix, KEYS_PER_USER_READ);
        let mut keys = Vec::new();
        for (place, _) in self.tx().scan(&range).await? {
            let undecodable = || RecordError::Undecodable {
                place: place.to_string(),
            };
            let id = place
                .parts()
                .pop()
                .and_then(|id| id.parse().ok())
                .ok_or_else(undecodable)?;
            keys.push(self.access_key(&id).await?.ok_or_else(undecodable)?);
        }
        Ok(keys)
    }

    /// Writes an access key, new or changed.
    pub async fn put_access_key(
        &mut self,
        access_key: &AccessKey,
        nonce: [u8; 12],
    ) -> Result<(), RecordError> {
        let place = key(&access_key.id);
        let secret = access_key.secret.expose().as_bytes();
        let form = Form {
            v: 1,
            user: access_key.user_name.clone(),
            sealed_secret: self.vault.seal(&place, nonce, secret)?,
            active: access_key.status == KeyStatus::Active,
            created: access_key.created.millis(),
        };
        let text = serde_json::to_string(&form).map_err(|_| RecordError::Unwritable)?;
        self.tx().put(&place, text).await?;
        let listed = of_user_key(access_key.user_name.as_deref(), &access_key.id);
        Ok(self.tx().put(&listed, "true".to_owned()).await?)
    }

    /// Removes an access key.
    pub async fn delete_access_key(&mut self, access_key: &AccessKey) -> Result<(), RecordError> {
        self.tx().delete(&key(&access_key.id)).await?;
        let listed = of_user_key(access_key.user_name.as_deref(), &access_key.id);
        Ok(self.tx().delete(&listed).await?)
    }
}
