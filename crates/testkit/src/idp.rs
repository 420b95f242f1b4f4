//! Identity providers of a test: what they sign, and the outside world that a house calls.
//!
//! An [`Idp`] is an OpenID Connect provider with keys of its own: it makes tokens, and the two
//! documents that a provider publishes. An [`Outside`] is everything a house in a test can reach: a
//! table of documents by URL. A whole scene is
//!
//! ```
//! use daypass_testkit::idp::{Idp, Outside};
//!
//! let outside = Outside::default(); // in a house: `house.outside`
//! let idp = Idp::at("https://id.example.com");
//! outside.publish(&idp);
//! let token = idp.id_token("client-1", "user-1", 1_700_000_000);
//! assert_eq!(token.split('.').count(), 3);
//! ```
//!
//! **Source**: OpenID Connect Core 1.0, section 2; OpenID Connect Discovery 1.0, section 4.

#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a provider that cannot sign ends the test that wanted it"
)]

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use async_trait::async_trait;
use daypass_proof::jwt::{KeyId, PublicKey, SigningKey};
use daypass_service::{Outbound, OutboundDocument, OutboundError, OutboundRequest};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::forge::{self, Hand};

/// How long the tokens of a provider live, in seconds.
pub const TOKEN_SECONDS: i64 = 3_600;

/// An OpenID Connect provider: an issuer, its keys, the tokens it signs.
#[derive(Debug)]
pub struct Idp {
    issuer: String,
    keys: Mutex<Vec<Key>>,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    name: usize,
    made: usize,
}

impl Idp {
    /// A provider whose tokens say this `iss`, with one key, `key-1`.
    pub fn at(issuer: &str) -> Self {
        Self {
            issuer: issuer.to_owned(),
            keys: Mutex::new(vec![Key { name: 1, made: 0 }]),
        }
    }

    /// The `iss` of its tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Its name in ARNs and `Logins`: host and path.
    pub fn name(&self) -> &str {
        let issuer = self.issuer.split_once("://");
        issuer.map_or(self.issuer.as_str(), |(_, name)| name)
    }

    /// An ID token for a client and a user, made at `now_seconds` and good for an hour.
    pub fn id_token(&self, audience: &str, subject: &str, now_seconds: i64) -> String {
        self.token(&json!({
            "aud": audience,
            "sub": subject,
            "iat": now_seconds,
            "exp": now_seconds.saturating_add(TOKEN_SECONDS),
        }))
    }

    /// A token of exactly these claims, and `iss` if they do not have one, signed with the newest
    /// key.
    pub fn token(&self, claims: &Value) -> String {
        let mut claims = claims.clone();
        if let Some(claims) = claims.as_object_mut() {
            let issuer = || Value::from(self.issuer.clone());
            claims.entry("iss").or_insert_with(issuer);
        }
        let key = *self.lock().last().expect("a provider has a key");
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": key.id().as_str()});
        let token = forge::token(
            &header.to_string(),
            &claims.to_string(),
            Hand::Rs256(key.pkcs8()),
        );
        token.expect("the provider signs")
    }

    /// From now on tokens are signed with another key, `key-2` and so on; the older keys stay
    /// published.
    pub fn add_key(&self) {
        let mut keys = self.lock();
        let name = keys.last().map_or(1, |key| key.name + 1);
        let made = name.saturating_sub(1) % PAIRS;
        keys.push(Key { name, made });
    }

    /// Only the newest key stays published.
    pub fn drop_old_keys(&self) {
        let mut keys = self.lock();
        let old = keys.len().saturating_sub(1);
        keys.drain(..old);
    }

    /// Its key set, as it publishes it.
    pub fn key_set(&self) -> String {
        let keys = self.lock();
        let keys: Vec<Value> = keys.iter().map(|key| key.published()).collect();
        json!({ "keys": keys }).to_string()
    }

