//! What a request claims about who signed it, before any of it is believed.
//!
//! Credentials may stand in one place only: the `Authorization` header or the query. A request that
//! puts them, or a part of them, in both is refused, since one reader might check the one and
//! another act on the other. Whatever names an AWS algorithm other than ours is refused and never
//! treated as unsigned.
//!
//! **Source**: IAM user guide, *Authentication methods*; requirements S04, S05, S28, S38.

use super::error::{SignatureError, shown};
use super::presign;
use super::scope::{CredentialScope, parse_credential};
use super::timestamp::Timestamp;
use super::{ALGORITHM, Dialect, RequestView, SIGNED_HEADERS_MAX, canonical};
use crate::secret::{AccessKeyId, SessionToken};

/// Headers that decide identity, target or framing, and so may come only once.
const SINGLE_HEADERS: [&str; 7] = [
    "host",
    "authorization",
    "x-amz-target",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-content-sha256",
    "content-length",
];

/// Whether a request claims to be signed.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "made once a request and taken apart at once"
)]
pub enum Presented {
    /// No AWS credentials in it; another scheme such as `Bearer` counts as none.
    Nothing,
    /// Signed, as it says.
    Signed(Presentation),
}

/// Where the signature stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// In the `Authorization` header.
    Header,
    /// In the query: a presigned URL.
    Query {
        /// The validity asked for, 1 to 604,800; only S3 demands it.
        expires_seconds: Option<u64>,
    },
}

/// A claim: well formed, not checked.
#[derive(Clone, Debug)]
pub struct Presentation {
    pub(super) access_key_id: AccessKeyId,
    pub(super) scope: CredentialScope,
    pub(super) signed_headers: Vec<String>,
    pub(super) timestamp: Timestamp,
    /// The header the timestamp came from, in the header form.
    pub(super) date_header: Option<&'static str>,
    pub(super) form: Form,
    pub(super) session_token: Option<SessionToken>,
    /// The `X-Amz-Content-Sha256` query parameter.
    pub(super) content_sha256: Option<String>,
    /// `None` when it is not 64 hexadecimal digits, which no signature equals.
    pub(super) signature: Option<[u8; 32]>,
}

impl Presentation {
    /// The key the request says it is signed with.
    pub fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// What the signature is for.
    pub fn scope(&self) -> &CredentialScope {
        &self.scope
    }

    /// The headers that are signed: sorted, lower-case, unique.
    pub fn signed_headers(&self) -> &[String] {
        &self.signed_headers
    }

    /// When the request was signed, as it says.
    pub fn timestamp(&self) -> Timestamp {
        self.timestamp
    }

    /// Where the signature stands.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The session token that came with it.
    pub fn session_token(&self) -> Option<&SessionToken> {
        self.session_token.as_ref()
    }
}

/// Reads the structure and the algorithm of a signature, in either form.
pub fn presented(request: &RequestView, dialect: Dialect) -> Result<Presented, SignatureError> {
    for name in SINGLE_HEADERS {
        request.single(name)?;
    }
    let authorization = request.single("authorization")?;
    let parameters = presign::find(request.query)?;
    match (authorization, parameters) {
        (None, None) => Ok(Presented::Nothing),
        (Some(_), Some(_)) => Err(SignatureError::BothForms),
        (Some(value), None) => header_form(request, value),
        (None, Some(parameters)) => {
            presign::read(&parameters, request, dialect).map(Presented::Signed)
        }
    }
}

/// Checks that temporary keys come with a session token and long-term ones without.
///
/// Whether the token is the key's own is the caller's to check: it holds the session.
pub fn check_token(presentation: &Presentation) -> Result<(), SignatureError> {
    let key = &presentation.access_key_id;
    match &presentation.session_token {
        None if key.is_temporary() => Err(SignatureError::TokenMissing),
        Some(_) if key.is_long_term() => Err(SignatureError::TokenInvalid),
        _ => Ok(()),
    }
}

