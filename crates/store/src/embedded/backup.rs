//! Backups: one file that holds a whole store as it was at one moment, and says so.
//!
//! The copy is one read transaction, so it is consistent while a server writes, and no writer waits
//! for it. What it holds is what rests in the store: secrets are sealed under a master key that is
//! never in it. A backup that cannot be read back whole is worth nothing, so it is checked before it
//! gets its name, and again before anything is made of it.
//!
//! **Shape**: one line of JSON, the [`Manifest`]; then the bytes of an SQLite database.
//! **Source**: requirements F26 and S74; SQLite documentation, *VACUUM INTO*.

use super::folder::DATABASE;
use super::sqlite;
use crate::StoreError;
use crate::records::Deployment;
use daypass_proof::digest::Sha256;
use serde::{Deserialize, Serialize};
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// What the first line of a backup begins with.
const FORMAT: &str = "daypass-backup";

/// The form of backups that this version writes and reads.
const VERSION: u32 = 1;

/// The longest first line.
const MANIFEST_BYTES_MAX: u64 = 4_096;

/// Bytes read at a time.
const PIECE_BYTES: usize = 128 * 1024;

/// What a backup says of itself, in its first line.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Manifest {
    format: String,
    version: u32,
    /// When it was made.
    pub created: String,
    /// The schema of the data in it.
    pub schema: u32,
    /// The deployment whose data it is; nothing before its first start was complete.
    pub deployment_id: Option<String>,
    /// The account of that deployment.
    pub account_id: Option<String>,
    /// The Region of that deployment.
    pub region: Option<String>,
    /// How many records there are.
    pub records: u64,
    /// The size of the database behind this line.
    pub bytes: u64,
    /// The SHA-256 of those bytes.
    pub sha256: String,
}

/// Why there is no backup, or nothing can be made of one.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name is there, and stays.
    #[error("`{}` exists and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// There is nothing to copy.
    #[error("`{}` holds no data", .0.display())]
    Nothing(PathBuf),
    /// The file is not a whole backup.
    #[error("`{}` is not a whole backup: {detail}", file.display())]
    Broken {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A file could not be read or written.
    #[error("`{}`: {error}", file.display())]
    Io {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn at(file: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    move |error| BackupError::Io {
        file: file.to_owned(),
        error,
    }
}

fn broken(file: &Path, detail: impl Into<String>) -> BackupError {
    BackupError::Broken {
        file: file.to_owned(),
        detail: detail.into(),
    }
}

/// Copies the store in `folder`, served or not, to a new file.
///
/// It reads and writes files, so call it off the network threads.
pub fn back_up(folder: &Path, file: &Path, created: &str) -> Result<Manifest, BackupError> {
    let database = folder.join(DATABASE);
    if !database.metadata().is_ok_and(|found| found.len() > 0) {
        return Err(BackupError::Nothing(folder.to_owned()));
    }
    if file.symlink_metadata().is_ok() {
        return Err(BackupError::Exists(file.to_owned()));
    }
    let (copy, whole) = (beside(file, "copy"), beside(file, "part"));
    let written = write(&database, &copy, &whole, created);
    let _gone = std::fs::remove_file(&copy);
    // The link fails where a file of that name has come up in the meantime.
    let named = written.and_then(|manifest| {
        std::fs::hard_link(&whole, file).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackupError::Exists(file.to_owned()),
            _ => at(file)(error),
        })?;
        settle(file)?;
        Ok(manifest)
    });
    let _gone = std::fs::remove_file(&whole);
    named
}

