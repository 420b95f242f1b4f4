//! The files that hold bodies of objects and parts.
//!
//! A file is written under a passing name, made durable, given its name, and its folder made durable;
//! only then a record may name it. So a crash, or a store that does not commit, leaves at most a file
//! that nobody names: passing names go at the next start, others when [`super::sweep`] comes by.
//!
//! **Shape**: 32 hexadecimal digits, drawn at random; never anything a client chose.
//!
//! **Source**: requirements S90 and S91 (folder 0700, files 0600), F02 and F04.

use std::collections::HashSet;
use std::fs::{DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::fs::OFlags;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

const PASSING: &str = ".partial";

const NAME_DIGITS: usize = 32;

/// The folder of bodies.
#[derive(Debug)]
pub(super) struct Disk {
    folder: PathBuf,
    /// Names given out whose fate is not decided yet.
    young: Mutex<HashSet<String>>,
}

impl Disk {
    /// Opens the folder, makes it if need be, and removes what was being written at a crash.
    pub(super) fn open(folder: &Path) -> io::Result<Arc<Self>> {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
        if let Some(parent) = folder.parent().filter(|parent| *parent != Path::new("")) {
            std::fs::File::open(parent)?.sync_all()?;
        }
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().ends_with(PASSING) {
                std::fs::remove_file(entry.path())?;
            }
        }
        Ok(Arc::new(Self {
            folder: folder.to_owned(),
            young: Mutex::new(HashSet::new()),
        }))
    }

    /// Starts a file whose name is these random bytes.
    pub(super) async fn draft(self: &Arc<Self>, random: [u8; 16]) -> io::Result<Draft> {
        let name = format!("{:032x}", u128::from_be_bytes(random));
        let entry = Entry::new(self, name);
        let path = entry.passing_path();
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).mode(0o600);
        let file = options.open(path).await?;
        Ok(Draft { file, entry })
    }

    /// Opens a file for reading; symbolic links are not followed.
    pub(super) async fn read(&self, name: &str) -> io::Result<File> {
        if !is_name(name) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let no_follow = i32::try_from(OFlags::NOFOLLOW.bits()).map_err(io::Error::other)?;
        let mut options = OpenOptions::new();
        options.read(true).custom_flags(no_follow);
        options.open(self.folder.join(name)).await
    }

    /// Removes a file that nobody names any more. If that fails, the file is only a waste of room.
    pub(super) async fn remove(&self, name: &str) {
        if !is_name(name) {
            return;
        }
        if let Err(error) = tokio::fs::remove_file(self.folder.join(name)).await
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(target: "daypass::s3", %error, name, "a body was not removed");
        }
    }

    /// The folder, for whoever walks over it.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether this name was given out and its fate is not decided.
    pub(super) fn is_young(&self, name: &str) -> bool {
        self.lock().contains(name)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashSet<String>> {
        self.young.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a file of this folder can have this name.
pub(super) fn is_name(name: &str) -> bool {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    name.len() == NAME_DIGITS && name.bytes().all(hexadecimal)
}

/// One name on its way from passing to spoken for. Dropped early, it leaves nothing behind.
#[derive(Debug)]
struct Entry {
    disk: Arc<Disk>,
    name: String,
    placed: bool,
    keep: bool,
}

impl Entry {
    fn new(disk: &Arc<Disk>, name: String) -> Self {
        disk.lock().insert(name.clone());
        Self {
            disk: Arc::clone(disk),
            name,
            placed: false,
            keep: false,
        }
    }

    fn path(&self) -> PathBuf {
        self.disk.folder.join(&self.name)
    }

    fn passing_path(&self) -> PathBuf {
        self.disk.folder.join(format!("{}{PASSING}", self.name))
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        if !self.keep {
            let path = if self.placed {
                self.path()
            } else {
                self.passing_path()
            };
            let remove = move || {
                // It is missing if it was never made; otherwise the next start removes it.
                let _removed = std::fs::remove_file(path);
            };
            match tokio::runtime::Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn_blocking(remove)),
                Err(_) => remove(),
            }
        }
        self.disk.lock().remove(&self.name);
    }
}

/// A file being written.
#[derive(Debug)]
pub(super) struct Draft {
    file: File,
    entry: Entry,
}

impl Draft {
    /// Appends bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Makes everything durable under the file's name.
    pub(super) async fn place(self) -> io::Result<Placed> {
        let Self {
            mut file,
            mut entry,
        } = self;
        file.flush().await?;
        file.sync_all().await?;
        drop(file);
        let (from, to) = (entry.passing_path(), entry.path());
        let folder = entry.disk.folder.clone();
        entry.placed = true;
        let moved = tokio::task::spawn_blocking(move || {
            std::fs::rename(from, to)?;
            std::fs::File::open(folder)?.sync_all()
        });
        moved.await.map_err(io::Error::other)??;
        Ok(Placed { entry })
    }
}

/// A durable file that a record may name.
#[derive(Debug)]
pub(super) struct Placed {
    entry: Entry,
}

impl Placed {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        &self.entry.name
    }

    /// From now on a record may name it: a commit that fails does not say that nothing happened.
    pub(super) fn keep(&mut self) {
        self.entry.keep = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;

    fn files(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn s90_s91_a_file_is_private_and_named_by_chance_alone() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(&folder.path().join("objects")).unwrap();
        let mut draft = disk.draft([7; 16]).await.unwrap();
        draft.write(b"bytes").await.unwrap();
        let mut placed = draft.place().await.unwrap();
        assert!(disk.is_young(placed.name()));
        placed.keep();
        let name = placed.name().to_owned();
        drop(placed);
        assert!(is_name(&name) && !disk.is_young(&name));
        assert_eq!(files(disk.folder()), std::slice::from_ref(&name));
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(disk.folder()), 0o700);
        assert_eq!(mode(&disk.folder().join(&name)), 0o600);
        let mut text = String::new();
        let mut file = disk.read(&name).await.unwrap();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "bytes");
        for other in ["../x", "/etc/passwd", "", &name.to_uppercase()] {
            if other != name {
                assert!(disk.read(other).await.is_err(), "{other}");
            }
        }
    }

    #[tokio::test]
    async fn s90_links_are_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path()).unwrap();
        let target = folder.path().join("secret");
        std::fs::write(&target, "secret").unwrap();
        let name = "0123456789abcdef0123456789abcdef";
        std::os::unix::fs::symlink(&target, folder.path().join(name)).unwrap();
        assert!(disk.read(name).await.is_err());
    }

    #[test]
    fn what_is_given_up_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        // With one thread for file work, what is asked of it later is done later.
        let runtime = runtime.max_blocking_threads(1).build().unwrap();
        runtime.block_on(async {
            let disk = Disk::open(folder.path()).unwrap();
            let mut draft = disk.draft([1; 16]).await.unwrap();
            draft.write(b"half").await.unwrap();
            let placed = disk.draft([2; 16]).await.unwrap().place().await.unwrap();
            let name = placed.name().to_owned();
            drop((draft, placed));
            tokio::task::spawn_blocking(|| {}).await.unwrap();
            assert!(files(folder.path()).is_empty());
            assert!(!disk.is_young(&name));
        });
    }

    #[tokio::test]
    async fn what_a_crash_left_half_written_goes_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let kept = "0123456789abcdef0123456789abcdef";
        std::fs::write(folder.path().join(kept), "kept").unwrap();
        std::fs::write(folder.path().join(format!("{kept}{PASSING}")), "half").unwrap();
        Disk::open(folder.path()).unwrap();
        assert_eq!(files(folder.path()), [kept]);
    }
}
