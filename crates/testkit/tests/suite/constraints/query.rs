//! The bounds of the STS face.

use daypass_testkit::vector::given::World;
use daypass_testkit::vector::request;
use daypass_wire::rest;

use super::Rule::{Count, Length, Pattern, Range, Required};
use super::{Rule, at_least, at_most, complains, text};

type Base = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Operations, who signs, and parameters that are good but for the member under test.
const BASES: &[Base] = &[
    (
        "AssumeRole",
        "ann",
        &[("RoleArn", "<Worker>"), ("RoleSessionName", "s1")],
    ),
    (
        "AssumeRoleWithWebIdentity",
        "nobody",
        &[
            ("RoleArn", "<Worker>"),
            ("RoleSessionName", "s1"),
            ("WebIdentityToken", "abcd"),
        ],
    ),
    ("GetSessionToken", "ann", &[]),
];

const NAME: &str = r"[\w+=,.@-]*";
const WIDER: &str = r"[\w+=,.@:\/-]*";
const SERIAL: &str = r"[\w+=/:,.@-]*";
const TAG_KEY: &str = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+";
const TAG_VALUE: &str = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*";
const BOTH: &str = "AssumeRole AssumeRoleWithWebIdentity";
const TOKENS: &str = "AssumeRole GetSessionToken";

const RULES: &[(&str, &str, &str, Rule)] = &[
    (
        BOTH,
        "RoleArn",
        "roleArn",
        Length(20, 2_048, "arn:aws:iam::123456789012:role/x"),
    ),
    (BOTH, "RoleArn", "roleArn", Required),
    (
        BOTH,
        "RoleSessionName",
        "roleSessionName",
        Length(2, 64, "x"),
    ),
    (
        BOTH,
        "RoleSessionName",
        "roleSessionName",
        Pattern(NAME, "aB1_+=,.@-", "a b"),
    ),
    (BOTH, "RoleSessionName", "roleSessionName", Required),
    (
        BOTH,
        "DurationSeconds",
        "durationSeconds",
        Range(900, 43_200),
    ),
    (
        "GetSessionToken",
        "DurationSeconds",
        "durationSeconds",
        Range(900, 129_600),
    ),
    (BOTH, "PolicyArns.member.#.arn", "policyArns", Count(10)),
    (
        BOTH,
        "PolicyArns.member.1.arn",
        "policyArns.1.member.arn",
        Length(20, 2_048, "arn:aws:iam::123456789012:policy/x"),
    ),
    (BOTH, "Policy", "policy", Pattern(LATIN1, "\t\n\r ÿ", "Ā")),
    ("AssumeRole", "Tags.member.#.Key", "tags", Count(50)),
    (
        "AssumeRole",
        "Tags.member.1.Key",
        "tags.1.member.key",
        Length(1, 128, "x"),
    ),
    (
        "AssumeRole",
        "Tags.member.1.Key",
        "tags.1.member.key",
        Pattern(TAG_KEY, "ä 1_.:/=+-@", "a#b"),
    ),
    (
        "AssumeRole",
        "Tags.member.1.Value",
        "tags.1.member.value",
        Length(0, 256, "x"),
    ),
    (
        "AssumeRole",
        "Tags.member.1.Value",
        "tags.1.member.value",
        Pattern(TAG_VALUE, "ä 1_.:/=+-@", "a#b"),
    ),
    (
        "AssumeRole",
        "TransitiveTagKeys.member.#",
        "transitiveTagKeys",
        Count(50),
    ),
    (
        "AssumeRole",
        "TransitiveTagKeys.member.1",
        "transitiveTagKeys.1.member",
        Length(1, 128, "x"),
    ),
    (
        "AssumeRole",
        "ExternalId",
        "externalId",
        Length(2, 1_224, "x"),
    ),
    (
        "AssumeRole",
        "ExternalId",
        "externalId",
        Pattern(WIDER, "aB1_+=,.@:/-", "a b"),
    ),
    (
        "AssumeRole",
        "SourceIdentity",
        "sourceIdentity",
        Length(2, 64, "x"),
    ),
    (
        "AssumeRole",
        "SourceIdentity",
        "sourceIdentity",
        Pattern(NAME, "aB1_+=,.@-", "a/b"),
    ),
    (TOKENS, "SerialNumber", "serialNumber", Length(9, 256, "x")),
    (
        TOKENS,
        "SerialNumber",
        "serialNumber",
        Pattern(SERIAL, "aB1_+=/:,.@-", "aaaaaaaa b"),
    ),
    (TOKENS, "TokenCode", "tokenCode", Length(6, 6, "1")),
    (
        TOKENS,
        "TokenCode",
        "tokenCode",
        Pattern(r"[\d]*", "123456", "12345x"),
    ),
    (
        "AssumeRoleWithWebIdentity",
        "WebIdentityToken",
        "webIdentityToken",
        Length(4, 20_000, "x"),
    ),
    (
        "AssumeRoleWithWebIdentity",
        "WebIdentityToken",
        "webIdentityToken",
        Required,
    ),
    (
        "AssumeRoleWithWebIdentity",
        "ProviderId",
        "providerId",
        Length(4, 2_048, "x"),
    ),
    (
        BOTH,
        "MinimumSessionTokenSize",
        "minimumSessionTokenSize",
        Range(0, 4_096),
    ),
];

