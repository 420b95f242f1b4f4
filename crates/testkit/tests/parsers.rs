//! No bytes make a parser panic: the kept corpus, and many small changes to each of its files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test program stops at the first surprise"
)]

use std::path::Path;

use daypass_testkit::parsers::PARSERS;

/// Changes tried on each file of the corpus.
const CHANGES: u64 = 400;

/// A small generator, so that a failure comes back with the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % bound.max(1)
    }
}

fn changed(seed: &[u8], round: u64) -> Vec<u8> {
    const PIECES: [&[u8]; 8] = [b"\"", b"{", b"[", b"%", b"\\u", b"${", b"\0", b"\xff"];
    let mut chance = Chance(round);
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(4) {
            0 => bytes.truncate(at),
            1 => bytes
                .splice(at..at, PIECES[chance.below(PIECES.len())].iter().copied())
                .for_each(drop),
            2 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << chance.below(8);
                }
            }
            _ => bytes.extend_from_within(at..),
        }
    }
    bytes
}

#[test]
fn s12_no_bytes_make_a_parser_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    for (name, parse) in PARSERS {
        let folder = corpus.join(name);
        let mut files = 0;
        for entry in std::fs::read_dir(&folder).expect("every parser has a corpus") {
            let path = entry.unwrap().path();
            let seed = std::fs::read(&path).unwrap();
            parse(&seed);
            for round in 0..CHANGES {
                let bytes = changed(&seed, round);
                let survived = std::panic::catch_unwind(|| parse(&bytes)).is_ok();
                assert!(
                    survived,
                    "{name}: {} changed with seed {round}",
                    path.display()
                );
            }
            files += 1;
        }
        assert!(files > 0, "{name} has an empty corpus");
    }
}
