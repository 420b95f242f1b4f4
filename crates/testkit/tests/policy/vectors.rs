//! Runs `vectors/policy/*.txt`: policies and questions in plain words.
//!
//! **Shape**: blocks parted by empty lines.
//! - `# …` is a remark.
//! - `policy <identity|resource|boundary|session|trust> <name>` and the document below it.
//! - `case: …` and below it `principal:`, `action:`, `resource:`, `owner:` (the account the resource
//!   belongs to), any number of `context: key = value` or `context: key = [value, value]`, and
//!   `expect:`. A case is put to all policies of its file, or to those that `with:` names.
//! - `expect: allow by identity Name[0]`, `deny by session Name[1]`, or `no identity-based policy`.
//! - `refuse <kind>: <message>` and the document that is refused with that message.
//! - `accept <kind>` and a document that is not refused.

use std::fmt::Write as _;

use daypass_policy::{
    Context, Decision, Document, DocumentKind, Explanation, NamedPolicy, PolicySet, PolicyType,
    Principal, Request, evaluate, evaluate_trust,
};
use daypass_testkit::oracle::{self, Texts};

use crate::repository;

const HOME: &str = "123456789012";

struct Policy {
    layer: String,
    name: String,
    text: String,
    document: Document,
}

fn kind(name: &str) -> DocumentKind {
    match name {
        "identity" | "boundary" => DocumentKind::Identity,
        "session" => DocumentKind::Session,
        "resource" => DocumentKind::Resource,
        "trust" => DocumentKind::Trust,
        other => panic!("no kind of policy: {other}"),
    }
}

/// `anonymous`, `root`, `user ann`, `session app/reader/one`, `federated guest of ann`, `web HOST`.
fn principal(text: &str) -> Principal {
    let account = || HOME.to_owned();
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["anonymous"] => Principal::Anonymous,
        ["root"] => Principal::Root { account: account() },
        ["user", name] => Principal::User {
            account: account(),
            arn: format!("arn:aws:iam::{HOME}:user/{name}"),
            id: format!("AIDA{:X<17}", name.to_uppercase()),
        },
        ["session", path] => {
            let (role, session) = path.rsplit_once('/').expect("role/session");
            let name = role.rsplit('/').next().unwrap_or(role);
            Principal::RoleSession {
                account: account(),
                role_arn: format!("arn:aws:iam::{HOME}:role/{role}"),
                role_id: format!("AROA{:X<17}", name.to_uppercase()),
                session_arn: format!("arn:aws:sts::{HOME}:assumed-role/{name}/{session}"),
            }
        }
        ["federated", name, "of", user] => Principal::FederatedUser {
            account: account(),
            arn: format!("arn:aws:sts::{HOME}:federated-user/{name}"),
            user_arn: format!("arn:aws:iam::{HOME}:user/{user}"),
        },
        ["web", provider] => Principal::WebIdentity {
            provider: (*provider).to_owned(),
        },
        _ => panic!("no principal: {text}"),
    }
}

fn context_line(context: &mut Context, line: &str) {
    let (key, value) = line.split_once(" = ").expect("key = value");
    match value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        Some("") => context.set_many(key, Vec::new()),
        Some(list) => context.set_many(key, list.split(", ").map(str::to_owned).collect()),
        None => context.set(key, value),
    }
}

fn shown(answer: &Explanation) -> String {
    let layer = match answer.layer {
        PolicyType::Identity => "identity",
        PolicyType::Resource => "resource",
        PolicyType::Boundary => "boundary",
        PolicyType::Session => "session",
        PolicyType::Trust => "trust",
    };
    let by = match &answer.statement {
        Some(statement) => format!("{layer} {}[{}]", statement.policy, statement.index),
        None => layer.to_owned(),
    };
    match answer.decision {
        Decision::Allow => format!("allow by {by}"),
        Decision::ExplicitDeny => format!("deny by {by}"),
        Decision::ImplicitDeny => {
            let reason = answer.reason("");
            let text = reason.strip_prefix("because ").unwrap_or(&reason);
            text.split(" allows").next().unwrap_or(text).to_owned()
        }
    }
}

