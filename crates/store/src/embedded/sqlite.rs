//! The database: one table of keys and values, and the few statements that touch it.
//!
//! Everything that knows SQL or SQLite's settings is here. The file can be read with any SQLite
//! tool: `select * from records`.
//!
//! **Source**: SQLite documentation, *PRAGMA Statements*, *Write-Ahead Logging*, *Result and Error
//! Codes*; requirements F03 (a failed sync is never retried) and F05 (damage is said, not served).

use super::committer::{Disk, Trouble};
use crate::overlay::Overlay;
use crate::{Key, Range, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{
    Connection, Error, ErrorCode, OpenFlags, OptionalExtension, TransactionBehavior, ffi, params,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The layout this version reads and writes.
pub(super) const SCHEMA: u32 = 1;

/// Marks the file as ours, in the bytes SQLite keeps for that: "dayp".
const APPLICATION_ID: i32 = 0x6461_7970;

/// Pages in the log that make a checkpoint worth its sync: 4 MiB.
const CHECKPOINT_PAGES: i64 = 1000;

const CREATE: &str = "
    create table meta (name text primary key not null, value text not null) strict, without rowid;
    create table records (
        key text primary key not null collate binary,
        value text not null
    ) strict, without rowid;
    insert into meta (name, value) values ('schema', '1');
";

/// Settings of the writing connection: every commit reaches the disk before it is answered.
///
/// Checkpoints are ours to run: SQLite's automatic one ignores a failed sync.
const WRITING: &str = "
    pragma synchronous = full;
    pragma fullfsync = on;
    pragma checkpoint_fullfsync = on;
    pragma wal_autocheckpoint = 0;
    pragma journal_size_limit = 67108864;
    pragma cache_size = -16384;
";

/// Settings of every connection: trust nothing in the file that was not written by us.
const ALWAYS: &str = "
    pragma trusted_schema = off;
    pragma cell_size_check = on;
    pragma mmap_size = 0;
    pragma temp_store = memory;
";

/// The connection that writes. Only the commit thread has it.
pub(super) struct Database {
    connection: Connection,
    path: PathBuf,
}

impl Database {
    /// Opens the file and brings a new one to our layout.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let place = path.display().to_string();
        connection
            .execute_batch(WRITING)
            .map_err(|error| reading(&place, error))?;
        let mut database = Self {
            connection,
            path: path.to_owned(),
        };
        // First whose file it is: a stranger's is refused as it was found.
        database
            .lay_out()
            .map_err(|error| reading(&place, error))??;
        database
            .use_log()
            .map_err(|error| reading(&place, error))??;
        Ok(database)
    }

    fn lay_out(&mut self) -> Result<Result<(), StoreError>, Error> {
        // One transaction, so that a first start cut short anywhere is simply a first start again.
        let tx = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let tables: i64 =
            tx.query_row("select count(*) from sqlite_schema", [], |row| row.get(0))?;
        if tables == 0 {
            tx.pragma_update(None, "application_id", APPLICATION_ID)?;
            tx.execute_batch(CREATE)?;
        }
        let application: i32 = tx.pragma_query_value(None, "application_id", |row| row.get(0))?;
        if application != APPLICATION_ID {
            let (place, detail) = (
                self.path.display().to_string(),
                "not a daypass store".into(),
            );
            return Ok(Err(StoreError::Corrupt { place, detail }));
        }
        let schema = "select value from meta where name = 'schema'";
        let found: Option<String> = tx.query_row(schema, [], |row| row.get(0)).optional()?;
        tx.commit()?;
        match found {
            Some(found) if found == SCHEMA.to_string() => Ok(Ok(())),
            found => Ok(Err(StoreError::Schema {
                found: found.unwrap_or_else(|| "none".to_owned()),
                supported: SCHEMA,
            })),
        }
    }

    /// Leaves room for this many pages, as a disk that fills up would.
    #[cfg(test)]
    pub(super) fn set_pages_max(&self, pages: u32) {
        let pragma = format!("pragma max_page_count = {pages}");
        self.connection.query_row(&pragma, [], |_| Ok(())).unwrap();
    }

    fn use_log(&self) -> Result<Result<(), StoreError>, Error> {
        let mode: String = self
            .connection
            .query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
        if mode != "wal" {
            let text = format!("the file system cannot hold a write-ahead log (mode `{mode}`)");
            return Ok(Err(StoreError::unavailable(text)));
        }
        Ok(Ok(()))
    }

    fn apply(&mut self, changes: &[Arc<Overlay>]) -> Result<(), (Error, Step)> {
        let early = |error| (error, Step::Changing);
        let immediate = TransactionBehavior::Immediate;
        let tx = self
            .connection
            .transaction_with_behavior(immediate)
            .map_err(early)?;
        {
            let mut put = tx
                .prepare_cached(
                    "insert into records (key, value) values (?1, ?2)
                     on conflict (key) do update set value = excluded.value",
                )
                .map_err(early)?;
            let mut delete = tx
                .prepare_cached("delete from records where key = ?1")
                .map_err(early)?;
            for (key, change) in changes.iter().flat_map(|overlay| overlay.changes()) {
                match change.value() {
                    Some(value) => put.execute(params![key.as_str(), value]),
                    None => delete.execute(params![key.as_str()]),
                }
                .map_err(early)?;
            }
        }
        tx.commit().map_err(|error| (error, Step::Committing))
    }

    /// Folds the log into the database file, as far as readers let it.
    pub(super) fn checkpoint(&mut self, mode: &str) -> Result<(), Error> {
        self.connection
            .query_row(&format!("pragma wal_checkpoint({mode})"), [], |_| Ok(()))
    }

    fn log_pages(&mut self) -> Result<i64, Error> {
        self.connection
            .query_row("pragma wal_checkpoint(noop)", [], |row| row.get(1))
    }
}

/// How far a write had come when it went wrong.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Step {
    Changing,
    Committing,
    Checkpoint,
}

