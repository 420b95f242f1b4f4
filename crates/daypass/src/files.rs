//! The data folder and the master key in it: made private, kept private, never made twice.
//!
//! The master key opens every secret in the store, so a new one is made only where no data exists
//! yet. A missing key beside existing data is refused before anything is written: a fresh key would
//! look like a working server with all its secrets gone.
//!
//! **Shape**: comment lines beginning with `#`, then `daypass-master-key-1:` and 64 hexadecimal
//! digits.
//! **Source**: requirements S74, S91, F02 and F28.

use std::fmt::Write as _;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use daypass_service::Entropy;
use zeroize::Zeroizing;

use crate::exit::Failure;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
const MODE_OF_OTHERS: u32 = 0o077;

/// The store's file; where it has content, there are secrets that need their master key.
pub(crate) const DATABASE: &str = "daypass.db";

const KEY_PREFIX: &str = "daypass-master-key-1:";
const KEY_COMMENT: &str = "# The master key of a daypass deployment. It opens every secret in the data folder.\n\
                           # Keep a copy away from the data: without it the data cannot be used again.\n";

/// The key that seals everything at rest.
pub(crate) type MasterKey = Zeroizing<[u8; 32]>;

/// Makes the data folder if it is missing, and refuses one that others can look into.
pub(crate) fn data_folder(folder: &Path) -> Result<(), Failure> {
    let made = DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE)
        .create(folder);
    made.map_err(|error| {
        Failure::configuration(format!("`{}` cannot be made: {error}", folder.display()))
    })?;
    refuse_exposed(folder, "700")
}

/// Reads the master key, or makes it where there is no data yet.
pub(crate) fn master_key(
    file: &Path,
    folder: &Path,
    entropy: &dyn Entropy,
) -> Result<MasterKey, Failure> {
    let shown = file.display();
    match std::fs::read_to_string(file) {
        Ok(text) => key_of(file, &Zeroizing::new(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let database = folder.join(DATABASE);
            if std::fs::metadata(&database).is_ok_and(|metadata| metadata.len() > 0) {
                return Err(Failure::configuration(format!(
                    "`{shown}` is missing, but `{}` holds data sealed with it; bring the key file \
                     back from its copy. Nothing was changed",
                    folder.display()
                )));
            }
            make_key(file, entropy)
        }
        Err(error) => Err(Failure::configuration(format!(
            "`{shown}` does not read: {error}"
        ))),
    }
}

/// Reads the master key, which must be there.
pub(crate) fn existing_master_key(file: &Path) -> Result<MasterKey, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| {
        Failure::configuration(format!("`{}` does not read: {error}", file.display()))
            .hint("Name the file of the master key with --master-key-file.")
    })?;
    key_of(file, &Zeroizing::new(text))
}

/// Makes the names in a folder durable.
pub(crate) fn settle(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}

fn key_of(file: &Path, text: &str) -> Result<MasterKey, Failure> {
    refuse_exposed(file, "600")?;
    read_key(text).ok_or_else(|| {
        Failure::configuration(format!(
            "`{}` is not a master key file; it must hold `{KEY_PREFIX}` and 64 hexadecimal \
             digits",
            file.display()
        ))
    })
}

fn refuse_exposed(path: &Path, wanted: &str) -> Result<(), Failure> {
    let shown = path.display();
    let metadata = std::fs::metadata(path)
        .map_err(|error| Failure::configuration(format!("`{shown}` cannot be seen: {error}")))?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & MODE_OF_OTHERS != 0 {
        return Err(Failure::configuration(format!(
            "`{shown}` has mode {mode:o}, so others can reach it; run `chmod {wanted} {shown}`"
        )));
    }
    Ok(())
}

