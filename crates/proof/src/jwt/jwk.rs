//! Public keys as issuers publish them, and as we publish ours.
//!
//! A key set is outside input that decides whom we believe. A key that does not fit (too small,
//! meant for encryption, a private key put on show) is set aside with its reason, and the rest of
//! the set stays usable: issuers mix kinds of keys in one document.
//!
//! **Source**: RFC 7517, RFC 7518 sections 6.2 and 6.3; Cognito identity reference, section 4.6;
//! requirements S14, S15, S81, S82.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::signature::{
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_json::{Bounds, Object, Value, parse as parse_json};

use super::Algorithm;
use super::curve::Point;

/// The longest key id. **Source**: requirement S14.
pub(super) const KEY_ID_BYTES_MAX: usize = 256;
/// The most keys one set may hold. **Source**: requirement S81.
const KEYS_MAX: usize = 100;
/// The largest modulus accepted, which is also the largest the cryptography library verifies.
const MODULUS_BITS_MAX: usize = 8_192;
/// The smallest modulus accepted. **Source**: requirement S15.
const MODULUS_BITS_MIN: usize = 2_048;
/// The smallest public exponent accepted. **Source**: requirement S15.
const EXPONENT_MIN: u32 = 65_537;

/// The name of a key: what a token's `kid` is compared with, byte for byte.
///
/// **Shape**: 1 to 256 bytes without control characters; ours look like `us-east-1-1`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct KeyId(String);

/// A text that cannot be a key id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a key id has 1 to 256 bytes and no control characters")]
pub struct KeyIdError;

impl KeyId {
    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let fits = (1..=KEY_ID_BYTES_MAX).contains(&text.len());
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(KeyIdError)
        }
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why one key of a set is set aside.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JwkError {
    /// A member is missing, of the wrong type, or not spelled as the standard says.
    #[error("member `{0}` is missing or not well formed")]
    Member(&'static str),
    /// Neither an RSA key nor one on a curve that is accepted.
    #[error("neither an RSA key nor one on P-256 or P-384")]
    Kind,
    /// `use` or `key_ops` says that the key is not for checking signatures.
    #[error("not for checking signatures")]
    Use,
    /// `alg` names an algorithm we do not accept.
    #[error("for an algorithm that is not accepted")]
    Algorithm,
    /// The modulus is shorter than 2,048 or longer than 8,192 bits, or even.
    #[error("the modulus has {bits} bits; odd ones of 2048 to 8192 bits are accepted")]
    Modulus {
        /// How many bits it has.
        bits: usize,
    },
    /// The public exponent is even, below 65,537 or above 2^32.
    #[error("the public exponent is out of range")]
    Exponent,
    /// The private half is published: anyone may have signed with it.
    #[error("a private key is published")]
    Private,
}

/// Why a text is not a usable key set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum KeySetError {
    /// Not JSON, or without an array `keys` of objects.
    #[error("not a JSON Web Key Set")]
    Malformed,
    /// More than 100 keys.
    #[error("more than 100 keys")]
    TooManyKeys,
    /// Not one of its keys can check a signature.
    #[error("no usable key")]
    NoUsableKey,
}

/// One public key that passed every check, parsed once and ready to verify.
#[derive(Clone)]
pub struct Jwk {
    key_id: Option<KeyId>,
    algorithm: Option<Algorithm>,
    numbers: Numbers,
    verifiers: Vec<(Algorithm, ParsedPublicKey)>,
}

/// What a key is made of.
#[derive(Clone, Eq, PartialEq)]
enum Numbers {
    /// An RSA key, both big-endian and without leading zeros.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// A key on a curve.
    Curve(Point),
}

