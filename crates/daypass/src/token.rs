//! A token taken apart for a person: what it says, in words, and whether it is good.
//!
//! People paste what they have at hand, and sometimes that is a secret. Such a text is refused
//! before anything is made of it, and no message repeats it. What a token says proves nothing until
//! its signature is checked against the published keys; [`verify`] does that with the same rule as
//! the service.
//!
//! **Source**: Cognito identity reference, sections 4.3 to 4.6; RFC 7515; RFC 7519.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use daypass_proof::jwt::{
    self, Algorithm, Expectation, KeySet, LIFETIME_SECONDS_MAX, POOL_ARN_CLAIM, TAGS_CLAIM,
    TOKEN_BYTES_MAX, TokenError,
};
use serde_json::{Map, Value};

/// The form of the secret half of an access key, in characters.
const SECRET_CHARS: usize = 40;

/// Why a text is not shown as a token.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum NotAToken {
    /// There is nothing.
    #[error("there is no token to look at")]
    Empty,
    /// It is, or holds, a secret access key.
    #[error(
        "this looks like a secret access key, not a token; it was not kept. Treat it as known to \
         others: make a new key and delete this one"
    )]
    SecretAccessKey,
    /// It is the name of an access key.
    #[error("this is an access key id, not a token")]
    AccessKeyId,
    /// It has no form of a token.
    #[error("this is not a token: {0}")]
    Malformed(&'static str),
}

/// One part of a token.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Claim {
    /// Its name as it stands.
    pub(crate) name: String,
    /// Its value for the eye: lists joined by commas, times as numbers.
    pub(crate) value: String,
    /// What it means; empty for what we have no words for.
    pub(crate) meaning: &'static str,
}

/// A token taken apart; nothing of it is verified.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Token {
    /// The header as it stands.
    pub(crate) header: Map<String, Value>,
    /// The claims as they stand.
    pub(crate) claims: Map<String, Value>,
}

/// Where a token stands in time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Life {
    /// It ends in so many seconds.
    Remaining(i64),
    /// It ended so many seconds ago.
    Expired(i64),
    /// It says of no end.
    Endless,
}

/// Takes a text apart.
pub(crate) fn read(text: &str) -> Result<Token, NotAToken> {
    let text = text.trim();
    refuse_secrets(text)?;
    if text.len() > TOKEN_BYTES_MAX {
        return Err(NotAToken::Malformed("it is longer than any token"));
    }
    let segments: Vec<&str> = text.split('.').collect();
    let [header, payload, _signature] = segments.as_slice() else {
        return Err(NotAToken::Malformed(
            "a token has three parts with dots between them",
        ));
    };
    Ok(Token {
        header: object(header)?,
        claims: object(payload)?,
    })
}

fn refuse_secrets(text: &str) -> Result<(), NotAToken> {
    if text.is_empty() {
        return Err(NotAToken::Empty);
    }
    let names = ["secretkey", "secretaccesskey", "secret_access_key"];
    let plain = text.to_ascii_lowercase();
    if names.iter().any(|name| plain.contains(name)) {
        return Err(NotAToken::SecretAccessKey);
    }
    let secret = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    if text.chars().count() == SECRET_CHARS && text.chars().all(secret) {
        return Err(NotAToken::SecretAccessKey);
    }
    let id = ["AKIA", "ASIA"].iter().any(|start| text.starts_with(start));
    if id && text.len() <= 128 && text.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(NotAToken::AccessKeyId);
    }
    Ok(())
}

fn object(segment: &str) -> Result<Map<String, Value>, NotAToken> {
    let bytes = URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| NotAToken::Malformed("a part is not base64url; was it copied whole?"))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| NotAToken::Malformed("a part does not hold a JSON object"))
}

impl Token {
    /// The header, member by member.
    pub(crate) fn header_rows(&self) -> Vec<Claim> {
        rows(&self.header, &["kid", "alg", "typ"])
    }

    /// The claims, the ones that matter most first.
    pub(crate) fn claim_rows(&self) -> Vec<Claim> {
        let order = ["sub", "aud", "amr", TAGS_CLAIM, "iss", "exp", "iat"];
        rows(&self.claims, &order)
    }

    /// A claim that is a text.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.claims.get(name)?.as_str()
    }

    /// Where it stands in time at `now`, in seconds since the epoch.
    pub(crate) fn life(&self, now: i64) -> Life {
        match self.claims.get("exp").and_then(Value::as_i64) {
            None => Life::Endless,
            Some(end) if end > now => Life::Remaining(end.saturating_sub(now)),
            Some(end) => Life::Expired(now.saturating_sub(end)),
        }
    }
}

impl std::fmt::Display for Life {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Remaining(seconds) => write!(formatter, "expires in {}", span(*seconds)),
            Self::Expired(seconds) => write!(formatter, "expired {} ago", span(*seconds)),
            Self::Endless => formatter.write_str("has no end"),
        }
    }
}

/// A span of time as people read it, like `59m58s`.
pub(crate) fn span(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    let seconds = seconds % 60;
    match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds:02}s"),
        (1..=47, _) => format!("{hours}h{minutes:02}m"),
        _ => format!("{}d", hours / 24),
    }
}

fn rows(members: &Map<String, Value>, order: &[&str]) -> Vec<Claim> {
    let known = order.iter().filter_map(|name| members.get_key_value(*name));
    let others = members
        .iter()
        .filter(|(name, _)| !order.contains(&name.as_str()));
    known
        .chain(others)
        .map(|(name, value)| Claim {
            name: name.clone(),
            value: shown(value),
            meaning: meaning(name),
        })
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn meaning(name: &str) -> &'static str {
    match name {
        "sub" => "the identity id: whose token this is",
        "aud" => "the identity pool the token is for",
        "amr" => "how the identity logged in: with a login or as a guest, and with which login",
        "iss" => "who issued it",
        "exp" => "when it ends, in seconds since 1970",
        "iat" => "when it was issued, in seconds since 1970",
        "nbf" => "from when on it is good, in seconds since 1970",
        "kid" => "which published key signed it",
        "alg" => "how it is signed",
        "typ" => "what kind of document it is",
        TAGS_CLAIM => "principal tags, for policies to ask about",
        POOL_ARN_CLAIM => "the identity pool by its full name",
        _ => "",
    }
}

/// Why a token is not good.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Unverified {
    /// It is no token.
    #[error("{0}")]
    NotAToken(#[from] NotAToken),
    /// The published keys do not read.
    #[error("the published keys do not read: {0}")]
    Keys(String),
    /// The rule refuses it.
    #[error("{0}")]
    Refused(#[from] TokenError),
}

/// Checks a token of a daypass against its published keys and issuer, as the service does.
pub(crate) fn verify(
    text: &str,
    key_set: &[u8],
    issuer: &str,
    now: i64,
) -> Result<Token, Unverified> {
    let token = read(text)?;
    let keys = KeySet::parse(key_set).map_err(|error| Unverified::Keys(error.to_string()))?;
    let expectation = Expectation {
        issuer,
        algorithms: &[Algorithm::Rs512],
        leeway_seconds: 0,
        max_lifetime: Some(LIFETIME_SECONDS_MAX),
    };
    jwt::verify(text.trim(), &keys, &expectation, now)?;
    Ok(token)
}

#[cfg(test)]
mod tests;
