//! The store of tests and simulations: an ordered map in memory, with one writer at a time.
//!
//! It exists so that a whole house can be built in a test with nothing below it, and as the plain
//! statement of what the other engines must do.
//!
//! **Source**: DESIGN §1.4; the contract is the conformance suite.

use crate::overlay::{Change, Overlay, Window};
use crate::{Key, Range, Store, StoreError, Tx};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::{Mutex, OwnedMutexGuard};

type Map = BTreeMap<Key, Arc<str>>;

/// A store that lives as long as the process.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    newest: Arc<RwLock<Arc<Map>>>,
    turn: Arc<Mutex<()>>,
}

impl MemoryStore {
    /// An empty store. Clones share its content, as two handles on one database do.
    pub fn new() -> Self {
        Self::default()
    }

    fn snapshot(&self) -> Arc<Map> {
        // A panic cannot leave the pointer half written, so a poisoned lock is still good.
        Arc::clone(&self.newest.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(Box::new(Transaction {
            base: self.snapshot(),
            writing: None,
        }))
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let writing = Writing {
            newest: Arc::clone(&self.newest),
            own: Overlay::default(),
            _turn: turn,
        };
        Ok(Box::new(Transaction {
            base: self.snapshot(),
            writing: Some(writing),
        }))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

struct Transaction {
    base: Arc<Map>,
    writing: Option<Writing>,
}

struct Writing {
    newest: Arc<RwLock<Arc<Map>>>,
    own: Overlay,
    _turn: OwnedMutexGuard<()>,
}

impl Transaction {
    fn own(&mut self) -> Result<&mut Overlay, StoreError> {
        self.writing
            .as_mut()
            .map(|writing| &mut writing.own)
            .ok_or(StoreError::ReadOnly)
    }
}

#[async_trait]
impl Tx for Transaction {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        if let Some(own) = self
            .writing
            .as_ref()
            .and_then(|writing| writing.own.get(key))
        {
            return Ok(own.value().map(str::to_owned));
        }
        Ok(self.base.get(key).map(|value| value.as_ref().to_owned()))
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        self.own()?.put(key, value)
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.own()?.delete(key);
        Ok(())
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        let window = Window::new(self.writing.as_ref().map(|writing| &writing.own), range);
        let rows = self
            .base
            .range::<str, _>((Bound::Included(range.from()), Bound::Unbounded))
            .take_while(|(key, _)| range.contains(key))
            .take(window.rows_wanted())
            .map(|(key, value)| (key.clone(), value.as_ref().to_owned()))
            .collect();
        Ok(window.over(rows))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self { base, writing } = *self;
        let Some(Writing {
            newest,
            own,
            _turn: turn,
        }) = writing
        else {
            return Ok(());
        };
        if !own.is_empty() {
            let mut map = Map::clone(&base);
            for (key, change) in own.into_changes() {
                match change {
                    Change::Put(value) => map.insert(key, value.into()),
                    Change::Delete => map.remove(&key),
                };
            }
            *newest.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(map);
        }
        drop(turn);
        Ok(())
    }
}
