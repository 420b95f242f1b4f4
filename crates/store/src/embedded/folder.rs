//! The folder of an embedded store: who may see it, and who holds it.
//!
//! Identities and sealed secrets lie here, so folder and files belong to their owner alone, and one
//! process at a time has them open. The lock is the kernel's: it goes with the process, however
//! that ends.
//!
//! **Source**: requirements S91 (modes), F24 (two processes), F02 (a new file needs its folder
//! synced).

use crate::StoreError;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The database itself.
pub(super) const DATABASE: &str = "daypass.db";
const LOCK: &str = "daypass.lock";
/// Says that there was a database once, so that an empty one is damage and not a first start.
const MADE: &str = "daypass.made";
/// What SQLite keeps beside the database; it gives them the database's own mode.
const BESIDE: [&str; 3] = ["daypass.db-journal", "daypass.db-shm", "daypass.db-wal"];

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const MODE_OF_OTHERS: u32 = 0o077;

/// The folder, held by this process until dropped.
pub(super) struct Folder {
    path: PathBuf,
    database: PathBuf,
    _lock: File,
}

impl Folder {
    /// Takes the folder, or says why not without changing anything in it.
    pub(super) fn open(folder: &Path) -> Result<Self, StoreError> {
        make(folder).map_err(|error| at(folder, &error))?;
        refuse_exposed(folder)?;
        for name in [LOCK, DATABASE, MADE].into_iter().chain(BESIDE) {
            refuse_exposed(&folder.join(name))?;
        }
        let lock = take(&folder.join(LOCK))?;
        let database = folder.join(DATABASE);
        refuse_emptied(folder, &database)?;
        open_private(&database).map_err(|error| at(&database, &error))?;
        let folder = Self {
            path: folder.to_owned(),
            database,
            _lock: lock,
        };
        folder.settle()?;
        Ok(folder)
    }

    /// The file SQLite keeps the map in.
    pub(super) fn database(&self) -> &Path {
        &self.database
    }

    /// Notes that the database has its tables: from now on an empty one is damage.
    pub(super) fn made(&self) -> Result<(), StoreError> {
        let made = self.path.join(MADE);
        open_private(&made).map_err(|error| at(&made, &error))?;
        self.settle()
    }

    /// Makes the names of files created so far as durable as their content.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        sync(&self.path).map_err(|error| at(&self.path, &error))
    }
}

/// Makes a missing folder, and makes its name durable in its parent.
fn make(folder: &Path) -> io::Result<()> {
    if folder.try_exists()? {
        return Ok(());
    }
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder)?;
    match folder.parent() {
        Some(parent) if parent == Path::new("") => sync(Path::new(".")),
        Some(parent) => sync(parent),
        None => Ok(()),
    }
}

fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn refuse_exposed(path: &Path) -> Result<(), StoreError> {
    let mode = match path.metadata() {
        Ok(metadata) => metadata.permissions().mode() & 0o7777,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(at(path, &error)),
    };
    if mode & MODE_OF_OTHERS != 0 {
        return Err(StoreError::Exposed {
            path: path.to_owned(),
            mode,
        });
    }
    Ok(())
}

/// Beside the mark of an earlier start, or beside a log, a database without content was emptied.
fn refuse_emptied(folder: &Path, database: &Path) -> Result<(), StoreError> {
    let bytes = |path: &Path| match path.metadata() {
        Ok(metadata) => Ok(Some(metadata.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(at(path, &error)),
    };
    if bytes(database)?.unwrap_or(0) > 0 {
        return Ok(());
    }
    let log = folder.join(format!("{DATABASE}-wal"));
    if bytes(&folder.join(MADE))?.is_none() && bytes(&log)?.unwrap_or(0) == 0 {
        return Ok(());
    }
    Err(StoreError::Corrupt {
        place: database.display().to_string(),
        detail: "it is missing or empty, and there was data in it".to_owned(),
    })
}

fn open_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(FILE_MODE)
        .open(path)
}

fn take(path: &Path) -> Result<File, StoreError> {
    let mut lock = open_private(path).map_err(|error| at(path, &error))?;
    match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => {}
        Err(Errno::WOULDBLOCK) => {
            let mut holder = String::new();
            let read = lock.read_to_string(&mut holder);
            let pid = read.ok().and_then(|_| holder.trim().parse().ok());
            return Err(StoreError::InUse { pid });
        }
        Err(error) => return Err(at(path, &error.into())),
    }
    // The number only tells the next one whom to ask; the lock itself is what counts.
    let note = |lock: &mut File| -> io::Result<()> {
        lock.set_len(0)?;
        lock.rewind()?;
        writeln!(lock, "{}", std::process::id())
    };
    note(&mut lock).map_err(|error| at(path, &error))?;
    Ok(lock)
}

fn at(path: &Path, error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        kind => StoreError::unavailable(io::Error::new(
            kind,
            format!("`{}`: {error}", path.display()),
        )),
    }
}
