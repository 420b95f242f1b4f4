//! Whether a token is good here, said in words, and what it can be used for.
//!
//! **Source**: users page, sections 5 (`token.*`) and 7 (S17); RFC 7515, section 5.2.

use bytes::Bytes;
use daypass_proof::jwt::TokenError;
use serde_json::Value;

use crate::api::CallError;
use crate::console::visit::Visit;
use crate::token::{self, Token, Unverified};

/// What a token is measured by: who issues here, and the keys that are published.
#[derive(Clone, Debug)]
pub(super) struct House {
    issuer: String,
    keys: Bytes,
}

/// What came of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    /// The look of the badge.
    pub(super) kind: &'static str,
    /// In one or two words.
    pub(super) title: &'static str,
    /// In a sentence or two.
    pub(super) text: String,
    /// What the token can be used for; empty if for nothing.
    pub(super) uses: Vec<String>,
    /// Whether it was issued here.
    pub(super) ours: bool,
}

impl House {
    /// The house that a visit is to.
    pub(super) async fn of(visit: &Visit) -> Result<Self, CallError> {
        let public = visit.api_as(None);
        Ok(Self {
            issuer: public.issuer().await?,
            keys: public.key_set().await?,
        })
    }

    /// Judges a token as the service would.
    pub(super) fn judge(&self, text: &str, token: &Token, now: i64) -> Verdict {
        match token::verify(text, &self.keys, &self.issuer, now) {
            Ok(token) => Verdict {
                kind: "ok",
                title: "Good",
                text: "One of the published keys of this instance signed it, and it has not ended."
                    .to_owned(),
                uses: uses(&token),
                ours: true,
            },
            Err(Unverified::Refused(error)) => self.refused(text, token, &error),
            Err(other) => bad("Not checked", other.to_string(), false),
        }
    }

    fn refused(&self, text: &str, token: &Token, error: &TokenError) -> Verdict {
        let issuer = token.text("iss").unwrap_or_default();
        let key = named(&token.header, "kid");
        match error {
            TokenError::Expired { .. } => Verdict {
                kind: "warn",
                title: "Ended",
                text: "The signature is good, but the token has ended. Let the client fetch a new \
                       one from your backend before this happens."
                    .to_owned(),
                uses: Vec::new(),
                ours: true,
            },
            TokenError::NotYetValid => bad(
                "Not valid yet",
                "The signature is good, but the token begins in the future: clocks differ.".into(),
                true,
            ),
            TokenError::IssuerMismatch => bad(
                "Another issuer",
                format!(
                    "It was issued by {issuer}, and this instance issues as {}. A token of a \
                     login provider is shown to GetId, and only if the pool knows the provider.",
                    self.issuer
                ),
                false,
            ),
            TokenError::UnknownKey => bad(
                "Unknown key",
                format!(
                    "It names the key {key}, and no current or past key of this instance has that \
                     id. It may come from another deployment with the same issuer."
                ),
                false,
            ),
            TokenError::BadSignature | TokenError::Malformed(_) if self.is_cut_off(text, &key) => {
                bad(
                    "Cut off",
                    "The end of the signature is missing: the token was not copied whole."
                        .to_owned(),
                    false,
                )
            }
            TokenError::BadSignature => bad(
                "Wrong signature",
                "The signature does not fit what the token says: it was changed, or made with \
                 another key of the same id."
                    .to_owned(),
                false,
            ),
            TokenError::AlgorithmRefused => bad(
                "Another kind of signature",
                format!(
                    "It is signed with {}; tokens of this instance are signed with RS512.",
                    named(&token.header, "alg")
                ),
                false,
            ),
            other => bad("Not a token of daypass", other.to_string(), false),
        }
    }

    /// Whether the signature is shorter than the key that it names makes them.
    fn is_cut_off(&self, text: &str, key: &str) -> bool {
        let set: Value = serde_json::from_slice(&self.keys).unwrap_or_default();
        let text_of = |one: &Value, name: &str| Some(one.get(name)?.as_str()?.to_owned());
        let keys = set.get("keys").and_then(Value::as_array).into_iter();
        let mut named = keys
            .flatten()
            .filter(|one| text_of(one, "kid").as_deref() == Some(key));
        let modulus = named.next().and_then(|one| text_of(one, "n"));
        let signature = text.trim().rsplit('.').next().unwrap_or_default();
        modulus.is_some_and(|modulus| signature.len() < modulus.len())
    }
}

fn bad(title: &'static str, text: String, ours: bool) -> Verdict {
    Verdict {
        kind: "bad",
        title,
        text,
        uses: Vec::new(),
        ours,
    }
}

fn named(members: &serde_json::Map<String, Value>, name: &str) -> String {
    let value = members.get(name).and_then(Value::as_str);
    value.unwrap_or("(none)").to_owned()
}

fn uses(token: &Token) -> Vec<String> {
    let identity = token.text("sub").unwrap_or_default();
    vec![
        format!(
            "GetCredentialsForIdentity: with IdentityId {identity}, and this token in Logins \
             under the key cognito-identity.amazonaws.com."
        ),
        "GetOpenIdToken: with the same identity id and Logins, if the pool allows the classic flow."
            .to_owned(),
        "AssumeRoleWithWebIdentity: for a role whose trust policy accepts this pool.".to_owned(),
        "Anybody who verifies tokens with the published keys of this instance.".to_owned(),
        "Not for GetId: the identity id is in the token already.".to_owned(),
    ]
}
