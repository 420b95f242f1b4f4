//! From a token to a fact.
//!
//! The order is the documented one: whose token is this, did they sign it, is it well formed, is it
//! still good. The caller says what it expects before the token is opened; nothing in the token can
//! widen that.
//!
//! **Source**: Cognito identity reference, section 6.2; STS reference, section 2.6;
//! requirements S13 to S21.

use std::collections::BTreeMap;

use daypass_json::{Object, Value};

use super::compact::{self, Compact};
use super::{Algorithm, JwkError, KeySet, TAGS_CLAIM};

/// How far in the future `iat` and `nbf` may lie, in seconds.
///
/// **Source**: requirement S21; STS reference, section 2.6 step 6.
pub const FUTURE_SKEW_SECONDS: i64 = 300;
/// How many keys of one name are tried. **Source**: requirement S15.
const KEYS_TRIED_MAX: usize = 4;

/// What a token must be to be believed; fixed before it is read.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'e> {
    /// The issuer, compared with `iss` byte for byte.
    pub issuer: &'e str,
    /// The algorithms this issuer may use.
    pub algorithms: &'e [Algorithm],
    /// How long after `exp` a token is still taken: 0 for our own, 300 for other issuers.
    pub leeway_seconds: i64,
    /// The longest `exp - iat`; with a bound, `iat` is required.
    pub max_lifetime: Option<i64>,
}

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TokenError {
    /// Not a signed token in compact form, or one that tries to steer its own verification.
    #[error("malformed token: {0}")]
    Malformed(&'static str),
    /// The algorithm is unknown, not allowed for this issuer, or not that of the key.
    #[error("the token's algorithm is not accepted")]
    AlgorithmRefused,
    /// `iss` is not the expected issuer.
    #[error("the token comes from another issuer")]
    IssuerMismatch,
    /// The issuer has no key of that name.
    #[error("the token names no key of its issuer")]
    UnknownKey,
    /// The issuer publishes the named key, but in a form that cannot be used.
    #[error("the issuer's key cannot be used: {0}")]
    UnusableKey(JwkError),
    /// The signature does not verify.
    #[error("the token's signature does not verify")]
    BadSignature,
    /// A required claim is absent.
    #[error("missing a required claim: {0}")]
    MissingClaim(&'static str),
    /// A claim is of the wrong type, empty, or holds a value this kind of token must not have.
    #[error("claim `{0}` is not acceptable")]
    WrongClaim(&'static str),
    /// The audience, or the authorized party, is not one of the configured client ids.
    #[error("the token is meant for another audience")]
    AudienceRefused,
    /// `exp` has come.
    #[error("token expired: `{now}` >= `{expires_at}`")]
    Expired {
        /// The time of the request.
        now: i64,
        /// The token's `exp`.
        expires_at: i64,
    },
    /// `iat` or `nbf` lies further ahead than clocks may differ.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// `exp - iat` is longer than this issuer's tokens may live.
    #[error("the token lives longer than allowed")]
    LifetimeTooLong,
}

/// A token whose issuer, signature, form and time were checked.
///
/// Holding one is the proof; only [`verify`] makes it. Whom it is meant for is not checked here:
/// that is for the login it is presented as.
///
/// ```compile_fail,E0451
/// use daypass_proof::jwt::VerifiedToken;
///
/// fn forge(token: VerifiedToken) -> VerifiedToken {
///     VerifiedToken { subject: "someone else".to_owned(), ..token }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedToken {
    issuer: String,
    subject: String,
    audience: Vec<String>,
    authorized_party: Option<String>,
    amr: Vec<String>,
    principal_tags: BTreeMap<String, String>,
    transitive_tag_keys: Vec<String>,
    expires_at: i64,
    issued_at: Option<i64>,
    claims: Object,
}

impl VerifiedToken {
    /// `iss`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// `aud`, whether it was written as a string or as an array; never empty.
    pub fn audience(&self) -> &[String] {
        &self.audience
    }

    /// `azp`.
    pub fn authorized_party(&self) -> Option<&str> {
        self.authorized_party.as_deref()
    }

    /// `amr`; empty if the token has none.
    pub fn amr(&self) -> &[String] {
        &self.amr
    }

    /// The principal tags, each with its one value.
    pub fn principal_tags(&self) -> &BTreeMap<String, String> {
        &self.principal_tags
    }

    /// The keys of the tags that follow a chained session.
    pub fn transitive_tag_keys(&self) -> &[String] {
        &self.transitive_tag_keys
    }

    /// `exp`, in seconds since 1970.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// `iat`, in seconds since 1970; always present where a lifetime was expected.
    pub fn issued_at(&self) -> Option<i64> {
        self.issued_at
    }

    /// Any claim, by name.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// All claims, by name.
    pub fn claims(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.claims.iter()
    }
}

/// Checks a token against what was expected of it.
///
/// **Units and limits**: `now` in seconds since 1970; a token of at most 50,000 bytes.
///
/// **Errors**: [`TokenError`], the first check that fails in the order of this file.
pub fn verify(
    token: &str,
    keys: &KeySet,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<VerifiedToken, TokenError> {
    let compact = compact::parse(token)?;
    if !expectation.algorithms.contains(&compact.algorithm) {
        return Err(TokenError::AlgorithmRefused);
    }
    if required_text(&compact.claims, "iss")? != expectation.issuer {
        return Err(TokenError::IssuerMismatch);
    }
    check_signature(&compact, keys)?;
    let not_before = integer(&compact.claims, "nbf")?;
    let verified = read_claims(compact.claims)?;
    check_time(&verified, not_before, expectation, now)?;
    Ok(verified)
}

fn check_signature(compact: &Compact<'_>, keys: &KeySet) -> Result<(), TokenError> {
    let wanted = compact.key_id.as_deref();
    let named = |id: Option<&str>| match wanted {
        Some(wanted) => id == Some(wanted),
        // Without a name the choice must not be the token's: the issuer has one key, or none fits.
        None => keys.keys().len() == 1,
    };
    let candidates = keys.keys().iter();
    let mut candidates = candidates
        .filter(|key| named(key.key_id().map(super::KeyId::as_str)))
        .peekable();
    if candidates.peek().is_none() {
        let mut unusable = keys
            .set_aside()
            .iter()
            .filter(|(id, _)| id.as_deref() == wanted);
        let reason = unusable.next().filter(|_| wanted.is_some());
        return Err(reason.map_or(TokenError::UnknownKey, |(_, why)| {
            TokenError::UnusableKey(*why)
        }));
    }
    let mut fitting = candidates
        .filter(|key| key.fits(compact.algorithm))
        .peekable();
    if fitting.peek().is_none() {
        return Err(TokenError::AlgorithmRefused);
    }
    let verifies = |key: &super::Jwk| {
        key.verifies(compact.algorithm, compact.signing_input, &compact.signature)
    };
    if fitting.take(KEYS_TRIED_MAX).any(verifies) {
        Ok(())
    } else {
        Err(TokenError::BadSignature)
    }
}

fn check_time(
    token: &VerifiedToken,
    not_before: Option<i64>,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<(), TokenError> {
    let expires_at = token.expires_at;
    if now >= expires_at.saturating_add(expectation.leeway_seconds) {
        return Err(TokenError::Expired { now, expires_at });
    }
    let latest = now.saturating_add(FUTURE_SKEW_SECONDS);
    if [token.issued_at, not_before]
        .into_iter()
        .flatten()
        .any(|time| time > latest)
    {
        return Err(TokenError::NotYetValid);
    }
    let Some(longest) = expectation.max_lifetime else {
        return Ok(());
    };
    let issued_at = token.issued_at.ok_or(TokenError::MissingClaim("iat"))?;
    match expires_at.checked_sub(issued_at) {
        Some(lifetime) if lifetime > longest => Err(TokenError::LifetimeTooLong),
        None => Err(TokenError::LifetimeTooLong),
        Some(lifetime) if lifetime <= 0 => Err(TokenError::WrongClaim("exp")),
        Some(_) => Ok(()),
    }
}

/// Gives every registered claim its type; a claim of another type is refused, never ignored.
fn read_claims(claims: Object) -> Result<VerifiedToken, TokenError> {
    let (principal_tags, transitive_tag_keys) = tags(&claims)?;
    Ok(VerifiedToken {
        issuer: required_text(&claims, "iss")?.to_owned(),
        subject: required_text(&claims, "sub")?.to_owned(),
        audience: audience(&claims)?,
        authorized_party: optional_text(&claims, "azp")?.map(str::to_owned),
        amr: match claims.get("amr") {
            None => Vec::new(),
            Some(list) => texts(list).ok_or(TokenError::WrongClaim("amr"))?,
        },
        principal_tags,
        transitive_tag_keys,
        expires_at: integer(&claims, "exp")?.ok_or(TokenError::MissingClaim("exp"))?,
        issued_at: integer(&claims, "iat")?,
        claims,
    })
}

fn required_text<'o>(claims: &'o Object, name: &'static str) -> Result<&'o str, TokenError> {
    optional_text(claims, name)?.ok_or(TokenError::MissingClaim(name))
}

fn optional_text<'o>(
    claims: &'o Object,
    name: &'static str,
) -> Result<Option<&'o str>, TokenError> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => plain_text(value)
            .map(Some)
            .ok_or(TokenError::WrongClaim(name)),
    }
}

/// A non-empty string without NUL, which no identifier may hold. **Source**: requirement S08.
fn plain_text(value: &Value) -> Option<&str> {
    value
        .as_str()
        .filter(|text| !text.is_empty() && !text.contains('\0'))
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let elements = value.as_array()?.iter();
    elements
        .map(|element| plain_text(element).map(str::to_owned))
        .collect()
}

fn integer(claims: &Object, name: &'static str) -> Result<Option<i64>, TokenError> {
    match claims.get(name) {
        None => Ok(None),
        Some(Value::Integer(number)) => Ok(Some(*number)),
        Some(_) => Err(TokenError::WrongClaim(name)),
    }
}

fn audience(claims: &Object) -> Result<Vec<String>, TokenError> {
    let value = claims.get("aud").ok_or(TokenError::MissingClaim("aud"))?;
    let audience = match plain_text(value) {
        Some(one) => Some(vec![one.to_owned()]),
        None => texts(value),
    };
    audience
        .filter(|list| !list.is_empty())
        .ok_or(TokenError::WrongClaim("aud"))
}

type Tags = (BTreeMap<String, String>, Vec<String>);

/// Reads the tags claim: each value a string, or an array of one string.
///
/// **Source**: STS reference, section 2.9.
fn tags(claims: &Object) -> Result<Tags, TokenError> {
    let Some(claim) = claims.get(TAGS_CLAIM) else {
        return Ok(Tags::default());
    };
    read_tags(claim).ok_or(TokenError::WrongClaim(TAGS_CLAIM))
}

fn read_tags(claim: &Value) -> Option<Tags> {
    let claim = claim.as_object()?;
    let mut tags = BTreeMap::new();
    let listed = claim
        .get("principal_tags")
        .map(|list| list.as_object().ok_or(()));
    for (key, value) in listed.transpose().ok()?.into_iter().flat_map(Object::iter) {
        let value = match value {
            Value::Array(values) => values.first().filter(|_| values.len() == 1)?,
            single => single,
        };
        tags.insert(key.to_owned(), value.as_str()?.to_owned());
    }
    let transitive = match claim.get("transitive_tag_keys") {
        None => Vec::new(),
        Some(list) => texts(list)?,
    };
    Some((tags, transitive))
}

#[cfg(test)]
mod tests;
