//! The keys that sign our tokens: the one in use, the one to come, and those that were.
//!
//! Verifiers keep a key set for as long as its cache header says, so a key is published one
//! rotation before it signs, and stays published after it stopped. The rule of rotation is here and
//! pure; who stores the keys and when to turn the ring is for others.
//!
//! **Source**: Cognito identity reference, section 4.6; requirement S26.

use std::sync::Arc;

use crate::jwt::{Jwk, JwkError, KeyId, KeySet, LIFETIME_SECONDS_MAX, SigningKey};

/// How long a retired key stays published, in seconds: the longest life of a token it signed, and
/// the difference between clocks on top.
pub const RETIRED_SECONDS_MIN: i64 = LIFETIME_SECONDS_MAX + 300;

/// Where a key stands in its life.
#[derive(Clone, Debug)]
pub enum Stage {
    /// Published, so that verifiers learn it, but not signing yet.
    Next(Arc<SigningKey>),
    /// Signing.
    Active(Arc<SigningKey>),
    /// Published for the tokens it signed; its private half is gone.
    Retired {
        /// When it stopped signing, in seconds since 1970.
        since: i64,
    },
}

/// One key of the ring.
#[derive(Clone, Debug)]
pub struct RingKey {
    number: u32,
    published: Jwk,
    stage: Stage,
}

impl RingKey {
    /// The number in the key's name.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The public half, as published.
    pub fn published(&self) -> &Jwk {
        &self.published
    }

    /// Where the key stands in its life.
    pub fn stage(&self) -> &Stage {
        &self.stage
    }
}

/// Why a ring cannot be put together or turned.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeyRingError {
    /// There must be exactly one signing key.
    #[error("a key ring has exactly one active key and at most one next key")]
    Stages,
    /// A number is used twice, or above the highest number ever used.
    #[error("key number `{0}` is used twice or was never given out")]
    Number(u32),
    /// The key's name is not that of its number.
    #[error("key number `{0}` bears another name")]
    Name(u32),
    /// There is no next key to take over.
    #[error("no next key is published")]
    NoNextKey,
    /// A next key is published already.
    #[error("a next key is published already")]
    NextKeyPublished,
    /// The numbers are used up, or the Region does not fit into a key id.
    #[error("no further key id can be made")]
    NoKeyId,
    /// The public half cannot be published.
    #[error("the key cannot be published: {0}")]
    Key(#[from] JwkError),
}

/// The keys of one Region, from first to last.
#[derive(Clone, Debug)]
pub struct KeyRing {
    region: String,
    highest_number: u32,
    keys: Vec<RingKey>,
    active: (KeyId, Arc<SigningKey>),
    key_set: Arc<KeySet>,
}

impl KeyRing {
    /// A first ring: one key, number 1, signing at once.
    pub fn first(region: &str, key: Arc<SigningKey>) -> Result<Self, KeyRingError> {
        let published = key.public_key().published_as(key_id(region, 1)?)?;
        let stage = Stage::Active(key);
        Self::restore(
            region,
            1,
            vec![RingKey {
                number: 1,
                published,
                stage,
            }],
        )
    }

    /// One key as it was stored; [`KeyRing::restore`] checks it against the others.
    pub fn stored_key(number: u32, published: Jwk, stage: Stage) -> RingKey {
        RingKey {
            number,
            published,
            stage,
        }
    }

    /// A ring as it was stored, with the highest number ever given to a key of this Region.
    pub fn restore(
        region: &str,
        highest_number: u32,
        mut keys: Vec<RingKey>,
    ) -> Result<Self, KeyRingError> {
        keys.sort_by_key(RingKey::number);
        for key in &keys {
            check_key(region, highest_number, key)?;
        }
        let numbers = keys.iter().map(RingKey::number);
        if let Some((twice, _)) = numbers.clone().zip(numbers.skip(1)).find(|(a, b)| a == b) {
            return Err(KeyRingError::Number(twice));
        }
        let mut active = keys.iter().filter_map(|key| match &key.stage {
            Stage::Active(signing) => Some((key.published.key_id()?.clone(), Arc::clone(signing))),
            _ => None,
        });
        let (Some(signing), None) = (active.next(), active.next()) else {
            return Err(KeyRingError::Stages);
        };
        if keys
            .iter()
            .filter(|key| matches!(key.stage, Stage::Next(_)))
            .count()
            > 1
        {
            return Err(KeyRingError::Stages);
        }
        let key_set = KeySet::new(keys.iter().map(|key| key.published.clone()).collect());
        Ok(Self {
            region: region.to_owned(),
            highest_number,
            active: signing,
            key_set: Arc::new(key_set),
            keys,
        })
    }

