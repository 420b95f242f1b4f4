//! Turning a session into the four values a client is given.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_core::ids::base32_letters;
use daypass_core::session::{Session, SessionPrincipal};
use daypass_core::time::{Lifetime, Timestamp};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};

use crate::env::Env;
use crate::error::Failure;
use crate::session_token::{self, SealFailure};

/// Temporary credentials, as an answer carries them.
pub(crate) struct Credentials {
    /// `ASIA…`.
    pub access_key_id: AccessKeyId,
    /// The secret.
    pub secret: SecretAccessKey,
    /// The sealed session.
    pub session_token: String,
    /// When they end.
    pub expires: Timestamp,
}

/// Mints credentials that act as `principal` for `lifetime`.
pub(crate) fn mint(
    env: &Env,
    principal: SessionPrincipal,
    lifetime: Lifetime,
    now: Timestamp,
) -> Result<Credentials, SealFailure> {
    let session = Session {
        access_key_id: fresh_access_key_id(env, "ASIA").map_err(SealFailure::Failed)?,
        secret: fresh_secret(env).map_err(SealFailure::Failed)?,
        issued: now,
        expires: now.plus(lifetime),
        principal,
    };
    let session_token = session_token::seal(env, &session)?;
    Ok(Credentials {
        access_key_id: session.access_key_id,
        secret: session.secret,
        session_token,
        expires: session.expires,
    })
}

/// A new access key id: a documented prefix and sixteen letters, 80 bits of chance.
pub(crate) fn fresh_access_key_id(env: &Env, prefix: &str) -> Result<AccessKeyId, Failure> {
    access_key_id_from(prefix, env.random()?)
}

/// A new secret: forty characters, 240 bits of chance.
pub(crate) fn fresh_secret(env: &Env) -> Result<SecretAccessKey, Failure> {
    secret_from(env.random()?)
}

/// The access key id that random bytes give.
pub(crate) fn access_key_id_from(prefix: &str, random: [u8; 16]) -> Result<AccessKeyId, Failure> {
    format!("{prefix}{}", base32_letters(&random))
        .parse()
        .map_err(|_| Failure::Internal("a fresh access key id does not parse".to_owned()))
}

/// The secret that random bytes give.
pub(crate) fn secret_from(random: [u8; 30]) -> Result<SecretAccessKey, Failure> {
    STANDARD
        .encode(random)
        .parse()
        .map_err(|_| Failure::Internal("a fresh secret does not parse".to_owned()))
}
