//! The compact form of a signed token: three segments, one spelling, a header without surprises.
//!
//! This file takes a token apart and believes nothing in it. It exists so that everything a
//! header could use to steer its own verification (a foreign key, an extension, an encryption
//! layer, a second spelling of the same bytes) is refused before a key is even chosen.
//!
//! **Source**: RFC 7515 sections 3.1, 4.1 and 7.1; RFC 8725; requirements S13, S14, S19, S20.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_json::{Bounds, Object, Value, parse as parse_json};

use super::TokenError;
use super::jwk::KEY_ID_BYTES_MAX;

/// The longest token we read.
///
/// **Source**: limits table, login token 50,000 characters.
pub const TOKEN_BYTES_MAX: usize = 50_000;
/// The longest header, decoded. **Source**: requirement S20.
const HEADER_BYTES_MAX: usize = 4_096;
/// The longest RSA signature: that of the largest key we accept, 8,192 bits.
const SIGNATURE_BYTES_MAX: usize = 1_024;

/// A signature algorithm this verifier can check.
///
/// HMAC and `none` have no variant, so no configuration can switch them on.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

impl Algorithm {
    /// The algorithms of RSA keys, the allow-list of an ordinary OpenID Connect issuer.
    pub const RSA: [Self; 3] = [Self::Rs256, Self::Rs384, Self::Rs512];
    /// Every algorithm there is, the allow-list of an issuer for which curves are switched on.
    pub const ALL: [Self; 5] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Es256,
        Self::Es384,
    ];

    /// The name in a header or a key set. Names are case-sensitive.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.name() == name)
    }
}

/// A token taken apart; nothing in it is verified yet.
#[derive(Debug)]
pub(super) struct Compact<'t> {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) claims: Object,
    /// The bytes the signature covers: the first two segments as received.
    pub(super) signing_input: &'t [u8],
    pub(super) signature: Vec<u8>,
}

/// Takes a compact token apart.
///
/// **Errors**: [`TokenError::Malformed`] and [`TokenError::AlgorithmRefused`].
pub(super) fn parse(token: &str) -> Result<Compact<'_>, TokenError> {
    if token.len() > TOKEN_BYTES_MAX {
        return Err(TokenError::Malformed("longer than 50,000 characters"));
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(NOT_THREE_SEGMENTS)?;
    let (header, payload) = signing_input.split_once('.').ok_or(NOT_THREE_SEGMENTS)?;
    if payload.contains('.') || [header, payload, signature].contains(&"") {
        return Err(NOT_THREE_SEGMENTS);
    }
    let header = parse_object(&decode(header, HEADER_BYTES_MAX)?)?;
    refuse_steering(&header)?;
    let algorithm = algorithm(&header)?;
    let key_id = key_id(&header)?;
    let claims = parse_object(&decode(payload, TOKEN_BYTES_MAX)?)?;
    Ok(Compact {
        algorithm,
        key_id,
        claims,
        signing_input: signing_input.as_bytes(),
        signature: decode(signature, SIGNATURE_BYTES_MAX)?,
    })
}

/// The issuer a token claims to come from.
///
/// It proves nothing: it only says whose keys to fetch before [`super::verify`] is asked.
pub fn claimed_issuer(token: &str) -> Result<String, TokenError> {
    match parse(token)?.claims.get("iss") {
        Some(Value::String(issuer)) if !issuer.is_empty() => Ok(issuer.clone()),
        Some(_) => Err(TokenError::WrongClaim("iss")),
        None => Err(TokenError::MissingClaim("iss")),
    }
}

/// The name of the key a token claims to be signed with, if it names one.
///
/// It proves nothing: it only says whether the keys at hand may be too old.
pub fn claimed_key_id(token: &str) -> Result<Option<String>, TokenError> {
    Ok(parse(token)?.key_id)
}

const NOT_THREE_SEGMENTS: TokenError = TokenError::Malformed("not three non-empty segments");

/// The engine refuses padding, white space, foreign characters and trailing bits that are not
/// zero, so that every byte string has exactly one accepted spelling.
fn decode(segment: &str, bytes_max: usize) -> Result<Vec<u8>, TokenError> {
    // Four characters carry three bytes; a longer segment is refused before it is decoded.
    if segment.len().div_ceil(4).saturating_mul(3) > bytes_max.saturating_add(3) {
        return Err(TokenError::Malformed("a segment is too long"));
    }
    let bytes = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| TokenError::Malformed("a segment is not base64url"))?;
    if bytes.len() > bytes_max {
        return Err(TokenError::Malformed("a segment is too long"));
    }
    Ok(bytes)
}

fn parse_object(json: &[u8]) -> Result<Object, TokenError> {
    match parse_json(json, &Bounds::WIRE) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(TokenError::Malformed("a segment is not a JSON object")),
        Err(_) => Err(TokenError::Malformed("a segment is not strict JSON")),
    }
}

/// Refuses every header member that would let a token choose how it is verified or read.
///
/// `x5t` and `x5t#S256` only name a certificate and are common in honest tokens; they are ignored.
fn refuse_steering(header: &Object) -> Result<(), TokenError> {
    if ["jwk", "jku", "x5u", "x5c"]
        .iter()
        .any(|name| header.get(name).is_some())
    {
        return Err(TokenError::Malformed("the header brings a key of its own"));
    }
    if ["crit", "b64"]
        .iter()
        .any(|name| header.get(name).is_some())
    {
        return Err(TokenError::Malformed("the header asks for an extension"));
    }
    if ["enc", "zip", "cty"]
        .iter()
        .any(|name| header.get(name).is_some())
    {
        return Err(TokenError::Malformed("encrypted, compressed or nested"));
    }
    match header.get("typ") {
        None => Ok(()),
        // A logout token (`logout+jwt`) or an access token (`at+jwt`) is another kind of proof.
        Some(Value::String(kind))
            if ["JWT", "JWS"].iter().any(|k| kind.eq_ignore_ascii_case(k)) =>
        {
            Ok(())
        }
        Some(_) => Err(TokenError::Malformed("`typ` is neither JWT nor JWS")),
    }
}

fn algorithm(header: &Object) -> Result<Algorithm, TokenError> {
    let name = header.get("alg").and_then(Value::as_str);
    let name = name.ok_or(TokenError::Malformed("`alg` is not a string"))?;
    Algorithm::from_name(name).ok_or(TokenError::AlgorithmRefused)
}

fn key_id(header: &Object) -> Result<Option<String>, TokenError> {
    match header.get("kid") {
        None => Ok(None),
        Some(Value::String(id)) if !id.is_empty() && id.len() <= KEY_ID_BYTES_MAX => {
            Ok(Some(id.clone()))
        }
        Some(_) => Err(TokenError::Malformed(
            "`kid` is not a string of 1 to 256 bytes",
        )),
    }
}

#[cfg(test)]
mod tests;
