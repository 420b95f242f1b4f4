//! Where faults are found, and what is warned of.

use super::*;

fn look(text: &str, kind: DocumentKind, for_guests: bool) -> Review {
    let (context, pools) = (Context::new(), PoolNames::new());
    review(
        text,
        &Circumstances {
            kind,
            for_guests,
            chars_max: 2_000,
            context: &context,
            pools: &pools,
        },
    )
}

fn fault(text: &str) -> Fault {
    look(text, DocumentKind::Identity, false).fault.unwrap()
}

fn warnings(statement: &str, for_guests: bool) -> Vec<(usize, String)> {
    let text = format!(
        "{{\"Version\":\"2012-10-17\",\n\"Statement\":[\n{{\"Effect\":\"Allow\",\n{statement}}}]}}"
    );
    let review = look(&text, DocumentKind::Identity, for_guests);
    assert_eq!(review.fault, None);
    review
        .warnings
        .into_iter()
        .map(|it| (it.line, it.text))
        .collect()
}

#[test]
fn text_that_is_no_json_is_marked_where_it_breaks() {
    let found = fault("{\n  \"Version\": \"2012-10-17\"\n  \"Statement\": []\n}");
    assert_eq!(found.line, 3);
    assert_eq!(found.mark, "  \"Statement\": []\n  ^");
    assert!(
        found.message.starts_with("This is not JSON"),
        "{}",
        found.message
    );
    let found = fault("{\"Version\":\"2012-10-17\",\n\"Version\":\"2012-10-17\"}");
    assert!(
        found.message.starts_with("This name is there twice"),
        "{}",
        found.message
    );
    assert_eq!(found.line, 2);
    assert!(fault(" ").message.starts_with("Write a policy"));
    assert!(fault("{").message.starts_with("The text ends too early"));
}

#[test]
fn a_fault_is_found_in_the_part_that_makes_it() {
    let good = r#""Effect":"Allow","Action":"s3:GetObject","Resource":"*""#;
    let with = |second: &str| {
        format!("{{\"Version\":\"2012-10-17\",\"Statement\":[\n{{{good}}},\n{{\n{second}\n}}]}}")
    };
    for (second, line, words) in [
        (
            "\"Effect\":\"Allow\",\n\"Action\":[\"s3:GetObject\",\n\"GetObject\"],\n\"Resource\":\"*\"",
            6,
            "prefaced by a vendor",
        ),
        (
            "\"Effect\":\"Allow\",\n\"Action\":\"s3:*\",\n\"Resource\":\"photos\"",
            6,
            "photos",
        ),
        (
            "\"Effect\":\"allow\",\n\"Action\":\"s3:*\",\n\"Resource\":\"*\"",
            4,
            "“Effect” is not something",
        ),
        (
            "\"Effect\":\"Allow\",\n\"Actions\":\"s3:*\",\n\"Resource\":\"*\"",
            5,
            "“Actions”",
        ),
        (
            "\"Action\":\"s3:*\",\n\"Resource\":\"*\"",
            3,
            "“Effect” is missing",
        ),
        (
            "\"Effect\":\"Allow\",\n\"Action\":\"s3:*\"",
            3,
            "must contain resources",
        ),
        (
            "\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\",\n\"Condition\":{\"Bool\":{\"aws:SecureTransport\":true},\n\"StringIs\":{\"a\":\"b\"}}",
            6,
            "“StringIs”",
        ),
        (
            "\"Principal\":\"*\",\n\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"",
            4,
            "principal",
        ),
    ] {
        let found = fault(&with(second));
        assert_eq!(found.line, line, "{second}: {found:?}");
        assert!(found.message.contains(words), "{}", found.message);
    }
    let found = fault(
        "{\"Version\":\"2012\",\n\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"}}",
    );
    assert_eq!((found.line, found.mark.lines().count()), (1, 2));
    assert!(found.message.contains("“Version”"), "{}", found.message);
    let twice = "{\"Version\":\"2012-10-17\",\"Statement\":[\n{\"Sid\":\"A\",\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"},\n{\"Sid\":\"A\",\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"*\"}]}";
    assert_eq!(fault(twice).line, 3);
}

#[test]
fn s60_a_trust_policy_without_amr_or_aud_is_remarked_or_refused() {
    let trust = |condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"Federated":"cognito-identity.amazonaws.com"}},"Action":"sts:AssumeRoleWithWebIdentity"{condition}}}}}"#
        );
        look(&text, DocumentKind::Trust, false)
    };
    let aud = r#","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":"us-east-1:0c9f9f9c-1111-4222-8333-944445555666"}}"#;
    let open = trust(aud);
    assert_eq!(open.fault, None);
    assert!(open.warnings[0].text.contains("guests included"));
    assert!(trust("").fault.unwrap().message.contains("every pool"));
}

#[test]
fn what_a_policy_may_not_mean_is_said_with_its_line() {
    for (statement, guests, line, words) in [
        (
            "\"Action\":\"s3:GetObject\",\n\"Resource\":\"arn:aws:s3:::photos\"",
            false,
            5,
            "photos/*",
        ),
        (
            "\"Action\":\"s3:ListBucket\",\n\"Resource\":\"arn:aws:s3:::photos/*\"",
            false,
            5,
            "write arn:aws:s3:::photos ",
        ),
        (
            "\"Action\":\"s3:GetObject\",\n\"Resource\":\"arn:aws:s3:::b/${aws:userid}*\"",
            false,
            5,
            "slash",
        ),
        (
            "\"Action\":\"s3:GetObject\",\n\"Resource\":\"*\"",
            true,
            5,
            "anybody in the world",
        ),
        (
            "\"Action\":\"*\",\n\"Resource\":\"*\"",
            false,
            5,
            "overwrite everything",
        ),
        (
            "\"NotAction\":\"s3:*\",\n\"Resource\":\"arn:aws:s3:::b/*\"",
            false,
            4,
            "NotAction",
        ),
        (
            "\"Action\":\"s3:GetObject\",\n\"Resource\":\"arn:aws:s3:::b/${graph.facebook.com:id}/*\"",
            false,
            0,
            "graph.facebook.com:id",
        ),
    ] {
        let found = warnings(statement, guests);
        assert_eq!(found.len(), 1, "{statement}: {found:?}");
        assert_eq!(found[0].0, line);
        assert!(found[0].1.contains(words), "{}", found[0].1);
    }
    let quiet = "\"Action\":[\"s3:GetObject\",\"s3:ListBucket\"],\n\"Resource\":[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*\"]";
    assert_eq!(warnings(quiet, true), []);
}

#[test]
fn the_templates_pass_without_a_word() {
    use crate::templates::{IdentityKind, own_prefix, read_only, trust};
    for text in [own_prefix("photos"), read_only("photos")] {
        let review = look(&text, DocumentKind::Identity, true);
        assert_eq!((review.fault, review.warnings), (None, Vec::new()));
        assert!(!review.sentences.is_empty());
    }
    let pool = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";
    for kind in IdentityKind::ALL {
        let review = look(&trust(pool, kind, true), DocumentKind::Trust, false);
        assert_eq!((review.fault, review.warnings), (None, Vec::new()));
    }
}

#[test]
fn a_document_that_is_too_long_says_by_how_much() {
    let long = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::{}"}}}}"#,
        "x".repeat(2_000)
    );
    assert!(fault(&long).message.contains("2000 is the most"));
}