/// Writes the whole key under another name first: a start that is interrupted leaves either no key
/// or a complete one, and of two starts at once the first one's key stays.
fn make_key(file: &Path, entropy: &dyn Entropy) -> Result<MasterKey, Failure> {
    let failed = |error: std::io::Error| {
        Failure::configuration(format!("`{}` cannot be made: {error}", file.display()))
    };
    let random = |bytes: &mut [u8]| {
        entropy
            .fill(bytes)
            .map_err(|error| Failure::unexpected(error.to_string()))
    };
    let mut key = MasterKey::default();
    random(key.as_mut_slice())?;
    let mut name = [0; 8];
    random(&mut name)?;

    let text = Zeroizing::new(format!(
        "{KEY_COMMENT}{KEY_PREFIX}{}\n",
        hex(key.as_slice()).as_str()
    ));
    let beside = file.with_extension(format!("{}.new", hex(&name).as_str()));
    let written = write_private(&beside, text.as_bytes());
    let linked = written.and_then(|()| std::fs::hard_link(&beside, file));
    let _gone = std::fs::remove_file(&beside);
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Failure::configuration(format!(
                "`{}` was made by another start at this moment; start again",
                file.display()
            )));
        }
        Err(error) => return Err(failed(error)),
    }
    let folder = file
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)?;
    Ok(key)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE_MODE)
        .open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn read_key(text: &str) -> Option<MasterKey> {
    let mut lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    let digits = lines.next()?.strip_prefix(KEY_PREFIX)?.as_bytes();
    if digits.len() != 64 || lines.next().is_some() {
        return None;
    }
    let mut key = MasterKey::default();
    for (byte, pair) in key.iter_mut().zip(digits.chunks(2)) {
        if !pair.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

fn hex(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().saturating_mul(2)));
    for byte in bytes {
        // Writing to a string cannot fail.
        let _infallible = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn s91_folder_and_key_are_private_and_the_key_is_kept() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a/data");
        data_folder(&data).unwrap();
        assert_eq!(mode(&data), 0o700);
        let file = data.join("master.key");
        let made = master_key(&file, &data, &SystemEntropy).unwrap();
        assert_eq!(mode(&file), 0o600);
        assert_ne!(*made, [0; 32]);
        assert_eq!(*master_key(&file, &data, &SystemEntropy).unwrap(), *made);
        let names: Vec<_> = std::fs::read_dir(&data)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, ["master.key"], "nothing is left beside it");
    }

    #[test]
    fn s91_wider_modes_are_refused() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        data_folder(&data).unwrap();
        let file = data.join("master.key");
        master_key(&file, &data, &SystemEntropy).unwrap();
        for mode in [0o644, 0o640, 0o604, 0o620] {
            chmod(&file, mode);
            let refusal = master_key(&file, &data, &SystemEntropy)
                .unwrap_err()
                .to_string();
            assert!(refusal.contains("chmod 600"), "{refusal}");
        }
        for mode in [0o755, 0o710, 0o701] {
            chmod(&data, mode);
            let refusal = data_folder(&data).unwrap_err().to_string();
            assert!(refusal.contains("chmod 700"), "{refusal}");
        }
    }

    #[test]
    fn f28_a_missing_key_beside_data_is_refused_and_nothing_is_made() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("master.key");
        std::fs::write(place.path().join(DATABASE), "content").unwrap();
        let refusal = master_key(&file, place.path(), &SystemEntropy).unwrap_err();
        assert_eq!(
            format!("{:?}", refusal.code()),
            format!("{:?}", std::process::ExitCode::from(3))
        );
        assert!(!file.exists());
        std::fs::write(place.path().join(DATABASE), "").unwrap();
        master_key(&file, place.path(), &SystemEntropy).unwrap();
    }

    #[test]
    fn s74_a_file_that_is_not_a_key_is_refused_without_showing_it() {
        let digits = "0123456789abcdef".repeat(4);
        assert!(read_key(&format!("# x\n\n{KEY_PREFIX}{digits}\n")).is_some());
        for text in [
            String::new(),
            digits.clone(),
            format!("{KEY_PREFIX}{}", &digits[1..]),
            format!("{KEY_PREFIX}{digits}0"),
            format!("{KEY_PREFIX}{}g", &digits[1..]),
            format!("{KEY_PREFIX}+{}", &digits[1..]),
            format!("{KEY_PREFIX}{digits}\n{KEY_PREFIX}{digits}"),
        ] {
            assert!(read_key(&text).is_none(), "{text}");
            let place = tempfile::tempdir().unwrap();
            let file = place.path().join("master.key");
            write_private(&file, text.as_bytes()).unwrap();
            let refusal = master_key(&file, place.path(), &SystemEntropy)
                .unwrap_err()
                .to_string();
            assert!(!refusal.contains("cdef"), "{refusal}");
        }
    }

    #[test]
    fn s76_two_keys_differ() {
        let place = tempfile::tempdir().unwrap();
        let make = |name: &str| make_key(&place.path().join(name), &SystemEntropy).unwrap();
        assert_ne!(*make("a"), *make("b"));
    }
}
