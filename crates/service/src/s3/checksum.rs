//! The checksums clients send along, by the five algorithms of S3.
//!
//! They find damage, not attackers: what binds a body to its signer is the signature.
//!
//! **Source**: S3 user guide, *Checking object integrity*.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_store::records::ObjectChecksum;
use s3s::crypto::{Checksum as _, Crc32, Crc32c, Crc64Nvme, Sha1, Sha256};

/// An algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Algorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
}

impl Algorithm {
    /// All of them.
    pub(super) const ALL: [Self; 5] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
    ];

    /// Its name in elements and headers.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header or trailer that carries its value.
    pub(super) const fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The algorithm of this name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name().eq_ignore_ascii_case(name))
    }

    /// The algorithm whose header this is.
    pub(super) fn of_header(header: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.header() == header)
    }

    const fn digest_bytes(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme => 8,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
        }
    }

    /// The digest a text stands for, if it can be one of this algorithm.
    pub(super) fn decode(self, text: &str) -> Option<Vec<u8>> {
        let digest = STANDARD.decode(text).ok()?;
        (digest.len() == self.digest_bytes()).then_some(digest)
    }

    /// Whether it can only be computed part by part.
    pub(super) const fn only_composite(self) -> bool {
        matches!(self, Self::Sha1 | Self::Sha256)
    }
}

/// A checksum in the making.
pub(super) struct Running {
    algorithm: Algorithm,
    state: State,
}

enum State {
    Crc32(Crc32),
    Crc32c(Crc32c),
    Crc64Nvme(Crc64Nvme),
    Sha1(Sha1),
    Sha256(Sha256),
}

impl Running {
    /// Nothing taken yet.
    pub(super) fn new(algorithm: Algorithm) -> Self {
        let state = match algorithm {
            Algorithm::Crc32 => State::Crc32(Crc32::new()),
            Algorithm::Crc32c => State::Crc32c(Crc32c::new()),
            Algorithm::Crc64Nvme => State::Crc64Nvme(Crc64Nvme::new()),
            Algorithm::Sha1 => State::Sha1(Sha1::new()),
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
        };
        Self { algorithm, state }
    }

    /// Which one it is.
    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes the next bytes.
    pub(super) fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Crc32(state) => state.update(bytes),
            State::Crc32c(state) => state.update(bytes),
            State::Crc64Nvme(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
        }
    }

    /// The digest of everything taken.
    pub(super) fn finish(self) -> Vec<u8> {
        match self.state {
            State::Crc32(state) => state.finalize().to_vec(),
            State::Crc32c(state) => state.finalize().to_vec(),
            State::Crc64Nvme(state) => state.finalize().to_vec(),
            State::Sha1(state) => state.finalize().as_ref().to_vec(),
            State::Sha256(state) => state.finalize().as_ref().to_vec(),
        }
    }
}

/// The stored form of a checksum of whole bytes.
pub(super) fn whole(algorithm: Algorithm, digest: &[u8]) -> ObjectChecksum {
    ObjectChecksum {
        algorithm: algorithm.name().to_owned(),
        value: STANDARD.encode(digest),
        composite: false,
    }
}

/// The checksum of the checksums of parts; `None` if a part has none by this algorithm.
pub(super) fn composite<'a>(
    algorithm: Algorithm,
    parts: impl IntoIterator<Item = Option<&'a ObjectChecksum>>,
) -> Option<ObjectChecksum> {
    let mut running = Running::new(algorithm);
    let mut count = 0;
    for part in parts {
        let part = part.filter(|part| part.algorithm == algorithm.name())?;
        running.update(&algorithm.decode(&part.value)?);
        count += 1;
    }
    Some(ObjectChecksum {
        algorithm: algorithm.name().to_owned(),
        value: format!("{}-{count}", STANDARD.encode(running.finish())),
        composite: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check values that each algorithm's definition gives for `123456789`.
    #[test]
    fn each_algorithm_gives_its_published_check_value() {
        let cases = [
            (Algorithm::Crc32, "y/Q5Jg=="),
            (Algorithm::Crc32c, "4waSgw=="),
            (Algorithm::Crc64Nvme, "rosUhgp5mIg="),
            (Algorithm::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
            (
                Algorithm::Sha256,
                "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
            ),
        ];
        for (algorithm, expected) in cases {
            let mut running = Running::new(algorithm);
            running.update(b"1234");
            running.update(b"56789");
            let sum = whole(algorithm, &running.finish());
            assert_eq!(sum.value, expected, "{algorithm:?}");
            assert!(algorithm.decode(&sum.value).is_some());
            assert_eq!(Algorithm::of_header(algorithm.header()), Some(algorithm));
            assert_eq!(
                Algorithm::named(&algorithm.name().to_lowercase()),
                Some(algorithm)
            );
        }
    }

    #[test]
    fn a_composite_counts_its_parts_and_needs_every_one() {
        let mut running = Running::new(Algorithm::Crc32);
        running.update(b"part");
        let part = whole(Algorithm::Crc32, &running.finish());
        let sum = composite(Algorithm::Crc32, [Some(&part), Some(&part)]).unwrap();
        assert!(sum.composite && sum.value.ends_with("-2"), "{}", sum.value);
        assert_eq!(composite(Algorithm::Crc32, [Some(&part), None]), None);
        assert_eq!(composite(Algorithm::Sha1, [Some(&part)]), None);
    }
}
