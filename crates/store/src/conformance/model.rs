//! A long random history, told to the engine and to an ordered map, which must never disagree.
//!
//! The history mixes puts, deletes, gets and scans in transactions that commit or are dropped, and
//! keeps old snapshots open and asks them again, and closes and reopens the store in between. The
//! seed decides everything, so a failing history can be run again.

use super::{Broken, Case};
use crate::{Key, Range, Store, StoreError, Tx};
use std::collections::BTreeMap;
use std::sync::Arc;

const CASE: Case = Case("model");
const REOPENINGS: usize = 3;
const TRANSACTIONS: usize = 60;
const STEPS_MAX: usize = 12;
const SNAPSHOTS_MAX: usize = 3;

/// Parts that meet at every boundary of the encoding.
const PARTS: [&str; 9] = ["", " ", "!", "a", "a b", "a!20b", "ab", "b", "é"];

type Map = BTreeMap<Key, String>;

pub(super) async fn run(open: &impl AsyncFn() -> Arc<dyn Store>, seed: u64) -> Result<(), Broken> {
    let mut history = History {
        chance: Chance(seed),
        map: Map::new(),
        value: 0,
    };
    let store = open().await;
    CASE.clear(&store).await?;
    drop(store);
    for _ in 0..REOPENINGS {
        let store = open().await;
        history
            .tell(&store)
            .await
            .map_err(|broken| with_seed(&broken, seed))?;
    }
    let store = open().await;
    CASE.clear(&store).await
}

fn with_seed(broken: &Broken, seed: u64) -> Broken {
    CASE.stopped(format!("seed {seed}: {broken}"))
}

/// A stream of choices from a seed (SplitMix64; it need not be strong, only the same every time).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        let bound = u64::try_from(bound).unwrap_or(u64::MAX).max(1);
        usize::try_from(mixed % bound).unwrap_or(0)
    }

    fn part(&mut self) -> &'static str {
        PARTS
            .get(self.below(PARTS.len()))
            .copied()
            .unwrap_or_default()
    }

    fn parts(&mut self) -> Vec<&'static str> {
        (0..self.below(4)).map(|_| self.part()).collect()
    }

    fn key(&mut self) -> Key {
        CASE.key(&self.parts())
    }

    fn range(&mut self) -> Range {
        let limit = [0, 1, 2, 5, 100].get(self.below(5)).copied().unwrap_or(1);
        let parts = [vec!["conformance", CASE.0], self.parts()].concat();
        let range = match self.below(3) {
            0 => Range::text_prefix(&parts, self.part(), limit),
            _ => Range::prefix(&Key::of(&parts), limit),
        };
        match self.below(4) {
            0 => range.after(&self.key()),
            1 => range.after_text_prefix(&parts, self.part()),
            _ => range,
        }
    }
}

struct History {
    chance: Chance,
    map: Map,
    value: usize,
}

impl History {
    async fn tell(&mut self, store: &Arc<dyn Store>) -> Result<(), Broken> {
        let mut snapshots: Vec<(Box<dyn Tx>, Map)> = Vec::new();
        for _ in 0..TRANSACTIONS {
            if snapshots.len() < SNAPSHOTS_MAX {
                snapshots.push((CASE.read(store).await?, self.map.clone()));
            }
            self.transaction(store).await?;
            let asked = self.chance.below(snapshots.len());
            if let Some((tx, map)) = snapshots.get_mut(asked) {
                self.ask(tx.as_mut(), map).await?;
                self.ask(tx.as_mut(), map).await?;
            }
            if self.chance.below(3) == 0 {
                drop(snapshots.swap_remove(asked));
            }
        }
        let mut now = CASE.read(store).await?;
        let rows = CASE.ok(now.scan(&Range::prefix(&CASE.key(&[]), 10_000)).await)?;
        CASE.same("everything", &rows.into_iter().collect(), &self.map)
    }

    async fn transaction(&mut self, store: &Arc<dyn Store>) -> Result<(), Broken> {
        let mut tx = CASE.write(store).await?;
        let mut map = self.map.clone();
        for _ in 0..self.chance.below(STEPS_MAX) {
            match self.chance.below(5) {
                0 | 1 => {
                    self.value += 1;
                    let (key, value) = (self.chance.key(), self.value.to_string());
                    CASE.ok(tx.put(&key, value.clone()).await)?;
                    map.insert(key, value);
                }
                2 => {
                    let key = self.chance.key();
                    CASE.ok(tx.delete(&key).await)?;
                    map.remove(&key);
                }
                _ => self.ask(tx.as_mut(), &map).await?,
            }
        }
        if self.chance.below(4) == 0 {
            return Ok(());
        }
        match tx.commit().await {
            Ok(()) => self.map = map,
            // Nothing happened, and the history simply goes on without it.
            Err(StoreError::Conflict) => {}
            Err(source) => {
                return Err(Broken::Refused {
                    case: CASE.0,
                    source,
                });
            }
        }
        Ok(())
    }

    /// Asks the transaction and the map the same question.
    async fn ask(&mut self, tx: &mut dyn Tx, map: &Map) -> Result<(), Broken> {
        if self.chance.below(2) == 0 {
            let key = self.chance.key();
            let found = CASE.ok(tx.get(&key).await)?;
            return CASE.same(format!("get `{key}`"), &found, &map.get(&key).cloned());
        }
        let range = self.chance.range();
        let wanted: Vec<(Key, String)> = map
            .iter()
            .filter(|(key, _)| range.contains(key))
            .take(range.limit())
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let found = CASE.ok(tx.scan(&range).await)?;
        CASE.same(format!("scan {range:?}"), &found, &wanted)
    }
}
