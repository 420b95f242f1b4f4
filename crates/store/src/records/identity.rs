//! Identities, and the indexes from each login to the one identity it means.
//!
//! **Shape**: `identity <identity id>` → the identity; `pool-identity <pool> <created> <identity>`
//! → its place in the pool's list; `developer-user <pool> <user>` and
//! `public-login <pool> <provider> <subject>` → the identity's id.

use std::collections::BTreeMap;

use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::login::ShownLogins;
use daypass_core::resolve::Known;
use daypass_proof::login::{ProviderName, Subject};

use super::{Page, RecordError, Records};
use crate::{Key, Range};

const IDENTITY: &str = "identity";
const IN_POOL: &str = "pool-identity";
const DEVELOPER_USER: &str = "developer-user";

const PUBLIC_LOGIN: &str = "public-login";

/// A user's name longer than this many bytes is indexed by its digest: engines limit keys.
const PLAIN_USER_BYTES_MAX: usize = 512;

/// Identities that a chain of merges may lead through. A longer one ends nowhere.
const MERGES_FOLLOWED_MAX: usize = 20;

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
    login_key(&[DEVELOPER_USER, pool.as_str()], user.as_str())
}

fn public_login_key(pool: &IdentityPoolId, provider: &ProviderName, subject: &Subject) -> Key {
    let under = [PUBLIC_LOGIN, pool.as_str(), provider.as_str()];
    login_key(&under, subject.as_str())
}

fn login_key(under: &[&str], user: &str) -> Key {
    if user.len() > PLAIN_USER_BYTES_MAX {
        let digest = daypass_proof::digest::sha256_hex(user.as_bytes());
        Key::of(&[under, &["sha256", &digest]].concat())
    } else {
        Key::of(&[under, &["text", user]].concat())
    }
}

/// Every key that leads from a login of this identity to it, with what to call what it names.
fn login_keys(identity: &Identity) -> BTreeMap<Key, &'static str> {
    let pool = &identity.pool_id;
    let users = identity.developer_users.iter();
    let users = users.map(|user| (developer_user_key(pool, user), "developer user"));
    let public = identity.public_logins.iter();
    let public = public
        .map(|(provider, subject)| (public_login_key(pool, provider, subject), "public login"));
    users.chain(public).collect()
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
        self.identity_behind(&developer_user_key(pool, user)).await
    }

    /// The identity a user of a public provider is linked to in `pool`.
    pub async fn identity_by_public_login(
        &mut self,
        pool: &IdentityPoolId,
        provider: &ProviderName,
        subject: &Subject,
    ) -> Result<Option<Identity>, RecordError> {
        let key = public_login_key(pool, provider, subject);
        self.identity_behind(&key).await
    }

    /// What is known of a call that names `named`, an identity of `pool`, and shows `logins`.
    pub async fn known(
        &mut self,
        pool: &IdentityPoolId,
        named: Option<Identity>,
        logins: &ShownLogins,
    ) -> Result<Known, RecordError> {
        let developer = match logins.developer_user() {
            Some(user) => self.identity_by_developer_user(pool, user).await?,
            None => None,
        };
        let mut public = Vec::new();
        for (provider, subject) in logins.public_users() {
            let linked = self.identity_by_public_login(pool, provider, subject);
            public.extend(linked.await?);
        }
        let survivor = match &named {
            Some(named) if named.merged_into.is_some() => Some(self.survivor(named.clone()).await?),
            _ => None,
        };
        Ok(Known {
            named,
            survivor,
            developer,
            public,
        })
    }

    async fn identity_behind(&mut self, key: &Key) -> Result<Option<Identity>, RecordError> {
        let Some(id) = self.tx().get(key).await? else {
            return Ok(None);
        };
        let undecodable = || RecordError::Undecodable {
            place: key.to_string(),
        };
        let id: IdentityId = id.trim_matches('"').parse().map_err(|_| undecodable())?;
        // The index and the identity are written in one transaction; a lone index is damage.
        self.identity(&id).await?.map(Some).ok_or_else(undecodable)
    }

    /// The identity that stands for this one today: itself, or what it was merged into.
    pub async fn survivor(&mut self, identity: Identity) -> Result<Identity, RecordError> {
        let mut survivor = identity;
        for _ in 0..MERGES_FOLLOWED_MAX {
            let Some(next) = &survivor.merged_into else {
                break;
            };
            match self.identity(&next.clone()).await? {
                Some(identity) => survivor = identity,
                None => break,
            }
        }
        Ok(survivor)
    }

    /// Writes an identity, new or changed, with every index that leads to it; logins it has lost
    /// lead to it no more. Of two identities between which a login moves, the one that loses it is
    /// written first.
    ///
    /// **Errors**: [`RecordError::Taken`] if one of its logins means another identity.
    pub async fn put_identity(&mut self, identity: &Identity) -> Result<(), RecordError> {
        let id = format!("\"{}\"", identity.id);
        let keys = login_keys(identity);
        if let Some(before) = self.identity(&identity.id).await? {
            let lost = login_keys(&before);
            for key in lost.keys().filter(|key| !keys.contains_key(*key)) {
                self.tx().delete(key).await?;
            }
        }
        for (key, what) in keys {
            match self.tx().get(&key).await? {
                // INVARIANT: within a pool a login belongs to at most one identity.
                Some(other) if other != id => return Err(RecordError::Taken(what)),
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
        for key in login_keys(identity).keys() {
            self.tx().delete(key).await?;
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

#[cfg(test)]
mod tests;
