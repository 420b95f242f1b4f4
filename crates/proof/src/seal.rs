//! Sealed texts: session tokens, page tokens, cookies, and secrets at rest.
//!
//! What we hand out and want back unchanged, or store and want unreadable, is sealed: encrypted and
//! authenticated under a key of ours, for one purpose and one context. A sealed text of one purpose
//! opens for no other, because the purpose picks the key, stands in front of the text, and is bound
//! into the seal; the same goes for the context, such as the access key a session token belongs to.
//!
//! AES-256-GCM-SIV stays safe when two servers happen to draw the same nonce.
//!
//! **Source**: RFC 8452 (AES-GCM-SIV), RFC 5869 (HKDF); requirements S23, S69, S72, S74.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The version of the sealed form; it stands in every text.
const VERSION: &str = "1";
/// The salt of every derived key: it parts this use of a key from any other.
const DERIVATION_SALT: &[u8] = b"daypass seal 1";
/// The length of the tag behind the ciphertext.
const TAG_BYTES: usize = 16;
/// The longest key id.
const KEY_ID_BYTES_MAX: usize = 32;

/// What a sealed text is for. Texts of different purposes can never be exchanged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// A session, carried by its own token.
    SessionToken,
    /// Where the next page of a listing begins.
    PageToken,
    /// A console session.
    ConsoleCookie,
    /// A secret at rest, such as that of a long-term access key.
    StoredSecret,
    /// A private or sealing key at rest.
    StoredKey,
}

impl Purpose {
    const ALL: [Self; 5] = [
        Self::SessionToken,
        Self::PageToken,
        Self::ConsoleCookie,
        Self::StoredSecret,
        Self::StoredKey,
    ];

    /// How texts of this purpose begin, before the version.
    const fn prefix(self) -> &'static str {
        match self {
            Self::SessionToken => "dps",
            Self::PageToken => "dpp",
            Self::ConsoleCookie => "dpc",
            Self::StoredSecret => "dpx",
            Self::StoredKey => "dpk",
        }
    }

    /// The label that picks the derived key.
    const fn label(self) -> &'static str {
        match self {
            Self::SessionToken => "session token",
            Self::PageToken => "page token",
            Self::ConsoleCookie => "console cookie",
            Self::StoredSecret => "stored secret",
            Self::StoredKey => "stored key",
        }
    }

    /// The longest text of this purpose, in bytes.
    ///
    /// **Source**: limits table: session token 4 KiB, page token 1 KiB, cookie 512 B.
    pub const fn text_bytes_max(self) -> usize {
        match self {
            Self::SessionToken => 4_096,
            Self::PageToken => 1_024,
            Self::ConsoleCookie => 512,
            Self::StoredSecret | Self::StoredKey => 16_384,
        }
    }
}

/// Why a text could not be sealed or opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SealError {
    /// The text is not a sealed text of this purpose.
    #[error("not a sealed text of this kind")]
    WrongKind,
    /// The text is sealed in a version this build does not know.
    #[error("sealed in an unknown version")]
    UnknownVersion,
    /// The text names a key that is not in the ring.
    #[error("sealed under an unknown key")]
    UnknownKey,
    /// The text is not spelled as a sealed text is.
    #[error("a sealed text that is not well formed")]
    Malformed,
    /// The text was changed, or sealed under another key or in another context.
    #[error("the seal is broken")]
    Broken,
    /// The sealed text would be, or is, longer than its purpose allows.
    #[error("longer than this kind of sealed text may be")]
    TooLong,
    /// The cryptography library failed.
    #[error("the seal could not be made")]
    Crypto,
}

/// The name of a sealing key, in clear in every text sealed under it.
///
/// **Shape**: 1 to 32 lower-case letters and digits.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SealingKeyId(String);

/// A text that cannot name a sealing key.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a sealing key id has 1 to 32 lower-case letters and digits")]
pub struct SealingKeyIdError;

impl SealingKeyId {
    /// The text of the id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SealingKeyId {
    type Err = SealingKeyIdError;

    fn from_str(text: &str) -> Result<Self, SealingKeyIdError> {
        let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit();
        if (1..=KEY_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain) {
            Ok(Self(text.to_owned()))
        } else {
            Err(SealingKeyIdError)
        }
    }
}

impl fmt::Display for SealingKeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One sealing key: a key of its own for every [`Purpose`], derived from one secret.
pub struct SealingKey {
    id: SealingKeyId,
    derived: Vec<(Purpose, LessSafeKey)>,
}

impl SealingKey {
    /// Derives the keys of every purpose; the secret itself is not kept.
    pub fn from_bytes(id: SealingKeyId, secret: &[u8; 32]) -> Result<Self, SealError> {
        let root = Salt::new(HKDF_SHA256, DERIVATION_SALT).extract(secret);
        let derive = |purpose: Purpose| {
            let info = [purpose.label().as_bytes()];
            let key = root
                .expand(&info, &AES_256_GCM_SIV)
                .map_err(|_| SealError::Crypto)?;
            Ok((purpose, LessSafeKey::new(UnboundKey::from(key))))
        };
        let derived = Purpose::ALL
            .into_iter()
            .map(derive)
            .collect::<Result<_, _>>()?;
        Ok(Self { id, derived })
    }

