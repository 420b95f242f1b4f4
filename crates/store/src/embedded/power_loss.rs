//! Power loss at every sync: F02, by rebuilding the files as a machine may leave them.
//!
//! Between two syncs a file system may keep any part of what was written: the first pages or the
//! last, half of one, none. A history is written on real files; at every sync the files are kept,
//! and between each two the states a power loss may leave are put together in 512-byte sectors,
//! opened as a start would, and held against the history: the state before or the state after,
//! never a third. The same is done with damage that no crash makes (F05), where refusing is allowed
//! and inventing is not.
//!
//! **Source**: requirements F02 and F05; SQLite documentation, *Atomic Commit*, *File Format* (the
//! write-ahead log).

use super::committer::Disk;
use super::sqlite::{self, Database};
use crate::overlay::Overlay;
use crate::{Key, Range, StoreError};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Commits in the history of every change; each is one sync, a checkpoint two.
const OPERATIONS: usize = 75;

/// Commits between two checkpoints.
const CHECKPOINT_EVERY: usize = 25;

/// What a disk writes whole.
const SECTOR_BYTES: usize = 512;

/// Random selections of unsynced sectors tried at each boundary, beside the orderly ones.
const SELECTIONS: usize = 4;

type Model = BTreeMap<String, String>;

/// A small generator: the same history and the same losses at every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides).unwrap()).unwrap()
    }
}

/// The two files that hold everything.
#[derive(Clone, Eq, PartialEq)]
struct Files {
    database: Vec<u8>,
    log: Vec<u8>,
}

impl Files {
    fn of(folder: &Path) -> Self {
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap_or_default();
        Self {
            database: read("daypass.db"),
            log: read("daypass.db-wal"),
        }
    }

    /// What a start finds in these files.
    fn found(&self) -> Result<Model, StoreError> {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("daypass.db");
        std::fs::write(&path, &self.database).unwrap();
        std::fs::write(place.path().join("daypass.db-wal"), &self.log).unwrap();
        let _database = Database::open(&path)?;
        let reader = sqlite::reader(&path)?;
        sqlite::begin(&reader)?;
        let range = Range::prefix(&Key::of(&["test"]), usize::MAX);
        let rows = sqlite::scan(&reader, &range, 10_000)?;
        Ok(rows
            .into_iter()
            .map(|(key, value)| (key.as_str().to_owned(), value))
            .collect())
    }
}

/// The sectors in which two versions of a file differ.
fn sectors(before: &[u8], after: &[u8]) -> Vec<usize> {
    let sector = |bytes: &[u8], number: usize| -> Vec<u8> {
        let from = (number * SECTOR_BYTES).min(bytes.len());
        let to = (from + SECTOR_BYTES).min(bytes.len());
        bytes[from..to].to_vec()
    };
    let count = before.len().max(after.len()).div_ceil(SECTOR_BYTES);
    (0..count)
        .filter(|number| sector(before, *number) != sector(after, *number))
        .collect()
}

/// `before` with only these sectors of `after`; what lies between reads as zeros.
fn with_sectors(before: &[u8], after: &[u8], kept: &[usize]) -> Vec<u8> {
    let mut bytes = before.to_vec();
    for sector in kept {
        let from = sector * SECTOR_BYTES;
        let to = (from + SECTOR_BYTES).min(after.len());
        if to <= from {
            continue;
        }
        bytes.resize(bytes.len().max(to), 0);
        bytes[from..to].copy_from_slice(&after[from..to]);
    }
    bytes
}

/// Which of the unsynced sectors reached the disk: prefixes by half pages, the ends, and chance.
fn losses(unsynced: &[usize], dice: &mut Dice) -> Vec<Vec<usize>> {
    let half_page = 2048 / SECTOR_BYTES;
    let mut losses: Vec<Vec<usize>> = (0..=unsynced.len())
        .step_by(half_page)
        .map(|count| unsynced[..count].to_vec())
        .collect();
    losses.push(unsynced.to_vec());
    losses.push(unsynced.iter().skip(1).copied().collect());
    losses.push(unsynced.iter().rev().skip(1).copied().collect());
    for _ in 0..SELECTIONS {
        losses.push(
            unsynced
                .iter()
                .copied()
                .filter(|_| dice.roll(2) == 0)
                .collect(),
        );
    }
    losses
}

/// One transaction of the history: two to four records that change together.
fn change(model: &mut Model, number: usize, dice: &mut Dice) -> Overlay {
    let mut overlay = Overlay::default();
    let mut put = |overlay: &mut Overlay, name: String, value: String| {
        let key = Key::of(&["test", &name]);
        model.insert(key.as_str().to_owned(), value.clone());
        overlay.put(&key, value).unwrap();
    };
    put(&mut overlay, "number".to_owned(), number.to_string());
    for _ in 0..=dice.roll(2) {
        let (name, length) = (dice.roll(60), dice.roll(6_000));
        put(
            &mut overlay,
            format!("record {name}"),
            format!("{number} ").repeat(length / 4),
        );
    }
    if number % 5 == 4 {
        let key = Key::of(&["test", &format!("record {}", dice.roll(60))]);
        model.remove(key.as_str());
        overlay.delete(&key);
    }
    overlay
}

