//! The certificates a provider signs with, as its metadata publishes them.
//!
//! A certificate here is a wrapper around a public key that an operator has chosen to trust: no chain
//! is built and no name is compared. Of its fields only the key and the time it holds are read.
//!
//! **Source**: RFC 5280, section 4.1; RFC 3279, section 2.3; RFC 5480, section 2.1.1; requirement
//! S43.

use std::fmt;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::moment;
use crate::digest::sha256_hex;
use crate::jwt::{Algorithm as RsaAlgorithm, Jwk};

/// The longest certificate, in bytes.
const CERTIFICATE_BYTES_MAX: usize = 16_384;
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OBJECT_IDENTIFIER: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;

/// A signature algorithm that is accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Algorithm {
    /// RSA PKCS #1, with the digests that tokens may have, too.
    Rsa(RsaAlgorithm),
    /// ECDSA on P-256 with SHA-256.
    EcdsaSha256,
}

#[derive(Clone)]
enum Key {
    Rsa(Box<Jwk>),
    Ecdsa(ParsedPublicKey),
}

/// Why a certificate cannot check signatures.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum CertificateError {
    /// Not base64 of an X.509 certificate.
    #[error("a certificate is not X.509")]
    Malformed,
    /// A key other than RSA of 2,048 to 8,192 bits or ECDSA on P-256.
    #[error("the key is neither RSA of 2048 to 8192 bits nor ECDSA on P-256")]
    Key,
}

/// A certificate whose key can check signatures, parsed once.
#[derive(Clone)]
pub struct SigningCertificate {
    fingerprint: String,
    not_after: i64,
    key: Key,
}

impl SigningCertificate {
    /// Reads the text of an `X509Certificate` element: base64 of DER, with white space anywhere.
    pub fn parse(base64: &str) -> Result<Self, CertificateError> {
        let digits = without_space(base64);
        if digits.len() > CERTIFICATE_BYTES_MAX * 4 / 3 {
            return Err(CertificateError::Malformed);
        }
        let der = STANDARD.decode(digits);
        Self::from_der(&der.map_err(|_| CertificateError::Malformed)?)
    }

    fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let fields = fields(der).ok_or(CertificateError::Malformed)?;
        Ok(Self {
            fingerprint: sha256_hex(der),
            not_after: fields.not_after,
            key: key(&fields).ok_or(CertificateError::Key)?,
        })
    }

    /// SHA-256 of the certificate, in lower-case hexadecimal.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The last second it holds, since 1970.
    pub fn not_after(&self) -> i64 {
        self.not_after
    }

    /// Whether `signature` over `message` was made with the private half of its key.
    pub(super) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        match (&self.key, algorithm) {
            (Key::Rsa(key), Algorithm::Rsa(algorithm)) => {
                key.verifies(algorithm, message, signature)
            }
            (Key::Ecdsa(key), Algorithm::EcdsaSha256) => key.verify_sig(message, signature).is_ok(),
            _ => false,
        }
    }
}

impl fmt::Debug for SigningCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SigningCertificate({})", self.fingerprint)
    }
}

impl PartialEq for SigningCertificate {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for SigningCertificate {}

/// A text without XML's white space.
pub(super) fn without_space(text: &str) -> String {
    text.chars()
        .filter(|one| !matches!(one, ' ' | '\t' | '\n' | '\r'))
        .collect()
}

struct Fields<'d> {
    not_after: i64,
    algorithm: &'d [u8],
    curve: Option<&'d [u8]>,
    key: &'d [u8],
}

/// The time and the key of a certificate.
fn fields(der: &[u8]) -> Option<Fields<'_>> {
    let mut outer = Der(der);
    let mut certificate = Der(outer.value(SEQUENCE)?);
    if !outer.0.is_empty() {
        return None;
    }
    let mut body = Der(certificate.value(SEQUENCE)?);
    // The first version of certificates does not say its number.
    if body.0.first() == Some(&VERSION) {
        body.value(VERSION)?;
    }
    body.value(INTEGER)?;
    for _algorithm_and_issuer in 0..2 {
        body.value(SEQUENCE)?;
    }
    let mut validity = Der(body.value(SEQUENCE)?);
    validity.time()?;
    let not_after = validity.time()?;
    let _subject = body.value(SEQUENCE)?;
    let mut key_info = Der(body.value(SEQUENCE)?);
    let mut algorithm = Der(key_info.value(SEQUENCE)?);
    let name = algorithm.value(OBJECT_IDENTIFIER)?;
    let curve = algorithm.value(OBJECT_IDENTIFIER);
    // A bit string begins with the number of unused bits: none.
    let (unused, key) = key_info.value(BIT_STRING)?.split_first()?;
    (*unused == 0).then_some(Fields {
        not_after,
        algorithm: name,
        curve,
        key,
    })
}

/// The key of a certificate, if it is of an accepted kind and size.
fn key(fields: &Fields<'_>) -> Option<Key> {
    if fields.algorithm == RSA_ENCRYPTION {
        let mut numbers = Der(Der(fields.key).value(SEQUENCE)?);
        let (modulus, exponent) = (numbers.value(INTEGER)?, numbers.value(INTEGER)?);
        let key = Jwk::new(None, None, modulus, exponent).ok()?;
        return Some(Key::Rsa(Box::new(key)));
    }
    let known = fields.algorithm == EC_PUBLIC_KEY && fields.curve == Some(PRIME256V1);
    let parsed = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, fields.key);
    parsed.ok().filter(|_| known).map(Key::Ecdsa)
}

/// What is left of an encoding to be read.
struct Der<'d>(&'d [u8]);

impl<'d> Der<'d> {
    /// The value of the next element, which must have this tag.
    fn value(&mut self, tag: u8) -> Option<&'d [u8]> {
        let (found, rest) = self.0.split_first()?;
        let (first, mut rest) = rest.split_first()?;
        let length = match first {
            0..=0x7f => usize::from(*first),
            0x81..=0x83 => {
                let (octets, after) = rest.split_at_checked(usize::from(first - 0x80))?;
                rest = after;
                let fold = |length: usize, octet: &u8| length * 256 + usize::from(*octet);
                octets.iter().fold(0, fold)
            }
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        if *found != tag {
            return None;
        }
        self.0 = rest;
        Some(value)
    }

    /// The next element as a moment: `YYMMDDhhmmssZ` until 2049, with four digits of the year after.
    fn time(&mut self) -> Option<i64> {
        let century = |year: &str| if year < "50" { "20" } else { "19" };
        let text = match self.value(UTC_TIME) {
            Some(value) => {
                let text = std::str::from_utf8(value).ok()?;
                format!("{}{text}", century(text.get(..2)?))
            }
            None => String::from_utf8(self.value(GENERALIZED_TIME)?.to_vec()).ok()?,
        };
        moment::compact(&text)
    }
}

#[cfg(test)]
mod tests;
