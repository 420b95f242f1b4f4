//! The operations of a daypass, as a client calls them: for the console, the command line, the demo.
//!
//! One typed call per operation that one of them needs, grouped by noun. All of them go through
//! [`Client`], signed with somebody's key: what the key may not do is refused here as everywhere.
//!
//! **Source**: the API references of Amazon Cognito identity, IAM, STS and S3.

#![expect(
    clippy::struct_field_names,
    reason = "members are called what the API calls them"
)]

pub(crate) mod deployment;
pub(crate) mod identities;
pub(crate) mod mappings;
pub(crate) mod pools;
pub(crate) mod roles;
pub(crate) mod storage;
pub(crate) mod users;
pub(crate) mod xml;

use daypass_proof::sigv4::Dialect;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use crate::client::{Answer, Call, Client, ClientError, Keys};
use xml::Node;

/// The most pages of a list that are read before it is called too long.
pub(crate) const PAGES_MAX: usize = 50;

/// A face that speaks JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Json {
    /// Amazon Cognito identity.
    Cognito,
    /// What AWS has no operation for.
    Daypass,
}

impl Json {
    /// The `X-Amz-Target` of an operation.
    pub(crate) fn target(self, operation: &str) -> String {
        let prefix = match self {
            Self::Cognito => "AWSCognitoIdentityService",
            Self::Daypass => "Daypass",
        };
        format!("{prefix}.{operation}")
    }
}

/// A face that speaks the query protocol.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Query {
    /// Roles, policies, users, keys.
    Iam,
    /// Sessions.
    Sts,
}

/// Why a call has no result.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum CallError {
    /// The service refused, or failed.
    #[error("{}: {}", .0.code, .0.message)]
    Refused(Refusal),
    /// There was no answer.
    #[error("{0}")]
    Unanswered(String),
    /// There was none in time.
    #[error("{0}")]
    Late(String),
    /// The answer is not what the operation answers.
    #[error("the answer of `{operation}` does not read: {what}")]
    Unreadable {
        /// The operation.
        operation: String,
        /// What is wrong with it.
        what: String,
    },
}

/// An error answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refusal {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The error's name, like `NotAuthorizedException`.
    pub(crate) code: String,
    /// Its sentence.
    pub(crate) message: String,
    /// The request, for the log.
    pub(crate) request_id: String,
    /// The reason code, when the server tells it.
    pub(crate) reason: Option<String>,
}

impl CallError {
    /// Whether this is the error of this name.
    pub(crate) fn is(&self, code: &str) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == code)
    }

    /// Whether the key may not do this.
    pub(crate) fn is_denied(&self) -> bool {
        self.is("AccessDenied") || self.is("AccessDeniedException")
    }

    /// The request it belongs to, for the log; empty when there was no answer.
    pub(crate) fn request_id(&self) -> &str {
        match self {
            Self::Refused(refusal) => &refusal.request_id,
            Self::Unanswered(_) | Self::Late(_) | Self::Unreadable { .. } => "",
        }
    }

    /// Whether the thing asked for is not there.
    pub(crate) fn is_absent(&self) -> bool {
        self.is("ResourceNotFoundException") || self.is("NoSuchEntity") || self.is("NoSuchBucket")
    }
}

impl From<ClientError> for CallError {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Late(_) => Self::Late(error.to_string()),
            ClientError::Request(_) | ClientError::Unreachable(_) => {
                Self::Unanswered(error.to_string())
            }
        }
    }
}

/// A daypass, and the key its operations are called with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Api<'a> {
    client: &'a Client,
    keys: Option<&'a Keys>,
}

impl<'a> Api<'a> {
    /// Calls signed with `keys`; without, only public operations are answered.
    pub(crate) fn new(client: &'a Client, keys: Option<&'a Keys>) -> Self {
        Self { client, keys }
    }

    /// The same daypass with other keys.
    pub(crate) fn with_keys(self, keys: Option<&'a Keys>) -> Self {
        Self { keys, ..self }
    }

