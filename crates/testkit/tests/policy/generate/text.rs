//! Policy texts, put together at random from a vocabulary.

use daypass_policy::Operator;

use super::*;

/// The keys conditions ask for.
const KEYS: [&str; 6] = [
    "k:text",
    "k:number",
    "k:date",
    "k:truth",
    "k:address",
    "k:arn",
];

const NETWORKS: [&str; 8] = [
    "192.0.2.0/24",
    "192.0.2.1",
    "192.0.2.129/25",
    "0.0.0.0/0",
    "2001:db8::/32",
    "2001:db8::1",
    "::/0",
    "::ffff:192.0.2.0/120",
];
const ARN_PATTERNS: [&str; 7] = [
    "arn:aws:iam::*:role/*",
    "arn:aws:*::123456789012:user/???",
    "arn:aws:s3:::demo/*",
    "arn:aws:s3:::d${*}mo",
    "arn:aws:iam::${k:account}:user/${k:text}",
    "${k:arn}",
    "arn:aws:s3:*:*:demo",
];

/// A policy of one to three statements; `kind` is empty for those without a principal.
pub(super) fn policy(chance: &mut Chance, kind: &str) -> String {
    let version = chance.pick(&[
        r#""Version":"2012-10-17","#,
        r#""Version":"2012-10-17","#,
        r#""Version":"2008-10-17","#,
        "",
    ]);
    let count = 1 + chance.below(3);
    let statements: Vec<_> = (0..count)
        .map(|_| {
            let text = statement(chance, kind);
            // Where `${…}` is plain text, a variable on its own is no ARN and is refused.
            let plain = !version.contains("2012");
            if plain {
                text.replace("\"${k:arn}\"", "\"arn:aws:s3:::demo/*\"")
            } else {
                text
            }
        })
        .collect();
    if count == 1 && chance.one_in(2) {
        return format!(r#"{{{version}"Statement":{}}}"#, statements[0]);
    }
    format!(r#"{{{version}"Statement":[{}]}}"#, statements.join(","))
}

fn statement(chance: &mut Chance, kind: &str) -> String {
    let effect = if chance.one_in(4) { "Deny" } else { "Allow" };
    let mut members = vec![format!(r#""Effect":"{effect}""#)];
    let not = |chance: &mut Chance| if chance.one_in(6) { "Not" } else { "" };
    if kind == "trust" {
        let actions = ["sts:AssumeRole", "sts:*", "STS:Assume*", "sts:TagSession"];
        members.push(format!(r#""Action":{}"#, list(chance, &actions)));
    } else {
        let actions = [
            "*",
            "s3:*",
            "s3:*",
            "S3:get*",
            "s3:?utObject",
            "*:*",
            "sqs:*",
            "s3:*Object",
        ];
        members.push(format!(
            r#""{}Action":{}"#,
            not(chance),
            list(chance, &actions)
        ));
        let resources = [
            "*",
            "*",
            "arn:aws:s3:::demo",
            "arn:aws:s3:::demo*",
            "arn:aws:s3:::demo/*",
            "arn:*:s3:::*/x",
            "arn:aws:s3:::demo/${k:text}/*",
            "arn:aws:s3:::demo/${K:TEXT, 'ann'}/?",
            "arn:aws:s3:::demo/${k:none, 'us-east-1:1'}/*",
            "arn:aws:s3:::demo/${*}/x",
            "arn:aws:s3:::?b*",
            "arn:aws:sqs:*",
        ];
        members.push(format!(
            r#""{}Resource":{}"#,
            not(chance),
            list(chance, &resources)
        ));
    }
    if !kind.is_empty() {
        let not = if kind == "trust" { "" } else { not(chance) };
        members.push(format!(r#""{not}Principal":{}"#, named(chance)));
    }
    if chance.one_in(2) {
        members.push(format!(r#""Condition":{}"#, conditions(chance)));
    }
    format!("{{{}}}", members.join(","))
}

fn named(chance: &mut Chance) -> String {
    if chance.one_in(5) {
        return r#""*""#.to_owned();
    }
    let names = [
        USER,
        USER_ID,
        ROLE,
        ROLE_ID,
        SESSION,
        GUEST,
        ROOT,
        HOME,
        ABROAD,
        "*",
        "arn:aws:iam::123456789012:user/bob",
    ];
    let aws = format!(r#""AWS":{}"#, list(chance, &names));
    let federated = list(chance, &[COGNITO, "accounts.google.com"]);
    let federated = format!(r#""Federated":{federated}"#);
    match chance.below(4) {
        0 => format!("{{{federated}}}"),
        1 => format!(r#"{{{aws},{federated},"Service":"s3.amazonaws.com"}}"#),
        _ => format!("{{{aws}}}"),
    }
}

/// One to three of the texts, as a text or a list.
fn list(chance: &mut Chance, from: &[&str]) -> String {
    let count = chance.pick(&[1, 1, 2, 3]);
    let texts: Vec<_> = (0..count)
        .map(|_| format!(r#""{}""#, chance.pick(from)))
        .collect();
    if count == 1 && chance.one_in(2) {
        return texts[0].clone();
    }
    format!("[{}]", texts.join(","))
}

fn conditions(chance: &mut Chance) -> String {
    let mut operators: Vec<(String, String)> = Vec::new();
    for _ in 0..=chance.below(2) {
        let operator = chance.pick(&Operator::ALL);
        let plain = operator == Operator::Null;
        let prefix = chance.pick(&["", "", "ForAnyValue:", "ForAllValues:"]);
        let suffix = chance.pick(&["", "", "IfExists"]);
        let name = if plain {
            "Null".to_owned()
        } else {
            format!("{prefix}{}{suffix}", operator.name())
        };
        let (key, values) = family(operator);
        // Now and then another family's key: what cannot be compared has its rule, too.
        let key = if chance.one_in(8) {
            chance.pick(&KEYS)
        } else {
            key
        };
        let count = chance.pick(&[1, 1, 2, 3, 0]);
        let listed: Vec<_> = (0..count)
            .map(|_| value(chance, operator, values))
            .collect();
        if operators.iter().all(|(known, _)| *known != name) {
            operators.push((name, format!(r#"{{"{key}":[{}]}}"#, listed.join(","))));
        }
    }
    let operators: Vec<_> = operators
        .into_iter()
        .map(|(name, keys)| format!(r#""{name}":{keys}"#))
        .collect();
    format!("{{{}}}", operators.join(","))
}

fn family(operator: Operator) -> (&'static str, &'static [&'static str]) {
    const TEXT_PATTERNS: [&str; 9] = [
        "",
        "ann",
        "ANN",
        "a*",
        "?nn",
        "a${*}",
        "${k:text}",
        "${k:none, 'ann'}",
        "${k:arn}x",
    ];
    match operator.name() {
        name if name.starts_with("String") => ("k:text", &TEXT_PATTERNS),
        name if name.starts_with("Numeric") => ("k:number", &NUMBERS),
        name if name.starts_with("Date") => ("k:date", &DATES),
        name if name.contains("Address") => ("k:address", &NETWORKS),
        name if name.starts_with("Arn") => ("k:arn", &ARN_PATTERNS),
        "BinaryEquals" => ("k:bytes", &BYTES),
        "Null" => ("k:text", &TRUTHS),
        _ => ("k:truth", &TRUTHS),
    }
}

fn value(chance: &mut Chance, operator: Operator, values: &[&str]) -> String {
    if operator.name().starts_with("String") && chance.one_in(6) {
        return format!(r#""{}""#, chance.text(&LETTERS, 5));
    }
    let text = chance.pick(values);
    let bare = text == "true" || text == "7" || text == "7.5";
    if bare && chance.one_in(2) {
        return text.to_owned();
    }
    format!(r#""{text}""#)
}
