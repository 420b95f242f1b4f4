//! Keys and tokens for the tests of this room.
//!
//! Keys are made once per run; none is written down anywhere.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use aws_lc_rs::signature::{RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Algorithm, Jwk, KeyId, KeySet, SigningKey, TokenClaims};

/// The time of every test: any moment will do.
pub(crate) const NOW: i64 = 1_754_668_527;
pub(crate) const ISSUER: &str = "https://cognito-identity.amazonaws.com";
pub(crate) const POOL: &str = "eu-west-1:d8cc0000-9fe3-45df-bfc8-52c800000000";
pub(crate) const IDENTITY: &str = "eu-west-1:04740000-202b-4d34-96b9-a36600000000";
/// The header of our own tokens.
pub(crate) const HEADER: &str = r#"{"kid":"eu-west-1-1","typ":"JWS","alg":"RS512"}"#;

static KEYS: LazyLock<[Arc<SigningKey>; 2]> =
    LazyLock::new(|| [(); 2].map(|()| Arc::new(SigningKey::generate().unwrap())));

/// The key that signs the tests' tokens.
pub(crate) fn key() -> &'static Arc<SigningKey> {
    &KEYS[0]
}

/// Another issuer's key.
pub(crate) fn other_key() -> &'static Arc<SigningKey> {
    &KEYS[1]
}

pub(crate) fn key_id() -> KeyId {
    "eu-west-1-1".parse().unwrap()
}

/// The set in which [`key`] is published, for RS512 only, as ours is.
pub(crate) fn key_set() -> KeySet {
    KeySet::new(vec![key().public_key().published_as(key_id()).unwrap()])
}

/// A key as another issuer publishes it, for any algorithm.
pub(crate) fn any_algorithm(key: &SigningKey, key_id: &str) -> Jwk {
    let json = format!(
        r#"{{"kty":"RSA","kid":"{key_id}","n":"{}","e":"{}"}}"#,
        key.public_key().n(),
        key.public_key().e()
    );
    let set = KeySet::parse(format!(r#"{{"keys":[{json}]}}"#).as_bytes()).unwrap();
    set.keys()[0].clone()
}

pub(crate) fn claims() -> TokenClaims {
    TokenClaims {
        subject: IDENTITY.to_owned(),
        audience: POOL.to_owned(),
        amr: vec![
            "authenticated".to_owned(),
            "login.mycompany.myapp".to_owned(),
            format!("login.mycompany.myapp:{POOL}:user-42"),
        ],
        principal_tags: BTreeMap::new(),
        issuer: ISSUER.to_owned(),
        pool_arn: format!("arn:aws:cognito-identity:eu-west-1:111122223333:identitypool/{POOL}"),
        expires_at: NOW + 900,
        issued_at: NOW,
    }
}

pub(crate) fn encoded(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

/// A validly signed RS512 token with any header and payload.
pub(crate) fn forge(header: &str, payload: &str) -> String {
    forge_with(key(), Algorithm::Rs512, header, payload)
}

/// A token signed by any key with any algorithm, whatever its header says.
pub(crate) fn forge_with(
    key: &SigningKey,
    algorithm: Algorithm,
    header: &str,
    payload: &str,
) -> String {
    let encoding: &'static dyn RsaEncoding = match algorithm {
        Algorithm::Rs256 => &RSA_PKCS1_SHA256,
        Algorithm::Rs384 => &RSA_PKCS1_SHA384,
        Algorithm::Rs512 => &RSA_PKCS1_SHA512,
        Algorithm::Es256 | Algorithm::Es384 => panic!("an RSA key signs on no curve"),
    };
    key.sign(
        encoding,
        format!("{}.{}", encoded(header), encoded(payload)),
    )
    .unwrap()
}

/// A payload in which one claim is replaced by a JSON text, or left out.
pub(crate) fn payload_with(name: &str, value: Option<&str>) -> String {
    let mut claims = vec![
        ("iss", format!("\"{ISSUER}\"")),
        ("sub", format!("\"{IDENTITY}\"")),
        ("aud", format!("\"{POOL}\"")),
        ("amr", r#"["authenticated"]"#.to_owned()),
        ("exp", (NOW + 900).to_string()),
        ("iat", NOW.to_string()),
    ];
    claims.retain(|(claim, _)| *claim != name);
    claims.extend(value.map(|value| (name, value.to_owned())));
    let members: Vec<_> = claims
        .iter()
        .map(|(name, value)| format!("\"{name}\":{value}"))
        .collect();
    format!("{{{}}}", members.join(","))
}
