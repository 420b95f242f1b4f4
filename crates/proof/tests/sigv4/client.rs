//! An honest client, and the walk a face makes with its request.

use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SessionToken};
use daypass_proof::sigv4::sign::{Authorization, Signer};
use daypass_proof::sigv4::{
    Body, Dialect, Payload, Presentation, Presented, RequestView, Rules, SignatureError,
    VerifiedSignature, check_scope, check_token, presented, verify,
};

/// 2026-03-01T12:00:00Z.
pub(crate) const NOW: i64 = 1_772_366_400;
pub(crate) const SKEW_SECONDS: i64 = 900;
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
pub(crate) const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE+/token==";

/// A request as owned values, ready to be tampered with.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) dialect: Dialect,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let mut request = Self {
            dialect,
            method: "POST".to_owned(),
            path: "/".to_owned(),
            query: String::new(),
            headers: Vec::new(),
            body: b"{}".to_vec(),
        };
        request.add("host", "daypass.example:4600");
        request.add("user-agent", "honest/1.0");
        match dialect {
            Dialect::Json => {
                request.add("x-amz-target", "AWSCognitoIdentityService.GetId");
                request.add("content-type", "application/x-amz-json-1.1");
            }
            Dialect::Query => request.add("content-type", "application/x-www-form-urlencoded"),
            Dialect::S3 => {
                "PUT".clone_into(&mut request.method);
                "/bucket/a key/%2F//../x"
                    .replace(' ', "%20")
                    .clone_into(&mut request.path);
                "tagging&versionId=3%2B4&b=2&a=1".clone_into(&mut request.query);
            }
        }
        request
    }

    pub(crate) fn view(&self) -> RequestView<'_> {
        RequestView {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers: &self.headers,
        }
    }

    pub(crate) fn add(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.headers
            .push((name.to_owned(), value.as_ref().to_vec()));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.headers.retain(|(header, _)| header != name);
    }

    pub(crate) fn set(&mut self, name: &str, value: impl AsRef<[u8]>) {
        self.remove(name);
        self.add(name, value);
    }

    pub(crate) fn header(&self, name: &str) -> String {
        let value = self.headers.iter().find(|(header, _)| header == name);
        String::from_utf8(value.expect(name).1.clone()).unwrap()
    }

    /// Replaces a piece of the `Authorization` value.
    pub(crate) fn edit(&mut self, from: &str, to: &str) {
        let value = self.header("authorization");
        assert!(value.contains(from), "`{from}` is in `{value}`");
        self.set("authorization", value.replacen(from, to, 1));
    }

    /// Appends a piece to the query.
    pub(crate) fn add_query(&mut self, piece: &str) {
        self.query.push('&');
        self.query.push_str(piece);
    }

    /// Replaces a piece of the query.
    pub(crate) fn edit_query(&mut self, from: &str, to: &str) {
        assert!(self.query.contains(from), "`{from}` is in `{}`", self.query);
        self.query = self.query.replacen(from, to, 1);
    }

    /// The payload an honest client names in the header form.
    pub(crate) fn payload(&self) -> Payload {
        Payload::of(&self.body)
    }

    pub(crate) fn authorize(&mut self, temporary: bool) -> Authorization {
        let payload = self.payload();
        self.authorize_as(temporary, payload)
    }

    pub(crate) fn authorize_as(&mut self, temporary: bool, payload: Payload) -> Authorization {
        let keys = Keys::new(temporary);
        let signed = keys
            .signer(self.dialect)
            .authorize(&self.view(), payload, NOW)
            .unwrap();
        for (name, value) in signed.headers() {
            self.add(name, value);
        }
        signed
    }

    /// The same refusal of both forms of signing.
    pub(crate) fn try_sign(&self, timestamp: i64) -> SignatureError {
        let keys = Keys::new(false);
        let signer = keys.signer(self.dialect);
        let (view, payload) = (self.view(), self.payload());
        let header = signer.authorize(&view, payload, timestamp).err();
        let query = signer.presign(&view, payload, timestamp, 60).err();
        assert_eq!(header, query);
        header.expect("a refusal")
    }

    pub(crate) fn presign(&mut self, temporary: bool, expires_seconds: u64) {
        let payload = match self.dialect {
            Dialect::S3 => Payload::Unsigned,
            Dialect::Json | Dialect::Query => self.payload(),
        };
        self.presign_as(temporary, expires_seconds, payload);
    }

    pub(crate) fn presign_as(&mut self, temporary: bool, expires_seconds: u64, payload: Payload) {
        let keys = Keys::new(temporary);
        let signer = keys.signer(self.dialect);
        self.query = signer
            .presign(&self.view(), payload, NOW, expires_seconds)
            .unwrap();
    }

    /// A signed request in the header form.
    pub(crate) fn signed(dialect: Dialect) -> Self {
        let mut request = Self::new(dialect);
        request.authorize(false);
        request
    }

    /// A presigned request, valid for an hour.
    pub(crate) fn presigned(dialect: Dialect) -> Self {
        let mut request = Self::new(dialect);
        request.presign(false, 3600);
        request
    }

    /// The claim it makes.
    pub(crate) fn claim(&self) -> Result<Presentation, SignatureError> {
        match presented(&self.view(), self.dialect)? {
            Presented::Signed(presentation) => Ok(presentation),
            Presented::Nothing => Err(SignatureError::Missing),
        }
    }

    /// The verdict now, with the right secret and the whole body.
    pub(crate) fn judge(&self) -> Result<VerifiedSignature, SignatureError> {
        self.judge_at(NOW)
    }

    pub(crate) fn judge_at(&self, now: i64) -> Result<VerifiedSignature, SignatureError> {
        self.judge_with(Body::Whole(&self.body), SECRET, now)
    }

    pub(crate) fn judge_with(
        &self,
        body: Body,
        secret: &str,
        now: i64,
    ) -> Result<VerifiedSignature, SignatureError> {
        let rules = rules(self.dialect);
        let presentation = self.claim()?;
        check_scope(&presentation, &rules)?;
        check_token(&presentation)?;
        let secret: SecretAccessKey = secret.parse().unwrap();
        verify(&presentation, &self.view(), body, &secret, &rules, now)
    }

    pub(crate) fn refusal(&self) -> SignatureError {
        self.judge().expect_err("a refusal")
    }
}

pub(crate) fn service(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Json => "cognito-identity",
        Dialect::Query => "sts",
        Dialect::S3 => "s3",
    }
}

pub(crate) fn rules(dialect: Dialect) -> Rules<'static> {
    Rules {
        dialect,
        service: service(dialect),
        region: Some("us-east-1"),
        skew_seconds: SKEW_SECONDS,
    }
}

struct Keys {
    id: AccessKeyId,
    secret: SecretAccessKey,
    token: Option<SessionToken>,
}

impl Keys {
    fn new(temporary: bool) -> Self {
        let id = if temporary {
            "ASIAIOSFODNN7EXAMPLE"
        } else {
            "AKIAIOSFODNN7EXAMPLE"
        };
        Self {
            id: id.parse().unwrap(),
            secret: SECRET.parse().unwrap(),
            token: temporary.then(|| TOKEN.parse().unwrap()),
        }
    }

    fn signer(&self, dialect: Dialect) -> Signer<'_> {
        Signer {
            access_key_id: &self.id,
            secret: &self.secret,
            session_token: self.token.as_ref(),
            region: "us-east-1",
            service: service(dialect),
            dialect,
        }
    }
}

pub(crate) const DIALECTS: [Dialect; 3] = [Dialect::Json, Dialect::Query, Dialect::S3];
