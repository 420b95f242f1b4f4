//! A pair of keys, and requests signed with it: honestly, or wrong in exactly one way.
//!
//! **Source**: IAM user guide, *Create a signed AWS API request*; requirements S27 to S33.

use bytes::Bytes;
use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SessionToken};
use daypass_proof::sigv4::sign::Signer;
use daypass_proof::sigv4::{Dialect, Payload, RequestView};
use http::header::HeaderName;
use http::{HeaderValue, Request};

use crate::house::{HOST, REGION};

/// Credentials as a client holds them.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The key's name.
    pub id: AccessKeyId,
    /// The key's secret.
    pub secret: SecretAccessKey,
    /// The token of temporary credentials.
    pub token: Option<SessionToken>,
}

impl Keys {
    /// A long-term key.
    ///
    /// # Panics
    ///
    /// On texts that are no keys.
    #[expect(clippy::expect_used, reason = "a test that misspells a key ends")]
    pub fn long_term(id: &str, secret: &str) -> Self {
        Self {
            id: id.parse().expect("an access key id"),
            secret: secret.parse().expect("a secret"),
            token: None,
        }
    }

    /// Temporary credentials.
    ///
    /// # Panics
    ///
    /// On texts that are no keys.
    #[expect(clippy::expect_used, reason = "a test that misspells a key ends")]
    pub fn session(id: &str, secret: &str, token: &str) -> Self {
        Self {
            token: Some(token.parse().expect("a session token")),
            ..Self::long_term(id, secret)
        }
    }
}

/// How a request is signed; the default is what an honest client of the service does.
#[derive(Clone, Debug)]
pub struct Signing {
    /// The protocol of the face.
    pub dialect: Dialect,
    /// The service named in the scope.
    pub service: String,
    /// The Region named in the scope.
    pub region: String,
    /// Headers of the request that are not signed.
    pub leaving_out: Vec<String>,
    /// The body that is hashed, if it is not the request's own.
    pub other_body: Option<Bytes>,
    /// How far the client's clock is ahead.
    pub clock_ahead_seconds: i64,
}

impl Signing {
    /// As a client of `service` signs.
    pub fn of(service: &str) -> Self {
        let dialect = match service {
            "cognito-identity" | "daypass" => Dialect::Json,
            "s3" => Dialect::S3,
            _ => Dialect::Query,
        };
        Self {
            dialect,
            service: service.to_owned(),
            region: REGION.to_owned(),
            leaving_out: Vec::new(),
            other_body: None,
            clock_ahead_seconds: 0,
        }
    }

    /// Signs `request` at `now_seconds`, adding the headers of the signature.
    ///
    /// **Errors**: what the signer refuses, in words.
    pub fn sign(
        &self,
        keys: &Keys,
        request: &mut Request<Bytes>,
        now_seconds: i64,
    ) -> Result<(), String> {
        with_host(request);
        let headers = view_headers(request, &self.leaving_out);
        let view = RequestView {
            method: request.method().as_str(),
            path: request.uri().path(),
            query: request.uri().query().unwrap_or_default(),
            headers: &headers,
        };
        let signer = Signer {
            access_key_id: &keys.id,
            secret: &keys.secret,
            session_token: keys.token.as_ref(),
            region: &self.region,
            service: &self.service,
            dialect: self.dialect,
        };
        let body = self.other_body.as_ref().unwrap_or(request.body());
        let moment = now_seconds.saturating_add(self.clock_ahead_seconds);
        let authorization = signer
            .authorize(&view, Payload::of(body), moment)
            .map_err(|error| error.to_string())?;
        for (name, value) in authorization.into_headers() {
            let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
            let value = HeaderValue::try_from(value).map_err(|error| error.to_string())?;
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }
}

/// Adds the host of the test house, unless the request names one.
pub fn with_host(request: &mut Request<Bytes>) {
    request
        .headers_mut()
        .entry(http::header::HOST)
        .or_insert(HeaderValue::from_static(HOST));
}

fn view_headers(request: &Request<Bytes>, leaving_out: &[String]) -> Vec<(String, Vec<u8>)> {
    request
        .headers()
        .iter()
        .filter(|(name, _)| !leaving_out.iter().any(|out| out == name.as_str()))
        .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
        .collect()
}
