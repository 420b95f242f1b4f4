//! Backups under load, and files that only look like one.

use super::*;
use crate::{EmbeddedStore, Key, Range, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use tempfile::TempDir;

const WRITERS: usize = 4;

fn place() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    (folder, data, file)
}

fn key(writer: usize, number: u64) -> Key {
    Key::of(&["test", &writer.to_string(), &format!("{number:08}")])
}

async fn put(store: &EmbeddedStore, writer: usize, number: u64) {
    let mut tx = store.write().await.unwrap();
    tx.put(&key(writer, number), "{}".repeat(300))
        .await
        .unwrap();
    tx.put(&Key::of(&["last", &writer.to_string()]), number.to_string())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f26_a_backup_under_load_is_a_prefix_of_every_writers_history() {
    let (guard, data, _) = place();
    let store = EmbeddedStore::open(&data).unwrap();
    let stop = Arc::new(AtomicBool::new(false));
    let told: Arc<[AtomicU64; WRITERS]> = Arc::default();
    let mut writers = Vec::new();
    for writer in 0..WRITERS {
        let (store, stop, told) = (store.clone(), Arc::clone(&stop), Arc::clone(&told));
        writers.push(tokio::spawn(async move {
            for number in 1.. {
                put(&store, writer, number).await;
                told[writer].store(number, Ordering::SeqCst);
                if stop.load(Ordering::SeqCst) {
                    break;
                }
            }
        }));
    }
    for round in 0..5 {
        let file = guard.path().join(format!("backup {round}"));
        let before: Vec<u64> = told.iter().map(|it| it.load(Ordering::SeqCst)).collect();
        let (data, target) = (data.clone(), file.clone());
        let made = tokio::task::spawn_blocking(move || back_up(&data, &target, "now"));
        let manifest = made.await.unwrap().unwrap();
        assert_eq!(inspect(&file).unwrap(), manifest);
        let restored = guard.path().join(format!("restored {round}"));
        assert_eq!(unpack(&file, &restored).unwrap(), manifest);
        let store = EmbeddedStore::open(&restored).unwrap();
        let mut tx = store.read().await.unwrap();
        for (writer, before) in before.into_iter().enumerate() {
            let last = tx
                .get(&Key::of(&["last", &writer.to_string()]))
                .await
                .unwrap();
            let last: u64 = last.map_or(0, |text| text.parse().unwrap());
            assert!(last >= before, "an answered write is not in it");
            let prefix = Key::of(&["test", &writer.to_string()]);
            let rows = tx.scan(&Range::prefix(&prefix, usize::MAX)).await.unwrap();
            assert_eq!(
                u64::try_from(rows.len()).unwrap(),
                last,
                "half a transaction"
            );
        }
    }
    stop.store(true, Ordering::SeqCst);
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test]
async fn f26_what_is_there_is_never_overwritten() {
    let (_guard, data, file) = place();
    assert!(matches!(
        back_up(&data, &file, ""),
        Err(BackupError::Nothing(_))
    ));
    let store = EmbeddedStore::open(&data).unwrap();
    put(&store, 0, 1).await;
    drop(store);
    back_up(&data, &file, "").unwrap();
    let kept = std::fs::read(&file).unwrap();
    assert!(matches!(
        back_up(&data, &file, ""),
        Err(BackupError::Exists(_))
    ));
    assert!(matches!(unpack(&file, &data), Err(BackupError::Io { .. })));
    assert_eq!(std::fs::read(&file).unwrap(), kept);
    let names = std::fs::read_dir(file.parent().unwrap()).unwrap().count();
    assert_eq!(names, 2, "nothing is left beside the backup and the data");
}

#[tokio::test]
async fn f26_a_backup_that_was_cut_or_changed_is_refused() {
    let (guard, data, file) = place();
    let store = EmbeddedStore::open(&data).unwrap();
    for number in 0..50 {
        put(&store, 0, number).await;
    }
    drop(store);
    let whole = back_up(&data, &file, "").unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let restored = guard.path().join("restored");
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    for place in [0, 12, line + 1, line + 5000, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x10;
        std::fs::write(&file, &damaged).unwrap();
        assert!(inspect(&file).is_err(), "byte {place}");
        assert!(unpack(&file, &restored).is_err(), "byte {place}");
        assert!(!restored.exists());
    }
    for length in [0, 10, line, line + 1, line + 4097, bytes.len() - 1] {
        std::fs::write(&file, &bytes[..length]).unwrap();
        assert!(
            matches!(inspect(&file), Err(BackupError::Broken { .. })),
            "cut to {length}"
        );
    }
    std::fs::write(&file, [&bytes[..], b"x"].concat()).unwrap();
    assert!(matches!(inspect(&file), Err(BackupError::Broken { .. })));
    std::fs::write(&file, &bytes).unwrap();
    assert_eq!(unpack(&file, &restored).unwrap(), whole);
}

#[test]
fn f25_a_backup_of_a_newer_schema_is_refused() {
    let (_guard, data, file) = place();
    drop(EmbeddedStore::open(&data).unwrap());
    back_up(&data, &file, "").unwrap();
    let bytes = std::fs::read(&file).unwrap();
    let line = bytes.iter().position(|byte| *byte == b'\n').unwrap();
    let text = String::from_utf8(bytes[..line].to_vec()).unwrap();
    let newer = text.replace("\"Schema\":1", "\"Schema\":9");
    std::fs::write(&file, [newer.as_bytes(), &bytes[line..]].concat()).unwrap();
    let error = inspect(&file).unwrap_err().to_string();
    assert_eq!(
        error,
        "the data has schema `9`; this version reads schema `1`"
    );
}
