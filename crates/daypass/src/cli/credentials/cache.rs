//! Credentials kept between runs: one file each, for this user's eyes only.
//!
//! A file that anybody else could have written or read is not used. Whatever is wrong with a file
//! means the same as no file: the next exchange replaces it.
//!
//! **Source**: users page, section 9 (`credentials`: file cache).

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::session::Environment;
use super::Vended;
use crate::client::Keys;

/// How long before their end kept credentials are not handed out any more, in seconds.
const MARGIN_SECONDS: i64 = 300;

/// The largest file that is read, in bytes.
const FILE_BYTES_MAX: u64 = 64 * 1024;

#[derive(Deserialize, Serialize)]
struct Kept {
    identity_id: String,
    access_key_id: String,
    secret_access_key: String,
    session_token: String,
    expires_at: i64,
}

/// The file for a key; none if there is no place for files.
pub(super) fn place(key: &str) -> Option<PathBuf> {
    let environment = Environment::of_process();
    let cache = environment.get("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(Path::new(&environment.get("HOME")?).join(".cache")))?;
    let folder = cache.join("daypass").join("credentials");
    Some(folder.join(format!("{key}.json")))
}

/// Credentials kept there that are good for a while yet.
pub(super) fn read(place: &Path, now: i64) -> Option<Vended> {
    let file = File::open(place).ok()?;
    let about = file.metadata().ok()?;
    let mine = about.uid() == rustix::process::geteuid().as_raw();
    if !mine || about.mode() & 0o077 != 0 {
        return None;
    }
    let mut text = String::new();
    file.take(FILE_BYTES_MAX).read_to_string(&mut text).ok()?;
    let kept: Kept = serde_json::from_str(&text).ok()?;
    if kept.expires_at.saturating_sub(MARGIN_SECONDS) <= now {
        return None;
    }
    let token = Some(kept.session_token.as_str());
    Some(Vended {
        keys: Keys::from_texts(&kept.access_key_id, &kept.secret_access_key, token).ok()?,
        identity_id: kept.identity_id,
        expires_at: kept.expires_at,
    })
}

/// Keeps credentials there, replacing what was.
pub(super) fn write(place: &Path, vended: &Vended) -> std::io::Result<()> {
    let folder = place.parent().unwrap_or(place);
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    let token = vended.keys.session_token.as_ref();
    let kept = Kept {
        identity_id: vended.identity_id.clone(),
        access_key_id: vended.keys.access_key_id.to_string(),
        secret_access_key: vended.keys.secret_access_key.expose().to_owned(),
        session_token: token
            .map(|token| token.expose().to_owned())
            .unwrap_or_default(),
        expires_at: vended.expires_at,
    };
    // Readers see the old file or the new one; the number keeps two writers apart.
    let written = place.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&written)?;
    file.write_all(serde_json::to_string(&kept)?.as_bytes())?;
    drop(file);
    std::fs::rename(&written, place)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn vended(expires_at: i64) -> Vended {
        let secret = "secret-secret-secret-secret-secret-1234";
        Vended {
            identity_id: "r:1".to_owned(),
            keys: Keys::from_texts("ASIAIOSFODNN7EXAMPLE", secret, Some("token")).unwrap(),
            expires_at,
        }
    }

    #[test]
    fn kept_credentials_are_used_until_five_minutes_before_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a").join("b.json");
        assert!(read(&place, 0).is_none());
        write(&place, &vended(1_000)).unwrap();
        assert_eq!(read(&place, 699).unwrap().identity_id, "r:1");
        assert!(read(&place, 700).is_none());
        write(&place, &vended(2_000)).unwrap();
        assert_eq!(read(&place, 700).unwrap().expires_at, 2_000);
        assert_eq!(
            std::fs::read_dir(place.parent().unwrap()).unwrap().count(),
            1
        );
    }

    #[test]
    fn s77_only_a_file_for_this_users_eyes_is_written_and_used() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("c.json");
        write(&place, &vended(1_000)).unwrap();
        let mode = std::fs::metadata(&place).unwrap().mode();
        assert_eq!(mode & 0o777, 0o600);
        std::fs::set_permissions(&place, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(read(&place, 0).is_none());
    }
}
