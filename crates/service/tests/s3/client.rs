//! An honest client, and the ways to be another one.

use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SessionToken};
use daypass_proof::sigv4::sign::{Authorization, Signer};
use daypass_proof::sigv4::{Dialect, Payload, RequestView};
use http::HeaderMap;

use crate::house::NOW_SECONDS;

/// A key pair, perhaps with a session.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) id: AccessKeyId,
    pub(crate) secret: SecretAccessKey,
    pub(crate) token: Option<SessionToken>,
}

impl Keys {
    pub(crate) fn new(id: &str, secret: &str) -> Self {
        Self {
            id: id.parse().unwrap(),
            secret: secret.parse().unwrap(),
            token: None,
        }
    }

    /// The same key with a secret that is not its own.
    pub(crate) fn forged(&self) -> Self {
        Self {
            secret: "f".repeat(40).parse().unwrap(),
            ..self.clone()
        }
    }

    pub(crate) fn signer(&self) -> Signer<'_> {
        Signer {
            access_key_id: &self.id,
            secret: &self.secret,
            session_token: self.token.as_ref(),
            region: "us-east-1",
            service: "s3",
            dialect: Dialect::S3,
        }
    }
}

/// A request about to be sent.
#[derive(Clone)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Sent {
    pub(crate) fn new(method: &str, path: &str, query: &str, body: &[u8]) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: vec![("host".to_owned(), b"daypass.test".to_vec())],
            body: body.to_vec(),
        }
        .with("content-length", &body.len().to_string())
    }

    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
        }
    }

    fn authorize(&mut self, keys: &Keys, payload: Payload, seconds: i64) -> Authorization {
        let signer = keys.signer();
        let authorization = signer.authorize(&self.view(), payload, seconds).unwrap();
        for (name, value) in authorization.headers() {
            self.headers
                .push((name.clone(), value.clone().into_bytes()));
        }
        authorization
    }

    /// Signed in the header, the body's hash included.
    pub(crate) fn signed(self, keys: &Keys) -> Self {
        self.signed_at(keys, NOW_SECONDS)
    }

    pub(crate) fn signed_at(mut self, keys: &Keys, seconds: i64) -> Self {
        let payload = Payload::of(&self.body);
        self.authorize(keys, payload, seconds);
        self
    }

    /// Signed in the header, the body left open.
    pub(crate) fn unsigned_payload(mut self, keys: &Keys) -> Self {
        self.authorize(keys, Payload::Unsigned, NOW_SECONDS);
        self
    }

    /// Signed in the query.
    pub(crate) fn presigned(self, keys: &Keys, expires_seconds: u64) -> Self {
        // A URL is made before the body is known.
        let mut sent = self.without("content-length");
        let query = keys.signer().presign(
            &sent.view(),
            Payload::Unsigned,
            NOW_SECONDS,
            expires_seconds,
        );
        sent.query = query.unwrap();
        let length = sent.body.len().to_string();
        sent.with("content-length", &length)
    }

    /// Signed chunk by chunk, with a trailer if one is named.
    pub(crate) fn in_chunks(self, keys: &Keys, size: usize, trailer: Option<(&str, &str)>) -> Self {
        let data = self.body.clone();
        let mut sent = self
            .without("content-length")
            .with("content-encoding", "aws-chunked");
        sent = sent.with("x-amz-decoded-content-length", &data.len().to_string());
        if let Some((name, _)) = trailer {
            sent = sent.with("x-amz-trailer", name);
        }
        let payload = Payload::StreamingSigned {
            trailer: trailer.is_some(),
        };
        let authorization = sent.authorize(keys, payload, NOW_SECONDS);
        let mut chain = authorization.chunks();
        let mut body = Vec::new();
        for chunk in data.chunks(size).chain([&[][..]]) {
            let signature = chain.chunk(chunk);
            body.extend(format!("{:x};chunk-signature={signature}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            if !chunk.is_empty() {
                body.extend(b"\r\n");
            }
        }
        if let Some((name, value)) = trailer {
            let signature = chain.trailer(&[(name, value)]);
            body.extend(format!("{name}:{value}\r\n").bytes());
            body.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
        }
        body.extend(b"\r\n");
        sent.body = body;
        sent
    }

    /// In chunks without signatures, followed by a trailer.
    pub(crate) fn in_unsigned_chunks(
        self,
        keys: &Keys,
        size: usize,
        trailer: (&str, &str),
    ) -> Self {
        let data = self.body.clone();
        let mut sent = self
            .without("content-length")
            .with("content-encoding", "aws-chunked");
        sent = sent.with("x-amz-decoded-content-length", &data.len().to_string());
        sent = sent.with("x-amz-trailer", trailer.0);
        sent.authorize(keys, Payload::StreamingUnsignedTrailer, NOW_SECONDS);
        let mut body = Vec::new();
        for chunk in data.chunks(size) {
            body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            body.extend(b"\r\n");
        }
        body.extend(format!("0\r\n{}:{}\r\n\r\n", trailer.0, trailer.1).bytes());
        sent.body = body;
        sent
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> &str {
        let (_, value) = self
            .headers
            .iter()
            .find(|(known, _)| known == name)
            .unwrap();
        std::str::from_utf8(value).unwrap()
    }

    /// Replaces the value of a header.
    #[must_use]
    pub(crate) fn replace(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        self.elements(name).into_iter().next()
    }

    /// The texts of all elements of this name.
    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let pieces = text.split(&open).skip(1);
        pieces
            .filter_map(|piece| Some(piece.split_once(&close)?.0.to_owned()))
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} {:?}", self.text(), self.headers);
        self
    }

    /// A refusal with this status and code.
    #[track_caller]
    pub(crate) fn refused(self, status: u16, code: &str) -> Self {
        let found = (self.status, self.element("Code").unwrap_or_default());
        assert_eq!(found, (status, code.to_owned()), "{}", self.text());
        self
    }
}
