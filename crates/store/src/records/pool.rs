//! Identity pools.
//!
//! **Shape**: `pool <pool id>`.

use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::IdentityPool;

use super::{Page, RecordError, Records};
use crate::{Key, Range};

const POOL: &str = "pool";

fn key(id: &IdentityPoolId) -> Key {
    Key::of(&[POOL, id.as_str()])
}

impl Records {
    /// The pool with this id.
    pub async fn pool(&mut self, id: &IdentityPoolId) -> Result<Option<IdentityPool>, RecordError> {
        self.load(&key(id)).await
    }

    /// One page of pools by id; `after` is the last id seen.
    pub async fn pools(
        &mut self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<IdentityPool>, RecordError> {
        self.page(&[POOL], after, limit).await
    }

    /// How many pools there are, counted up to `limit`.
    pub async fn count_pools(&mut self, limit: usize) -> Result<usize, RecordError> {
        let range = Range::prefix(&Key::of(&[POOL]), limit);
        Ok(self.tx().scan(&range).await?.len())
    }

    /// Writes a pool, new or changed.
    pub async fn put_pool(&mut self, pool: &IdentityPool) -> Result<(), RecordError> {
        self.save(&key(&pool.id), pool).await
    }

    /// Removes a pool. Its identities are removed by [`Records::delete_identities_of`].
    pub async fn delete_pool(&mut self, id: &IdentityPoolId) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(id)).await?)
    }
}
