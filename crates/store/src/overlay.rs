//! Changes that are not in the engine yet, and how a read sees through them.
//!
//! Memory and embedded both hold a transaction's puts and deletes back until its commit. This is
//! the one place that lays such changes over what the engine holds.
//!
//! **Source**: DESIGN §1.4 (a transaction sees its own changes; dropping it leaves nothing).

use crate::{KEY_BYTES_MAX, Key, Range, StoreError, VALUE_BYTES_MAX, check_size};
use std::collections::BTreeMap;
use std::ops::Bound;

/// What happens to one key.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Put(String),
    Delete,
}

impl Change {
    /// The value that is there afterwards.
    pub(crate) fn value(&self) -> Option<&str> {
        match self {
            Self::Put(value) => Some(value),
            Self::Delete => None,
        }
    }
}

/// Changes by key; the last one to a key wins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Overlay(BTreeMap<Key, Change>);

impl Overlay {
    /// What these changes do to `key`, if anything.
    pub(crate) fn get(&self, key: &Key) -> Option<&Change> {
        self.0.get(key)
    }

    pub(crate) fn put(&mut self, key: &Key, value: String) -> Result<(), StoreError> {
        check_size("key", key.as_str().len(), KEY_BYTES_MAX)?;
        check_size("value", value.len(), VALUE_BYTES_MAX)?;
        self.0.insert(key.clone(), Change::Put(value));
        Ok(())
    }

    pub(crate) fn delete(&mut self, key: &Key) {
        self.0.insert(key.clone(), Change::Delete);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn changes(&self) -> impl Iterator<Item = (&Key, &Change)> {
        self.0.iter()
    }

    pub(crate) fn into_changes(self) -> impl Iterator<Item = (Key, Change)> {
        self.0.into_iter()
    }

    /// The size of all keys and values.
    pub(crate) fn bytes(&self) -> usize {
        let value_bytes = |change: &Change| change.value().map_or(0, str::len);
        self.changes()
            .map(|(key, change)| key.as_str().len() + value_bytes(change))
            .sum()
    }

    fn changes_in(&self, range: &Range) -> impl Iterator<Item = (&Key, &Change)> {
        self.0
            .range::<str, _>((Bound::Included(range.from()), Bound::Unbounded))
            .take_while(|(key, _)| range.contains(key))
    }
}

/// The changes that matter for one scan, merged from overlays given oldest first.
pub(crate) struct Window<'a> {
    changes: BTreeMap<&'a Key, &'a Change>,
    limit: usize,
}

impl<'a> Window<'a> {
    pub(crate) fn new(overlays: impl IntoIterator<Item = &'a Overlay>, range: &Range) -> Self {
        let mut changes = BTreeMap::new();
        for overlay in overlays {
            changes.extend(overlay.changes_in(range));
        }
        Self {
            changes,
            limit: range.limit(),
        }
    }

    /// How many of the engine's own rows are enough to fill the scan whatever was deleted.
    pub(crate) fn rows_wanted(&self) -> usize {
        let deletes = self
            .changes
            .values()
            .filter(|change| change.value().is_none())
            .count();
        self.limit.saturating_add(deletes)
    }

    /// The scan's answer, from the engine's first [`Self::rows_wanted`] rows of the range.
    pub(crate) fn over(self, rows: Vec<(Key, String)>) -> Vec<(Key, String)> {
        if self.changes.is_empty() {
            return rows;
        }
        // Rows the engine left out come after the last row it gave, and enough of those it gave
        // survive to fill the scan: a put beyond them is never taken in their place.
        let mut merged: BTreeMap<Key, String> = rows.into_iter().collect();
        for (key, change) in self.changes {
            match change.value() {
                Some(value) => merged.insert(key.clone(), value.to_owned()),
                None => merged.remove(key),
            };
        }
        merged.into_iter().take(self.limit).collect()
    }
}