/// A history on real files: its state after every commit, with the files as they were then.
fn history(
    folder: &Path,
    mut at_commit: impl FnMut(&Files, &Files, &Model, &Model),
    mut at_checkpoint: impl FnMut(&Files, &Files, &Model),
) {
    let path = folder.join("daypass.db");
    std::fs::write(&path, b"").unwrap();
    let mut disk = Database::open(&path).unwrap();
    let (mut dice, mut model) = (Dice(0x5eed), Model::new());
    for number in 0..OPERATIONS {
        let (before, model_before) = (Files::of(folder), model.clone());
        let overlay = change(&mut model, number, &mut dice);
        disk.write(&[Arc::new(overlay)]).unwrap();
        let after = Files::of(folder);
        at_commit(&before, &after, &model_before, &model);
        if number % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1 {
            disk.checkpoint("passive").unwrap();
            at_checkpoint(&after, &Files::of(folder), &model);
        }
    }
    let before = Files::of(folder);
    disk.close().unwrap();
    at_checkpoint(&before, &Files::of(folder), &model);
}

#[test]
fn f02_power_loss_at_any_sync_leaves_the_state_before_or_after() {
    let place = tempfile::tempdir().unwrap();
    let (mut commits, mut checkpoints) = (0, 0);
    let mut dice = Dice(0xd1ce);
    let mut folded = Dice(0xf01d);
    history(
        place.path(),
        |before, after, model_before, model_after| {
            assert!(
                before.database == after.database,
                "a commit writes to the log alone"
            );
            let unsynced = sectors(&before.log, &after.log);
            for kept in losses(&unsynced, &mut dice) {
                let log = with_sectors(&before.log, &after.log, &kept);
                let database = after.database.clone();
                let found = Files { database, log }.found().unwrap();
                assert!(
                    found == *model_after || found == *model_before,
                    "a third state with {} of {} sectors",
                    kept.len(),
                    unsynced.len()
                );
                if kept == unsynced {
                    assert!(found == *model_after, "what was synced is gone");
                }
                commits += 1;
            }
        },
        |before, after, model| {
            // The log was synced before the first page went over, and is cut only after the last.
            let unsynced = sectors(&before.database, &after.database);
            for kept in losses(&unsynced, &mut folded) {
                let database = with_sectors(&before.database, &after.database, &kept);
                let log = before.log.clone();
                assert!(Files { database, log }.found().unwrap() == *model);
                checkpoints += 1;
            }
            assert!(after.found().unwrap() == *model);
        },
    );
    assert!(commits > 10 * OPERATIONS, "{commits} losses in commits");
    assert!(
        checkpoints > OPERATIONS / 2,
        "{checkpoints} losses in checkpoints"
    );
}

/// Every state the history went through, and the files of one moment between two checkpoints.
fn moment() -> (Vec<Model>, Files) {
    let place = tempfile::tempdir().unwrap();
    let mut states = vec![Model::new()];
    let mut files = None;
    history(
        place.path(),
        |_, after, _, model| {
            states.push(model.clone());
            if states.len() == OPERATIONS - 10 {
                files = Some(after.clone());
            }
        },
        |_, _, _| {},
    );
    (states, files.unwrap())
}

#[test]
fn f05_a_damaged_log_ends_early_and_never_says_what_was_not_written() {
    let (states, files) = moment();
    let mut dice = Dice(0xbad);
    let mut ended_early = 0;
    for _ in 0..150 {
        let mut damaged = files.clone();
        let place = dice.roll(damaged.log.len());
        damaged.log[place] ^= 1 << dice.roll(8);
        match damaged.found() {
            Ok(found) => {
                assert!(
                    states.contains(&found),
                    "a state that never was, from byte {place}"
                );
                ended_early += usize::from(found != states[OPERATIONS - 11]);
            }
            Err(StoreError::Corrupt { .. }) => {}
            Err(error) => panic!("byte {place}: {error:?}"),
        }
    }
    assert!(ended_early > 0);
    for length in (0..files.log.len()).step_by(SECTOR_BYTES * 4) {
        let mut cut = files.clone();
        cut.log.truncate(length);
        assert!(states.contains(&cut.found().unwrap()), "cut at {length}");
    }
}

#[test]
fn f05_a_database_cut_at_any_page_is_whole_or_refused() {
    let (states, files) = moment();
    let whole = &states[OPERATIONS - 11];
    let mut refused = 0;
    for pages in 1..files.database.len().div_ceil(4096) {
        let mut cut = files.clone();
        cut.database.truncate(pages * 4096);
        match cut.found() {
            // Everything that was cut off is in the log as well.
            Ok(found) => assert!(found == *whole, "cut to {pages} pages"),
            Err(StoreError::Corrupt { .. }) => refused += 1,
            Err(error) => panic!("cut to {pages} pages: {error:?}"),
        }
    }
    assert!(refused > 0);
}
