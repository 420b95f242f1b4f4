//! The waist of the house: an ordered transactional map, and the engines below it.
//!
//! Everything durable is a readable text key with a JSON text value, so that records, indexes and
//! uniqueness are written once above this line, and an engine is finished when it passes
//! [`conformance`]. A new question is a new index above the waist, never a new verb here.
//!
//! **Source**: DESIGN §1.4 and §4; the reliability requirements on faults and key encoding.

pub mod conformance;
pub mod embedded;
pub mod key;
pub mod memory;
mod overlay;
pub mod postgres;
pub mod records;
mod stored;

pub use embedded::{EmbeddedStore, Snapshot, backup};
pub use key::{Key, Range};
pub use memory::MemoryStore;
pub use postgres::{DatabaseUrl, PostgresOptions, PostgresStore};

use async_trait::async_trait;
use std::error::Error;
use std::path::PathBuf;

/// The longest key an engine takes, in bytes of its encoded text.
pub const KEY_BYTES_MAX: usize = 4096;

/// The largest value an engine takes, in bytes.
pub const VALUE_BYTES_MAX: usize = 1024 * 1024;

/// An ordered map whose changes happen whole or not at all.
///
/// Isolation is the engine's own: transactions behave as if they had run one after another.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Opens a transaction that only reads, on the newest acknowledged state.
    ///
    /// It sees one moment for its whole life, never keeps a writer waiting, and never meets a
    /// conflict.
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Opens a transaction that may change the map.
    ///
    /// What it reads is settled only when [`Tx::commit`] succeeds: before that, an engine may show
    /// changes that are decided but not yet durable. An answer that rests on such a read waits for
    /// the commit, changes or none.
    async fn write(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Succeeds when the engine can read and is willing to write.
    async fn ready(&self) -> Result<(), StoreError>;
}

/// One transaction. Dropping it without [`Tx::commit`] means nothing happened.
#[async_trait]
pub trait Tx: Send {
    /// The value under `key`, this transaction's own changes included.
    async fn get(&mut self, key: &Key) -> Result<Option<String>, StoreError>;

    /// Sets the value under `key`, new or not.
    async fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError>;

    /// Removes `key`; removing what is absent is no error.
    async fn delete(&mut self, key: &Key) -> Result<(), StoreError>;

    /// The pairs of `range` in key order, this transaction's own changes included.
    async fn scan(&mut self, range: &Range) -> Result<Vec<(Key, String)>, StoreError>;

    /// Makes every change durable and visible at once, and ends the transaction.
    ///
    /// **Errors**: after [`StoreError::Conflict`] and [`StoreError::Interrupted`] nothing happened,
    /// and the whole operation may be run again from its first read. After any other error the changes are wholly present or
    /// wholly absent.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another transaction got there first; run the whole operation again.
    #[error("another transaction changed what this one read")]
    Conflict,
    /// A change was asked of a transaction opened for reading.
    #[error("the transaction was opened for reading")]
    ReadOnly,
    /// A key or value is larger than any engine must take.
    #[error("a {what} of {bytes} bytes is over the limit of {bytes_max}")]
    TooLarge {
        /// `key` or `value`.
        what: &'static str,
        /// Its size.
        bytes: usize,
        /// The largest size taken.
        bytes_max: usize,
    },
    /// There is no room left to write; reads go on, and writes do once there is room.
    #[error("no space left for writing")]
    Full,
    /// A write or sync went wrong earlier, so no write is taken until the next start.
    #[error("the store failed while writing and takes no writes until it is restarted")]
    Failed,
    /// The way to the engine broke; nothing happened, and the whole operation may be run again.
    #[error("the connection to the store was lost before anything was committed")]
    Interrupted(#[source] Box<dyn Error + Send + Sync>),
    /// The engine would lose data or cannot hold it all.
    #[error("the database is not fit for this: {0}")]
    Unsuitable(String),
    /// The engine cannot be reached or refused for a reason of its own.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Another process holds the data directory.
    #[error("data directory is in use by {}", holder(*pid))]
    InUse {
        /// The process that holds it, when it has written its number.
        pid: Option<u32>,
    },
    /// A file or folder of the store may be read or written by other users of the machine.
    #[error("`{}` has mode {mode:04o}; others must have no access (chmod go-rwx)", path.display())]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// What is stored cannot be what was written.
    #[error("`{place}` is damaged: {detail}")]
    Corrupt {
        /// The file or key that cannot be trusted.
        place: String,
        /// What is wrong with it.
        detail: String,
    },
    /// The data was written by a version of daypass that this one does not know.
    #[error("the data has schema `{found}`; this version reads schema `{supported}`")]
    Schema {
        /// What the store holds.
        found: String,
        /// What this version reads and writes.
        supported: u32,
    },
}

impl StoreError {
    /// Wraps an engine's own error.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("pid {pid}"))
}

/// The one check of sizes, for every engine.
fn check_size(what: &'static str, bytes: usize, bytes_max: usize) -> Result<(), StoreError> {
    if bytes > bytes_max {
        return Err(StoreError::TooLarge {
            what,
            bytes,
            bytes_max,
        });
    }
    Ok(())
}
