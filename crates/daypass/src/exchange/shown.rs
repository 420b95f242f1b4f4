//! What of a request and its answer is shown: everything but the secrets.
//!
//! **Source**: requirement S77 (no secret on a screen or in a log); IAM user guide, *Create a signed
//! AWS API request*.

use daypass_core::COGNITO_PROVIDER;
use serde_json::Value;

use crate::api::{Api, Json, Refusal};
use crate::client::Keys;

/// How much of a masked text is left to compare.
const LEFT_CHARS: usize = 8;

/// Members of requests and answers whose values are not shown.
const SECRETS: [&str; 4] = ["Token", "SecretKey", "SessionToken", COGNITO_PROVIDER];

/// A call of the identity face as it went out.
pub(super) fn json_request(api: &Api<'_>, operation: &str, input: &Value) -> String {
    let mut lines = vec![
        "POST / HTTP/1.1".to_owned(),
        format!("Host: {}", host(api)),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        format!("X-Amz-Target: {}", Json::Cognito.target(operation)),
    ];
    if let Some(keys) = api.keys() {
        lines.push(authorization(api, keys, "cognito-identity"));
    }
    format!("{}\n\n{}", lines.join("\n"), indented(input.clone()))
}

/// A request to the object store as it went out.
pub(super) fn s3_request(api: &Api<'_>, method: &str, path: &str, keys: &Keys) -> String {
    format!(
        "{method} {path} HTTP/1.1\nHost: {}\n{}\nX-Amz-Security-Token: …",
        host(api),
        authorization(api, keys, "s3"),
    )
}

fn authorization(api: &Api<'_>, keys: &Keys, service: &str) -> String {
    format!(
        "Authorization: AWS4-HMAC-SHA256 Credential={}/…/{}/{service}/aws4_request, \
         SignedHeaders=…, Signature=…",
        keys.access_key_id,
        api.region()
    )
}

fn host<'a>(api: &Api<'a>) -> &'a str {
    let endpoint = api.endpoint();
    endpoint
        .split_once("://")
        .map_or(endpoint, |(_, authority)| authority)
}

/// The body of an answer in JSON; a body that is none is not shown.
pub(super) fn json_body(body: &[u8]) -> String {
    serde_json::from_slice(body).map_or_else(|_| String::new(), indented)
}

fn indented(mut value: Value) -> String {
    mask(&mut value);
    serde_json::to_string_pretty(&value).unwrap_or_default()
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::String(text) if SECRETS.contains(&name.as_str()) => {
                        *text = masked(name, text);
                    }
                    other => mask(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}

/// Of a token its beginning, to compare by eye; of a secret nothing.
fn masked(name: &str, text: &str) -> String {
    if name == "SecretKey" {
        return "…".to_owned();
    }
    let left: String = text.chars().take(LEFT_CHARS).collect();
    format!("{left}… ({} characters)", text.chars().count())
}

/// A refusal in a few words: its reason code if the server tells it, and its sentence.
pub(super) fn refused(refusal: &Refusal) -> String {
    let reason = refusal.reason.as_deref().unwrap_or(&refusal.code);
    format!("refused: {reason}: {}", refusal.message)
}

/// A key of the object store with as much of the identity id as a person compares.
pub(super) fn short_key(key: &str) -> String {
    const ID_CHARS: usize = 8;
    let Some((folder, name)) = key.split_once('/') else {
        return key.to_owned();
    };
    let end = folder
        .find(':')
        .map_or(ID_CHARS, |colon| colon.saturating_add(ID_CHARS + 1));
    folder
        .get(..end)
        .map_or_else(|| key.to_owned(), |short| format!("{short}…/{name}"))
}

/// The id of an identity that is not this one, and nobody's: its number counted the other way.
pub(crate) fn other_identity(identity: &str) -> String {
    let (region, number) = identity.split_once(':').unwrap_or(("", identity));
    let turned = |c: char| match c.to_digit(16) {
        Some(digit) => char::from_digit(15_u32.saturating_sub(digit), 16).unwrap_or(c),
        None => c,
    };
    format!(
        "{region}:{}",
        number.chars().map(turned).collect::<String>()
    )
}
