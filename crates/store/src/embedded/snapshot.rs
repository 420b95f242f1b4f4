//! One look at a store without taking it: for tools beside a server, and for folders at rest.
//!
//! It holds no lock and writes nothing, so it answers the same whether the folder is served or not.
//!
//! **Source**: users page, section 9 (`doctor`); requirements F24 and F28.

use super::folder::DATABASE;
use super::sqlite;
use crate::{Key, Range, StoreError, Tx};
use async_trait::async_trait;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The newest durable state of a folder, pinned when it was opened.
///
/// Its answers come straight from the file, on the thread that asks.
pub struct Snapshot {
    connection: Mutex<Connection>,
    database: PathBuf,
}

impl Snapshot {
    /// Looks at the store in `folder`.
    ///
    /// **Errors**: [`StoreError::Schema`] and [`StoreError::Corrupt`] as they say.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let database = folder.join(DATABASE);
        let connection = sqlite::reader(&database)?;
        sqlite::known(&connection, &database)?;
        sqlite::begin(&connection)?;
        Ok(Self {
            connection: Mutex::new(connection),
            database,
        })
    }

    /// Reads every page and holds it against the rules of the file format.
    pub fn check(&self) -> Result<(), StoreError> {
        self.with(|connection| sqlite::check(connection, &self.database))
    }

    /// How many records there are.
    pub fn count(&self) -> Result<u64, StoreError> {
        self.with(|connection| sqlite::count(connection, &self.database))
    }

    fn with<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(
            &self
                .connection
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

#[async_trait]
impl Tx for Snapshot {
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError> {
        self.with(|connection| sqlite::get(connection, key))
    }

    async fn put(&mut self, _: &Key, _: String) -> Result<(), StoreError> {
        Err(StoreError::ReadOnly)
    }

    async fn delete(&mut self, _: &Key) -> Result<(), StoreError> {
        Err(StoreError::ReadOnly)
    }

    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError> {
        self.with(|connection| sqlite::scan(connection, range, range.limit()))
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}
