//! The calls of the journey, and what it reads out of their answers.

use daypass_json::Value;
use daypass_proof::sigv4::Dialect;
use http::Method;

use super::journey::Broken;
use super::xml;
use crate::client::{Answer, Call, Keys};

/// A call of the identity face.
pub(super) fn cognito<'a>(
    target: &'a str,
    input: &serde_json::Value,
    keys: Option<&'a Keys>,
) -> Call<'a> {
    Call {
        method: Method::POST,
        path: "/",
        service: "cognito-identity",
        dialect: Dialect::Json,
        content_type: "application/x-amz-json-1.1",
        target: Some(target),
        body: input.to_string().into_bytes(),
        keys,
    }
}

/// A call of a query face.
pub(super) fn query<'a>(service: &'a str, body: String, keys: &'a Keys) -> Call<'a> {
    Call {
        method: Method::POST,
        path: "/",
        service,
        dialect: Dialect::Query,
        content_type: "application/x-www-form-urlencoded; charset=utf-8",
        target: None,
        body: body.into_bytes(),
        keys: Some(keys),
    }
}

/// An upload, or a new bucket.
pub(super) fn s3<'a>(path: &'a str, body: Vec<u8>, keys: &'a Keys) -> Call<'a> {
    Call {
        method: Method::PUT,
        path,
        service: "s3",
        dialect: Dialect::S3,
        content_type: "text/plain",
        target: None,
        body,
        keys: Some(keys),
    }
}

/// The body of a query call.
pub(super) fn form(action: &str, version: &str, parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", action)
        .append_pair("Version", version);
    form.extend_pairs(parameters).finish()
}

/// A member of an answer, by its path.
pub(super) fn find<'v>(answer: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter()
        .try_fold(answer, |value, name| value.as_object()?.get(name))
}

/// A text of an answer, by its path.
pub(super) fn member(title: &str, answer: &Value, path: &[&'static str]) -> Result<String, Broken> {
    let text = find(answer, path)
        .and_then(Value::as_str)
        .map(str::to_owned);
    let member = path.last().copied().unwrap_or_default();
    text.ok_or_else(|| Broken::Member {
        title: title.to_owned(),
        member,
    })
}

/// A text of an answer in XML.
pub(super) fn element(title: &str, answer: &Answer, name: &'static str) -> Result<String, Broken> {
    let text = xml::text(&answer.body, name);
    text.ok_or_else(|| Broken::Member {
        title: title.to_owned(),
        member: name,
    })
}

/// Keys made of the texts of an answer.
pub(super) fn keys(
    title: &str,
    id: &str,
    secret: &str,
    token: Option<&str>,
) -> Result<Keys, Broken> {
    let wrong = |error: daypass_proof::secret::SecretError| Broken::Content {
        title: title.to_owned(),
        what: error.to_string(),
    };
    Ok(Keys {
        access_key_id: id.parse().map_err(wrong)?,
        secret_access_key: secret.parse().map_err(wrong)?,
        session_token: token.map(str::parse).transpose().map_err(wrong)?,
    })
}
