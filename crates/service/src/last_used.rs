//! When, for what and where each long-term key was last used: what `GetAccessKeyLastUsed` answers.
//!
//! It is kept in memory, by this process, since it started. Writing it down would make every signed
//! read a write. So an answer is true for this process, and `N/A` means "not seen here": after a
//! restart, and for a key that is used on another server only. Whoever deletes keys because nobody
//! uses them asks every server, some time after its start.
//!
//! **Source**: IAM API reference, *GetAccessKeyLastUsed*.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use daypass_core::time::Timestamp;
use daypass_proof::secret::AccessKeyId;

/// Keys remembered per process: two for each of 5,000 users and two for the root user.
///
/// Only keys that signed correctly come here, so nobody fills the table from outside. Past the
/// limit, which deleted keys could make it reach, the use that is longest ago is forgotten.
const KEYS_MAX: usize = 10_002;

/// One use of a key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Use {
    /// When.
    pub at: Timestamp,
    /// The service its signature named.
    pub service: &'static str,
    /// The Region its signature named.
    pub region: String,
}

/// The last use of every key that this process has seen.
#[derive(Default)]
pub(crate) struct LastUsed {
    uses: Mutex<HashMap<AccessKeyId, Use>>,
}

impl LastUsed {
    /// The last use of a key here.
    pub(crate) fn of(&self, id: &AccessKeyId) -> Option<Use> {
        self.lock().get(id).cloned()
    }

    /// Remembers a use. Requests overlap, so an earlier one never replaces a later one.
    pub(crate) fn note(&self, id: &AccessKeyId, this: Use) {
        let mut uses = self.lock();
        if let Some(last) = uses.get_mut(id) {
            if last.at <= this.at {
                *last = this;
            }
            return;
        }
        if uses.len() >= KEYS_MAX
            && let Some(oldest) = oldest(&uses)
        {
            uses.remove(&oldest);
        }
        uses.insert(id.clone(), this);
    }

    /// Forgets a key that is no more.
    pub(crate) fn forget(&self, id: &AccessKeyId) {
        self.lock().remove(id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccessKeyId, Use>> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn oldest(uses: &HashMap<AccessKeyId, Use>) -> Option<AccessKeyId> {
    uses.iter()
        .min_by_key(|(_, last)| last.at)
        .map(|(id, _)| id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> AccessKeyId {
        format!("AKIA{number:016}").parse().unwrap()
    }

    fn at(millis: i64) -> Use {
        Use {
            at: Timestamp::from_millis(millis),
            service: "sts",
            region: "us-east-1".into(),
        }
    }

    #[test]
    fn the_latest_use_stays_and_a_deleted_key_is_forgotten() {
        let uses = LastUsed::default();
        assert_eq!(uses.of(&id(1)), None);
        uses.note(&id(1), at(5));
        uses.note(&id(1), at(3));
        assert_eq!(uses.of(&id(1)), Some(at(5)));
        uses.note(&id(1), at(7));
        assert_eq!(uses.of(&id(1)), Some(at(7)));
        uses.forget(&id(1));
        assert_eq!(uses.of(&id(1)), None);
    }

    #[test]
    fn a_full_table_forgets_the_use_that_is_longest_ago() {
        let uses = LastUsed::default();
        for number in 0..KEYS_MAX {
            uses.note(&id(number), at(i64::try_from(number).unwrap()));
        }
        assert_eq!(uses.of(&id(0)), Some(at(0)));
        uses.note(&id(KEYS_MAX), at(i64::MAX));
        assert_eq!(uses.of(&id(0)), None);
        assert_eq!(uses.of(&id(1)), Some(at(1)));
        assert_eq!(uses.lock().len(), KEYS_MAX);
    }
}
