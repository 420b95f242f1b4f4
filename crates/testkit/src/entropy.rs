//! Chance that repeats itself: the same seed gives the same bytes, and it can be made to fail.
//!
//! **Source**: DESIGN §12.5 (same inputs, same bytes); requirement S71.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use daypass_service::{Entropy, EntropyError};

/// A seeded generator. It is a counter put through a mixer: fine for tests, worthless for secrets.
#[derive(Debug)]
pub struct SeededEntropy {
    counter: AtomicU64,
    failing: AtomicBool,
}

impl SeededEntropy {
    /// The generator of this seed.
    pub fn new(seed: u64) -> Self {
        Self {
            counter: AtomicU64::new(seed),
            failing: AtomicBool::new(false),
        }
    }

    /// From now on it gives nothing, or gives again.
    pub fn fail(&self, failing: bool) {
        self.failing.store(failing, Ordering::SeqCst);
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), EntropyError> {
        if self.failing.load(Ordering::SeqCst) {
            return Err(EntropyError);
        }
        for chunk in bytes.chunks_mut(8) {
            let count = self.counter.fetch_add(STEP, Ordering::SeqCst);
            let mixed = mix(count.wrapping_add(STEP)).to_le_bytes();
            for (byte, fresh) in chunk.iter_mut().zip(mixed) {
                *byte = fresh;
            }
        }
        Ok(())
    }
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// **Source**: the finaliser of SplitMix64.
fn mix(mut number: u64) -> u64 {
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(entropy: &SeededEntropy) -> [u8; 16] {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_and_never_the_same_twice() {
        let (one, other) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let first = drawn(&one);
        assert_eq!(first, drawn(&other));
        assert_ne!(first, drawn(&one));
        assert_ne!(first, drawn(&SeededEntropy::new(8)));
    }

    #[test]
    fn it_fails_on_demand_and_recovers() {
        let entropy = SeededEntropy::new(1);
        entropy.fail(true);
        assert_eq!(entropy.fill(&mut [0; 4]), Err(EntropyError));
        entropy.fail(false);
        assert_eq!(entropy.fill(&mut [0; 4]), Ok(()));
    }
}
