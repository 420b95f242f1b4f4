//! JSON Web Tokens: our own, written and read; those of other issuers, read.
//!
//! A token is believed only as a [`VerifiedToken`], and only [`verify`] makes one. Everything the
//! token says about how it wants to be checked is compared with what we expected before we looked:
//! the algorithms come from the caller, the keys from the issuer's published set, and a header that
//! brings a key of its own is refused.
//!
//! **Source**: RFC 7515 (JWS), RFC 7517 (JWK), RFC 7519 (JWT), RFC 8725 (JWT best practices);
//! Cognito identity reference, sections 4.3 to 4.6; requirements S13 to S21.

mod compact;
mod curve;
mod issue;
mod jwk;
#[cfg(test)]
pub(crate) mod testing;
mod verify;

pub use compact::{Algorithm, TOKEN_BYTES_MAX, claimed_issuer, claimed_key_id};
pub use issue::{IssueError, LIFETIME_SECONDS_MAX, PublicKey, SigningKey, TokenClaims, issue};
pub use jwk::{Jwk, JwkError, KeyId, KeyIdError, KeySet, KeySetError};
pub use verify::{Expectation, FUTURE_SKEW_SECONDS, TokenError, VerifiedToken, verify};

/// The claim that carries principal tags, in our tokens and in those of other issuers.
pub const TAGS_CLAIM: &str = "https://aws.amazon.com/tags";
/// The claim of our tokens that names the identity pool by its ARN.
pub const POOL_ARN_CLAIM: &str = "https://cognito-identity.amazonaws.com/identity-pool-arn";
