//! Telling a vector's story to a server and holding the answers to it.
//!
//! Beside what a vector says, every answer is held to what all answers have: a request id and a
//! date; and every refusal of the JSON face repeats its code and its message in headers.
//!
//! **Source**: STYLE §7; contract page, Cognito identity sections 1.2 and 1.3.

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use serde_json::Value;

use super::compare::{self, Among};
use super::given::World;
use super::request::{self, json_escaped};
use super::text::Case;
use crate::forge;
use crate::house::{House, Plan};

/// A server that vectors are run against.
#[async_trait]
pub trait Server: Send + Sync {
    /// Answers a request.
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes>;

    /// Its clock, in seconds since the epoch.
    fn now_seconds(&self) -> i64;
}

#[async_trait]
impl Server for House {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.send(request).await
    }

    fn now_seconds(&self) -> i64 {
        self.clock.seconds()
    }
}

/// What a case came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The status and the code of each answer; success has no code.
    pub answers: Vec<(u16, Option<String>)>,
    /// Texts that must never reach a log: secrets, tokens and logins of this case.
    pub secrets: Vec<String>,
}

/// Runs a case against a fresh house.
///
/// **Errors**: what was given and could not be brought about, or how an answer differs, in words.
pub async fn run(case: &Case) -> Result<Outcome, String> {
    let plan = Plan {
        // One place, so that one unfinished request fills the house.
        in_flight_max: 1,
        ..Plan::default()
    };
    let house = House::open(plan).await;
    let mut world = World::around(&house).await?;
    for phrase in &case.given {
        world.given(phrase).await?;
    }
    let mut outcome = Outcome::default();
    for (exchange, number) in case.exchanges.iter().zip(1..) {
        let request = request::build(&exchange.request, &world)
            .map_err(|error| format!("request {number}: {error}"))?;
        let answer = world.send(request).await;
        outcome
            .answers
            .push((answer.status().as_u16(), code_of(&answer)));
        outcome.secrets.extend(secrets_in(&answer));
        hold_to(&exchange.answer, &answer, &mut world)
            .map_err(|error| format!("answer {number}: {error}\n  {}", shown(&answer)))?;
        hold_to_form(&answer).map_err(|error| format!("answer {number}: {error}"))?;
    }
    let last = outcome.answers.last().and_then(|(_, code)| code.clone());
    if last != case.error {
        let wanted = case.error.as_deref().unwrap_or("ok");
        return Err(format!("expected {wanted}, the last answer says {last:?}"));
    }
    for check in &case.checks {
        hold(check, &mut world).map_err(|error| format!("where {check}: {error}"))?;
    }
    outcome.secrets.extend(world.secrets());
    Ok(outcome)
}

/// What an answer hands out that no log may repeat.
fn secrets_in(answer: &Response<Bytes>) -> Vec<String> {
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    let mut secrets = Vec::new();
    for (before, after) in [
        ("\"Token\":\"", '"'),
        ("\"SecretKey\":\"", '"'),
        ("\"SessionToken\":\"", '"'),
        ("\"NextToken\":\"", '"'),
        ("<SecretAccessKey>", '<'),
        ("<SessionToken>", '<'),
    ] {
        let pieces = body.split(before).skip(1);
        secrets.extend(pieces.filter_map(|piece| Some(piece.split_once(after)?.0.to_owned())));
    }
    secrets
}

fn shown(answer: &Response<Bytes>) -> String {
    format!(
        "{} {}",
        answer.status().as_u16(),
        String::from_utf8_lossy(answer.body())
    )
}

/// The wire code of a refusal, in whichever encoding it came; a status without a code stands for
/// itself.
pub fn code_of(answer: &Response<Bytes>) -> Option<String> {
    if answer.status().is_success() {
        return None;
    }
    let body = String::from_utf8_lossy(answer.body());
    let json = serde_json::from_str::<Value>(&body).ok();
    let json = json.and_then(|value| value.get("__type")?.as_str().map(str::to_owned));
    let xml = || {
        let (_, after) = body.split_once("<Code>")?;
        after.split_once("</Code>").map(|(code, _)| code.to_owned())
    };
    json.or_else(xml)
        .or_else(|| Some(answer.status().as_u16().to_string()))
}

