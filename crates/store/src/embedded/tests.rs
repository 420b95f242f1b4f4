//! Faults below the embedded store, put between it and its disk: F03, F04, F06.

use super::EmbeddedStore;
use super::committer::{Disk, Trouble};
use super::sqlite::Database;
use crate::overlay::Overlay;
use crate::{Key, Range, Store, StoreError};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What the next writes of a disk come to; past the end they succeed.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<VecDeque<Step>>>);

enum Step {
    Succeed,
    Trouble(Trouble),
    Panic,
    /// Room for this many pages from now on.
    Room(u32),
    /// Says that the write has begun, and waits to be let on.
    Wait(UnboundedSender<()>, mpsc::Receiver<()>),
}

impl Script {
    fn next(&self, steps: impl IntoIterator<Item = Step>) {
        self.0.lock().unwrap().extend(steps);
    }

    fn wait(&self) -> (UnboundedReceiver<()>, mpsc::Sender<()>) {
        let (begun, has_begun) = unbounded_channel();
        let (let_on, gate) = mpsc::channel();
        self.next([Step::Wait(begun, gate)]);
        (has_begun, let_on)
    }
}

struct Scripted {
    disk: Database,
    script: Script,
    transactions_per_write: Arc<Mutex<Vec<usize>>>,
    tidy: Arc<Mutex<Option<Trouble>>>,
}

impl Disk for Scripted {
    fn write(&mut self, changes: &[Arc<Overlay>]) -> Result<(), Trouble> {
        self.transactions_per_write
            .lock()
            .unwrap()
            .push(changes.len());
        let step = self.script.0.lock().unwrap().pop_front();
        match step {
            None | Some(Step::Succeed) => {}
            Some(Step::Trouble(trouble)) => return Err(trouble),
            Some(Step::Panic) => panic!("a defect in the commit thread"),
            Some(Step::Room(pages)) => self.disk.set_pages_max(pages),
            Some(Step::Wait(begun, gate)) => {
                begun.send(()).unwrap();
                gate.recv().unwrap();
                return self.write(changes);
            }
        }
        self.disk.write(changes)
    }

    fn tidy(&mut self) -> Result<(), Trouble> {
        let trouble = self.tidy.lock().unwrap().take();
        trouble.map_or_else(|| self.disk.tidy(), Err)
    }

    fn close(&mut self) -> Result<(), Trouble> {
        self.disk.close()
    }
}

struct House {
    store: EmbeddedStore,
    script: Script,
    transactions_per_write: Arc<Mutex<Vec<usize>>>,
    tidy: Arc<Mutex<Option<Trouble>>>,
    path: PathBuf,
    _folder: TempDir,
}

fn house() -> House {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let script = Script::default();
    let transactions_per_write = Arc::default();
    let tidy = Arc::default();
    let store = EmbeddedStore::open_on(&path, |disk| Scripted {
        disk,
        script: script.clone(),
        transactions_per_write: Arc::clone(&transactions_per_write),
        tidy: Arc::clone(&tidy),
    })
    .unwrap();
    House {
        store,
        script,
        transactions_per_write,
        tidy,
        path,
        _folder: folder,
    }
}

fn key(name: &str) -> Key {
    Key::of(&["test", name])
}

async fn put(store: &EmbeddedStore, name: &str, value: &str) -> Result<(), StoreError> {
    let mut tx = store.write().await?;
    tx.put(&key(name), value.to_owned()).await?;
    tx.commit().await
}

async fn names(store: &EmbeddedStore) -> Vec<String> {
    let mut tx = store.read().await.unwrap();
    let rows = tx
        .scan(&Range::prefix(&Key::of(&["test"]), 1000))
        .await
        .unwrap();
    rows.iter().map(|(key, _)| key.parts()[1].clone()).collect()
}

fn eio() -> Trouble {
    Trouble::Failed("disk I/O error".to_owned())
}

#[tokio::test]
async fn f03_after_a_failed_sync_nothing_is_written_until_the_next_start() {
    for fails_at in 0..5 {
        let House {
            store,
            script,
            path,
            _folder,
            ..
        } = house();
        script.next((0..fails_at).map(|_| Step::Succeed));
        script.next([Step::Trouble(eio())]);
        let mut acknowledged = Vec::new();
        for number in 0..8 {
            let name = number.to_string();
            match put(&store, &name, "{}").await {
                Ok(()) => acknowledged.push(name),
                Err(error) => assert!(matches!(error, StoreError::Failed), "{error:?}"),
            }
        }
        assert_eq!(
            acknowledged.len(),
            fails_at,
            "no write is taken after the failed one"
        );
        assert!(matches!(store.ready().await, Err(StoreError::Failed)));
        assert_eq!(names(&store).await, acknowledged, "reads go on");
        drop(store);
        let store = EmbeddedStore::open(&path).unwrap();
        assert_eq!(names(&store).await, acknowledged);
        put(&store, "again", "{}").await.unwrap();
        store.ready().await.unwrap();
    }
}

#[tokio::test]
async fn f03_a_failed_checkpoint_ends_writing_too() {
    let House {
        store,
        tidy,
        path,
        _folder,
        ..
    } = house();
    *tidy.lock().unwrap() = Some(eio());
    put(&store, "a", "{}").await.unwrap();
    // The checkpoint runs after the answer; the next write may or may not come before it.
    let mut written = vec!["a".to_owned()];
    while put(&store, "b", "{}").await.is_ok() {
        written = vec!["a".to_owned(), "b".to_owned()];
    }
    assert!(matches!(store.ready().await, Err(StoreError::Failed)));
    drop(store);
    assert_eq!(names(&EmbeddedStore::open(&path).unwrap()).await, written);
}

