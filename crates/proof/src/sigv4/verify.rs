//! The check itself: time, signed headers, body, signature, in this order.
//!
//! **Source**: IAM user guide, *AWS Signature Version 4 for API requests*; requirements S27, S29–S34
//! and S37.

use aws_lc_rs::constant_time::verify_slices_are_equal;

use super::canonical::{CanonicalRequest, PathRule, Plus, Spelling};
use super::error::SignatureError;
use super::payload::{self, Payload};
use super::presented::{Form, Presentation};
use super::presign::X_SIGNATURE;
use super::scope::{CredentialScope, SigningKey, check_scope, string_to_sign};
use super::timestamp::Timestamp;
use super::{Body, Dialect, RequestView, Rules};
use crate::secret::{AccessKeyId, SecretAccessKey};

/// Headers of S3 that may arrive unsigned: none of them says what to do with which object.
const INERT: [&str; 3] = [
    "x-amz-content-sha256",
    "x-amz-decoded-content-length",
    "x-amz-trailer",
];
/// Headers that choose the operation or the identity on every other face.
const DECISIVE: [&str; 2] = ["x-amz-target", "x-amz-security-token"];

/// A request whose signature was checked with the secret of the key it names.
///
/// Holding one is the proof. Only [`verify`] can make it:
///
/// ```compile_fail,E0451
/// use daypass_proof::sigv4::{Form, Payload, VerifiedSignature};
///
/// fn forge(real: VerifiedSignature) -> VerifiedSignature {
///     VerifiedSignature { payload: Payload::Unsigned, ..real }
/// }
/// ```
///
/// ```compile_fail,E0277
/// fn default<T: Default>() -> T {
///     T::default()
/// }
/// let forged: daypass_proof::sigv4::VerifiedSignature = default();
/// ```
#[derive(Clone, Debug)]
pub struct VerifiedSignature {
    access_key_id: AccessKeyId,
    scope: CredentialScope,
    timestamp: Timestamp,
    payload: Payload,
    form: Form,
    seed: [u8; 32],
}

impl VerifiedSignature {
    /// The key whose holder made the request.
    pub fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// What the signature is for.
    pub fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// When the request was signed.
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// How the body is bound; a streamed one is still to be compared with it.
    pub fn payload(&self) -> Payload {
        self.payload
    }

    /// Where the signature stood.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The signature itself, which the first chunk of a stream continues.
    pub fn seed(&self) -> [u8; 32] {
        self.seed
    }
}

/// Checks a presented signature with the secret of the key it names.
///
/// The presentation must come from [`presented`](super::presented()) on the same request. Whether
/// the session token is the key's own is checked before, where the session is known.
///
/// **Errors**: the first that applies of scope, time, signed headers, body, signature.
#[must_use = "a request is accepted only by looking at the answer"]
pub fn verify(
    presentation: &Presentation,
    request: &RequestView,
    body: Body,
    secret: &SecretAccessKey,
    rules: &Rules,
    now: i64,
) -> Result<VerifiedSignature, SignatureError> {
    check_scope(presentation, rules)?;
    check_time(presentation, rules.skew_seconds, now)?;
    check_signed_headers(presentation, request, rules.dialect)?;
    let claim = payload::claim(presentation, request, body, rules.dialect)?;
    let key = SigningKey::derive(secret, presentation.scope());
    let excluded: &[&str] = match presentation.form() {
        Form::Header => &[],
        Form::Query { .. } => &[X_SIGNATURE],
    };
    let path = PathRule::of(rules.dialect);
    for plus in Plus::readings(rules.dialect, request.query) {
        let spelling = Spelling {
            path,
            plus: *plus,
            excluded,
        };
        let canonical = CanonicalRequest::of(
            request,
            presentation.signed_headers(),
            &claim.text,
            &spelling,
        )?;
        if let Some(seed) = matching(presentation, &canonical, &key) {
            return Ok(VerifiedSignature {
                access_key_id: presentation.access_key_id().clone(),
                scope: presentation.scope().clone(),
                timestamp: presentation.timestamp(),
                payload: claim.payload,
                form: presentation.form(),
                seed,
            });
        }
    }
    Err(SignatureError::Mismatch)
}

/// The presented signature, if it is the one the key gives for this canonical form.
pub(super) fn matching(
    presentation: &Presentation,
    canonical: &CanonicalRequest,
    key: &SigningKey,
) -> Option<[u8; 32]> {
    let text = string_to_sign(
        presentation.timestamp().as_str(),
        presentation.scope(),
        &canonical.hash(),
    );
    let expected = key.sign(&text);
    let given = presentation.signature?;
    // INVARIANT: comparisons of secrets take the same time wherever they differ (DESIGN 12.7).
    verify_slices_are_equal(&expected, &given)
        .is_ok()
        .then_some(given)
}

fn check_time(
    presentation: &Presentation,
    skew_seconds: i64,
    now: i64,
) -> Result<(), SignatureError> {
    let timestamp = presentation.timestamp();
    let signed_at = timestamp.epoch_seconds();
    let latest = now.saturating_add(skew_seconds);
    if signed_at > latest {
        return Err(SignatureError::TooEarly {
            timestamp,
            latest: Timestamp::nearest(latest),
            now: Timestamp::nearest(now),
            skew_seconds,
        });
    }
    let expires = match presentation.form() {
        Form::Query {
            expires_seconds: Some(seconds),
        } => i64::try_from(seconds).ok(),
        Form::Header
        | Form::Query {
            expires_seconds: None,
        } => None,
    };
    let earliest = now.saturating_sub(expires.unwrap_or(skew_seconds));
    if signed_at >= earliest {
        return Ok(());
    }
    let (timestamp, earliest, now) = (
        timestamp,
        Timestamp::nearest(earliest),
        Timestamp::nearest(now),
    );
    Err(match expires {
        None => SignatureError::TooOld {
            timestamp,
            earliest,
            now,
            skew_seconds,
        },
        Some(expires_seconds) => SignatureError::PresignedExpired {
            expired_at: Timestamp::nearest(signed_at.saturating_add(expires_seconds)),
            timestamp,
            earliest,
            now,
            expires_seconds,
        },
    })
}

fn check_signed_headers(
    presentation: &Presentation,
    request: &RequestView,
    dialect: Dialect,
) -> Result<(), SignatureError> {
    let signed = |name: &str| {
        presentation
            .signed_headers()
            .iter()
            .any(|header| header == name)
    };
    if !signed("host") {
        return Err(SignatureError::HostNotSigned);
    }
    let needed = |name: &str| match dialect {
        Dialect::S3 => name.starts_with("x-amz-") && !INERT.contains(&name),
        Dialect::Json | Dialect::Query => DECISIVE.contains(&name),
    };
    let mut names: Vec<String> = request
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .filter(|name| needed(name) || presentation.date_header == Some(name))
        .filter(|name| !signed(name))
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    names.sort_unstable();
    names.dedup();
    Err(SignatureError::HeadersNotSigned { names })
}
