//! Our own tokens, coming back as a login or as a web identity.
//!
//! A token of ours names an identity, its pool, and how it was authenticated. It is taken without
//! any grace after `exp`: the clock that wrote it is the clock that reads it.
//!
//! **Source**: Cognito identity reference, sections 4.3 and 5.3; STS reference, section 8.7;
//! requirements S21, S22.

use crate::jwt::{
    Algorithm, Expectation, KeySet, LIFETIME_SECONDS_MAX, TokenError, VerifiedToken, verify as jwt,
};

/// The `Logins` key under which a token of ours is presented, and its provider name in STS.
pub const PROVIDER: &str = "cognito-identity.amazonaws.com";
/// The first `amr` element of a user who logged in.
pub const AUTHENTICATED: &str = "authenticated";
/// The first `amr` element of a guest.
pub const UNAUTHENTICATED: &str = "unauthenticated";

/// A token of ours that was verified.
///
/// Holding one is the proof; only [`verify`] makes it.
///
/// ```compile_fail,E0451
/// use daypass_proof::login::cognito::CognitoToken;
///
/// fn promote(guest: CognitoToken) -> CognitoToken {
///     CognitoToken { authenticated: true, ..guest }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct CognitoToken {
    token: VerifiedToken,
    pool_id: String,
    issued_at: i64,
    authenticated: bool,
}

impl CognitoToken {
    /// `sub`: the identity id.
    pub fn identity_id(&self) -> &str {
        self.token.subject()
    }

    /// `aud`: the identity pool id.
    pub fn pool_id(&self) -> &str {
        &self.pool_id
    }

    /// Whether the token says that a user logged in; otherwise it is a guest's.
    pub fn authenticated(&self) -> bool {
        self.authenticated
    }

    /// Whether this is the proof of exactly this identity of exactly this pool.
    pub fn names(&self, pool_id: &str, identity_id: &str) -> bool {
        self.pool_id == pool_id && self.identity_id() == identity_id
    }

    /// `iat`, in seconds since 1970.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// Everything else the token says.
    pub fn token(&self) -> &VerifiedToken {
        &self.token
    }
}

/// Checks a token against our own keys and the form of our own tokens.
///
/// **Errors**: every [`TokenError`]; [`TokenError::WrongClaim`] for an `aud` that is not one string
/// and an `amr` that does not begin with exactly one statement of authentication.
pub fn verify(
    token: &str,
    keys: &KeySet,
    issuer: &str,
    now: i64,
) -> Result<CognitoToken, TokenError> {
    let expectation = Expectation {
        issuer,
        algorithms: &[Algorithm::Rs512],
        leeway_seconds: 0,
        max_lifetime: Some(LIFETIME_SECONDS_MAX),
    };
    let token = jwt(token, keys, &expectation, now)?;
    let audience = token.claim("aud").and_then(daypass_json::Value::as_str);
    let pool_id = audience.ok_or(TokenError::WrongClaim("aud"))?.to_owned();
    let authenticated = authentication(token.amr())?;
    let issued_at = token.issued_at().ok_or(TokenError::MissingClaim("iat"))?;
    Ok(CognitoToken {
        token,
        pool_id,
        issued_at,
        authenticated,
    })
}

fn authentication(amr: &[String]) -> Result<bool, TokenError> {
    let (first, rest) = amr.split_first().ok_or(TokenError::MissingClaim("amr"))?;
    let ambiguous = rest
        .iter()
        .any(|one| one == AUTHENTICATED || one == UNAUTHENTICATED);
    match first.as_str() {
        AUTHENTICATED if !ambiguous => Ok(true),
        UNAUTHENTICATED if !ambiguous => Ok(false),
        _ => Err(TokenError::WrongClaim("amr")),
    }
}

#[cfg(test)]
mod tests;