    /// The key that signs.
    pub(crate) fn keys(&self) -> Option<&'a Keys> {
        self.keys
    }

    /// Where the daypass is.
    pub(crate) fn endpoint(&self) -> &'a str {
        self.client.endpoint()
    }

    /// The Region it is in.
    pub(crate) fn region(&self) -> &'a str {
        self.client.region()
    }

    /// Calls an operation that speaks JSON and answers its result.
    pub(crate) async fn json<T: DeserializeOwned>(
        &self,
        face: Json,
        operation: &str,
        input: &serde_json::Value,
    ) -> Result<T, CallError> {
        let answer = self.json_answer(face, operation, input).await?;
        let answer = accepted(answer)?;
        let body: &[u8] = if answer.body.is_empty() {
            b"null"
        } else {
            &answer.body
        };
        serde_json::from_slice(body).map_err(|error| unreadable(operation, &error))
    }

    /// Calls an operation that speaks JSON and gives its answer as it came.
    pub(crate) async fn json_answer(
        &self,
        face: Json,
        operation: &str,
        input: &serde_json::Value,
    ) -> Result<Answer, CallError> {
        let service = match face {
            Json::Cognito => "cognito-identity",
            Json::Daypass => "daypass",
        };
        let target = face.target(operation);
        let call = Call {
            method: Method::POST,
            path: "/",
            service,
            dialect: Dialect::Json,
            content_type: "application/x-amz-json-1.1",
            target: Some(&target),
            body: input.to_string().into_bytes(),
            keys: self.keys,
        };
        Ok(self.client.send(call).await?)
    }

    /// Calls an operation of a query face and answers the children of its result element.
    pub(crate) async fn query(
        &self,
        face: Query,
        operation: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Node, CallError> {
        let (service, version) = match face {
            Query::Iam => ("iam", "2010-05-08"),
            Query::Sts => ("sts", "2011-06-15"),
        };
        let form = form(operation, version, parameters);
        let call = Call {
            method: Method::POST,
            path: "/",
            service,
            dialect: Dialect::Query,
            content_type: "application/x-www-form-urlencoded; charset=utf-8",
            target: None,
            body: form.into_bytes(),
            keys: self.keys,
        };
        let answer = accepted(self.client.send(call).await?)?;
        let root = Node::parse(&answer.body).map_err(|error| unreadable(operation, &error))?;
        Ok(root
            .child(&format!("{operation}Result"))
            .cloned()
            .unwrap_or_default())
    }

    /// Makes a request to the object store and gives its answer as it came.
    pub(crate) async fn s3(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Answer, CallError> {
        let call = Call {
            method,
            path,
            service: "s3",
            dialect: Dialect::S3,
            content_type: "text/plain",
            target: None,
            body,
            keys: self.keys,
        };
        Ok(self.client.send(call).await?)
    }
}

/// The body of a query call.
fn form(operation: &str, version: &str, parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", operation)
        .append_pair("Version", version)
        .extend_pairs(parameters)
        .finish()
}

/// Adds a member to an operation's input, or to any other JSON object.
pub(crate) fn insert(object: &mut serde_json::Value, name: &str, value: serde_json::Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// The answer, unless it is a refusal.
pub(crate) fn accepted(answer: Answer) -> Result<Answer, CallError> {
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(CallError::Refused(refusal(&answer)))
}

/// What an error answer of any face says.
pub(crate) fn refusal(answer: &Answer) -> Refusal {
    let header = |name: &str| {
        let value = answer.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let (code, message) = said(answer).unwrap_or_else(|| {
        let status = answer.status.canonical_reason().unwrap_or("Error");
        (status.replace(' ', ""), unsaid(answer.status))
    });
    Refusal {
        status: answer.status.as_u16(),
        code,
        message,
        request_id: header("x-amzn-requestid").unwrap_or_default(),
        reason: header("x-daypass-reason"),
    }
}

/// The code and sentence in the body of an error answer, whichever encoding it has.
fn said(answer: &Answer) -> Option<(String, String)> {
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(&answer.body) {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        return Some((text("__type")?, text("message").unwrap_or_default()));
    }
    let root = Node::parse(&answer.body).ok()?;
    let error = root.child("Error").unwrap_or(&root);
    Some((
        error.text_of("Code")?,
        error.text_of("Message").unwrap_or_default(),
    ))
}

fn unsaid(status: StatusCode) -> String {
    format!("the server answered {status} and nothing else")
}

fn unreadable(operation: &str, error: &dyn std::fmt::Display) -> CallError {
    CallError::Unreadable {
        operation: operation.to_owned(),
        what: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