#[tokio::test]
async fn f30_without_its_commit_thread_the_store_is_failed() {
    let House {
        store,
        script,
        _folder,
        ..
    } = house();
    script.next([Step::Panic]);
    assert!(matches!(
        put(&store, "a", "{}").await,
        Err(StoreError::Failed)
    ));
    assert!(matches!(
        store.write().await.err(),
        Some(StoreError::Failed)
    ));
    assert!(matches!(store.ready().await, Err(StoreError::Failed)));
}

#[tokio::test]
async fn f04_a_full_disk_refuses_writes_whole_and_comes_back() {
    let House {
        store,
        script,
        path,
        _folder,
        ..
    } = house();
    let large = "v".repeat(100_000);
    put(&store, "before", "{}").await.unwrap();
    script.next([Step::Room(20)]);
    let mut tx = store.write().await.unwrap();
    tx.put(&key("small"), "{}".to_owned()).await.unwrap();
    tx.put(&key("large"), large.clone()).await.unwrap();
    assert!(matches!(tx.commit().await, Err(StoreError::Full)));
    assert_eq!(
        names(&store).await,
        ["before"],
        "nothing of it happened, and reads go on"
    );
    store.ready().await.unwrap();
    put(&store, "small", "{}").await.unwrap();
    script.next([Step::Room(1000)]);
    put(&store, "large", &large).await.unwrap();
    drop(store);
    let reopened = EmbeddedStore::open(&path).unwrap();
    assert_eq!(names(&reopened).await, ["before", "large", "small"]);
}

#[tokio::test]
async fn f06_writers_that_wait_for_a_slow_disk_share_one_sync() {
    let House {
        store,
        script,
        transactions_per_write,
        _folder,
        ..
    } = house();
    let (mut has_begun, let_on) = script.wait();
    let mut commits = Vec::new();
    for number in 0..10 {
        // Each writer begins only when the one before has handed its changes over.
        let mut tx = store.write().await.unwrap();
        let before = tx
            .get(&key("count"))
            .await
            .unwrap()
            .map_or(0, |text| text.parse().unwrap());
        assert_eq!(
            before, number,
            "a writer sees what is on its way to the disk"
        );
        tx.put(&key("count"), (number + 1).to_string())
            .await
            .unwrap();
        commits.push(tokio::spawn(tx.commit()));
        if number == 0 {
            has_begun.recv().await.unwrap();
        }
    }
    drop(store.write().await.unwrap());
    assert_eq!(
        names(&store).await,
        Vec::<String>::new(),
        "readers see only what is durable"
    );
    let_on.send(()).unwrap();
    for commit in commits {
        commit.await.unwrap().unwrap();
    }
    // The first is counted again when it is let on.
    assert_eq!(*transactions_per_write.lock().unwrap(), [1, 1, 9]);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.get(&key("count")).await.unwrap().as_deref(), Some("10"));
}

#[tokio::test]
async fn f04_who_saw_changes_that_came_to_nothing_begins_again() {
    let House {
        store,
        script,
        _folder,
        ..
    } = house();
    let (mut has_begun, let_on) = script.wait();
    script.next([Step::Trouble(Trouble::Full)]);
    let mut refused = store.write().await.unwrap();
    refused.put(&key("a"), "{}".to_owned()).await.unwrap();
    let refused = tokio::spawn(refused.commit());
    has_begun.recv().await.unwrap();

    // One hands over changes that rest on the first, one only reads them, one is still open.
    let mut queued = store.write().await.unwrap();
    queued.put(&key("b"), "{}".to_owned()).await.unwrap();
    let queued = tokio::spawn(queued.commit());
    let mut looked = store.write().await.unwrap();
    assert_eq!(looked.get(&key("a")).await.unwrap().as_deref(), Some("{}"));
    let looked = tokio::spawn(looked.commit());
    let open = store.write().await.unwrap();

    let_on.send(()).unwrap();
    assert!(matches!(refused.await.unwrap(), Err(StoreError::Full)));
    assert!(matches!(queued.await.unwrap(), Err(StoreError::Conflict)));
    assert!(matches!(looked.await.unwrap(), Err(StoreError::Conflict)));
    assert!(matches!(open.commit().await, Err(StoreError::Conflict)));
    assert_eq!(names(&store).await, Vec::<String>::new());
    put(&store, "b", "{}").await.unwrap();
    assert_eq!(names(&store).await, ["b"]);
}

#[tokio::test]
async fn a_caller_that_stops_waiting_gives_its_turn_back() {
    let House { store, _folder, .. } = house();
    let held = store.write().await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.write().await.map(drop) }
    });
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    drop(held);
    put(&store, "a", "{}").await.unwrap();
}

#[tokio::test]
async fn the_log_is_folded_into_the_database_as_it_grows() {
    let House {
        store,
        path,
        _folder,
        ..
    } = house();
    let value = "v".repeat(500_000);
    for number in 0..40 {
        put(&store, &(number % 4).to_string(), &value)
            .await
            .unwrap();
    }
    let log_bytes = path.join("daypass.db-wal").metadata().unwrap().len();
    assert!(
        log_bytes < 10_000_000,
        "20 MB were written, the log holds {log_bytes} bytes"
    );
}