    /// The key's name.
    pub fn id(&self) -> &SealingKeyId {
        &self.id
    }

    fn of(&self, purpose: Purpose) -> Result<&LessSafeKey, SealError> {
        let mut derived = self.derived.iter();
        let found = derived.find(|(one, _)| *one == purpose);
        found.map(|(_, key)| key).ok_or(SealError::Crypto)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealingKey({}, ***)", self.id)
    }
}

/// The sealing keys in use: one that seals, and those that still open.
#[derive(Debug)]
pub struct SealingRing {
    active: SealingKey,
    retired: Vec<SealingKey>,
}

/// Two keys of one ring bear one name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("two sealing keys are named `{0}`")]
pub struct SameKeyId(pub SealingKeyId);

impl SealingRing {
    /// Puts a ring together.
    pub fn new(active: SealingKey, retired: Vec<SealingKey>) -> Result<Self, SameKeyId> {
        let mut names = vec![active.id()];
        for key in &retired {
            if names.contains(&key.id()) {
                return Err(SameKeyId(key.id().clone()));
            }
            names.push(key.id());
        }
        Ok(Self { active, retired })
    }

    /// The name of the key that seals.
    pub fn active_id(&self) -> &SealingKeyId {
        self.active.id()
    }

    /// Seals `plaintext` for one purpose and one context.
    ///
    /// **Shape**: `dps1_<key id>.<base64url>`: letters, digits, `-`, `_` and one `.`, so it may
    /// stand in a header, and never has the three segments of a signed token.
    ///
    /// **Units and limits**: the nonce comes from the system generator; the text is at most
    /// [`Purpose::text_bytes_max`] long.
    pub fn seal(
        &self,
        purpose: Purpose,
        context: &[&str],
        nonce: [u8; NONCE_LEN],
        plaintext: &[u8],
    ) -> Result<String, SealError> {
        let key = self.active.of(purpose)?;
        let bound = bound(purpose, self.active.id(), context)?;
        // Room for the tag from the start: growing would leave a copy of the plaintext behind.
        let mut sealed = Vec::with_capacity(plaintext.len().saturating_add(TAG_BYTES));
        sealed.extend_from_slice(plaintext);
        key.seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound),
            &mut sealed,
        )
        .map_err(|_| SealError::Crypto)?;
        let mut text = format!("{}{VERSION}_{}.", purpose.prefix(), self.active.id());
        URL_SAFE_NO_PAD.encode_string([&nonce, sealed.as_slice()].concat(), &mut text);
        if text.len() > purpose.text_bytes_max() {
            return Err(SealError::TooLong);
        }
        Ok(text)
    }

    /// Opens a text that was sealed for this purpose in this context, under any key of the ring.
    ///
    /// **Errors**: [`SealError`]; none of them tells a stranger more than that the text is refused.
    pub fn open(
        &self,
        purpose: Purpose,
        context: &[&str],
        text: &str,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        if text.len() > purpose.text_bytes_max() {
            return Err(SealError::TooLong);
        }
        let tail = text
            .strip_prefix(purpose.prefix())
            .ok_or(SealError::WrongKind)?;
        let (version, tail) = tail.split_once('_').ok_or(SealError::Malformed)?;
        if version != VERSION {
            return Err(SealError::UnknownVersion);
        }
        let (id, body) = tail.split_once('.').ok_or(SealError::Malformed)?;
        let key = self.key(id).ok_or(SealError::UnknownKey)?;
        let mut body = Zeroizing::new(decode(body)?);
        let (nonce, sealed) = body.split_first_chunk_mut().ok_or(SealError::Malformed)?;
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let bound = bound(purpose, key.id(), context)?;
        let plaintext = key
            .of(purpose)?
            .open_in_place(nonce, Aad::from(bound), sealed)
            .map_err(|_| SealError::Broken)?;
        Ok(Zeroizing::new(plaintext.to_vec()))
    }

    fn key(&self, id: &str) -> Option<&SealingKey> {
        let mut keys = std::iter::once(&self.active).chain(&self.retired);
        keys.find(|key| key.id().as_str() == id)
    }
}

fn decode(body: &str) -> Result<Vec<u8>, SealError> {
    URL_SAFE_NO_PAD
        .decode(body)
        .map_err(|_| SealError::Malformed)
}

/// What the seal binds besides the plaintext: version, purpose, key, and the context in order.
///
/// Every part goes in behind its length, so no two lists of parts give the same bytes.
fn bound(purpose: Purpose, id: &SealingKeyId, context: &[&str]) -> Result<Vec<u8>, SealError> {
    let mut bound = Vec::new();
    for part in [VERSION, purpose.label(), id.as_str()]
        .iter()
        .chain(context)
    {
        let length = u32::try_from(part.len()).map_err(|_| SealError::TooLong)?;
        bound.extend_from_slice(&length.to_be_bytes());
        bound.extend_from_slice(part.as_bytes());
    }
    Ok(bound)
}

#[cfg(test)]
mod tests;
