//! Trust decisions, with the policies people really write.

use std::collections::BTreeMap;

use super::*;
use crate::ids::UniqueId;
use crate::time::{Lifetime, Timestamp};
use crate::user::Grants;

const POOL: &str = "us-east-1:bb";

fn role(trust: &str) -> Role {
    Role {
        name: "App".into(),
        path: "/".into(),
        id: UniqueId::stored("AROAX".into()),
        trust_policy: trust.into(),
        description: None,
        max_session: Lifetime::from_seconds(3_600),
        grants: Grants::default(),
        tags: BTreeMap::new(),
        created: Timestamp::from_seconds(0),
    }
}

fn trust(actions: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Federated":"cognito-identity.amazonaws.com"}},"Action":[{actions}],"Condition":{condition}}}]}}"#
    )
}

fn usual(method: &str) -> String {
    trust(
        r#""sts:AssumeRoleWithWebIdentity""#,
        &format!(
            r#"{{"StringEquals":{{"cognito-identity.amazonaws.com:aud":"{POOL}"}},"ForAnyValue:StringLike":{{"cognito-identity.amazonaws.com:amr":"{method}"}}}}"#
        ),
    )
}

fn assume(
    trust: &str,
    audience: &str,
    amr: &str,
    tags: &[(&str, &str)],
) -> Result<(), AssumeError> {
    let federation = Federation {
        subject: "us-east-1:aa".into(),
        audience: audience.into(),
        amr: vec![amr.into()],
    };
    let tags = tags
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let tags = PrincipalTags::new(tags).unwrap();
    let account = "123456789012".parse().unwrap();
    by_web_identity(
        &role(trust),
        &account,
        &federation,
        &tags,
        "id.example",
        Context::new(),
    )
}

fn cause(result: Result<(), AssumeError>) -> TrustGap {
    match result {
        Err(AssumeError::NotTrusted { cause, .. }) => cause,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn s61_only_the_tokens_own_pool_and_method_open_the_role() {
    assert_eq!(
        assume(&usual("authenticated"), POOL, "authenticated", &[]),
        Ok(())
    );
    let other_pool = assume(
        &usual("authenticated"),
        "us-east-1:cc",
        "authenticated",
        &[],
    );
    assert_eq!(cause(other_pool), TrustGap::Audience);
    let guest = assume(&usual("authenticated"), POOL, "unauthenticated", &[]);
    assert_eq!(cause(guest), TrustGap::Method);
    let wrong_action = trust(r#""sts:AssumeRole""#, "{}");
    assert_eq!(
        cause(assume(&wrong_action, POOL, "authenticated", &[])),
        TrustGap::Action
    );
    let denied = usual("authenticated").replace("\"Allow\"", "\"Deny\"");
    assert_eq!(
        cause(assume(&denied, POOL, "authenticated", &[])),
        TrustGap::Denied
    );
    assert!(matches!(
        assume("{", POOL, "authenticated", &[]),
        Err(AssumeError::Unreadable(_))
    ));
}

#[test]
fn tags_need_their_own_permission() {
    let tags = [("tenant", "a")];
    let without = assume(&usual("authenticated"), POOL, "authenticated", &tags);
    assert!(matches!(without, Err(AssumeError::TaggingNotTrusted(_))));
    let with = usual("authenticated").replace(
        r#"["sts:AssumeRoleWithWebIdentity"]"#,
        r#"["sts:AssumeRoleWithWebIdentity","sts:TagSession"]"#,
    );
    assert_eq!(assume(&with, POOL, "authenticated", &tags), Ok(()));
}

#[test]
fn s59_a_trust_policy_without_a_pool_trusts_every_pool_and_never_allows() {
    let action = r#""sts:AssumeRoleWithWebIdentity""#;
    let key = "cognito-identity.amazonaws.com:aud";
    let open = [
        "{}".to_owned(),
        format!(r#"{{"StringLike":{{"{key}":"*"}}}}"#),
        format!(r#"{{"StringNotEquals":{{"{key}":"{POOL}"}}}}"#),
        format!(r#"{{"StringEqualsIfExists":{{"{key}":"{POOL}"}}}}"#),
        format!(r#"{{"StringLike":{{"{key}":["{POOL}","*"]}}}}"#),
        r#"{"ForAnyValue:StringLike":{"cognito-identity.amazonaws.com:amr":"authenticated"}}"#
            .to_owned(),
    ];
    for condition in open {
        let text = trust(action, &condition);
        let document = Document::parse(&text, DocumentKind::Trust).unwrap();
        assert!(trusts_every_pool(&document), "{condition}");
        let result = assume(&text, POOL, "authenticated", &[]);
        assert!(
            matches!(result, Err(AssumeError::TrustsEveryPool(_))),
            "{condition}"
        );
    }
    let closed = [
        format!(r#"{{"StringEquals":{{"{key}":["{POOL}","us-east-1:cc"]}}}}"#),
        format!(r#"{{"StringLike":{{"{key}":"us-east-1:*"}}}}"#),
    ];
    for condition in closed {
        let document = Document::parse(&trust(action, &condition), DocumentKind::Trust).unwrap();
        assert!(!trusts_every_pool(&document), "{condition}");
    }
    let unrelated = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
    assert!(!trusts_every_pool(
        &Document::parse(unrelated, DocumentKind::Trust).unwrap()
    ));
}
