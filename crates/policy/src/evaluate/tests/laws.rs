//! The laws of S48 over random statements.

use proptest::prelude::*;

use super::*;

fn statement() -> impl Strategy<Value = String> {
    (
        "Allow|Deny",
        r"s3:(\*|Get\*|PutObject)",
        r"demo(/\*|/one|\*)",
        "(Not)?",
    )
        .prop_map(|(effect, action, resource, not)| {
            format!(
                r#"{{"Effect":"{effect}","{not}Action":"{action}",
                "Resource":"arn:aws:s3:::{resource}"}}"#
            )
        })
}

fn decide(statements: &[String], cut: usize) -> Decision {
    let parse = |part: &[String]| {
        let text = format!(r#"{{"Statement":[{}]}}"#, part.join(","));
        Document::parse(&text, DocumentKind::Identity).unwrap()
    };
    let (left, right) = statements.split_at(cut.clamp(1, statements.len()));
    let mut documents = vec![parse(left)];
    if !right.is_empty() {
        documents.push(parse(right));
    }
    let identity: Vec<_> = documents.iter().map(|it| named("it", it)).collect();
    let (principal, context) = (session(), Context::new());
    let request = Request {
        principal: &principal,
        action: "s3:GetObject",
        resource: OBJECT,
        resource_account: ACCOUNT,
        context: &context,
    };
    let policies = PolicySet {
        identity: &identity,
        ..PolicySet::default()
    };
    evaluate(&request, &policies).decision
}

proptest! {
    #[test]
    fn s48_neither_order_nor_grouping_changes_a_decision(
        statements in prop::collection::vec(statement(), 1..6).prop_shuffle(),
        cut in 0_usize..6,
    ) {
        let mut sorted = statements.clone();
        sorted.sort();
        prop_assert_eq!(decide(&statements, cut), decide(&sorted, sorted.len()));
    }

    #[test]
    fn s48_a_deny_more_never_turns_deny_into_allow(
        statements in prop::collection::vec(statement(), 1..6),
        more in statement(),
    ) {
        let before = decide(&statements, 3);
        let mut after = statements;
        after.push(more.replace("Allow", "Deny"));
        if before != Allow {
            prop_assert_ne!(decide(&after, 3), Allow);
        }
    }
}
