//! The embedded store: one SQLite file in one folder of one process.
//!
//! It exists so that daypass runs with nothing beside it and loses nothing when it is killed. Reads
//! are snapshots from a few reading connections; one writer at a time collects its changes in
//! memory; a thread of its own makes them durable, several transactions to one sync. All of SQLite
//! runs off the network threads, so a slow disk slows only those who wait for it.
//!
//! Start at [`EmbeddedStore::open`]; `folder` guards the files, `sqlite` knows the database,
//! `committer` decides what is durable.
//!
//! **Source**: requirements F01–F06, F24 and S91; SQLite documentation, *Write-Ahead Logging*.

pub mod backup;
mod committer;
mod folder;
mod pool;
mod snapshot;
mod sqlite;

pub use snapshot::Snapshot;

use crate::overlay::{Overlay, Window};
use crate::{Key, Range, Store, StoreError, Tx};
use async_trait::async_trait;
use committer::{Committer, Disk, Pending};
use folder::Folder;
use pool::{Pool, Session};
use rusqlite::Connection;
use std::path::Path;
use std::sync::Arc;

/// Read transactions that may be open at once; more wait their turn.
const READERS: usize = 8;

/// A store in a folder on this machine.
#[derive(Clone)]
pub struct EmbeddedStore(Arc<Inner>);

struct Inner {
    readers: Arc<Pool>,
    /// One session: who holds it is the one open write transaction.
    turn: Arc<Pool>,
    committer: Committer,
    /// Dropped last, so that the folder is free only when nothing of it is open any more.
    _folder: Folder,
}

impl EmbeddedStore {
    /// Opens the store in `folder`, making folder and files where they are missing.
    ///
    /// It reads and writes files, so call it before serving, or off the network threads.
    ///
    /// **Errors**: [`StoreError::InUse`] when another process holds the folder, and nothing is
    /// touched; [`StoreError::Exposed`], [`StoreError::Schema`] and [`StoreError::Corrupt`] as they
    /// say.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_on(folder, |disk| disk)
    }

    /// Opens the store with something between it and its disk.
    fn open_on<D: Disk>(
        folder: &Path,
        between: impl FnOnce(sqlite::Database) -> D,
    ) -> Result<Self, StoreError> {
        let folder = Folder::open(folder)?;
        let database = sqlite::Database::open(folder.database())?;
        folder.made()?;
        let session = || sqlite::reader(folder.database());
        let readers = Pool::new((0..READERS).map(|_| session()).collect::<Result<_, _>>()?);
        let turn = Pool::new(vec![session()?]);
        let committer = Committer::start(between(database))?;
        Ok(Self(Arc::new(Inner {
            readers,
            turn,
            committer,
            _folder: folder,
        })))
    }
}

#[async_trait]
impl Store for EmbeddedStore {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        let session = self.0.readers.session().await?;
        begin(&session).await?;
        Ok(Box::new(Transaction {
            session,
            store: Arc::clone(&self.0),
            writing: None,
        }))
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        let session = self.0.turn.session().await?;
        // First what is on its way to disk, then the snapshot: a change that lands in between is
        // seen twice, which is harmless. The other way round it could be missed.
        let pending = self.0.committer.pending()?;
        begin(&session).await?;
        let writing = Some(Writing {
            pending,
            own: Overlay::default(),
        });
        Ok(Box::new(Transaction {
            session,
            store: Arc::clone(&self.0),
            writing,
        }))
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.0.committer.pending()?;
        let session = self.0.readers.session().await?;
        begin(&session).await
    }
}

struct Transaction {
    session: Arc<Session>,
    store: Arc<Inner>,
    writing: Option<Writing>,
}

struct Writing {
    pending: Pending,
    own: Overlay,
}

impl Writing {
    /// Everything this transaction sees above the file, oldest first.
    fn overlays(&self) -> impl DoubleEndedIterator<Item = &Overlay> {
        self.pending
            .overlays
            .iter()
            .map(Arc::as_ref)
            .chain([&self.own])
    }
}

impl Transaction {
    fn own(&mut self) -> Result<&mut Overlay, StoreError> {
        self.writing
            .as_mut()
            .map(|writing| &mut writing.own)
            .ok_or(StoreError::ReadOnly)
    }

    fn overlays(&self) -> impl DoubleEndedIterator<Item = &Overlay> {
        self.writing.iter().flat_map(Writing::overlays)
    }
}

#[async_trait]
impl Tx for Transaction {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        if let Some(change) = self.overlays().rev().find_map(|overlay| overlay.get(key)) {
            return Ok(change.value().map(str::to_owned));
        }
        let key = key.clone();
        with(&self.session, move |connection| {
            sqlite::get(connection, &key)
        })
        .await
    }

    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        self.own()?.put(key, value)
    }

    async fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.own()?.delete(key);
        Ok(())
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        let window = Window::new(self.overlays(), range);
        let (rows, range) = (window.rows_wanted(), range.clone());
        let rows = with(&self.session, move |connection| {
            sqlite::scan(connection, &range, rows)
        })
        .await?;
        Ok(window.over(rows))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let Self {
            session,
            store,
            writing,
        } = *self;
        let Some(Writing { pending, own }) = writing else {
            return Ok(());
        };
        if own.is_empty() && pending.overlays.is_empty() {
            return Ok(());
        }
        let receipt = store.committer.submit(&pending, own)?;
        // The next writer may begin: it sees these changes as pending, and waits for them in turn.
        drop(session);
        receipt.settled().await
    }
}

/// Pins the session to the newest durable state.
async fn begin(session: &Arc<Session>) -> Result<(), StoreError> {
    with(session, sqlite::begin).await
}

/// Runs one piece of SQLite work where waiting for a disk holds up no network thread.
async fn with<T: Send + 'static>(
    session: &Arc<Session>,
    work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let session = Arc::clone(session);
    let work = move || session.with(work);
    tokio::task::spawn_blocking(work)
        .await
        .map_err(StoreError::unavailable)?
}

#[cfg(test)]
mod power_loss;
#[cfg(test)]
mod tests;