impl Disk for Database {
    fn write(&mut self, changes: &[Arc<Overlay>]) -> Result<(), Trouble> {
        self.apply(changes).map_err(|(error, step)| {
            // A transaction that cannot even be undone leaves the connection in doubt.
            if self.connection.is_autocommit() {
                writing(&error, step)
            } else {
                Trouble::Failed(error.to_string())
            }
        })
    }

    fn tidy(&mut self) -> Result<(), Trouble> {
        let due = self.log_pages().map(|pages| pages >= CHECKPOINT_PAGES);
        match due {
            Ok(true) => self.checkpoint("passive"),
            Ok(false) => Ok(()),
            Err(error) => Err(error),
        }
        .map_err(|error| writing(&error, Step::Checkpoint))
    }

    fn close(&mut self) -> Result<(), Trouble> {
        self.checkpoint("truncate")
            .map_err(|error| writing(&error, Step::Checkpoint))
    }
}

fn writing(error: &Error, step: Step) -> Trouble {
    let text = error.to_string();
    let Error::SqliteFailure(failure, _) = error else {
        return Trouble::Refused(text);
    };
    match (failure.code, failure.extended_code) {
        (ErrorCode::DiskFull, _) => Trouble::Full,
        // The write call itself was refused (a quota, a file size limit): nothing was taken in, so
        // nothing can be lost later. SQLite has gone back to before, and may try again.
        (_, ffi::SQLITE_IOERR_WRITE) => Trouble::Refused(text),
        // INVARIANT: after a failed sync nobody knows what is on disk; asking again would say
        // "fine" about pages the kernel has dropped.
        (ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => {
            Trouble::Failed(text)
        }
        _ if step == Step::Committing => Trouble::Failed(text),
        _ => Trouble::Refused(text),
    }
}

fn reading(place: &str, error: Error) -> StoreError {
    let (place, detail) = (place.to_owned(), error.to_string());
    match &error {
        Error::SqliteFailure(failure, _) => match (failure.code, failure.extended_code) {
            (ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase, _) => {
                StoreError::Corrupt { place, detail }
            }
            // The file ends before the page that should be there.
            (_, ffi::SQLITE_IOERR_SHORT_READ) => StoreError::Corrupt {
                place,
                detail: "the file has been cut short".to_owned(),
            },
            (ErrorCode::DiskFull, _) => StoreError::Full,
            _ => StoreError::unavailable(error),
        },
        Error::FromSqlConversionFailure(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => StoreError::Corrupt { place, detail },
        _ => StoreError::unavailable(error),
    }
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    let place = path.display().to_string();
    let flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| reading(&place, error))?;
    connection
        .execute_batch(ALWAYS)
        .map_err(|error| reading(&place, error))?;
    // Closing is no time for a checkpoint whose failure nobody would hear of.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)
        .map_err(|error| reading(&place, error))?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Opens a snapshot of the newest durable state.
pub(super) fn begin(connection: &Connection) -> Result<(), StoreError> {
    // The first read pins the snapshot, not `begin` itself.
    let pin = "select 1 from meta where name = 'schema'";
    connection
        .prepare_cached("begin")
        .and_then(|mut begin| begin.execute([]))
        .and_then(|_| connection.prepare_cached(pin)?.exists([]))
        .map(|_| ())
        .map_err(|error| reading("meta", error))
}

/// Succeeds when the file is ours and its layout is the one this version reads.
pub(super) fn known(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let place = path.display().to_string();
    let application: i32 = connection
        .pragma_query_value(None, "application_id", |row| row.get(0))
        .map_err(|error| reading(&place, error))?;
    if application != APPLICATION_ID {
        let detail = "not a daypass store".to_owned();
        return Err(StoreError::Corrupt { place, detail });
    }
    let schema = "select value from meta where name = 'schema'";
    let found: String = connection
        .query_row(schema, [], |row| row.get(0))
        .map_err(|error| reading(&place, error))?;
    if found == SCHEMA.to_string() {
        return Ok(());
    }
    Err(StoreError::Schema {
        found,
        supported: SCHEMA,
    })
}

/// Reads every page and holds it against the rules of the file format.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let place = path.display().to_string();
    let found: String = connection
        .query_row("pragma integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| reading(&place, error))?;
    if found == "ok" {
        return Ok(());
    }
    let detail = found.lines().last().unwrap_or_default().to_owned();
    Err(StoreError::Corrupt { place, detail })
}

/// Writes one moment of the whole database to an empty file.
pub(super) fn copy(connection: &Connection, target: &Path) -> Result<(), StoreError> {
    let place = target.display().to_string();
    connection
        .execute("vacuum into ?1", [&place])
        .map_err(|error| reading(&place, error))?;
    std::fs::File::open(target)
        .and_then(|copy| copy.sync_all())
        .map_err(StoreError::unavailable)
}

/// How many records there are.
pub(super) fn count(connection: &Connection, path: &Path) -> Result<u64, StoreError> {
    let count: i64 = connection
        .query_row("select count(*) from records", [], |row| row.get(0))
        .map_err(|error| reading(&path.display().to_string(), error))?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The value under the key of this one text.
pub(super) fn text(connection: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    get(connection, &Key::of(&[key]))
}

/// The value under `key`.
pub(super) fn get(connection: &Connection, key: &Key) -> Result<Option<String>, StoreError> {
    connection
        .prepare_cached("select value from records where key = ?1")
        .and_then(|mut get| get.query_row([key.as_str()], |row| row.get(0)).optional())
        .map_err(|error| reading(key.as_str(), error))
}

/// The first `rows` pairs of the range, whatever its own limit.
pub(super) fn scan(
    connection: &Connection,
    range: &Range,
    rows: usize,
) -> Result<Vec<(Key, String)>, StoreError> {
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    let from = range.from();
    let pairs = || -> Result<Vec<(String, String)>, Error> {
        let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        match range.to() {
            Some(to) => connection
                .prepare_cached(
                    "select key, value from records where key >= ?1 and key < ?2
                     order by key limit ?3",
                )?
                .query_map(params![from, to, rows], pair)?
                .collect(),
            None => connection
                .prepare_cached(
                    "select key, value from records where key >= ?1 order by key limit ?2",
                )?
                .query_map(params![from, rows], pair)?
                .collect(),
        }
    };
    let pairs = pairs().map_err(|error| reading(from, error))?;
    pairs
        .into_iter()
        .map(|(text, value)| Ok((key(&text)?, value)))
        .collect()
}

fn key(text: &str) -> Result<Key, StoreError> {
    Key::parse(text).ok_or_else(|| StoreError::Corrupt {
        place: text.to_owned(),
        detail: "no key is written so".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(extended_code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(extended_code), None)
    }

    #[test]
    fn f03_only_a_failed_write_call_leaves_the_disk_in_no_doubt() {
        let failed = |code, step| matches!(writing(&failure(code), step), Trouble::Failed(_));
        for step in [Step::Changing, Step::Committing, Step::Checkpoint] {
            for code in [
                ffi::SQLITE_IOERR_FSYNC,
                ffi::SQLITE_IOERR_DIR_FSYNC,
                ffi::SQLITE_IOERR,
            ] {
                assert!(failed(code, step), "{code}");
            }
            assert!(!failed(ffi::SQLITE_IOERR_WRITE, step));
            assert_eq!(writing(&failure(ffi::SQLITE_FULL), step), Trouble::Full);
        }
        assert!(failed(ffi::SQLITE_BUSY, Step::Committing));
        assert!(!failed(ffi::SQLITE_BUSY, Step::Changing));
        assert!(!failed(ffi::SQLITE_BUSY, Step::Checkpoint));
    }
}
