//! The engines, each held to the one suite; and the suite, held to finding what is wrong.

use async_trait::async_trait;
use daypass_store::conformance::conformance;
use daypass_store::{EmbeddedStore, Key, MemoryStore, Range, Store, StoreError, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Any numbers do; these run on every change.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_a_store() {
    let memory = MemoryStore::new();
    for seed in SEEDS {
        conformance(async || Arc::new(memory.clone()) as Arc<dyn Store>, seed)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_is_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    for seed in SEEDS {
        let open = async || Arc::new(EmbeddedStore::open(&path).unwrap()) as Arc<dyn Store>;
        conformance(open, seed).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_with_conflicts_is_a_store() {
    let store = Odd::new(Way::Conflicts);
    conformance(async || Arc::new(store.clone()) as Arc<dyn Store>, 1)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_suite_finds_each_flaw() {
    for (way, case) in [
        (Way::ForgetsDeletes, "own changes are seen"),
        (Way::WritesWhenReading, "a read transaction does not write"),
        (Way::ReadsWhateverIsNewest, "a snapshot stays"),
        (Way::ScansBackwards, "scans go in order"),
        (Way::ScansOneTooMany, "no rows wanted"),
        (Way::Overwrites, "no increment is lost"),
    ] {
        let store = Odd::new(way);
        let answer = conformance(async || Arc::new(store.clone()) as Arc<dyn Store>, 1).await;
        let broken = answer.expect_err("a flaw found").to_string();
        assert!(broken.contains(case), "{way:?}: {broken}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_suite_finds_what_a_reopening_lost_and_names_the_seed() {
    let broken = conformance(async || Arc::new(MemoryStore::new()) as Arc<dyn Store>, 7).await;
    assert!(
        broken
            .expect_err("a loss found")
            .to_string()
            .contains("seed 7")
    );
}

/// A store that differs from memory in one way.
#[derive(Clone)]
struct Odd {
    memory: MemoryStore,
    way: Way,
    commits: Arc<AtomicUsize>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// Every third commit meets a conflict: allowed.
    Conflicts,
    ForgetsDeletes,
    WritesWhenReading,
    ReadsWhateverIsNewest,
    ScansBackwards,
    ScansOneTooMany,
    /// Writers do not wait for each other, and the last commit wins.
    Overwrites,
}

impl Odd {
    fn new(way: Way) -> Self {
        Self {
            memory: MemoryStore::new(),
            way,
            commits: Arc::default(),
        }
    }
}

#[async_trait]
impl Store for Odd {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        let tx = self.memory.read().await?;
        Ok(Box::new(OddTx {
            tx,
            store: self.clone(),
            late: None,
            writes: false,
        }))
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        let (tx, late) = match self.way {
            Way::Overwrites => (self.memory.read().await?, Some(Vec::new())),
            _ => (self.memory.write().await?, None),
        };
        Ok(Box::new(OddTx {
            tx,
            store: self.clone(),
            late,
            writes: true,
        }))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.memory.ready().await
    }
}

struct OddTx {
    tx: Box<dyn Tx>,
    store: Odd,
    /// The changes of a writer that did not wait, to be made at its commit.
    late: Option<Vec<(Key, Option<String>)>>,
    writes: bool,
}

#[async_trait]
impl Tx for OddTx {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        let own = self
            .late
            .iter()
            .flatten()
            .rev()
            .find(|(changed, _)| changed == key);
        if let Some((_, value)) = own {
            return Ok(value.clone());
        }
        if self.store.way == Way::ReadsWhateverIsNewest && !self.writes {
            return self.store.memory.read().await?.get(key).await;
        }
        self.tx.get(key).await
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        if let Some(late) = &mut self.late {
            // The sizes are checked as ever, on a transaction that comes to nothing.
            self.store
                .memory
                .write()
                .await?
                .put(key, value.clone())
                .await?;
            late.push((key.clone(), Some(value)));
            return Ok(());
        }
        match self.tx.put(key, value).await {
            Err(StoreError::ReadOnly) if self.store.way == Way::WritesWhenReading => Ok(()),
            answer => answer,
        }
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        match (&mut self.late, self.store.way) {
            (_, Way::ForgetsDeletes) => return Ok(()),
            (Some(late), _) => late.push((key.clone(), None)),
            (None, _) => return self.tx.delete(key).await,
        }
        Ok(())
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        let mut rows = self.tx.scan(range).await?;
        for (key, value) in self
            .late
            .iter()
            .flatten()
            .filter(|(key, _)| range.contains(key))
        {
            rows.retain(|(found, _)| found != key);
            rows.extend(value.clone().map(|value| (key.clone(), value)));
        }
        rows.sort();
        rows.truncate(range.limit());
        match self.store.way {
            Way::ScansBackwards => rows.reverse(),
            Way::ScansOneTooMany if range.limit() == 0 => rows.push((Key::of(&[]), String::new())),
            _ => {}
        }
        Ok(rows)
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let count = self.store.commits.fetch_add(1, Ordering::Relaxed);
        if self.writes && self.store.way == Way::Conflicts && count.is_multiple_of(3) {
            return Err(StoreError::Conflict);
        }
        let Some(late) = self.late else {
            return self.tx.commit().await;
        };
        let mut tx = self.store.memory.write().await?;
        for (key, value) in late {
            match value {
                Some(value) => tx.put(&key, value).await?,
                None => tx.delete(&key).await?,
            }
        }
        tx.commit().await
    }
}