    /// Its OpenID configuration, as it publishes it.
    pub fn configuration(&self) -> String {
        let issuer = &self.issuer;
        json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/keys"),
            "authorization_endpoint": format!("{issuer}/authorize"),
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        })
        .to_string()
    }

    /// The URLs it answers, each with its document: its configuration, its keys, and its keys
    /// where user pools have them.
    pub fn documents(&self) -> [(String, String); 3] {
        let url = |path: &str| format!("{}/{path}", self.issuer);
        [
            (
                url(".well-known/openid-configuration"),
                self.configuration(),
            ),
            (url("keys"), self.key_set()),
            (url(".well-known/jwks.json"), self.key_set()),
        ]
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Key>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Pairs of keys that all providers of one test program share, as making one takes long. Another
/// provider's first key is the same pair as this one's: what tells them apart is the issuer.
const PAIRS: usize = 3;

fn pair(number: usize) -> &'static (Zeroizing<Vec<u8>>, PublicKey) {
    static MADE: [OnceLock<(Zeroizing<Vec<u8>>, PublicKey)>; PAIRS] =
        [OnceLock::new(), OnceLock::new(), OnceLock::new()];
    let place = MADE.get(number).expect("a pair of this number");
    place.get_or_init(|| {
        let key = SigningKey::generate().expect("a key");
        let public = key.public_key().clone();
        (key.to_pkcs8().expect("its private form"), public)
    })
}

impl Key {
    fn id(self) -> KeyId {
        let name = format!("key-{}", self.name);
        name.parse().expect("a key id")
    }

    fn pkcs8(self) -> &'static [u8] {
        &pair(self.made).0
    }

    fn published(self) -> Value {
        let public = &pair(self.made).1;
        json!({
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.id().as_str(),
            "n": public.n(),
            "e": public.e(),
        })
    }
}

/// Everything a house in a test can call: documents by URL, and what was asked for.
#[derive(Debug, Default)]
pub struct Outside {
    answers: Mutex<BTreeMap<String, (u16, String)>>,
    asked: Mutex<Vec<OutboundRequest>>,
}

impl Outside {
    /// Puts a provider's documents as they are now.
    pub fn publish(&self, idp: &Idp) {
        for (url, document) in idp.documents() {
            self.put(&url, 200, &document);
        }
    }

    /// From now on `url` answers this; the query of a request must match, too.
    pub fn put(&self, url: &str, status: u16, body: &str) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.insert(url.to_owned(), (status, body.to_owned()));
    }

    /// From now on nobody answers at any URL that begins so.
    pub fn silence(&self, beginning: &str) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.retain(|url, _| !url.starts_with(beginning));
    }

    /// What was asked for until now, in order.
    pub fn asked(&self) -> Vec<OutboundRequest> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

#[async_trait]
impl Outbound for Outside {
    async fn fetch(&self, request: OutboundRequest) -> Result<OutboundDocument, OutboundError> {
        let answer = {
            let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
            answers.get(&request.url).cloned()
        };
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(request);
        let (status, body) = answer.ok_or(OutboundError("nobody answers there".to_owned()))?;
        Ok(OutboundDocument {
            status,
            body: body.into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use daypass_proof::jwt::KeySet;

    use super::*;

    #[test]
    fn a_provider_publishes_the_keys_it_signs_with() {
        let idp = Idp::at("https://id.example.com/x");
        assert_eq!(idp.name(), "id.example.com/x");
        let names = |idp: &Idp| {
            let set = KeySet::parse(idp.key_set().as_bytes()).unwrap();
            let names = set.keys().iter().filter_map(|key| key.key_id().cloned());
            names.map(|name| name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&idp), ["key-1"]);
        idp.add_key();
        assert_eq!(names(&idp), ["key-1", "key-2"]);
        idp.drop_old_keys();
        assert_eq!(names(&idp), ["key-2"]);
        let (header, claims) = forge::read(&idp.id_token("c", "u", 10)).unwrap();
        assert_eq!(header["kid"], "key-2");
        assert_eq!(claims["iss"], "https://id.example.com/x");
        assert_eq!(claims["exp"], 10 + TOKEN_SECONDS);
    }

    #[tokio::test]
    async fn the_outside_answers_what_was_put_there() {
        let outside = Outside::default();
        let ask = || outside.fetch(OutboundRequest::get("https://a.example/x"));
        assert!(ask().await.is_err());
        outside.put("https://a.example/x", 404, "gone");
        assert_eq!(ask().await.unwrap().status, 404);
        outside.silence("https://a.example");
        assert!(ask().await.is_err());
        assert_eq!(outside.asked().len(), 3);
    }
}
