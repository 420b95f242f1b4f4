//! A store that can be told to fail, in front of one that works.
//!
//! **Source**: DESIGN §11 (simulation); STYLE §1: fakes rather than mocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU8, Ordering};

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

/// Calls that work before one fails, when none is to fail.
const ALL: i64 = i64::MAX / 2;

/// The calls that still work. One below none failed; the next ones work again.
struct Countdown(AtomicI64);

impl Countdown {
    fn call(&self) -> Result<(), StoreError> {
        match self.0.fetch_sub(1, Ordering::SeqCst) {
            0 => Err(StoreError::unavailable("told to fail")),
            _ => Ok(()),
        }
    }
}

/// A store with a fault that can be switched.
pub struct FaultStore {
    store: Arc<dyn Store>,
    fault: Arc<AtomicU8>,
    calls: Arc<Countdown>,
}

impl FaultStore {
    /// `store`, working.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self {
            store,
            fault: Arc::new(AtomicU8::new(0)),
            calls: Arc::new(Countdown(AtomicI64::new(ALL))),
        }
    }

    /// From now on `working` calls of it or its transactions work, and the one after them fails.
    pub fn fail_call(&self, working: i64) {
        self.calls.0.store(working, Ordering::SeqCst);
    }

    /// No call fails from now on; says whether one did.
    pub fn work(&self) -> bool {
        self.calls.0.swap(ALL, Ordering::SeqCst) < 0
    }

    fn watched(&self, tx: Box<dyn Tx>) -> Box<dyn Tx> {
        Box::new(FaultTx {
            tx,
            fault: Arc::clone(&self.fault),
            calls: Arc::clone(&self.calls),
            changed: false,
        })
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
        self.calls.call()?;
        match self.fault() {
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            _ => Ok(self.watched(self.store.read().await?)),
        }
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.calls.call()?;
        match self.fault() {
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            Fault::Full => Err(StoreError::Full),
            Fault::None | Fault::Conflict => Ok(self.watched(self.store.write().await?)),
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
    calls: Arc<Countdown>,
    changed: bool,
}

#[async_trait]
impl Tx for FaultTx {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        self.calls.call()?;
        self.tx.get(key).await
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        self.calls.call()?;
        self.changed = true;
        self.tx.put(key, value).await
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.calls.call()?;
        self.changed = true;
        self.tx.delete(key).await
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        self.calls.call()?;
        self.tx.scan(range).await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        self.calls.call()?;
        if !self.changed {
            return self.tx.commit().await;
        }
        match Fault::of_code(self.fault.load(Ordering::SeqCst)) {
            Fault::Conflict => Err(StoreError::Conflict),
            Fault::Unavailable => Err(StoreError::unavailable("told to fail")),
            Fault::Full => Err(StoreError::Full),
            Fault::None => self.tx.commit().await,
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