fn header_form(request: &RequestView, value: &[u8]) -> Result<Presented, SignatureError> {
    let Some(text) = printable(value) else {
        let aws = value
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"AWS"));
        return if aws {
            Err(SignatureError::UnreadableHeader)
        } else {
            Ok(Presented::Nothing)
        };
    };
    let (scheme, rest) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    if scheme != ALGORITHM {
        let aws = scheme
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case("AWS"));
        return if aws {
            Err(SignatureError::UnsupportedAlgorithm {
                algorithm: shown(scheme),
            })
        } else {
            Ok(Presented::Nothing)
        };
    }
    let parameters = Parameters::read(rest)?;
    let (date_header, date) = match request.single("x-amz-date")? {
        Some(date) => ("x-amz-date", Some(date)),
        None => ("date", request.single("date")?),
    };
    let (Some(credential), Some(signature), Some(signed_headers), Some(date)) = (
        parameters.credential,
        parameters.signature,
        parameters.signed_headers,
        date,
    ) else {
        return Err(parameters.incomplete(date.is_none()));
    };
    let timestamp = header_timestamp(date_header, date)?;
    let (access_key_id, scope) = parse_credential(credential)?;
    let signed_headers = parse_signed_headers(signed_headers)?;
    let session_token = request
        .single("x-amz-security-token")?
        .map(header_token)
        .transpose()?;
    Ok(Presented::Signed(Presentation {
        access_key_id,
        scope,
        signed_headers,
        timestamp,
        date_header: Some(date_header),
        form: Form::Header,
        session_token,
        content_sha256: None,
        signature: canonical::unhex(signature.as_bytes()),
    }))
}

/// The three parameters of the header, each at most once.
#[derive(Default)]
struct Parameters<'a> {
    credential: Option<&'a str>,
    signature: Option<&'a str>,
    signed_headers: Option<&'a str>,
}

impl<'a> Parameters<'a> {
    fn read(text: &'a str) -> Result<Self, SignatureError> {
        let mut parameters = Self::default();
        if text.trim().is_empty() {
            return Ok(parameters);
        }
        for piece in text.split(',') {
            let piece = piece.trim();
            let Some((name, value)) = piece.split_once('=') else {
                return Err(SignatureError::NotKeyValue {
                    piece: shown(piece),
                });
            };
            let unexpected = || SignatureError::UnexpectedParameter { name: shown(name) };
            let slot = match name {
                "Credential" => &mut parameters.credential,
                "Signature" => &mut parameters.signature,
                "SignedHeaders" => &mut parameters.signed_headers,
                _ => return Err(unexpected()),
            };
            if slot.replace(value).is_some() {
                return Err(unexpected());
            }
        }
        for slot in [
            &mut parameters.credential,
            &mut parameters.signature,
            &mut parameters.signed_headers,
        ] {
            *slot = slot.filter(|value| !value.is_empty());
        }
        Ok(parameters)
    }

    fn incomplete(&self, date_missing: bool) -> SignatureError {
        let missing = [
            ("Credential", self.credential),
            ("Signature", self.signature),
            ("SignedHeaders", self.signed_headers),
        ];
        let missing = missing
            .iter()
            .filter(|(_, value)| value.is_none())
            .map(|(name, _)| *name)
            .collect();
        SignatureError::IncompleteHeader {
            missing,
            date_missing,
        }
    }
}

fn header_timestamp(name: &str, value: &[u8]) -> Result<Timestamp, SignatureError> {
    let text = printable(value).unwrap_or_default();
    let timestamp = match name {
        "date" => Timestamp::parse_date_header(text),
        _ => Timestamp::parse_basic(text),
    };
    timestamp.ok_or_else(|| SignatureError::MalformedTimestamp { got: shown(text) })
}

fn header_token(value: &[u8]) -> Result<SessionToken, SignatureError> {
    let text = printable(value).unwrap_or_default();
    text.parse().map_err(|_| SignatureError::TokenInvalid)
}

/// Reads the signed header list, which must already be in the order it is signed in.
pub(super) fn parse_signed_headers(text: &str) -> Result<Vec<String>, SignatureError> {
    let names: Vec<String> = text
        .split(';')
        .take(SIGNED_HEADERS_MAX + 1)
        .map(str::to_owned)
        .collect();
    let rising = names
        .iter()
        .zip(names.iter().skip(1))
        .all(|(name, next)| name < next);
    if names.len() > SIGNED_HEADERS_MAX || !rising || !names.iter().all(|name| lower_token(name)) {
        return Err(SignatureError::MalformedSignedHeaders);
    }
    Ok(names)
}

fn lower_token(name: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$%&'*+-.^_`|~".contains(&byte)
    };
    !name.is_empty() && name.bytes().all(allowed)
}

/// A header value as text without surrounding blanks, if it is printable ASCII.
pub(super) fn printable(value: &[u8]) -> Option<&str> {
    let text = str::from_utf8(value).ok()?;
    let printable = |byte: u8| byte == b'\t' || byte == b' ' || byte.is_ascii_graphic();
    text.bytes()
        .all(printable)
        .then(|| text.trim_matches([' ', '\t']))
}