    /// The key that signs, with its name.
    pub fn active(&self) -> (&KeyId, &Arc<SigningKey>) {
        (&self.active.0, &self.active.1)
    }

    /// Every key to publish and to verify with: next, active and retired.
    pub fn key_set(&self) -> &Arc<KeySet> {
        &self.key_set
    }

    /// All keys in the order of their numbers, to be stored.
    pub fn keys(&self) -> &[RingKey] {
        &self.keys
    }

    /// The key of that name.
    pub fn key(&self, key_id: &KeyId) -> Option<&RingKey> {
        self.keys
            .iter()
            .find(|key| key.published.key_id() == Some(key_id))
    }

    /// The highest number ever given to a key; it is stored and never goes back.
    pub fn highest_number(&self) -> u32 {
        self.highest_number
    }

    /// The name the next new key will bear: `<region>-<n>`, one above every number ever used.
    pub fn next_key_id(&self) -> Result<KeyId, KeyRingError> {
        key_id(&self.region, self.next_number()?)
    }

    /// Publishes a key that will sign after the next rotation.
    pub fn publish_next(&self, key: Arc<SigningKey>) -> Result<Self, KeyRingError> {
        if self
            .keys
            .iter()
            .any(|key| matches!(key.stage, Stage::Next(_)))
        {
            return Err(KeyRingError::NextKeyPublished);
        }
        let number = self.next_number()?;
        let published = key.public_key().published_as(self.next_key_id()?)?;
        let mut keys = self.keys.clone();
        keys.push(RingKey {
            number,
            published,
            stage: Stage::Next(key),
        });
        Self::restore(&self.region, number, keys)
    }

    /// Lets the next key sign and retires the one that signed; its private half is dropped.
    pub fn rotate(&self, now: i64) -> Result<Self, KeyRingError> {
        if !self
            .keys
            .iter()
            .any(|key| matches!(key.stage, Stage::Next(_)))
        {
            return Err(KeyRingError::NoNextKey);
        }
        let turned = self.keys.iter().cloned().map(|key| RingKey {
            stage: match key.stage {
                Stage::Next(signing) => Stage::Active(signing),
                Stage::Active(_) => Stage::Retired { since: now },
                retired @ Stage::Retired { .. } => retired,
            },
            ..key
        });
        Self::restore(&self.region, self.highest_number, turned.collect())
    }

    /// Stops publishing keys whose last token has expired.
    pub fn forget(&self, now: i64) -> Result<Self, KeyRingError> {
        let still_needed = |key: &&RingKey| match key.stage {
            Stage::Retired { since } => now < since.saturating_add(RETIRED_SECONDS_MIN),
            _ => true,
        };
        let keys = self.keys.iter().filter(still_needed).cloned().collect();
        Self::restore(&self.region, self.highest_number, keys)
    }

    fn next_number(&self) -> Result<u32, KeyRingError> {
        self.highest_number
            .checked_add(1)
            .ok_or(KeyRingError::NoKeyId)
    }
}

/// The name of a key of `region`: `us-east-1-7`.
pub fn key_id(region: &str, number: u32) -> Result<KeyId, KeyRingError> {
    format!("{region}-{number}")
        .parse()
        .map_err(|_| KeyRingError::NoKeyId)
}

fn check_key(region: &str, highest_number: u32, key: &RingKey) -> Result<(), KeyRingError> {
    if key.number == 0 || key.number > highest_number {
        return Err(KeyRingError::Number(key.number));
    }
    let expected = key_id(region, key.number)?;
    let right = match &key.stage {
        Stage::Next(signing) | Stage::Active(signing) => {
            signing.public_key().published_as(expected)? == key.published
        }
        Stage::Retired { .. } => key.published.key_id() == Some(&expected),
    };
    if right {
        Ok(())
    } else {
        Err(KeyRingError::Name(key.number))
    }
}

#[cfg(test)]
mod tests;
