//! Our own tokens, written exactly as Cognito identity pools write them.
//!
//! Clients, other services and forwarded provider strings depend on the letter of these tokens:
//! `typ` is `JWS`, the members stand in one order, `aud` is a string and each tag value an array of
//! one. A general library does not promise that, so the text is written here and only the
//! cryptography is borrowed.
//!
//! **Source**: Cognito identity reference, section 4.3.

use std::collections::BTreeMap;
use std::fmt;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA512, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use super::{Algorithm, Jwk, JwkError, KeyId, POOL_ARN_CLAIM, TAGS_CLAIM};

/// The longest life of a token of ours, in seconds.
///
/// **Source**: `TokenDuration` of GetOpenIdTokenForDeveloperIdentity.
pub const LIFETIME_SECONDS_MAX: i64 = 86_400;

/// Why a token could not be issued.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum IssueError {
    /// The token would expire before it begins, or live longer than a day.
    #[error("a token lives from 1 to 86400 seconds")]
    Lifetime,
    /// The cryptography library could not make a key or a signature.
    #[error("the key could not be made or used")]
    Crypto,
    /// The bytes are no RSA private key, or one that we would not accept from others.
    #[error("not an acceptable RSA private key")]
    Key,
}

/// The private key that signs our tokens, parsed once and shared between threads.
pub struct SigningKey {
    pair: KeyPair,
    public: PublicKey,
}

/// The public half of a [`SigningKey`].
///
/// **Shape**: `kty` is `RSA`; [`n`](Self::n) and [`e`](Self::e) as in a published key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicKey {
    modulus: Vec<u8>,
    exponent: Vec<u8>,
}

impl PublicKey {
    /// The modulus in unpadded base64url.
    pub fn n(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.modulus)
    }

    /// The public exponent in unpadded base64url.
    pub fn e(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.exponent)
    }

    /// The key under a name, as we publish it.
    pub fn published_as(&self, key_id: KeyId) -> Result<Jwk, JwkError> {
        Jwk::new(
            Some(key_id),
            Some(Algorithm::Rs512),
            &self.modulus,
            &self.exponent,
        )
    }
}

impl SigningKey {
    /// Makes a new RSA key of 2,048 bits.
    ///
    /// The chance comes from the cryptography library's own generator; it takes none from outside.
    pub fn generate() -> Result<Self, IssueError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| IssueError::Crypto)?;
        Self::from_pair(pair)
    }

    /// Reads a private key in PKCS#8 form.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, IssueError> {
        Self::from_pair(KeyPair::from_pkcs8(der).map_err(|_| IssueError::Key)?)
    }

    /// The private key in PKCS#8 form, to be sealed before it is stored.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, IssueError> {
        let der = self.pair.as_der().map_err(|_| IssueError::Crypto)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half.
    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn from_pair(pair: KeyPair) -> Result<Self, IssueError> {
        let public = pair.public_key();
        let public = PublicKey {
            modulus: public.modulus().big_endian_without_leading_zero().to_vec(),
            exponent: public.exponent().big_endian_without_leading_zero().to_vec(),
        };
        // A key that verifiers would refuse must not sign.
        Jwk::new(None, None, &public.modulus, &public.exponent).map_err(|_| IssueError::Key)?;
        Ok(Self { pair, public })
    }

    /// Appends the signature to a signing input.
    pub(super) fn sign(
        &self,
        encoding: &'static dyn RsaEncoding,
        signing_input: String,
    ) -> Result<String, IssueError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        // PKCS#1 v1.5 signatures take no chance; the library ignores the generator it asks for.
        let unused = SystemRandom::new();
        self.pair
            .sign(encoding, &unused, signing_input.as_bytes(), &mut signature)
            .map_err(|_| IssueError::Crypto)?;
        let mut token = signing_input;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SigningKey(***)")
    }
}

/// What a token of ours says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TokenClaims {
    /// `sub`: the identity id.
    pub subject: String,
    /// `aud`: the identity pool id.
    pub audience: String,
    /// `amr`: `authenticated` or `unauthenticated`, then the logins used.
    pub amr: Vec<String>,
    /// Tags for the session; without any, the claim is left out.
    pub principal_tags: BTreeMap<String, String>,
    /// `iss`: the issuer, a URL.
    pub issuer: String,
    /// The ARN of the identity pool.
    pub pool_arn: String,
    /// `exp`, in seconds since 1970.
    pub expires_at: i64,
    /// `iat`, in seconds since 1970.
    pub issued_at: i64,
}

impl TokenClaims {
    /// The payload, compact and in the documented order.
    fn to_json(&self) -> String {
        let mut members = vec![
            format!(r#""sub":{}"#, quoted(&self.subject)),
            format!(r#""aud":{}"#, quoted(&self.audience)),
            format!(
                r#""amr":[{}]"#,
                joined(self.amr.iter().map(|element| quoted(element)))
            ),
        ];
        if !self.principal_tags.is_empty() {
            let tags = self.principal_tags.iter();
            let tags = tags.map(|(key, value)| format!("{}:[{}]", quoted(key), quoted(value)));
            members.push(format!(
                r#""{TAGS_CLAIM}":{{"principal_tags":{{{}}}}}"#,
                joined(tags)
            ));
        }
        members.push(format!(r#""iss":{}"#, quoted(&self.issuer)));
        members.push(format!(r#""{POOL_ARN_CLAIM}":{}"#, quoted(&self.pool_arn)));
        members.push(format!(r#""exp":{}"#, self.expires_at));
        members.push(format!(r#""iat":{}"#, self.issued_at));
        format!("{{{}}}", members.join(","))
    }
}

/// Signs a token: RS512, with the three header members AWS writes.
///
/// **Errors**: [`IssueError::Lifetime`] if the claims do not live 1 to 86,400 seconds.
pub fn issue(key: &SigningKey, key_id: &KeyId, claims: &TokenClaims) -> Result<String, IssueError> {
    // INVARIANT: no token of ours outlives its maximum, whatever the caller computed.
    match claims.expires_at.checked_sub(claims.issued_at) {
        Some(1..=LIFETIME_SECONDS_MAX) => {}
        _ => return Err(IssueError::Lifetime),
    }
    let header = format!(
        r#"{{"kid":{},"typ":"JWS","alg":"RS512"}}"#,
        quoted(key_id.as_str())
    );
    let mut signing_input = URL_SAFE_NO_PAD.encode(header);
    signing_input.push('.');
    URL_SAFE_NO_PAD.encode_string(claims.to_json(), &mut signing_input);
    key.sign(&RSA_PKCS1_SHA512, signing_input)
}

/// A JSON string, quoted and escaped.
pub(super) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;