impl Jwk {
    /// Checks a modulus and an exponent, big-endian, and makes them a key.
    ///
    /// With an `algorithm` the key verifies that one only; without, all of [`Algorithm::RSA`].
    pub fn new(
        key_id: Option<KeyId>,
        algorithm: Option<Algorithm>,
        modulus: &[u8],
        exponent: &[u8],
    ) -> Result<Self, JwkError> {
        // Some issuers, AWS among them, publish a sign octet in front of the number.
        let modulus = without_leading_zeros(modulus);
        let exponent = without_leading_zeros(exponent);
        check_modulus(modulus)?;
        check_exponent(exponent)?;
        let numbers = RsaPublicKeyComponents {
            n: modulus,
            e: exponent,
        };
        let parse = |algorithm| {
            let parsed = numbers.to_parsed_public_key(parameters(algorithm));
            parsed
                .map(|key| (algorithm, key))
                .map_err(|_| JwkError::Member("n"))
        };
        let accepted = Algorithm::RSA.into_iter();
        let verifiers = accepted
            .filter(|one| algorithm.is_none_or(|only| only == *one))
            .map(parse);
        let verifiers: Vec<_> = verifiers.collect::<Result<_, _>>()?;
        if verifiers.is_empty() {
            return Err(JwkError::Algorithm);
        }
        Ok(Self {
            verifiers,
            key_id,
            algorithm,
            numbers: Numbers::Rsa {
                modulus: modulus.to_vec(),
                exponent: exponent.to_vec(),
            },
        })
    }

    /// Makes a point on a curve a key. Each curve has one algorithm.
    fn on_curve(
        key_id: Option<KeyId>,
        algorithm: Option<Algorithm>,
        point: Point,
    ) -> Result<Self, JwkError> {
        if algorithm.is_some_and(|algorithm| algorithm != point.algorithm()) {
            return Err(JwkError::Algorithm);
        }
        Ok(Self {
            verifiers: vec![(point.algorithm(), point.parsed()?)],
            key_id,
            algorithm,
            numbers: Numbers::Curve(point),
        })
    }

    /// The key's name, if it has one.
    pub fn key_id(&self) -> Option<&KeyId> {
        self.key_id.as_ref()
    }

    /// The one algorithm the key is for, if it says so.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Whether the key may check signatures of `algorithm`.
    pub(super) fn fits(&self, algorithm: Algorithm) -> bool {
        self.verifiers.iter().any(|(one, _)| *one == algorithm)
    }

    /// Whether `signature` over `message` was made with the private half of this key.
    pub(crate) fn verifies(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        let mut fitting = self.verifiers.iter().filter(|(one, _)| *one == algorithm);
        fitting.any(|(_, key)| key.verify_sig(message, signature).is_ok())
    }

