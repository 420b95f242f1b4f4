//! The bounds of the Cognito identity face, and of our own.

use daypass_testkit::vector::given::World;
use daypass_testkit::vector::request;
use serde_json::{Map, Value, json};

use super::Rule::{Count, Items, KeyLength, Length, OneOf, Pattern, Range, Required, ValueLength};
use super::json_bases::BASES;
use super::json_rules::{RULES, RULES_OF_MAPPING};
use super::{Rule, at_least, at_most, complains, text};

/// What does not hold.
pub(super) async fn check(world: &World<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for (operations, member, path, rule) in RULES {
        for operation in operations.split_whitespace() {
            for (value, constraint) in sides(*rule) {
                let answer = ask(world, operation, member, &value).await;
                let said = constraint
                    .as_ref()
                    .is_some_and(|c| complains(&answer, path, c));
                let silent = !complains(&answer, path, rule.subject());
                if (constraint.is_some() && !said) || (constraint.is_none() && !silent) {
                    let answer: String = answer.chars().take(400).collect();
                    findings.push(format!("{operation} {member} {rule:?}: {answer}"));
                }
            }
        }
    }
    findings
}

/// Values with what is said of them; nothing is said of good ones.
fn sides(rule: Rule) -> Vec<(Value, Option<String>)> {
    match rule {
        Length(least, most, filling) => {
            let text = |length| json!(text(filling, length));
            vec![
                (text(least), None),
                (text(most), None),
                (text(most + 1), Some(at_most(most))),
                (text(least - 1), Some(at_least(least))),
            ]
        }
        Pattern(pattern, good, bad) => {
            let said = format!("Member must satisfy regular expression pattern: {pattern}");
            vec![(json!(good), None), (json!(bad), Some(said))]
        }
        Range(least, most) => {
            let value = "Member must have value";
            vec![
                (json!(least), None),
                (json!(most), None),
                (
                    json!(least - 1),
                    Some(format!("{value} greater than or equal to {least}")),
                ),
                (
                    json!(most + 1),
                    Some(format!("{value} less than or equal to {most}")),
                ),
            ]
        }
        Count(most) => vec![(map(most), None), (map(most + 1), Some(at_most(most)))],
        Items(least, most, item) => {
            let items = |count: usize| json!(vec![item; count]);
            let mut sides = vec![(items(least), None), (items(most), None)];
            sides.push((items(most + 1), Some(at_most(most))));
            if least > 0 {
                sides.push((items(least - 1), Some(at_least(least))));
            }
            sides
        }
        KeyLength(least, most) => {
            let said = format!("Map keys must satisfy constraint: [{}", at_most(most));
            let key = |length| json!({ text("k", length): "x" });
            let mut sides = vec![(key(most), None), (key(most + 1), Some(said.clone()))];
            sides.extend([(key(least), None), (key(least - 1), Some(said))]);
            sides
        }
        ValueLength(least, most, filling) => {
            let bounds = format!("[{}, {}", at_most(most), at_least(least));
            let said = format!("Map value must satisfy constraint: {bounds}");
            let value = |length| json!({ "authenticated": text(filling, length) });
            let mut sides = vec![(value(least), None), (value(most), None)];
            sides.push((value(most + 1), Some(said.clone())));
            if least > 0 {
                sides.push((value(least - 1), Some(said)));
            }
            sides
        }
        OneOf(words) => {
            let set = words.join(", ");
            let said = format!("Member must satisfy enum value set: [{set}]");
            let good = words.iter().map(|word| (json!(word), None));
            let other = words[0].to_lowercase();
            good.chain([(json!(other), Some(said))]).collect()
        }
        Required => vec![(Value::Null, Some("Member must not be null".to_owned()))],
    }
}

/// A map with so many entries, whose values are empty structures where a text does not fit.
fn map(count: usize) -> Value {
    let entries = (0..count).map(|number| (format!("k{number}"), json!("x")));
    Value::Object(entries.collect::<Map<_, _>>())
}

/// The service of an operation, as its target names it.
fn service(operation: &str) -> &'static str {
    match operation {
        "CountIdentities" | "GetActivity" => "Daypass",
        _ => "AWSCognitoIdentityService",
    }
}

async fn ask(world: &World<'_>, operation: &str, member: &str, value: &Value) -> String {
    let base = BASES.iter().find(|(name, _)| *name == operation);
    let (_, base) = base.unwrap_or_else(|| panic!("no base for {operation}"));
    let mut input: Value = serde_json::from_str(base).unwrap();
    let mut value = value.clone();
    if member == "/RoleMappings" {
        // Each mapping is a structure, and so is each of its rules.
        for (_, mapping) in value.as_object_mut().unwrap() {
            *mapping = json!({});
        }
    }
    if member == RULES_OF_MAPPING
        && let Some(rules) = value.as_array_mut()
    {
        let rule = input.pointer(&format!("{member}/0")).unwrap();
        rules.fill(rule.clone());
    }
    let (parent, name) = member.rsplit_once('/').unwrap();
    let slot = input.pointer_mut(parent).unwrap();
    match (slot, name.parse::<usize>()) {
        (Value::Array(items), Ok(index)) => items[index] = value,
        (slot, _) => slot[name] = value,
    }
    let lines = [
        "POST /".to_owned(),
        format!("X-Amz-Target: {}.{operation}", service(operation)),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        "Signed-By: root".to_owned(),
        String::new(),
        input.to_string(),
    ];
    let request = request::build(&lines, world).unwrap();
    let answer = world.send(request).await;
    let status = answer.status().as_u16();
    let body: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let code = body["__type"].as_str().unwrap_or_default();
    let message = body["message"].as_str().unwrap_or_default();
    assert!(
        code == "ValidationException" || !message.contains("failed to satisfy"),
        "{message}"
    );
    format!("{status} {code} {message}")
}
