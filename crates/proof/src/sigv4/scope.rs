//! The credential scope, and the key that is derived for exactly that scope.
//!
//! A signing key opens one day, one region and one service. Checking the scope against the face is
//! what keeps a signature made for S3 from being used at STS.
//!
//! **Source**: IAM user guide, *Create a signed AWS API request*, steps 3 and 4; requirement S32.

use std::fmt;

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use super::error::{SignatureError, shown};
use super::presented::Presentation;
use super::{ALGORITHM, Rules};
use crate::secret::{AccessKeyId, SecretAccessKey};

/// The last element of every scope.
pub(super) const TERMINATOR: &str = "aws4_request";
const ELEMENTS: usize = 5;

/// What a signature claims to be for.
///
/// **Shape**: `20150830/us-east-1/sts/aws4_request`; elements are letters, digits, `-`, `_`, `.`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CredentialScope {
    date: String,
    region: String,
    service: String,
    terminator: String,
}

impl CredentialScope {
    pub(super) fn new(date: &str, region: &str, service: &str) -> Self {
        Self {
            date: date.to_owned(),
            region: region.to_owned(),
            service: service.to_owned(),
            terminator: TERMINATOR.to_owned(),
        }
    }

    /// The day the signing key is for, eight digits.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The region the signing key is for.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The service the signing key is for.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// The last element; `aws4_request` once the scope is checked.
    pub fn terminator(&self) -> &str {
        &self.terminator
    }
}

impl fmt::Display for CredentialScope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            date,
            region,
            service,
            terminator,
        } = self;
        write!(formatter, "{date}/{region}/{service}/{terminator}")
    }
}

/// Splits a credential from the right; the access key id is what is left.
pub(super) fn parse_credential(
    text: &str,
) -> Result<(AccessKeyId, CredentialScope), SignatureError> {
    let malformed = || SignatureError::MalformedCredential { got: shown(text) };
    let mut elements = text.rsplitn(ELEMENTS, '/');
    let mut element = || {
        elements
            .next()
            .filter(|part| plain(part))
            .ok_or_else(malformed)
    };
    let terminator = element()?.to_owned();
    let service = element()?.to_owned();
    let region = element()?.to_owned();
    let date = element()?.to_owned();
    let key = elements
        .next()
        .filter(|key| !key.contains('/'))
        .ok_or_else(malformed)?;
    if key.is_empty() {
        return Err(malformed());
    }
    let key = AccessKeyId::claimed(key).ok_or(SignatureError::UnknownAccessKey)?;
    Ok((
        key,
        CredentialScope {
            date,
            region,
            service,
            terminator,
        },
    ))
}

fn plain(element: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !element.is_empty() && element.bytes().all(allowed)
}

/// Checks that a signature is for the day of its timestamp and for this face.
///
/// [`verify`](super::verify) checks this again; it stands alone so that a wrong scope is answered
/// before the key is looked up.
pub fn check_scope(presentation: &Presentation, rules: &Rules) -> Result<(), SignatureError> {
    let scope = presentation.scope();
    let timestamp = presentation.timestamp();
    if scope.date != timestamp.date() {
        return Err(SignatureError::ScopeDate {
            scope_date: shown(&scope.date),
            timestamp,
        });
    }
    if let Some(region) = rules.region
        && scope.region != region
    {
        return Err(SignatureError::ScopeRegion {
            got: shown(&scope.region),
            expected: region.to_owned(),
        });
    }
    if scope.service != rules.service {
        return Err(SignatureError::ScopeService {
            got: shown(&scope.service),
            expected: rules.service.to_owned(),
        });
    }
    if scope.terminator != TERMINATOR {
        return Err(SignatureError::ScopeTerminator {
            got: shown(&scope.terminator),
        });
    }
    Ok(())
}

/// The key of one scope, derived from a secret.
#[derive(Clone)]
pub(super) struct SigningKey(hmac::Key);

impl SigningKey {
    pub(super) fn derive(secret: &SecretAccessKey, scope: &CredentialScope) -> Self {
        let mut first = Zeroizing::new(Vec::with_capacity(4 + secret.expose().len()));
        first.extend_from_slice(b"AWS4");
        first.extend_from_slice(secret.expose().as_bytes());
        let mut key = hmac::Key::new(hmac::HMAC_SHA256, &first);
        for element in [
            &scope.date,
            &scope.region,
            &scope.service,
            &scope.terminator,
        ] {
            let step = Zeroizing::new(mac(&key, element.as_bytes()));
            key = hmac::Key::new(hmac::HMAC_SHA256, step.as_slice());
        }
        Self(key)
    }

    pub(super) fn sign(&self, string_to_sign: &str) -> [u8; 32] {
        mac(&self.0, string_to_sign.as_bytes())
    }
}

fn mac(key: &hmac::Key, data: &[u8]) -> [u8; 32] {
    let tag = hmac::sign(key, data);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    bytes
}

/// The text that is signed for a whole request.
pub(super) fn string_to_sign(
    timestamp: &str,
    scope: &CredentialScope,
    request_hash: &[u8; 32],
) -> String {
    format!(
        "{ALGORITHM}\n{timestamp}\n{scope}\n{}",
        super::canonical::hex(request_hash)
    )
}
