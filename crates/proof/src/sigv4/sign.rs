//! The client's side: signing a request in either form.
//!
//! The demo and the tests use it to be an honest client; sharing the canonical form with the
//! verifier would hide a common mistake, so the published vectors judge both.
//!
//! **Source**: IAM user guide, *Create a signed AWS API request*; S3 API reference, *Authenticating
//! requests*.

use super::canonical::{CanonicalRequest, PathRule, Plus, Spelling, encode, hex};
use super::chunked::ChunkSigner;
use super::error::SignatureError;
use super::payload::Payload;
use super::presign::{
    X_ALGORITHM, X_CONTENT_SHA256, X_CREDENTIAL, X_DATE, X_EXPIRES, X_SECURITY_TOKEN, X_SIGNATURE,
    X_SIGNED_HEADERS,
};
use super::scope::{CredentialScope, SigningKey, string_to_sign};
use super::timestamp::Timestamp;
use super::{ALGORITHM, Dialect, RequestView};
use crate::secret::{AccessKeyId, SecretAccessKey, SessionToken};

/// Headers that proxies and clients change on the way, so nobody signs them.
const NEVER_SIGNED: [&str; 13] = [
    "authorization",
    "connection",
    "expect",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

/// Who signs, and for which endpoint.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The key's name.
    pub access_key_id: &'a AccessKeyId,
    /// The key's secret.
    pub secret: &'a SecretAccessKey,
    /// The session token of temporary credentials.
    pub session_token: Option<&'a SessionToken>,
    /// The endpoint's region.
    pub region: &'a str,
    /// The endpoint's service.
    pub service: &'a str,
    /// The endpoint's protocol.
    pub dialect: Dialect,
}

/// A signed request in the header form.
pub struct Authorization {
    headers: Vec<(String, String)>,
    key: SigningKey,
    timestamp: Timestamp,
    scope: CredentialScope,
    signature: [u8; 32],
}

impl Authorization {
    /// The headers to add to the request, names in lower case.
    pub fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    /// The headers to add, taken.
    pub fn into_headers(self) -> Vec<(String, String)> {
        self.headers
    }

    /// Signs the chunks of a streamed body, continuing this signature.
    pub fn chunks(&self) -> ChunkSigner {
        ChunkSigner::start(
            self.key.clone(),
            self.timestamp,
            self.scope.clone(),
            self.signature,
        )
    }
}

impl Signer<'_> {
    /// Signs in the header form, all headers of the request but those that change on the way.
    ///
    /// The request must have its `host` header and must not have the headers that are added here.
    pub fn authorize(
        &self,
        request: &RequestView,
        payload: Payload,
        timestamp: i64,
    ) -> Result<Authorization, SignatureError> {
        let timestamp = moment(timestamp)?;
        let mut added = vec![("x-amz-date".to_owned(), timestamp.as_str().to_owned())];
        if let Some(token) = self.session_token {
            added.push(("x-amz-security-token".to_owned(), token.expose().to_owned()));
        }
        if self.dialect == Dialect::S3 {
            added.push(("x-amz-content-sha256".to_owned(), payload.text()));
        }
        let mut headers = request.headers.to_vec();
        headers.extend(
            added
                .iter()
                .map(|(name, value)| (name.clone(), value.clone().into())),
        );
        let request = RequestView {
            headers: &headers,
            ..*request
        };
        let signed = signed_headers(&request)?;
        let scope = self.scope(timestamp);
        let key = SigningKey::derive(self.secret, &scope);
        let signature = self.signature(&request, &signed, payload, timestamp, &scope, &key)?;
        added.push((
            "authorization".to_owned(),
            format!(
                "{ALGORITHM} Credential={}/{scope}, SignedHeaders={}, Signature={}",
                self.access_key_id,
                signed.join(";"),
                hex(&signature)
            ),
        ));
        Ok(Authorization {
            headers: added,
            key,
            timestamp,
            scope,
            signature,
        })
    }

    /// Signs in the query form; answers the whole query, the request's own parameters included.
    ///
    /// On S3 the payload is usually [`Payload::Unsigned`]; elsewhere it is the hash of the body.
    pub fn presign(
        &self,
        request: &RequestView,
        payload: Payload,
        timestamp: i64,
        expires_seconds: u64,
    ) -> Result<String, SignatureError> {
        let timestamp = moment(timestamp)?;
        let scope = self.scope(timestamp);
        let signed = signed_headers(request)?;
        let mut query = request.query.to_owned();
        let mut add = |name: &str, value: &str| {
            if !query.is_empty() {
                query.push('&');
            }
            query.push_str(name);
            query.push('=');
            encode(&mut query, value.as_bytes(), false);
        };
        add(X_ALGORITHM, ALGORITHM);
        add(X_CREDENTIAL, &format!("{}/{scope}", self.access_key_id));
        add(X_DATE, timestamp.as_str());
        add(X_EXPIRES, &expires_seconds.to_string());
        add(X_SIGNED_HEADERS, &signed.join(";"));
        if let Some(token) = self.session_token {
            add(X_SECURITY_TOKEN, token.expose());
        }
        if self.dialect == Dialect::S3 && payload != Payload::Unsigned {
            add(X_CONTENT_SHA256, &payload.text());
        }
        let key = SigningKey::derive(self.secret, &scope);
        let view = RequestView {
            query: &query,
            ..*request
        };
        let signature = self.signature(&view, &signed, payload, timestamp, &scope, &key)?;
        query.push('&');
        query.push_str(X_SIGNATURE);
        query.push('=');
        query.push_str(&hex(&signature));
        Ok(query)
    }

    fn scope(&self, timestamp: Timestamp) -> CredentialScope {
        CredentialScope::new(timestamp.date(), self.region, self.service)
    }

    fn signature(
        &self,
        request: &RequestView,
        signed: &[String],
        payload: Payload,
        timestamp: Timestamp,
        scope: &CredentialScope,
        key: &SigningKey,
    ) -> Result<[u8; 32], SignatureError> {
        let plus = match self.dialect {
            Dialect::S3 => Plus::Space,
            Dialect::Json | Dialect::Query => Plus::Literal,
        };
        let spelling = Spelling {
            path: PathRule::of(self.dialect),
            plus,
            excluded: &[],
        };
        let canonical = CanonicalRequest::of(request, signed, &payload.text(), &spelling)?;
        Ok(key.sign(&string_to_sign(
            timestamp.as_str(),
            scope,
            &canonical.hash(),
        )))
    }
}

fn moment(epoch_seconds: i64) -> Result<Timestamp, SignatureError> {
    Timestamp::from_epoch_seconds(epoch_seconds).ok_or_else(|| SignatureError::MalformedTimestamp {
        got: epoch_seconds.to_string(),
    })
}

fn signed_headers(request: &RequestView) -> Result<Vec<String>, SignatureError> {
    let mut names: Vec<String> = request
        .headers
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| !NEVER_SIGNED.contains(&name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.iter().any(|name| name == "host") {
        Ok(names)
    } else {
        Err(SignatureError::HostNotSigned)
    }
}
