//! Proofs of who a user is, each accepted only by the verifier of its own kind.
//!
//! A `Logins` map names a provider and hands over an artefact. What comes out of this room is a
//! [`VerifiedLogin`]: the provider and the subject it vouches for. Rules that link, merge or
//! resolve identities take that fact and never the artefact.
//!
//! **Source**: Cognito identity reference, section 6; requirements S17, S18, S22 to S24, S39
//! to S47.

mod claims;
pub mod cognito;
pub mod discovery;
pub mod oidc;
pub mod saml;

pub use claims::LoginClaims;

use std::fmt;
use std::str::FromStr;

/// The key of a `Logins` entry.
///
/// **Shape**: 1 to 128 bytes without control characters or white space, such as
/// `accounts.google.com` or `cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ProviderName(String);

/// Whom a provider vouches for: its own stable name of the user, never a mail address.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Subject(String);

/// A text that cannot be a provider name.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a provider name has 1 to 128 bytes without white space or control characters")]
pub struct ProviderNameError;

impl ProviderName {
    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProviderName {
    type Err = ProviderNameError;

    fn from_str(text: &str) -> Result<Self, ProviderNameError> {
        let refused = |one: char| one.is_control() || one.is_whitespace();
        if (1..=128).contains(&text.len()) && !text.contains(refused) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ProviderNameError)
        }
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Subject {
    /// A subject that was verified when it was linked, read back from where it was kept.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text of the subject, byte for byte as the provider wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A login whose proof was verified against its provider's keys.
///
/// Holding one is the proof. Only the verifiers in this module can make it:
///
/// ```compile_fail,E0451
/// use daypass_proof::login::{ProviderName, Subject, VerifiedLogin};
///
/// fn forge(provider: ProviderName, subject: Subject) -> VerifiedLogin {
///     VerifiedLogin { provider, subject }
/// }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerifiedLogin {
    provider: ProviderName,
    subject: Subject,
}

impl VerifiedLogin {
    /// The provider that vouches.
    pub fn provider(&self) -> &ProviderName {
        &self.provider
    }

    /// The user it vouches for.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }
}

#[cfg(test)]
mod tests;
