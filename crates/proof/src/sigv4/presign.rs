//! The query form: a signature inside a URL.
//!
//! Such a URL is a bearer credential, so its parameters are read strictly: each once, each with its
//! exact case, all of them inside the canonical query but the signature itself.
//!
//! **Source**: S3 API reference, *Authenticating requests: using query parameters*; requirements
//! S04, S28, S34, S38.

use std::collections::{BTreeMap, BTreeSet};

use super::canonical::{Plus, decode, pieces, unhex};
use super::error::{ExpiresError, SignatureError, shown};
use super::presented::{Form, Presentation, parse_signed_headers};
use super::scope::parse_credential;
use super::timestamp::Timestamp;
use super::{ALGORITHM, Dialect, PRESIGNED_SECONDS_MAX, RequestView};
use crate::secret::SessionToken;

pub(super) const X_ALGORITHM: &str = "X-Amz-Algorithm";
pub(super) const X_CREDENTIAL: &str = "X-Amz-Credential";
pub(super) const X_DATE: &str = "X-Amz-Date";
pub(super) const X_EXPIRES: &str = "X-Amz-Expires";
pub(super) const X_SIGNED_HEADERS: &str = "X-Amz-SignedHeaders";
pub(super) const X_SIGNATURE: &str = "X-Amz-Signature";
pub(super) const X_SECURITY_TOKEN: &str = "X-Amz-Security-Token";
pub(super) const X_CONTENT_SHA256: &str = "X-Amz-Content-Sha256";

/// Every parameter of the form, in the order missing ones are reported.
const NAMES: [&str; 8] = [
    X_ALGORITHM,
    X_CREDENTIAL,
    X_SIGNATURE,
    X_DATE,
    X_SIGNED_HEADERS,
    X_EXPIRES,
    X_SECURITY_TOKEN,
    X_CONTENT_SHA256,
];
/// Parameters of Signature Version 2, which nothing here accepts.
const VERSION_2: [&str; 4] = [
    "AWSAccessKeyId",
    "Signature",
    "SignatureMethod",
    "SignatureVersion",
];

/// The signature parameters of a query, decoded.
pub(super) struct Parameters(BTreeMap<&'static str, String>);

impl Parameters {
    fn get(&self, name: &'static str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that says nothing when it is empty.
    fn filled(&self, name: &'static str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }
}

/// Collects the signature parameters; `None` when the query has not one of them.
///
/// Other `X-Amz-` parameters stand for headers (S3), so they too come once, whatever their case.
pub(super) fn find(query: &str) -> Result<Option<Parameters>, SignatureError> {
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (name, value) in pieces(query) {
        // A name that cannot be decoded is none of ours; canonicalisation refuses it.
        let Ok(name) = decode(name, Plus::Literal) else {
            continue;
        };
        if VERSION_2.iter().any(|known| known.as_bytes() == name) {
            let algorithm = "AWS".to_owned();
            return Err(SignatureError::UnsupportedAlgorithm { algorithm });
        }
        let lower = name.to_ascii_lowercase();
        if !lower.starts_with(b"x-amz-") {
            continue;
        }
        let known = NAMES
            .into_iter()
            .find(|known| known.as_bytes().eq_ignore_ascii_case(&name));
        if let Some(known) = known
            && known.as_bytes() != name
        {
            return Err(SignatureError::CaseVariant { name: known });
        }
        if !seen.insert(lower) {
            let name = shown(&String::from_utf8_lossy(&name));
            return Err(SignatureError::DuplicateQueryParameter { name });
        }
        if let Some(known) = known {
            let value = String::from_utf8(decode(value, Plus::Literal)?)
                .map_err(|_| SignatureError::MalformedEscape)?;
            found.insert(known, value);
        }
    }
    Ok((!found.is_empty()).then_some(Parameters(found)))
}

/// Reads the claim that the parameters make.
pub(super) fn read(
    parameters: &Parameters,
    request: &RequestView,
    dialect: Dialect,
) -> Result<Presentation, SignatureError> {
    if let Some(algorithm) = parameters.filled(X_ALGORITHM)
        && algorithm != ALGORITHM
    {
        return Err(SignatureError::UnsupportedAlgorithm {
            algorithm: shown(algorithm),
        });
    }
    // The token is a part of the credentials: in a header it would be outside this form.
    if request.single("x-amz-security-token")?.is_some() {
        return Err(SignatureError::BothForms);
    }
    let (Some(_), Some(credential), Some(signature), Some(date), Some(signed_headers), Ok(expires)) = (
        parameters.filled(X_ALGORITHM),
        parameters.filled(X_CREDENTIAL),
        parameters.filled(X_SIGNATURE),
        parameters.filled(X_DATE),
        parameters.filled(X_SIGNED_HEADERS),
        required_expires(parameters, dialect),
    ) else {
        return Err(incomplete(parameters, dialect));
    };
    let expires_seconds = expires.map(parse_expires).transpose()?;
    let timestamp = Timestamp::parse_basic(date)
        .ok_or_else(|| SignatureError::MalformedTimestamp { got: shown(date) })?;
    let (access_key_id, scope) = parse_credential(credential)?;
    let session_token = parameters
        .get(X_SECURITY_TOKEN)
        .map(str::parse::<SessionToken>)
        .transpose()
        .map_err(|_| SignatureError::TokenInvalid)?;
    Ok(Presentation {
        access_key_id,
        scope,
        signed_headers: parse_signed_headers(signed_headers)?,
        timestamp,
        date_header: None,
        form: Form::Query { expires_seconds },
        session_token,
        content_sha256: parameters.get(X_CONTENT_SHA256).map(str::to_owned),
        signature: unhex(signature.as_bytes()),
    })
}

/// The validity asked for; an error where the service demands one and there is none.
fn required_expires(parameters: &Parameters, dialect: Dialect) -> Result<Option<&str>, ()> {
    match parameters.get(X_EXPIRES) {
        None if dialect == Dialect::S3 => Err(()),
        expires => Ok(expires),
    }
}

fn incomplete(parameters: &Parameters, dialect: Dialect) -> SignatureError {
    let missing = NAMES
        .into_iter()
        .filter(|name| match *name {
            X_EXPIRES => required_expires(parameters, dialect).is_err(),
            X_SECURITY_TOKEN | X_CONTENT_SHA256 => false,
            name => parameters.filled(name).is_none(),
        })
        .collect();
    SignatureError::MissingQueryParameters { missing }
}

fn parse_expires(text: &str) -> Result<u64, SignatureError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let error = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        ExpiresError::NotANumber
    } else if negative {
        ExpiresError::Negative
    } else {
        match digits.parse() {
            Ok(0) => ExpiresError::Zero,
            Ok(seconds) if seconds <= PRESIGNED_SECONDS_MAX => return Ok(seconds),
            // More digits than the integer holds is more than a week too.
            _ => ExpiresError::TooLong,
        }
    };
    Err(SignatureError::Expires(error))
}
