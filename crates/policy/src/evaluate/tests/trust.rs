//! Assuming roles: who is trusted alone, and who needs policies of their own.

use super::*;

fn trust(effect: &str, principal: &str) -> Document {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"{effect}","Principal":{principal},
        "Action":["sts:AssumeRole","sts:AssumeRoleWithWebIdentity"]}}}}"#
    );
    Document::parse(&text, DocumentKind::Trust).unwrap()
}

fn sts(effect: &str) -> Document {
    let text =
        format!(r#"{{"Statement":{{"Effect":"{effect}","Action":"sts:*","Resource":"*"}}}}"#);
    Document::parse(&text, DocumentKind::Identity).unwrap()
}

fn assume(
    principal: &Principal,
    trust: &Document,
    identity: &Document,
    role_owner: &str,
) -> Explanation {
    let context = Context::new();
    let request = Request {
        principal,
        action: match principal {
            Principal::WebIdentity { .. } => "sts:AssumeRoleWithWebIdentity",
            _ => "sts:AssumeRole",
        },
        resource: ROLE,
        resource_account: role_owner,
        context: &context,
    };
    let identity = [named("identity", identity)];
    let caller = PolicySet {
        identity: &identity,
        ..PolicySet::default()
    };
    evaluate_trust(&request, named("trust", trust), &caller)
}

#[test]
fn a_role_is_reached_by_its_trust_policy() {
    let aws = |name: &str| format!(r#"{{"AWS":"{name}"}}"#);
    let nothing = beside();
    for (principal, name, alone) in [
        (user(), USER, true),
        (session(), ROLE, true),
        (session(), SESSION, true),
        (user(), "*", true),
        (user(), ROOT, false),
        (session(), ACCOUNT, false),
    ] {
        let trust = trust("Allow", &aws(name));
        let answer = assume(&principal, &trust, &nothing, ACCOUNT);
        assert_eq!(answer.is_allowed(), alone, "{name}");
        if !alone {
            assert_eq!(answer.layer, PolicyType::Identity);
        }
        let answer = assume(&principal, &trust, &sts("Allow"), ACCOUNT);
        assert_eq!(
            (answer.decision, answer.layer),
            (Allow, PolicyType::Trust),
            "{name}"
        );
        let answer = assume(&principal, &trust, &sts("Deny"), ACCOUNT);
        assert_eq!(
            (answer.decision, answer.layer),
            (ExplicitDeny, PolicyType::Identity)
        );
        let abroad = assume(&principal, &trust, &nothing, "999999999999");
        assert_eq!(
            (abroad.decision, abroad.layer),
            (ImplicitDeny, PolicyType::Identity)
        );
        assert!(assume(&principal, &trust, &sts("Allow"), "999999999999").is_allowed());
    }
    let other = trust("Allow", &aws("arn:aws:iam::123456789012:user/bob"));
    let answer = assume(&user(), &other, &sts("Allow"), ACCOUNT);
    assert_eq!(
        (answer.decision, answer.layer),
        (ImplicitDeny, PolicyType::Trust)
    );
    assert_eq!(
        answer.reason("sts:AssumeRole"),
        "because no role trust policy allows the sts:AssumeRole action"
    );
    let everyone = trust("Allow", "\"*\"");
    assert!(!assume(&Principal::Anonymous, &everyone, &nothing, ACCOUNT).is_allowed());
}

#[test]
fn a_web_identity_needs_the_trust_policy_alone() {
    let caller = Principal::WebIdentity {
        provider: "cognito-identity.amazonaws.com".to_owned(),
    };
    let cognito = r#"{"Federated":"cognito-identity.amazonaws.com"}"#;
    let nothing = beside();
    let decide = |trust: &Document| assume(&caller, trust, &nothing, ACCOUNT).decision;
    assert_eq!(decide(&trust("Allow", cognito)), Allow);
    assert_eq!(decide(&trust("Deny", cognito)), ExplicitDeny);
    assert_eq!(decide(&trust("Deny", "\"*\"")), ExplicitDeny);
    assert_eq!(decide(&trust("Allow", "\"*\"")), ImplicitDeny);
    assert_eq!(
        decide(&trust("Allow", r#"{"Federated":"accounts.google.com"}"#)),
        ImplicitDeny
    );
}

#[test]
fn boundary_and_session_of_the_caller_limit_a_role_grant() {
    let context = Context::new();
    let (principal, trust, none) = (
        session(),
        trust("Allow", &format!(r#"{{"AWS":"{ROLE}"}}"#)),
        beside(),
    );
    let request = Request {
        principal: &principal,
        action: "sts:AssumeRole",
        resource: ROLE,
        resource_account: ACCOUNT,
        context: &context,
    };
    let limit = [named("limit", &none)];
    let bounded = PolicySet {
        boundary: Some(limit[0]),
        ..PolicySet::default()
    };
    let scoped = PolicySet {
        session: Some(&limit),
        ..PolicySet::default()
    };
    let layer = |caller| evaluate_trust(&request, named("trust", &trust), caller).layer;
    assert_eq!(layer(&bounded), PolicyType::Boundary);
    assert_eq!(layer(&scoped), PolicyType::Session);
    assert_eq!(layer(&PolicySet::default()), PolicyType::Trust);
}
