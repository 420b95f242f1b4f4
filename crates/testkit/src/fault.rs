//! A store that can be told to fail, in front of one that works.
//!
//! **Source**: DESIGN §11 (simulation); STYLE §1: fakes rather than mocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use daypass_store::{Key, Range, Store, StoreError, Tx};

/// What a [`FaultStore`] does wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nothing.
    None,
    /// It cannot be reached.
    Unavailable,
    /// It reads, and takes no writes.
    Full,
    /// Every commit that would change something comes too late.
    Conflict,
}

impl Fault {
    fn code(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Unavailable => 1,
            Self::Full => 2,
            Self::Conflict => 3,
        }
    }

    fn of_code(code: u8) -> Self {
        match code {
            1 => Self::Unavailable,
            2 => Self::Full,
            3 => Self::Conflict,
            _ => Self::None,
        }
    }
}

/// A store with a fault that can be switched.
pub struct FaultStore {
    store: Arc<dyn Store>,
    fault: Arc<AtomicU8>,
}

impl FaultStore {
    /// `store`, working.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            fault: Arc::new(AtomicU8::new(0)),
        }
    }

    /// What it does wrong from now on.
    pub fn fail_with(&self, fault: Fault) {
        self.fault.store(fault.code(), Ordering::SeqCst);
    }

    fn fault(&self) -> Fault {
        Fault::of_code(self.fault.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Store for FaultStore {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        match self.fault() {
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            _ => self.store.read().await,
        }
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        match self.fault() {
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            Fault::Full => Err(StoreError::Full),
            Fault::None | Fault::Conflict => Ok(Box::new(FaultTx {
                tx: self.store.write().await?,
                fault: Arc::clone(&self.fault),
                changed: false,
            })),
        }
    }

    async fn ready(&self) -> Result<(), StoreError> {
        match self.fault() {
            Fault::None | Fault::Conflict => self.store.ready().await,
            Fault::Full => Err(StoreError::Full),
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
        }
    }
}

struct FaultTx {
    tx: Box<dyn Tx>,
    fault: Arc<AtomicU8>,
    changed: bool,
}

#[async_trait]
impl Tx for FaultTx {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        self.tx.get(key).await
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        self.changed = true;
        self.tx.put(key, value).await
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.changed = true;
        self.tx.delete(key).await
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        self.tx.scan(range).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        match Fault::of_code(self.fault.load(Ordering::SeqCst)) {
            Fault::Conflict if self.changed => Err(StoreError::Conflict),
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            Fault::Full => Err(StoreError::Full),
            Fault::None | Fault::Conflict => self.tx.commit().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_store::MemoryStore;

    #[tokio::test]
    async fn a_conflict_changes_nothing_and_passes() {
        let store = FaultStore::new(Arc::new(MemoryStore::new()));
        let key = Key::of(&["a"]);
        store.fail_with(Fault::Conflict);
        let mut tx = store.write().await.unwrap();
        tx.put(&key, "1".into()).await.unwrap();
        assert!(matches!(tx.commit().await, Err(StoreError::Conflict)));
        store.fail_with(Fault::None);
        let mut tx = store.write().await.unwrap();
        assert_eq!(tx.get(&key).await.unwrap(), None);
        tx.put(&key, "2".into()).await.unwrap();
        tx.commit().await.unwrap();
        store.fail_with(Fault::Full);
        let mut tx = store.read().await.unwrap();
        assert_eq!(tx.get(&key).await.unwrap().as_deref(), Some("2"));
        assert!(matches!(store.write().await, Err(StoreError::Full)));
    }
}