const LATIN1: &str = r"[\u0009\u000A\u000D\u0020-\u00FF]+";

/// What does not hold.
pub(super) async fn check(world: &World<'_>) -> Vec<String> {
    let mut findings = Vec::new();
    for (operations, member, path, rule) in RULES {
        for operation in operations.split_whitespace() {
            for (values, constraint) in sides(member, *rule) {
                let answer = ask(world, operation, member, &values).await;
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

type Pairs = Vec<(String, String)>;

fn sides(member: &str, rule: Rule) -> Vec<(Pairs, Option<String>)> {
    let one = |value: String| vec![(member.to_owned(), value)];
    match rule {
        Length(least, most, filling) => {
            let mut sides = vec![
                (one(text(filling, least)), None),
                (one(text(filling, most)), None),
                (one(text(filling, most + 1)), Some(at_most(most))),
            ];
            if least > 0 {
                sides.push((one(text(filling, least - 1)), Some(at_least(least))));
            }
            sides
        }
        Pattern(pattern, good, bad) => {
            let said = format!("Member must satisfy regular expression pattern: {pattern}");
            vec![
                (one(good.to_owned()), None),
                (one(bad.to_owned()), Some(said)),
            ]
        }
        Range(least, most) => {
            let value = "Member must have value";
            let mut sides = vec![
                (one(least.to_string()), None),
                (one(most.to_string()), None),
            ];
            let below = format!("{value} greater than or equal to {least}");
            sides.push((one((least - 1).to_string()), Some(below)));
            let above = format!("{value} less than or equal to {most}");
            sides.push((one((most + 1).to_string()), Some(above)));
            sides
        }
        Count(most) => vec![
            (numbered(member, most), None),
            (numbered(member, most + 1), Some(at_most(most))),
        ],
        Required => vec![(Vec::new(), Some("Member must not be null".to_owned()))],
        other => panic!("no such rule here: {other:?}"),
    }
}

/// So many elements of a list; a tag gets its value, too.
fn numbered(member: &str, count: usize) -> Pairs {
    let mut pairs = Pairs::new();
    for number in 1..=count {
        let name = member.replace('#', &number.to_string());
        let value = if member.starts_with("PolicyArns") {
            format!("arn:aws:iam::123456789012:policy/{number}")
        } else {
            format!("k{number}")
        };
        if let Some(start) = name.strip_suffix(".Key") {
            pairs.push((format!("{start}.Value"), "v".to_owned()));
        }
        pairs.push((name, value));
    }
    pairs
}

async fn ask(world: &World<'_>, operation: &str, member: &str, values: &Pairs) -> String {
    let base = BASES.iter().find(|(name, ..)| *name == operation);
    let (_, signed_by, base) = base.unwrap_or_else(|| panic!("no base for {operation}"));
    let mut body = format!("Action={operation}&Version=2011-06-15");
    let mut add = |name: &str, value: &str| {
        body.push('&');
        body.push_str(name);
        body.push('=');
        body.push_str(value);
    };
    for (name, value) in base.iter().filter(|(name, _)| *name != member) {
        add(name, value);
    }
    if member == "Tags.member.1.Value" {
        add("Tags.member.1.Key", "k");
    } else if member == "Tags.member.1.Key" {
        add("Tags.member.1.Value", "v");
    }
    for (name, value) in values {
        add(name, &rest::encode(value));
    }
    let lines = [
        "POST /".to_owned(),
        "Content-Type: application/x-www-form-urlencoded; charset=utf-8".to_owned(),
        format!("Signed-By: {signed_by}"),
        String::new(),
        body,
    ];
    let request = request::build(&lines, world).unwrap();
    let answer = world.send(request).await;
    let body = String::from_utf8_lossy(answer.body()).into_owned();
    format!("{} {}", answer.status().as_u16(), unescaped(&body))
}

fn unescaped(xml: &str) -> String {
    xml.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}
