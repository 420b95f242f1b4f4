//! The request of a vector as the bytes that are sent.
//!
//! **Shape**: `METHOD target`, headers, an empty line, the body. The lines of a form body are put
//! together without line breaks, and what fills a placeholder in one is percent-encoded; in a JSON
//! body it is escaped, unless it is a list; in an XML body it stands as it is. `Host` is added when it is not given, and on S3 so is `Content-Length`.
//!
//! `Signed-By: NAME` signs with the keys bound to the name: `root`, `developer`, or what a given
//! made; `user NAME` and `session NAME` say the same. `nobody`, or no such line, leaves the request
//! unsigned. What is wrong with the signature follows, parted by commas:
//! - `with another secret`, `with the token of NAME`, `with a bent token`, `without its token`
//! - `for service NAME`, `for region NAME`
//! - `N seconds ago`, `N seconds ahead`: the client's clock
//! - `leaving out HEADER`: the header is sent and not signed
//! - `over another body`: the body is not the one that was signed

use bytes::Bytes;
use daypass_proof::secret::SessionToken;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, Request};

use super::given::World;
use crate::keys::{Keys, Signing, with_host};

/// The request that these lines of a vector describe, in this world.
///
/// **Errors**: what cannot be made into a request, in words.
pub fn build(lines: &[String], world: &World<'_>) -> Result<Request<Bytes>, String> {
    let now = world.now_seconds();
    let fill = |text: &str, write: fn(&str) -> String| world.places.fill(text, now, write);
    let (start, rest) = lines.split_first().ok_or("an empty request")?;
    let (method, target) = start.split_once(' ').ok_or("no `METHOD target`")?;
    let end = rest.iter().position(String::is_empty).unwrap_or(rest.len());
    let (head, body) = rest.split_at(end);
    let mut headers = HeaderMap::new();
    let mut signed_by = "nobody".to_owned();
    for line in head {
        let (name, value) = line.split_once(':').ok_or("a header without a colon")?;
        let value = fill(value.trim_start(), str::to_owned);
        if name.eq_ignore_ascii_case("signed-by") {
            signed_by = value;
            continue;
        }
        let name = HeaderName::try_from(name).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        headers.append(name, value);
    }
    let body = body.get(1..).unwrap_or_default();
    let body = if is_form(&headers) {
        fill(&body.concat(), form_escaped)
    } else if body.first().is_some_and(|line| line.starts_with('<')) {
        fill(&body.join("\n"), str::to_owned)
    } else {
        fill(&body.join("\n"), json_written)
    };
    let mut request = Request::builder()
        .method(method)
        .uri(fill(target, form_escaped))
        .body(Bytes::from(body))
        .map_err(|error| error.to_string())?;
    *request.headers_mut() = headers;
    with_host(&mut request);
    if service_of(&request) == "s3" {
        let length = HeaderValue::from(request.body().len());
        request
            .headers_mut()
            .entry(CONTENT_LENGTH)
            .or_insert(length);
    }
    sign(&mut request, &signed_by, world)?;
    Ok(request)
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/x-www-form"))
}

fn form_escaped(text: &str) -> String {
    daypass_wire::rest::encode(text)
}

/// What a place stands for in a JSON body: a list as it is, any other text escaped.
fn json_written(text: &str) -> String {
    if text.starts_with("[{") {
        text.to_owned()
    } else {
        json_escaped(text)
    }
}

/// A text as it stands between the quotes of a JSON string.
pub(super) fn json_escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

/// The service whose clients send such a request.
fn service_of(request: &Request<Bytes>) -> &'static str {
    let names_iam = |text: &str| text.contains("Version=2010-05-08");
    let query = request.uri().query().unwrap_or_default();
    let body = std::str::from_utf8(request.body()).unwrap_or_default();
    if let Some(target) = request.headers().get("x-amz-target") {
        let daypass = target.as_bytes().starts_with(b"Daypass.");
        if daypass {
            "daypass"
        } else {
            "cognito-identity"
        }
    } else if names_iam(query) || names_iam(body) {
        "iam"
    } else if is_form(request.headers()) || query.contains("Action=") {
        "sts"
    } else if request.uri().path() == "/" && request.method() == http::Method::POST {
        "cognito-identity"
    } else {
        "s3"
    }
}

fn sign(request: &mut Request<Bytes>, signed_by: &str, world: &World<'_>) -> Result<(), String> {
    let mut words = signed_by.split(", ");
    let who = words.next().unwrap_or("nobody");
    let name = who.rsplit(' ').next().unwrap_or(who);
    if name == "nobody" {
        return Ok(());
    }
    let mut keys = world.keys(name)?.clone();
    let mut signing = Signing::of(service_of(request));
    for flaw in words {
        apply(flaw, &mut keys, &mut signing, world)?;
    }
    signing.sign(&keys, request, world.now_seconds())
}

fn apply(
    flaw: &str,
    keys: &mut Keys,
    signing: &mut Signing,
    world: &World<'_>,
) -> Result<(), String> {
    let seconds = |text: &str| text.parse::<i64>().map_err(|error| error.to_string());
    let words: Vec<&str> = flaw.split(' ').collect();
    match words.as_slice() {
        ["with", "another", "secret"] => {
            let other = "another-secret-another-secret-another-se";
            keys.secret = other.parse().map_err(|_| "a secret".to_owned())?;
        }
        ["without", "its", "token"] => keys.token = None,
        ["with", "the", "token", "of", name] => {
            keys.token.clone_from(&world.keys(name)?.token);
        }
        ["with", "a", "bent", "token"] => keys.token = keys.token.as_ref().map(bent).transpose()?,
        ["for", "service", service] => {
            let dialect = signing.dialect;
            *signing = Signing {
                service: (*service).to_owned(),
                dialect,
                ..signing.clone()
            };
        }
        ["for", "region", region] => (*region).clone_into(&mut signing.region),
        [count, "seconds", "ago"] => signing.clock_ahead_seconds = -seconds(count)?,
        [count, "seconds", "ahead"] => signing.clock_ahead_seconds = seconds(count)?,
        ["leaving", "out", header] => signing.leaving_out.push((*header).to_owned()),
        ["over", "another", "body"] => {
            signing.other_body = Some(Bytes::from_static(b"another body"));
        }
        _ => return Err(format!("unknown flaw of a signature: `{flaw}`")),
    }
    Ok(())
}

/// The token with one letter in its middle changed.
fn bent(token: &SessionToken) -> Result<SessionToken, String> {
    let text = token.expose();
    let middle = text.len() / 2;
    let letters = text.chars().enumerate();
    let bent: String = letters
        .map(|(index, letter)| match letter {
            'A' if index == middle => 'B',
            _ if index == middle => 'A',
            other => other,
        })
        .collect();
    bent.parse().map_err(|_| "a bent token".to_owned())
}
