//! No bytes make a parser panic: the kept corpus, and many small changes to each of its files.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test program stops at the first surprise"
)]

use std::path::Path;

use daypass_testkit::parsers::PARSERS;

/// Changes tried on the files of a parser's corpus, all together.
const CHANGES: u64 = 3_000;

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
        let entries = std::fs::read_dir(&folder).expect("every parser has a corpus");
        let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has an empty corpus");
        let changes = CHANGES / u64::try_from(files.len()).unwrap();
        for path in files {
            let seed = std::fs::read(&path).unwrap();
            parse(&seed);
            for round in 0..changes {
                let bytes = changed(&seed, round);
                let survived = std::panic::catch_unwind(|| parse(&bytes)).is_ok();
                assert!(
                    survived,
                    "{name}: {} changed with seed {round}",
                    path.display()
                );
            }
        }
    }
}
