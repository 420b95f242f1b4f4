//! Identities, and the index from a developer user to the one identity it means.
//!
//! **Shape**: `identity <identity id>` → the identity; `pool-identity <pool> <created> <identity>`
//! → its place in the pool's list; `developer-user <pool> <user>` → the identity's id.

use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};

use super::{Page, RecordError, Records};
use crate::{Key, Range};

const IDENTITY: &str = "identity";
const IN_POOL: &str = "pool-identity";
const DEVELOPER_USER: &str = "developer-user";

/// A user identifier longer than this many bytes is indexed by its digest: engines limit keys.
const PLAIN_USER_BYTES_MAX: usize = 512;

fn identity_key(id: &IdentityId) -> Key {
    Key::of(&[IDENTITY, id.as_str()])
}

/// The creation moment is written with leading zeros, so that text order is time order.
fn place_in_pool(identity: &Identity) -> String {
    format!("{:016} {}", identity.created.millis().max(0), identity.id)
}

fn in_pool_key(identity: &Identity) -> Key {
    Key::of(&[IN_POOL, identity.pool_id.as_str(), &place_in_pool(identity)])
}

fn developer_user_key(pool: &IdentityPoolId, user: &DeveloperUserIdentifier) -> Key {
    let text = user.as_str();
    if text.len() > PLAIN_USER_BYTES_MAX {
        let digest = daypass_proof::digest::sha256_hex(text.as_bytes());
        Key::of(&[DEVELOPER_USER, pool.as_str(), "sha256", &digest])
    } else {
        Key::of(&[DEVELOPER_USER, pool.as_str(), "text", text])
    }
}

impl Records {
    /// The identity with this id.
    pub async fn identity(&mut self, id: &IdentityId) -> Result<Option<Identity>, RecordError> {
        self.load(&identity_key(id)).await
    }

    /// The identity a developer user of `pool` is linked to.
    pub async fn identity_by_developer_user(
        &mut self,
        pool: &IdentityPoolId,
        user: &DeveloperUserIdentifier,
    ) -> Result<Option<Identity>, RecordError> {
        let key = developer_user_key(pool, user);
        let Some(id) = self.tx().get(&key).await? else {
            return Ok(None);
        };
        let undecodable = || RecordError::Undecodable {
            place: key.to_string(),
        };
        let id: IdentityId = id.trim_matches('"').parse().map_err(|_| undecodable())?;
        // The index and the identity are written in one transaction; a lone index is damage.
        self.identity(&id).await?.map(Some).ok_or_else(undecodable)
    }

    /// Writes an identity, new or changed, with every index that leads to it.
    ///
    /// **Errors**: [`RecordError::Taken`] if one of its developer users means another identity.
    pub async fn put_identity(&mut self, identity: &Identity) -> Result<(), RecordError> {
        let id = format!("\"{}\"", identity.id);
        for user in &identity.developer_users {
            let key = developer_user_key(&identity.pool_id, user);
            match self.tx().get(&key).await? {
                // INVARIANT: within a pool a login belongs to at most one identity.
                Some(other) if other != id => return Err(RecordError::Taken("developer user")),
                Some(_) => {}
                None => self.tx().put(&key, id.clone()).await?,
            }
        }
        self.tx()
            .put(&in_pool_key(identity), "true".to_owned())
            .await?;
        self.save(&identity_key(&identity.id), identity).await
    }

    /// One page of a pool's identities in the order they were made; `after` is the place of the
    /// last one seen, as a page before this one gave it.
    pub async fn identities(
        &mut self,
        pool: &IdentityPoolId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Identity>, RecordError> {
        let places = self
            .page_of_pairs(&[IN_POOL, pool.as_str()], after, limit)
            .await?;
        let mut items = Vec::with_capacity(places.items.len());
        for (key, _) in places.items {
            let undecodable = || RecordError::Undecodable {
                place: key.to_string(),
            };
            let place = key.parts().pop().ok_or_else(undecodable)?;
            let id = place.rsplit(' ').next().and_then(|id| id.parse().ok());
            let id: IdentityId = id.ok_or_else(undecodable)?;
            items.push(self.identity(&id).await?.ok_or_else(undecodable)?);
        }
        Ok(Page {
            items,
            next: places.next,
        })
    }

    /// Removes an identity and releases its logins: whoever shows one of them next is somebody new.
    pub async fn delete_identity(&mut self, identity: &Identity) -> Result<(), RecordError> {
        for user in &identity.developer_users {
            let key = developer_user_key(&identity.pool_id, user);
            self.tx().delete(&key).await?;
        }
        self.tx().delete(&in_pool_key(identity)).await?;
        Ok(self.tx().delete(&identity_key(&identity.id)).await?)
    }

    /// Removes up to `limit` identities of a pool with their logins; says whether any were left.
    pub async fn delete_identities_of(
        &mut self,
        pool: &IdentityPoolId,
        limit: usize,
    ) -> Result<bool, RecordError> {
        let page = self.identities(pool, None, limit).await?;
        for identity in &page.items {
            self.delete_identity(identity).await?;
        }
        Ok(page.next.is_some())
    }

    /// How many identities a pool has, counted up to `limit`.
    pub async fn count_identities(
        &mut self,
        pool: &IdentityPoolId,
        limit: usize,
    ) -> Result<usize, RecordError> {
        let prefix = Key::of(&[IN_POOL, pool.as_str()]);
        Ok(self.tx().scan(&Range::prefix(&prefix, limit)).await?.len())
    }

    /// Whether a pool has any identity.
    pub async fn has_identities(&mut self, pool: &IdentityPoolId) -> Result<bool, RecordError> {
        let prefix = Key::of(&[IN_POOL, pool.as_str()]);
        Ok(!self.tx().scan(&Range::prefix(&prefix, 1)).await?.is_empty())
    }
}
