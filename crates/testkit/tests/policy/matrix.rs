//! Every operator, in every form, against every state of a key, for both effects.
//!
//! The answers stand in `vectors/expected/condition_matrix.txt`, so that a change of behaviour is
//! seen as a changed line. `DAYPASS_BLESS=1` writes the file anew; read the difference before
//! keeping it.

use std::fmt::Write as _;

use daypass_policy::{
    Context, Decision, Document, DocumentKind, NamedPolicy, Operator, PolicySet, Principal,
    Request, evaluate,
};
use daypass_testkit::oracle::{self, Texts};

use crate::{repository, setting};

const FORMS: [(&str, &str, &str); 6] = [
    ("plain", "", ""),
    ("IfExists", "", "IfExists"),
    ("Any", "ForAnyValue:", ""),
    ("AnyIfExists", "ForAnyValue:", "IfExists"),
    ("All", "ForAllValues:", ""),
    ("AllIfExists", "ForAllValues:", "IfExists"),
];

const STATES: [&str; 7] = [
    "absent", "empty", "blank", "match", "other", "both", "others",
];

const HEAD: &str = "\
# Every condition operator, in every form, against every state of its key.
#
# The policy lists one value, named under VALUE. The key is absent, empty (multi-valued, holding
# nothing), holds the empty text (blank), one value that fits (match) or one that does not (other),
# or holds several: one of each (both), or two that do not fit (others).
# Any and All are the prefixes ForAnyValue and ForAllValues.
# Allow rows: a policy with this one statement; `yes` means the request is allowed.
# Deny rows: beside a statement that allows everything; `no` means the statement denied it.
";

/// A listed value, a context value that fits it, and two that do not, under the positive operator.
fn values(operator: Operator) -> [&'static str; 4] {
    match operator.name() {
        "StringLike" | "StringNotLike" => ["re*", "red", "blue", "green"],
        "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" => ["RED", "red", "blue", "green"],
        name if name.starts_with("String") => ["red", "red", "blue", "green"],
        "NumericLessThan" | "NumericLessThanEquals" => ["10", "9", "11", "12"],
        "NumericGreaterThan" | "NumericGreaterThanEquals" => ["10", "11", "9", "8"],
        name if name.starts_with("Numeric") => ["10", "10.0", "9", "x"],
        "DateLessThan" | "DateLessThanEquals" => ["2020-01-01", "2019-12-31", "2021-01", "x"],
        "DateGreaterThan" | "DateGreaterThanEquals" => ["2020-01-01", "2021-01", "0", "x"],
        name if name.starts_with("Date") => ["2020-01-01", "1577836800", "2021-01", "x"],
        "Bool" => ["true", "TRUE", "false", "x"],
        "BinaryEquals" => ["YW5u", "YW5u", "YQ==", "?"],
        "IpAddress" | "NotIpAddress" => {
            ["192.0.2.0/24", "192.0.2.7", "198.51.100.7", "2001:db8::1"]
        }
        name if name.starts_with("Arn") => [
            "arn:aws:s3:::demo*",
            "arn:aws:s3:::demo/x",
            "arn:aws:s3:::else",
            "x",
        ],
        _ => ["false", "x", "x", "x"],
    }
}

fn context(state: &str, [_, fits, other, third]: [&str; 4]) -> Context {
    let mut context = Context::new();
    let many = |values: &[&str]| values.iter().map(|&value| value.to_owned()).collect();
    match state {
        "absent" => {}
        "empty" => context.set_many("k:key", Vec::new()),
        "blank" => context.set("k:key", ""),
        "match" => context.set("k:key", fits),
        "other" => context.set("k:key", other),
        "both" => context.set_many("k:key", many(&[other, fits])),
        _ => context.set_many("k:key", many(&[other, third])),
    }
    context
}

fn decide(text: &str, context: &Context) -> &'static str {
    let document = Document::parse(text, DocumentKind::Identity).expect("the matrix is readable");
    let principal = Principal::User {
        account: "123456789012".to_owned(),
        arn: "arn:aws:iam::123456789012:user/ann".to_owned(),
        id: "AIDAANNANNANNANNANNAN".to_owned(),
    };
    let request = Request {
        principal: &principal,
        action: "s3:GetObject",
        resource: "arn:aws:s3:::demo/x",
        resource_account: "123456789012",
        context,
    };
    let identity = [NamedPolicy {
        name: "matrix",
        document: &document,
    }];
    let policies = PolicySet {
        identity: &identity,
        ..PolicySet::default()
    };
    let decision = evaluate(&request, &policies).decision;
    let texts = [text.to_owned()];
    let second = oracle::decide(
        &request,
        &Texts {
            identity: &texts,
            ..Texts::default()
        },
    );
    assert_eq!(decision, second, "{text}\n{context:?}");
    match decision {
        Decision::Allow => "yes",
        Decision::ExplicitDeny | Decision::ImplicitDeny => "no",
    }
}

fn matrix() -> String {
    let mut table = format!("{HEAD}\n");
    let line = |cells: [&str; 4], states: [&str; 7]| {
        let [operator, value, form, effect] = cells;
        let states = states.map(|it| format!("  {it:<6}")).concat();
        let line = format!("{operator:<25} {value:<19} {form:<12} {effect:<6}{states}");
        format!("{}\n", line.trim_end())
    };
    table += &line(["OPERATOR", "VALUE", "FORM", "EFFECT"], STATES);
    for operator in Operator::ALL {
        for (form, prefix, suffix) in FORMS {
            // `Null` has neither prefix nor suffix: such documents are refused.
            if operator == Operator::Null && form != "plain" {
                continue;
            }
            for effect in ["Allow", "Deny"] {
                let values = values(operator);
                let listed = values[0];
                let condition = format!(
                    r#"{{"{prefix}{}{suffix}":{{"k:key":"{listed}"}}}}"#,
                    operator.name()
                );
                let statement = |effect: &str, rest: &str| {
                    format!(r#"{{"Effect":"{effect}","Action":"*","Resource":"*"{rest}}}"#)
                };
                let mut statements = statement(effect, &format!(r#","Condition":{condition}"#));
                if effect == "Deny" {
                    write!(statements, ",{}", statement("Allow", "")).unwrap();
                }
                let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
                let answers = STATES.map(|state| decide(&text, &context(state, values)));
                table += &line([operator.name(), listed, form, effect], answers);
            }
        }
    }
    table
}

#[test]
fn s50_the_condition_matrix_is_the_committed_one() {
    let path = repository("vectors/expected/condition_matrix.txt");
    let found = matrix();
    if setting("DAYPASS_BLESS").is_some() {
        std::fs::write(&path, &found).expect("the matrix can be written");
    }
    let committed = std::fs::read_to_string(&path).expect("the matrix is committed");
    for (number, (committed, found)) in committed.lines().zip(found.lines()).enumerate() {
        assert_eq!(committed, found, "line {}", number + 1);
    }
    assert_eq!(committed.lines().count(), found.lines().count());
}
