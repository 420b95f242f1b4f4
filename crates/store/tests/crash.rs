//! What is left when the process ends badly: F01, F04 and F24 with real processes.
//!
//! This test has a `main` of its own, because it starts itself again as the process to be killed.

#![expect(
    clippy::unwrap_used,
    reason = "a test; without the harness it does not count as one"
)]

use daypass_store::{EmbeddedStore, Key, Range, Store, StoreError};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const ROUNDS: u64 = 20;
const WRITERS: usize = 8;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", "write", folder] => runtime.block_on(write(Path::new(folder))),
        ["child", "hold", folder] => hold(Path::new(folder)),
        ["child", "fill", folder] => runtime.block_on(fill(Path::new(folder))),
        _ => {
            runtime.block_on(f01_acknowledged_writes_survive_kill_9());
            f24_a_killed_process_gives_the_folder_back();
            runtime.block_on(f04_a_file_size_limit_refuses_writes_whole());
        }
    }
}

fn child(what: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", what])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The number last written by each writer; it belongs to one transaction with the numbered record.
fn last(writer: usize) -> Key {
    Key::of(&["last", &writer.to_string()])
}

fn numbered(writer: usize, number: u64) -> Key {
    Key::of(&["numbered", &writer.to_string(), &format!("{number:08}")])
}

async fn last_number(store: &EmbeddedStore, writer: usize) -> u64 {
    let mut tx = store.read().await.unwrap();
    tx.get(&last(writer))
        .await
        .unwrap()
        .map_or(0, |text| text.parse().unwrap())
}

/// Writes without end, and says each acknowledgement on standard output.
async fn write(folder: &Path) {
    let store = EmbeddedStore::open(folder).unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .map(|w| tokio::spawn(write_as(store.clone(), w)))
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}

async fn write_as(store: EmbeddedStore, writer: usize) {
    for number in last_number(&store, writer).await + 1.. {
        let mut tx = store.write().await.unwrap();
        tx.put(&numbered(writer, number), "{}".repeat(100))
            .await
            .unwrap();
        tx.put(&last(writer), number.to_string()).await.unwrap();
        tx.commit().await.unwrap();
        println!("{writer} {number}");
    }
}

async fn f01_acknowledged_writes_survive_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let mut acknowledged: BTreeMap<usize, u64> = BTreeMap::new();
    for round in 0..ROUNDS {
        let mut child = child("write", &path);
        let moment = usize::try_from(round.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57).unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // What was said before the kill and is still in the pipe counts too.
        let mut before: Vec<String> = lines
            .by_ref()
            .take(1 + moment)
            .map(Result::unwrap)
            .collect();
        child.kill().unwrap();
        before.extend(lines.map(Result::unwrap));
        child.wait().unwrap();
        for line in &before {
            // The last line may be cut short; an acknowledgement ends with its whole number.
            let (writer, number) = line.split_once(' ').unwrap();
            acknowledged.insert(writer.parse().unwrap(), number.parse().unwrap());
        }
        let store = EmbeddedStore::open(&path).unwrap();
        for writer in 0..WRITERS {
            let told = acknowledged.get(&writer).copied().unwrap_or(0);
            let last = last_number(&store, writer).await;
            assert!(
                (told..=told + 1).contains(&last),
                "round {round}: {last} after {told}"
            );
            assert_eq!(
                count(&store, writer).await,
                last,
                "round {round}: half a transaction"
            );
            // One more than told was written whole, only not told; it stays.
            acknowledged.insert(writer, last);
        }
    }
    let total: u64 = acknowledged.values().sum();
    assert!(total >= ROUNDS, "{total} writes in {ROUNDS} rounds");
    println!("f01_acknowledged_writes_survive_kill_9: ok, {total} writes over {ROUNDS} kills");
}

async fn count(store: &EmbeddedStore, writer: usize) -> u64 {
    let prefix = Key::of(&["numbered", &writer.to_string()]);
    let mut tx = store.read().await.unwrap();
    let rows = tx.scan(&Range::prefix(&prefix, usize::MAX)).await.unwrap();
    u64::try_from(rows.len()).unwrap()
}

fn hold(folder: &Path) {
    let _store = EmbeddedStore::open(folder).unwrap();
    println!("open");
    // Held until the pipe ends, so that nobody is left behind when the test itself ends.
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
}

fn f24_a_killed_process_gives_the_folder_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let mut child = child("hold", &path);
    let mut said = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut said)
        .unwrap();
    assert_eq!(said, "open\n");
    let error = EmbeddedStore::open(&path).err().unwrap();
    assert_eq!(
        error.to_string(),
        format!("data directory is in use by pid {}", child.id())
    );
    child.kill().unwrap();
    child.wait().unwrap();
    EmbeddedStore::open(&path).unwrap();
    println!("f24_a_killed_process_gives_the_folder_back: ok");
}

/// Writes until the limit on file sizes stops it, and says what still works.
async fn fill(folder: &Path) {
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(folder).unwrap());
    let value = "v".repeat(100_000);
    for number in 0..1000 {
        let mut tx = store.write().await.unwrap();
        tx.put(&numbered(0, number), value.clone()).await.unwrap();
        match tx.commit().await {
            Ok(()) => println!("{number}"),
            Err(error) => {
                assert!(
                    !matches!(error, StoreError::Failed | StoreError::Conflict),
                    "{error:?}"
                );
                break;
            }
        }
    }
    store.ready().await.unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.get(&numbered(0, 0)).await.unwrap(), Some(value));
    let mut tx = store.write().await.unwrap();
    tx.put(&last(0), "0".to_owned()).await.unwrap();
    tx.commit()
        .await
        .map_or_else(|_| println!("refused"), |()| println!("small"));
}

async fn f04_a_file_size_limit_refuses_writes_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    let output = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 4096; exec \"$0\" child fill \"$1\"",
        ])
        .arg(std::env::current_exe().unwrap())
        .arg(&path)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let acknowledged = said
        .lines()
        .filter(|line| line.parse::<u64>().is_ok())
        .count();
    assert!(
        (1..1000).contains(&acknowledged),
        "{acknowledged} writes under the limit"
    );
    let store = EmbeddedStore::open(&path).unwrap();
    assert_eq!(count(&store, 0).await, u64::try_from(acknowledged).unwrap());
    let mut tx = store.write().await.unwrap();
    tx.put(&numbered(0, 1000), "v".repeat(100_000))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    println!("f04_a_file_size_limit_refuses_writes_whole: ok, {acknowledged} writes before it");
}