fn hold_to(
    lines: &[String],
    answer: &Response<Bytes>,
    world: &mut World<'_>,
) -> Result<(), String> {
    let now = world.now_seconds();
    let (status, rest) = lines.split_first().ok_or("an empty answer")?;
    let found = answer.status().as_u16().to_string();
    if *status != found {
        return Err(format!("wanted status {status}, found {found}"));
    }
    let end = rest.iter().position(String::is_empty).unwrap_or(rest.len());
    let (head, body) = rest.split_at(end);
    for line in head {
        let (name, value) = line.split_once(':').ok_or("a header without a colon")?;
        let value = world.places.fill(value.trim_start(), now, str::to_owned);
        header(name, &value, answer.headers(), world)?;
    }
    let body = body.get(1..).unwrap_or_default().join("\n");
    let found = std::str::from_utf8(answer.body()).map_err(|error| error.to_string())?;
    let content_type = answer.headers().get("content-type");
    let content_type = content_type.and_then(|value| value.to_str().ok());
    if body.is_empty() || found.is_empty() {
        let same = body.is_empty() && found.is_empty();
        return if same {
            Ok(())
        } else {
            Err("the bodies differ".to_owned())
        };
    }
    match content_type {
        Some(kind) if kind.contains("json") => {
            let wanted = world.places.fill(&body, now, json_escaped);
            let wanted = serde_json::from_str(&wanted)
                .map_err(|error| format!("the vector's body is not JSON: {error}"))?;
            let found = serde_json::from_str(found).map_err(|error| error.to_string())?;
            compare::json(&wanted, &found, "body", &mut world.places)
        }
        Some(kind) if kind.contains("xml") => {
            let wanted = world.places.fill(&body, now, xml_escaped);
            let (wanted, found) = (
                compare::canonical_xml(&wanted),
                compare::canonical_xml(found),
            );
            compare::text(
                &wanted,
                &found,
                "body",
                Among::ElementText,
                &mut world.places,
            )
        }
        _ => {
            let wanted = world.places.fill(&body, now, str::to_owned);
            compare::text(&wanted, found, "body", Among::Anything, &mut world.places)
        }
    }
}

fn header(
    name: &str,
    wanted: &str,
    headers: &HeaderMap,
    world: &mut World<'_>,
) -> Result<(), String> {
    let found = headers
        .get(name)
        .map(|value| String::from_utf8_lossy(value.as_bytes()));
    match found {
        None if wanted == "<none>" => Ok(()),
        None => Err(format!("header `{name}` is missing")),
        Some(value) if wanted == "<none>" => Err(format!("header `{name}` is there: `{value}`")),
        Some(value) => compare::text(wanted, &value, name, Among::Anything, &mut world.places),
    }
}

/// What every answer has, whatever it says.
fn hold_to_form(answer: &Response<Bytes>) -> Result<(), String> {
    let text = |name: &str| {
        let value = answer.headers().get(name);
        value.and_then(|value| value.to_str().ok())
    };
    let id = text("x-amzn-requestid").ok_or("no request id")?;
    uuid::Uuid::parse_str(id).map_err(|error| format!("request id `{id}`: {error}"))?;
    text("date").ok_or("no date")?;
    let Ok(body) = serde_json::from_slice::<Value>(answer.body()) else {
        let body = String::from_utf8_lossy(answer.body());
        if body.contains("<RequestId>") && !body.contains(&format!("<RequestId>{id}</RequestId>")) {
            return Err("the request ids of header and body differ".to_owned());
        }
        return Ok(());
    };
    let Some(code) = body.get("__type").and_then(Value::as_str) else {
        return Ok(());
    };
    if text("x-amzn-errortype") != Some(&format!("{code}:")) {
        return Err("x-amzn-ErrorType does not repeat the code".to_owned());
    }
    let message = body
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let in_header = text("x-amzn-errormessage").unwrap_or_default();
    let plain: String = message.chars().filter(|c| matches!(c, ' '..='~')).collect();
    if !plain.starts_with(in_header) || (in_header.is_empty() && !plain.is_empty()) {
        return Err("x-amzn-ErrorMessage does not repeat the message".to_owned());
    }
    Ok(())
}

fn xml_escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A `where:` line.
fn hold(check: &str, world: &mut World<'_>) -> Result<(), String> {
    let now = world.now_seconds();
    let filled = |text: &str, world: &World<'_>| world.places.fill(text, now, str::to_owned);
    if let Some((token, rest)) = check.split_once(" has ") {
        let (what, text) = rest.split_once(' ').ok_or("`has header {…}`")?;
        let wanted = world.places.fill(text, now, json_escaped);
        let wanted = serde_json::from_str(&wanted).map_err(|error| error.to_string())?;
        let (header, claims) = forge::read(&filled(token, world))?;
        let found = if what == "header" { header } else { claims };
        return compare::json(&wanted, &found, what, &mut world.places);
    }
    if let Some((one, other)) = check.split_once(" is not ") {
        let (one, other) = (filled(one, world), filled(other, world));
        return if one == other {
            Err(format!("both are `{one}`"))
        } else {
            Ok(())
        };
    }
    let (one, other) = check.split_once(" is ").ok_or("no such check")?;
    let (one, other) = (filled(one, world), filled(other, world));
    if one == other {
        Ok(())
    } else {
        Err(format!("`{one}` is not `{other}`"))
    }
}