fn write(
    database: &Path,
    copy: &Path,
    whole: &Path,
    created: &str,
) -> Result<Manifest, BackupError> {
    drop(private(copy)?);
    let source = sqlite::reader(database)?;
    sqlite::known(&source, database)?;
    sqlite::copy(&source, copy)?;
    drop(source);
    let checked = sqlite::reader(copy)?;
    sqlite::check(&checked, copy)?;
    let deployment = sqlite::text(&checked, "deployment")?
        .and_then(|text| serde_json::from_str::<Deployment>(&text).ok());
    let mut manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        created: created.to_owned(),
        schema: sqlite::SCHEMA,
        deployment_id: deployment.as_ref().map(|it| it.id.clone()),
        account_id: deployment.as_ref().map(|it| it.account_id.clone()),
        region: deployment.map(|it| it.region),
        records: sqlite::count(&checked, copy)?,
        bytes: 0,
        sha256: String::new(),
    };
    drop(checked);
    let mut content = File::open(copy).map_err(at(copy))?;
    (manifest.bytes, manifest.sha256) = through(&mut content, |_| Ok(())).map_err(at(copy))?;
    let line = serde_json::to_string(&manifest).map_err(|error| at(whole)(error.into()))?;
    let mut out = private(whole)?;
    writeln!(out, "{line}").map_err(at(whole))?;
    let mut content = File::open(copy).map_err(at(copy))?;
    let copied = through(&mut content, |piece| out.write_all(piece)).map_err(at(whole))?;
    out.sync_all().map_err(at(whole))?;
    if copied != (manifest.bytes, manifest.sha256.clone()) {
        return Err(broken(copy, "it changed while it was copied"));
    }
    Ok(manifest)
}

/// Reads a backup to its end and says what it is, if it is whole.
pub fn inspect(file: &Path) -> Result<Manifest, BackupError> {
    read(file, |_| Ok(()))
}

/// Makes a store of a backup, in a folder that must not be there yet.
///
/// Nothing in the folder is kept after an error, and the folder itself is gone.
pub fn unpack(file: &Path, folder: &Path) -> Result<Manifest, BackupError> {
    DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(at(folder))?;
    let unpacked = unpack_into(file, &folder.join(DATABASE));
    if unpacked.is_err() {
        let _gone = std::fs::remove_dir_all(folder);
    }
    unpacked
}

fn unpack_into(file: &Path, database: &Path) -> Result<Manifest, BackupError> {
    let mut out = private(database)?;
    let manifest = read(file, |piece| out.write_all(piece))?;
    out.sync_all().map_err(at(database))?;
    drop(out);
    let content = sqlite::reader(database)?;
    sqlite::known(&content, file)?;
    sqlite::check(&content, file)?;
    Ok(manifest)
}

/// Reads a backup, hands its content over piece by piece, and checks what it says of itself.
fn read(file: &Path, take: impl FnMut(&[u8]) -> io::Result<()>) -> Result<Manifest, BackupError> {
    let mut source = BufReader::new(File::open(file).map_err(at(file))?);
    let mut line = String::new();
    let read = (&mut source).take(MANIFEST_BYTES_MAX).read_line(&mut line);
    match read {
        Ok(_) if line.starts_with(&format!("{{\"Format\":\"{FORMAT}\"")) => {}
        Err(error) if error.kind() != ErrorKind::InvalidData => return Err(at(file)(error)),
        _ => return Err(broken(file, "it does not begin as a backup does")),
    }
    let manifest: Manifest =
        serde_json::from_str(&line).map_err(|_| broken(file, "its first line does not read"))?;
    if manifest.version != VERSION || manifest.schema > sqlite::SCHEMA {
        return Err(BackupError::Store(StoreError::Schema {
            found: manifest.schema.to_string(),
            supported: sqlite::SCHEMA,
        }));
    }
    let found = through(&mut source, take).map_err(at(file))?;
    if found.0 != manifest.bytes {
        let detail = format!("{} bytes of {}", found.0, manifest.bytes);
        return Err(broken(file, detail));
    }
    if found.1 != manifest.sha256 {
        return Err(broken(file, "the checksum is another one"));
    }
    Ok(manifest)
}

/// Passes everything on; its size and SHA-256.
fn through(
    source: &mut impl Read,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<(u64, String)> {
    let (mut digest, mut bytes) = (Sha256::default(), 0_u64);
    let mut buffer = vec![0; PIECE_BYTES];
    loop {
        let read = source.read(&mut buffer)?;
        let Some(piece) = buffer.get(..read).filter(|piece| !piece.is_empty()) else {
            return Ok((bytes, digest.finish_hex()));
        };
        digest.update(piece);
        take(piece)?;
        bytes = bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
    }
}

/// A file of its owner alone, which must not be there yet.
fn private(path: &Path) -> Result<File, BackupError> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackupError::Exists(path.to_owned()),
            _ => at(path)(error),
        })
}

fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".{}.{ending}", std::process::id()));
    PathBuf::from(name)
}

/// Makes the name of `file` as durable as its content.
fn settle(file: &Path) -> Result<(), BackupError> {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at(folder))
}

#[cfg(test)]
mod tests;
