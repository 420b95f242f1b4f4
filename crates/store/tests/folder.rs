//! The embedded store's folder: who may see it, who holds it, and whose file it opens.

#![cfg(test)]

use daypass_store::{EmbeddedStore, Key, Store, StoreError};
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const FILES: [&str; 5] = [
    "daypass.db",
    "daypass.db-shm",
    "daypass.db-wal",
    "daypass.lock",
    "daypass.made",
];

fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("var").join("data");
    (folder, path)
}

async fn put(store: &EmbeddedStore, key: &Key, value: &str) {
    let mut tx = store.write().await.unwrap();
    tx.put(key, value.to_owned()).await.unwrap();
    tx.commit().await.unwrap();
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// Every file's bytes and time of change.
fn contents(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let changed = path.metadata().unwrap().modified().unwrap();
            (path.clone(), (fs::read(&path).unwrap(), changed))
        })
        .collect()
}

fn refusal(path: &Path) -> StoreError {
    EmbeddedStore::open(path).err().expect("a refusal")
}

#[tokio::test]
async fn s91_folder_and_files_belong_to_their_owner_alone() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    put(&store, &Key::of(&["a"]), "{}").await;
    assert_eq!(mode(&path), 0o700);
    let files: Vec<PathBuf> = contents(&path).into_keys().collect();
    assert_eq!(files, FILES.map(|name| path.join(name)));
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn s91_wider_modes_are_refused() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    put(&store, &Key::of(&["a"]), "{}").await;
    drop(store);
    for file in FILES {
        let file = path.join(file);
        set_mode(&file, 0o640);
        let error = refusal(&path);
        let wanted = format!("`{}` has mode 0640", file.display());
        assert!(error.to_string().starts_with(&wanted), "{error}");
        set_mode(&file, 0o600);
    }
    set_mode(&path, 0o755);
    assert!(matches!(
        refusal(&path),
        StoreError::Exposed { mode: 0o755, .. }
    ));
    set_mode(&path, 0o700);
    EmbeddedStore::open(&path).unwrap();
}

#[tokio::test]
async fn f24_a_second_opening_names_the_holder_and_touches_nothing() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    put(&store, &Key::of(&["a"]), "{}").await;
    let before = contents(&path);
    let error = refusal(&path);
    let wanted = format!("data directory is in use by pid {}", std::process::id());
    assert_eq!(error.to_string(), wanted);
    assert_eq!(contents(&path), before);
    drop(store);
    EmbeddedStore::open(&path).unwrap();
}

#[tokio::test]
async fn f24_an_open_transaction_keeps_the_folder() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    let tx = store.read().await.unwrap();
    drop(store);
    assert!(matches!(refusal(&path), StoreError::InUse { .. }));
    drop(tx);
    EmbeddedStore::open(&path).unwrap();
}

#[tokio::test]
async fn keys_and_values_can_be_read_with_any_sqlite_tool() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    put(&store, &Key::of(&["identity", "pool 1"]), r#"{"v":1}"#).await;
    drop(store);
    let tool = Connection::open(path.join("daypass.db")).unwrap();
    let pair = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let (key, value): (String, String) = tool
        .query_row("select key, value from records", [], pair)
        .unwrap();
    assert_eq!(
        (key.as_str(), value.as_str()),
        ("identity pool!201", r#"{"v":1}"#)
    );
}

#[tokio::test]
async fn a_newer_schema_is_refused_as_it_was_found() {
    let (_guard, path) = place();
    drop(EmbeddedStore::open(&path).unwrap());
    let tool = Connection::open(path.join("daypass.db")).unwrap();
    tool.execute("update meta set value = '2' where name = 'schema'", [])
        .unwrap();
    drop(tool);
    let before = fs::read(path.join("daypass.db")).unwrap();
    match refusal(&path) {
        StoreError::Schema { found, supported } => {
            assert_eq!((found.as_str(), supported), ("2", 1));
        }
        error => panic!("{error:?}"),
    }
    assert_eq!(fs::read(path.join("daypass.db")).unwrap(), before);
}

#[tokio::test]
async fn f05_an_emptied_database_is_no_first_start() {
    for (log_too, gone) in [(false, false), (true, false), (true, true)] {
        let (_guard, path) = place();
        let store = EmbeddedStore::open(&path).unwrap();
        put(&store, &Key::of(&["a"]), "{}").await;
        drop(store);
        let database = path.join("daypass.db");
        fs::write(&database, b"").unwrap();
        if log_too {
            fs::write(path.join("daypass.db-wal"), b"").unwrap();
        }
        if gone {
            fs::remove_file(&database).unwrap();
        }
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
        let wanted = format!(
            "`{}` is damaged: it is missing or empty",
            database.display()
        );
        assert!(error.to_string().starts_with(&wanted), "{error}");
        assert_eq!(database.exists(), !gone, "nothing is made in its place");
    }
}

#[test]
fn f05_a_strangers_or_damaged_file_is_refused_as_it_was_found() {
    let (_guard, path) = place();
    drop(EmbeddedStore::open(&path).unwrap());
    let database = path.join("daypass.db");
    fs::remove_file(&database).unwrap();
    let stranger = Connection::open(&database).unwrap();
    stranger
        .execute_batch("create table notes (text text)")
        .unwrap();
    drop(stranger);
    set_mode(&database, 0o600);
    let strange = fs::read(&database).unwrap();
    for found in [
        strange,
        b"not a database at all, but long enough to be read as one".repeat(9),
    ] {
        fs::write(&database, &found).unwrap();
        let error = refusal(&path);
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
        assert!(error.to_string().contains("daypass.db"), "{error}");
        assert_eq!(fs::read(&database).unwrap(), found);
    }
}

#[tokio::test]
async fn f05_a_damaged_page_is_said_and_not_served() {
    let (_guard, path) = place();
    let store = EmbeddedStore::open(&path).unwrap();
    let keys: Vec<Key> = (0..200)
        .map(|number| Key::of(&["k", &format!("{number:03}")]))
        .collect();
    for key in &keys {
        put(&store, key, &"v".repeat(300)).await;
    }
    drop(store);
    let database = path.join("daypass.db");
    let mut bytes = fs::read(&database).unwrap();
    let page = bytes.len() / 4096 / 2 * 4096;
    bytes[page..page + 4096].fill(0xa5);
    fs::write(&database, bytes).unwrap();
    let store = EmbeddedStore::open(&path).unwrap();
    let mut damaged = 0;
    for key in &keys {
        match store.read().await.unwrap().get(key).await {
            Ok(value) => assert_eq!(value.as_deref(), Some("v".repeat(300).as_str())),
            Err(StoreError::Corrupt { .. }) => damaged += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(
        (1..keys.len()).contains(&damaged),
        "{damaged} of {} keys",
        keys.len()
    );
}

#[test]
fn f02_a_first_start_cut_short_is_a_first_start_again() {
    let (_guard, path) = place();
    drop(EmbeddedStore::open(&path).unwrap());
    // Killed after each file was made and before anything was in it.
    for left in [
        &FILES[..0],
        &["daypass.lock"],
        &["daypass.lock", "daypass.db"],
    ] {
        fs::remove_dir_all(&path).unwrap();
        fs::create_dir(&path).unwrap();
        set_mode(&path, 0o700);
        for name in left {
            fs::write(path.join(name), b"").unwrap();
            set_mode(&path.join(name), 0o600);
        }
        drop(EmbeddedStore::open(&path).unwrap());
    }
}