    /// The key as one member of a published set, in the order AWS writes it.
    ///
    /// **Source**: Cognito identity reference, section 4.6.
    pub fn to_json(&self) -> String {
        let (kind, numbers) = match &self.numbers {
            Numbers::Rsa { modulus, exponent } => {
                let text = |octets: &[u8]| URL_SAFE_NO_PAD.encode(octets);
                let (n, e) = (text(modulus), text(exponent));
                ("RSA", format!(r#""n":"{n}","e":"{e}""#))
            }
            Numbers::Curve(point) => ("EC", point.to_members()),
        };
        let mut members = vec![format!(r#""kty":"{kind}""#)];
        members.extend(
            self.algorithm
                .map(|one| format!(r#""alg":"{}""#, one.name())),
        );
        members.push(r#""use":"sig""#.to_owned());
        let key_id = self.key_id.as_ref();
        members.extend(key_id.map(|id| format!(r#""kid":{}"#, super::issue::quoted(id.as_str()))));
        members.push(numbers);
        format!("{{{}}}", members.join(","))
    }

    /// Checks one published key.
    pub fn from_object(key: &Object) -> Result<Self, JwkError> {
        if ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]
            .iter()
            .any(|name| key.get(name).is_some())
        {
            return Err(JwkError::Private);
        }
        let kind = text(key, "kty")?.ok_or(JwkError::Member("kty"))?;
        if !["RSA", "EC"].contains(&kind) {
            return Err(JwkError::Kind);
        }
        check_use(key)?;
        let algorithm = match text(key, "alg")? {
            None => None,
            Some(name) => Some(Algorithm::from_name(name).ok_or(JwkError::Algorithm)?),
        };
        let key_id = match text(key, "kid")? {
            None => None,
            Some(id) => Some(id.parse().map_err(|_| JwkError::Member("kid"))?),
        };
        if kind == "EC" {
            return Self::on_curve(key_id, algorithm, Point::from_object(key)?);
        }
        Self::new(key_id, algorithm, &number(key, "n")?, &number(key, "e")?)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_json())
    }
}

impl PartialEq for Jwk {
    fn eq(&self, other: &Self) -> bool {
        self.key_id == other.key_id
            && self.algorithm == other.algorithm
            && self.numbers == other.numbers
    }
}

impl Eq for Jwk {}

/// The keys of one issuer.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeySet {
    keys: Vec<Jwk>,
    set_aside: Vec<(Option<String>, JwkError)>,
}

impl KeySet {
    /// A set of keys already checked.
    pub fn new(keys: Vec<Jwk>) -> Self {
        Self {
            keys,
            set_aside: Vec::new(),
        }
    }

    /// Reads a published set; keys that do not fit are set aside, not believed.
    ///
    /// **Shape**: `{"keys":[{"kty":"RSA","alg":"RS512","use":"sig","kid":"us-east-1-1",…}]}`.
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        let document = parse_json(json, &Bounds::WIRE).map_err(|_| KeySetError::Malformed)?;
        let keys = document.as_object().and_then(|set| set.get("keys"));
        let keys = keys
            .and_then(Value::as_array)
            .ok_or(KeySetError::Malformed)?;
        if keys.len() > KEYS_MAX {
            return Err(KeySetError::TooManyKeys);
        }
        let mut set = Self::default();
        for key in keys {
            let key = key.as_object().ok_or(KeySetError::Malformed)?;
            let name = key.get("kid").and_then(Value::as_str);
            match Jwk::from_object(key) {
                Ok(usable) => set.keys.push(usable),
                Err(reason) => set.set_aside.push((name.map(str::to_owned), reason)),
            }
        }
        if set.keys.is_empty() {
            Err(KeySetError::NoUsableKey)
        } else {
            Ok(set)
        }
    }

    /// The set as it is published.
    pub fn to_json(&self) -> String {
        let keys: Vec<_> = self.keys.iter().map(Jwk::to_json).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    /// The usable keys, in the order published.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The keys that do not fit, by `kid`, each with its reason.
    pub fn set_aside(&self) -> &[(Option<String>, JwkError)] {
        &self.set_aside
    }
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|octet| **octet == 0).count();
    number.get(zeros..).unwrap_or_default()
}

fn check_modulus(modulus: &[u8]) -> Result<(), JwkError> {
    let Some((first, last)) = modulus.first().zip(modulus.last()) else {
        return Err(JwkError::Modulus { bits: 0 });
    };
    let unused = usize::try_from(first.leading_zeros()).unwrap_or_default();
    let bits = modulus.len().saturating_mul(8).saturating_sub(unused);
    let odd = last & 1 == 1;
    if odd && (MODULUS_BITS_MIN..=MODULUS_BITS_MAX).contains(&bits) {
        Ok(())
    } else {
        Err(JwkError::Modulus { bits })
    }
}

fn check_exponent(exponent: &[u8]) -> Result<(), JwkError> {
    // Odd and at most 2^32 is the same as odd and within 32 bits.
    let fold = |number: u32, octet: &u8| number.checked_mul(256)?.checked_add(u32::from(*octet));
    match exponent.iter().try_fold(0_u32, fold) {
        Some(number) if number >= EXPONENT_MIN && number % 2 == 1 => Ok(()),
        _ => Err(JwkError::Exponent),
    }
}

fn check_use(key: &Object) -> Result<(), JwkError> {
    if text(key, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err(JwkError::Use);
    }
    match key.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(operations)) => {
            let verify = operations.iter().any(|one| one.as_str() == Some("verify"));
            if verify { Ok(()) } else { Err(JwkError::Use) }
        }
        Some(_) => Err(JwkError::Member("key_ops")),
    }
}

pub(super) fn text<'o>(key: &'o Object, name: &'static str) -> Result<Option<&'o str>, JwkError> {
    match key.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JwkError::Member(name)),
    }
}

pub(super) fn number(key: &Object, name: &'static str) -> Result<Vec<u8>, JwkError> {
    let digits = text(key, name)?.ok_or(JwkError::Member(name))?;
    URL_SAFE_NO_PAD
        .decode(digits)
        .map_err(|_| JwkError::Member(name))
}

/// How an RSA key checks; the algorithms of curves are none of its own.
fn parameters(algorithm: Algorithm) -> &'static RsaParameters {
    match algorithm {
        Algorithm::Rs384 => &RSA_PKCS1_2048_8192_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_2048_8192_SHA512,
        Algorithm::Rs256 | Algorithm::Es256 | Algorithm::Es384 => &RSA_PKCS1_2048_8192_SHA256,
    }
}

#[cfg(test)]
mod tests;