fn run_case(block: &str, policies: &[Policy]) -> Result<(), String> {
    let mut fields: Vec<(&str, &str)> = Vec::new();
    let mut context = Context::new();
    for line in block.lines() {
        let (name, value) = line.split_once(": ").ok_or(format!("no field: {line}"))?;
        if name == "context" {
            context_line(&mut context, value);
        } else {
            fields.push((name, value));
        }
    }
    let field = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| *known == name)
            .map(|it| it.1)
    };
    let needed = |name: &str| field(name).ok_or(format!("`{name}` is missing in\n{block}"));
    let with: Option<Vec<&str>> = field("with").map(|names| names.split(", ").collect());
    let chosen: Vec<&Policy> = policies
        .iter()
        .filter(|it| {
            with.as_ref()
                .is_none_or(|names| names.contains(&it.name.as_str()))
        })
        .collect();
    let principal = principal(needed("principal")?);
    let request = Request {
        principal: &principal,
        action: needed("action")?,
        resource: needed("resource")?,
        resource_account: field("owner").unwrap_or(HOME),
        context: &context,
    };
    let (answer, second) = decide(&request, &chosen);
    let expected = needed("expect")?;
    if answer.decision != second {
        return Err(format!("the oracle says {second:?} to\n{block}"));
    }
    if shown(&answer) != expected {
        return Err(format!("got `{}` for\n{block}", shown(&answer)));
    }
    Ok(())
}

fn decide(request: &Request<'_>, chosen: &[&Policy]) -> (Explanation, Decision) {
    let named = |layer: &str| -> Vec<NamedPolicy<'_>> {
        let of = chosen.iter().filter(|it| it.layer == layer);
        of.map(|it| NamedPolicy {
            name: &it.name,
            document: &it.document,
        })
        .collect()
    };
    let texts = |layer: &str| -> Vec<String> {
        let of = chosen.iter().filter(|it| it.layer == layer);
        of.map(|it| it.text.clone()).collect()
    };
    let (identity, session) = (named("identity"), named("session"));
    let policies = PolicySet {
        identity: &identity,
        resource: named("resource").first().copied(),
        boundary: named("boundary").first().copied(),
        session: (!session.is_empty()).then_some(&session[..]),
    };
    let (identity, session) = (texts("identity"), texts("session"));
    let (resource, boundary) = (texts("resource"), texts("boundary"));
    let all = Texts {
        identity: &identity,
        resource: resource.first().map(String::as_str),
        boundary: boundary.first().map(String::as_str),
        session: (!session.is_empty()).then_some(&session[..]),
    };
    match (named("trust").first(), texts("trust").first()) {
        (Some(trust), Some(text)) => (
            evaluate_trust(request, *trust, &policies),
            oracle::decide_trust(request, text, &all),
        ),
        _ => (evaluate(request, &policies), oracle::decide(request, &all)),
    }
}

fn run_block(block: &str, policies: &mut Vec<Policy>) -> Result<usize, String> {
    let (first, rest) = block.split_once('\n').unwrap_or((block, ""));
    if first.starts_with('#') {
        return Ok(0);
    }
    if first.starts_with("case: ") {
        return run_case(block, policies).map(|()| 1);
    }
    if let Some(named) = first.strip_prefix("policy ") {
        let (layer, name) = named.split_once(' ').ok_or(format!("no name: {first}"))?;
        let document = Document::parse(rest, kind(layer))
            .map_err(|error| format!("policy {name} is refused: {error}"))?;
        policies.push(Policy {
            layer: layer.to_owned(),
            name: name.to_owned(),
            text: rest.to_owned(),
            document,
        });
        return Ok(0);
    }
    if let Some(refused) = first.strip_prefix("refuse ") {
        let (layer, message) = refused
            .split_once(": ")
            .ok_or(format!("no message: {first}"))?;
        return match Document::parse(rest, kind(layer)) {
            Err(error) if error.to_string() == message => Ok(1),
            Err(error) => Err(format!("refused with `{error}`, not `{message}`\n{rest}")),
            Ok(_) => Err(format!("not refused: {message}\n{rest}")),
        };
    }
    match first.strip_prefix("accept ") {
        Some(layer) => Document::parse(rest, kind(layer))
            .map(|_| 1)
            .map_err(|error| format!("refused with `{error}`\n{rest}")),
        None => Err(format!("no block: {first}")),
    }
}

#[test]
fn s49_s58_every_policy_vector_holds() {
    let mut failures = String::new();
    let mut files = 0;
    for entry in std::fs::read_dir(repository("vectors/policy")).expect("the vectors are there") {
        let path = entry.expect("a folder can be listed").path();
        let text = std::fs::read_to_string(&path).expect("a vector is text");
        let mut policies = Vec::new();
        let mut run = 0;
        for block in text
            .split("\n\n")
            .map(str::trim_end)
            .filter(|it| !it.is_empty())
        {
            match run_block(block, &mut policies) {
                Ok(count) => run += count,
                Err(failure) => writeln!(failures, "{}: {failure}\n", path.display()).unwrap(),
            }
        }
        assert!(run > 0, "{} asks nothing", path.display());
        files += 1;
    }
    assert!(files > 0, "no vectors were found");
    assert!(failures.is_empty(), "\n{failures}");
}
