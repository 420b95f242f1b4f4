//! Documents: their shape, each limit on both sides, and texts of every kind.

mod save;

use proptest::prelude::*;

use super::*;
use crate::limits::{CONDITION_VALUES_MAX, STATEMENTS_MAX};
use crate::statement::Effect;

const ALLOW: &str = r#""Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b""#;

fn refusal(text: &str, kind: DocumentKind) -> String {
    match Document::parse(text, kind) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

fn identity(statement: &str) -> String {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":{{{statement}}}}}"#);
    refusal(&text, DocumentKind::Identity)
}

fn with_condition(condition: &str) -> String {
    identity(&format!(r#"{ALLOW},"Condition":{condition}"#))
}

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";

#[test]
fn the_smallest_documents_are_read() {
    let text = format!(r#"{{"Statement":{{{ALLOW}}}}}"#);
    let document = Document::parse(&text, DocumentKind::Identity).unwrap();
    assert_eq!(document.version(), Version::V2008);
    assert_eq!(document.statements().len(), 1);
    assert_eq!(document.statements()[0].effect(), Effect::Allow);
    let text = format!(
        r#"{{"Id":"x","Version":"2012-10-17","Statement":[{{"Sid":"A1",{ALLOW}}},{{"Sid":"",{ALLOW}}},{{"Sid":"",{ALLOW}}}]}}"#
    );
    let document = Document::parse(&text, DocumentKind::Session).unwrap();
    assert_eq!(document.version(), Version::V2012);
    let sids: Vec<_> = document.statements().iter().map(Statement::sid).collect();
    assert_eq!(sids, [Some("A1"), None, None]);
}

#[test]
fn s49_the_shape_of_a_document() {
    for text in [
        "",
        "no json",
        "[]",
        "null",
        "{}",
        r#"{"Version":"2012-10-17"}"#,
        r#"{"Version":"2012-10-17","Statement":[]}"#,
        r#"{"Version":"2012-10-17","Statement":["x"]}"#,
        r#"{"Version":"2012-10-17","Statement":"x"}"#,
        &format!(r#"{{"Version":"2013-10-17","Statement":{{{ALLOW}}}}}"#),
        &format!(r#"{{"Version":2012,"Statement":{{{ALLOW}}}}}"#),
        &format!(r#"{{"version":"2012-10-17","Statement":{{{ALLOW}}}}}"#),
        &format!(r#"{{"Id":["x"],"Statement":{{{ALLOW}}}}}"#),
        &format!(r#"{{"Extra":"x","Statement":{{{ALLOW}}}}}"#),
        &format!(r#"{{"Statement":{{{ALLOW}}}}} x"#),
    ] {
        assert_eq!(refusal(text, DocumentKind::Identity), SYNTAX, "{text}");
    }
    let text = format!(r#" {{"Statement":{{{ALLOW}}}}}"#);
    assert_eq!(
        refusal(&text, DocumentKind::Identity),
        "JSON strings must not have leading spaces"
    );
}

#[test]
fn s49_the_shape_of_a_statement() {
    for statement in [
        "",
        r#""Action":"s3:Get","Resource":"*""#,
        r#""Effect":true,"Action":"s3:Get","Resource":"*""#,
        r#""Effect":"Maybe","Action":"s3:Get","Resource":"*""#,
        r#""effect":"Allow","Action":"s3:Get","Resource":"*""#,
        r#""Effect":"Allow","Action":{},"Resource":"*""#,
        r#""Effect":"Allow","Action":[[]],"Resource":"*""#,
        r#""Effect":"Allow","Action":[1],"Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:Get","NotAction":[],"Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:Get","Resource":"*","NotResource":[]"#,
        r#""Effect":"Allow","Action":"s3:Get","Resource":{"a":"*"}"#,
        r#""Effect":"Allow","Action":"s3:Get","Resource":["*",{}]"#,
        r#""Effect":"Allow","Action":"s3:${x}","Resource":"*""#,
        r#""Effect":"Allow","Action":"s3:Get","Resource":"arn:aws:s3:::b/${""#,
        r#""Effect":"Allow","Action":"s3:Get","Resource":"arn:aws:s3:::b/${}""#,
        &format!(r#""Sid":1,{ALLOW}"#),
        &format!(r#""Extra":"x",{ALLOW}"#),
        &format!(r#""Principal":1,{ALLOW}"#),
        &format!(r#""Principal":{{"Aws":"*"}},{ALLOW}"#),
        &format!(r#""Principal":{{"AWS":[]}},{ALLOW}"#),
        &format!(r#""Principal":"*","NotPrincipal":"*",{ALLOW}"#),
    ] {
        assert_eq!(identity(statement), SYNTAX, "{statement}");
    }
    assert_eq!(
        identity(r#""Effect":"allow","Action":"s3:Get","Resource":"*""#),
        LEGACY
    );
}

#[test]
fn s03_a_doubled_member_is_refused_wherever_it_stands() {
    for statement in [
        format!(r#"{ALLOW},"Effect":"Deny""#),
        format!(r#"{ALLOW},"Condition":{{"Bool":{{"a":true,"a":false}}}}"#),
        format!(r#"{ALLOW},"Condition":{{"Bool":{{}},"Bool":{{}}}}"#),
    ] {
        assert_eq!(identity(&statement), SYNTAX, "{statement}");
    }
}

#[test]
fn s02_a_deep_document_is_refused() {
    assert_eq!(with_condition(&"[".repeat(10_000)), SYNTAX);
    let deep = format!(
        r#"{{"Bool":{{"a":{}true{}}}}}"#,
        "[".repeat(20),
        "]".repeat(20)
    );
    assert_eq!(with_condition(&deep), SYNTAX);
}

#[test]
fn s49_conditions_that_are_not_understood() {
    for condition in [
        "[]",
        r#""a""#,
        r#"{"Bool":"a"}"#,
        r#"{"Bool":{"a":null}}"#,
        r#"{"Bool":{"a":{}}}"#,
        r#"{"Bool":{"a":[[]]}}"#,
        r#"{"Bool":{"":"true"}}"#,
        r#"{"Unknown":{"a":"b"}}"#,
        r#"{"Unknown":{}}"#,
        r#"{"NullIfExists":{"a":"true"}}"#,
        r#"{"StringEquals":{"a":"${"}}"#,
        r#"{"StringEquals":{"${aws:userid}":"a"}}"#,
        r#"{"NumericEquals":{"a":9223372036854775808}}"#,
    ] {
        assert_eq!(with_condition(condition), SYNTAX, "{condition}");
    }
    for condition in [
        r#"{"DateGreaterThan":{"a":"b"}}"#,
        r#"{"NumericEquals":{"a":"b"}}"#,
        r#"{"NumericEquals":{"a":"${aws:x}"}}"#,
        r#"{"Bool":{"a":"b"}}"#,
        r#"{"Null":{"a":"b"}}"#,
        r#"{"IpAddress":{"a":"b"}}"#,
        r#"{"ArnLike":{"a":"b"}}"#,
        r#"{"BinaryEquals":{"a":"?"}}"#,
    ] {
        assert_eq!(with_condition(condition), LEGACY, "{condition}");
    }
    for condition in [
        "{}",
        r#"{"Bool":{}}"#,
        r#"{"Bool":{"a":[]}}"#,
        r#"{"foranyvalue:stringlikeifexists":{"a":["x*",1,true,1.5]}}"#,
        r#"{"DateLessThan":{"a":"-292275054"}}"#,
    ] {
        assert_eq!(with_condition(condition), "", "{condition}");
    }
}

#[test]
fn numbers_and_booleans_are_their_text() {
    let text = format!(
        r#"{{"Statement":{{{ALLOW},"Condition":{{"StringEquals":{{"a":[true,10,1.50,-3]}}}}}}}}"#
    );
    let document = Document::parse(&text, DocumentKind::Identity).unwrap();
    let condition = &document.statements()[0].conditions()[0];
    assert_eq!(condition.values(), ["true", "10", "1.5", "-3"]);
}

#[test]
fn s12_statements_and_condition_values_are_bounded_on_both_sides() {
    let statements = |count: usize| {
        let one = format!("{{{ALLOW}}}");
        format!(r#"{{"Statement":[{}]}}"#, vec![one; count].join(","))
    };
    let kind = DocumentKind::Identity;
    assert!(Document::parse(&statements(STATEMENTS_MAX), kind).is_ok());
    let error = Document::parse(&statements(STATEMENTS_MAX + 1), kind).unwrap_err();
    assert_eq!(error, DocumentError::TooManyStatements);
    assert!(error.is_limit());
    let values = |count: usize| {
        let list = vec!["1"; count].join(",");
        with_condition(&format!(r#"{{"StringLike":{{"a":[{list}],"b":[]}}}}"#))
    };
    assert_eq!(values(CONDITION_VALUES_MAX), "");
    let refused = values(CONDITION_VALUES_MAX + 1);
    assert_eq!(refused, DocumentError::TooManyConditionValues.to_string());
}

#[test]
fn keys_asked_for_are_listed_once() {
    let text = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*",
        "Resource":"arn:aws:s3:::b/${aws:username}/${AWS:USERNAME}",
        "Condition":{"StringLike":{"s3:prefix":["${aws:userid, 'x'}"],"S3:Prefix":["a"]}}}}"#;
    let document = Document::parse(text, DocumentKind::Identity).unwrap();
    let mut keys = document.context_keys();
    keys.sort_unstable();
    assert_eq!(keys, ["aws:userid", "aws:username", "s3:prefix"]);
}

#[test]
fn the_size_leaves_out_white_space_between_tokens_only() {
    for (text, size) in [
        ("{}", 2),
        (" { \"a b\" : [ 1 ,\t2 ]\r\n} ", 13),
        (r#"{"a\" b": "c\\" }"#, 15),
        ("\"é\"", 3),
        ("", 0),
    ] {
        assert_eq!(minified_len(text), size, "{text}");
    }
}

proptest! {
    #[test]
    fn s12_any_text_is_read_or_refused_without_a_panic(text: String) {
        for kind in [DocumentKind::Identity, DocumentKind::Resource, DocumentKind::Trust] {
            let _ = Document::parse(&text, kind);
        }
    }

    #[test]
    fn s12_nearly_right_documents_are_read_or_refused_without_a_panic(
        effect in "Allow|Deny|allow|",
        action in "[a-z*?:${}]{0,6}",
        resource in "(arn:aws:s3:::)?[a-z*?:${}', ]{0,8}",
        operator in "(ForAnyValue:|ForAllValues:)?(StringLike|DateEquals|ArnLike|Null|IpAddress)(IfExists)?",
        value in "[a-z0-9*?:/.${}', -]{0,8}",
    ) {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Action":"{action}",
            "Resource":"{resource}","Condition":{{"{operator}":{{"k":"{value}"}}}}}}}}"#
        );
        let _ = Document::parse(&text, DocumentKind::Identity);
    }
}
