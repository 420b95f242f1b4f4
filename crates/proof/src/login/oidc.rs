//! An ID token of an OpenID Connect issuer, coming in as a login.
//!
//! The provider is chosen by the `Logins` key, never by the token. It fixes the issuer, the client
//! ids and the algorithms before the token is opened.
//!
//! **Source**: Cognito identity reference, section 6.2; OpenID Connect Core 1.0, section 3.1.3.7;
//! requirements S17, S18, S21, S25.

use super::{ProviderName, Subject, VerifiedLogin};
use crate::jwt::{Algorithm, Expectation, KeySet, TokenError, VerifiedToken, verify as jwt};

/// How long after `exp` a token of another issuer is taken, in seconds.
///
/// **Source**: Cognito identity reference, section 6.2 step 5.
pub const LEEWAY_SECONDS: i64 = 300;

/// One configured issuer and what a pool accepts from it.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'p> {
    /// The `Logins` key.
    pub name: &'p ProviderName,
    /// The `iss` of its tokens, byte for byte.
    pub issuer: &'p str,
    /// The client ids this pool accepts.
    pub client_ids: &'p [String],
    /// What it may sign with.
    pub algorithms: &'p [Algorithm],
    /// Whether it is a user pool, whose tokens must say that they are ID tokens.
    pub is_user_pool: bool,
}

/// Checks an ID token and says whom the provider vouches for.
///
/// **Errors**: every [`TokenError`]; [`TokenError::AudienceRefused`] when neither `azp` nor `aud`
/// is one of the client ids.
pub fn verify(
    token: &str,
    keys: &KeySet,
    provider: &Provider<'_>,
    now: i64,
) -> Result<(VerifiedLogin, VerifiedToken), TokenError> {
    let expectation = Expectation {
        issuer: provider.issuer,
        algorithms: provider.algorithms,
        leeway_seconds: LEEWAY_SECONDS,
        max_lifetime: None,
    };
    let token = jwt(token, keys, &expectation, now)?;
    // An access token of a user pool is signed by the same keys but proves something else.
    match token.claim("token_use") {
        Some(kind) if kind.as_str() == Some("id") => {}
        None if !provider.is_user_pool => {}
        _ => return Err(TokenError::WrongClaim("token_use")),
    }
    if !is_for(&token, provider.client_ids) {
        return Err(TokenError::AudienceRefused);
    }
    let login = VerifiedLogin {
        provider: provider.name.clone(),
        subject: Subject(token.subject().to_owned()),
    };
    Ok((login, token))
}

/// Whether a token is meant for one of these clients: one `aud` element is among them and, if the
/// token names an authorized party, so is that.
pub fn is_for(token: &VerifiedToken, client_ids: &[String]) -> bool {
    let known = |client: &str| client_ids.iter().any(|id| id == client);
    token.audience().iter().any(|client| known(client))
        && token.authorized_party().is_none_or(known)
}

#[cfg(test)]
mod tests;
