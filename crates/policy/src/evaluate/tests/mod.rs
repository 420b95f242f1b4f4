//! Decisions: the table of grants, both sides between accounts, and the statement that decides.

mod laws;
mod trust;

use super::*;
use crate::document::DocumentKind;
use crate::explain::{Miss, trace};

const ACCOUNT: &str = "123456789012";
const OBJECT: &str = "arn:aws:s3:::demo/one";
const USER: &str = "arn:aws:iam::123456789012:user/ann";
const ROLE: &str = "arn:aws:iam::123456789012:role/app/reader";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/reader/one";
const GUEST: &str = "arn:aws:sts::123456789012:federated-user/guest";
const ROOT: &str = "arn:aws:iam::123456789012:root";

fn user() -> Principal {
    Principal::User {
        account: ACCOUNT.to_owned(),
        arn: USER.to_owned(),
        id: "AIDAANNANNANNANNANNAN".to_owned(),
    }
}

fn session() -> Principal {
    Principal::RoleSession {
        account: ACCOUNT.to_owned(),
        role_arn: ROLE.to_owned(),
        role_id: "AROAREADERREADERREADE".to_owned(),
        session_arn: SESSION.to_owned(),
    }
}

fn guest() -> Principal {
    Principal::FederatedUser {
        account: ACCOUNT.to_owned(),
        arn: GUEST.to_owned(),
        user_arn: USER.to_owned(),
    }
}

fn root() -> Principal {
    Principal::Root {
        account: ACCOUNT.to_owned(),
    }
}

/// A policy with one statement per effect, about every S3 action on every resource.
fn plain(effects: &[&str]) -> Document {
    let statements: Vec<_> = effects
        .iter()
        .map(|effect| format!(r#"{{"Effect":"{effect}","Action":"s3:*","Resource":"*"}}"#))
        .collect();
    let text = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    Document::parse(&text, DocumentKind::Identity).unwrap()
}

/// A policy about nothing that is asked here.
fn beside() -> Document {
    let text = r#"{"Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"*"}}"#;
    Document::parse(text, DocumentKind::Identity).unwrap()
}

fn bucket(effect: &str, name: &str) -> Document {
    let text = format!(
        r#"{{"Statement":{{"Sid":"It","Effect":"{effect}","Principal":{{"AWS":"{name}"}},
        "Action":"s3:*","Resource":"arn:aws:s3:::demo/*"}}}}"#
    );
    Document::parse(&text, DocumentKind::Resource).unwrap()
}

fn named<'a>(name: &'a str, document: &'a Document) -> NamedPolicy<'a> {
    NamedPolicy { name, document }
}

struct Case {
    principal: Principal,
    identity: Document,
    resource: Option<Document>,
    boundary: Option<Document>,
    session: Option<Document>,
    owner: &'static str,
}

impl Case {
    fn of(principal: Principal) -> Self {
        Self {
            principal,
            identity: beside(),
            resource: None,
            boundary: None,
            session: None,
            owner: ACCOUNT,
        }
    }

    fn decide(&self) -> (Decision, PolicyType) {
        let context = Context::new();
        let identity = [named("identity", &self.identity)];
        let session = self.session.as_ref().map(|it| [named("session", it)]);
        let policies = PolicySet {
            identity: &identity,
            resource: self.resource.as_ref().map(|it| named("bucket", it)),
            boundary: self.boundary.as_ref().map(|it| named("boundary", it)),
            session: session.as_ref().map(<[_; 1]>::as_slice),
        };
        let request = Request {
            principal: &self.principal,
            action: "s3:GetObject",
            resource: OBJECT,
            resource_account: self.owner,
            context: &context,
        };
        let answer = evaluate(&request, &policies);
        (answer.decision, answer.layer)
    }
}

use Decision::{Allow, ExplicitDeny, ImplicitDeny};

#[test]
fn identity_policies_allow_within_boundary_and_session() {
    for principal in [user(), session()] {
        let mut case = Case::of(principal);
        assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Identity));
        case.identity = plain(&["Allow"]);
        assert_eq!(case.decide(), (Allow, PolicyType::Identity));
        case.boundary = Some(beside());
        assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Boundary));
        case.boundary = Some(plain(&["Allow"]));
        assert_eq!(case.decide(), (Allow, PolicyType::Identity));
        case.session = Some(beside());
        assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Session));
        case.session = Some(plain(&["Allow"]));
        assert_eq!(case.decide(), (Allow, PolicyType::Identity));
    }
}

#[test]
fn a_federated_user_has_nothing_without_a_session_policy() {
    let mut case = Case::of(guest());
    case.identity = plain(&["Allow"]);
    assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Session));
    case.session = Some(plain(&["Allow"]));
    assert_eq!(case.decide(), (Allow, PolicyType::Identity));
}

#[test]
fn the_root_of_an_account_is_allowed_unless_denied() {
    let mut case = Case::of(root());
    assert_eq!(case.decide(), (Allow, PolicyType::Identity));
    case.resource = Some(bucket("Deny", ACCOUNT));
    assert_eq!(case.decide(), (ExplicitDeny, PolicyType::Resource));
}

/// The table of grants within one account, cell by cell: what is left to limit each.
#[test]
fn a_bucket_grants_by_how_it_names_the_caller() {
    let limits = |principal: &Principal, name: &str| {
        let mut case = Case::of(principal.clone());
        case.resource = Some(bucket("Allow", name));
        case.session = Some(plain(&["Allow"]));
        let open = case.decide();
        case.boundary = Some(beside());
        let bounded = case.decide();
        case.boundary = None;
        case.session = Some(beside());
        let scoped = case.decide();
        [open, bounded, scoped].map(|(decision, _)| decision == Allow)
    };
    for (principal, name, expected) in [
        (user(), USER, [true, true, true]),
        (session(), SESSION, [true, true, true]),
        (session(), ROLE, [true, false, false]),
        (session(), "AROAREADERREADERREADE", [true, false, false]),
        (guest(), GUEST, [true, true, true]),
        (guest(), USER, [true, false, false]),
        (user(), "*", [true, true, true]),
        (session(), "*", [true, true, true]),
        (guest(), "*", [true, true, true]),
        (user(), ROOT, [false, false, false]),
        (session(), ACCOUNT, [false, false, false]),
        (Principal::Anonymous, "*", [true, true, true]),
        (Principal::Anonymous, ROOT, [false, false, false]),
        (user(), ROLE, [false, false, false]),
    ] {
        assert_eq!(
            limits(&principal, name),
            expected,
            "{principal:?} as {name}"
        );
    }
}

#[test]
fn an_account_grant_leaves_it_to_the_accounts_policies() {
    let mut case = Case::of(session());
    case.resource = Some(bucket("Allow", ROOT));
    assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Identity));
    case.identity = plain(&["Allow"]);
    assert_eq!(case.decide(), (Allow, PolicyType::Identity));
}

#[test]
fn between_accounts_both_sides_must_allow() {
    for name in [SESSION, ROLE, ROOT, "*"] {
        let mut case = Case::of(session());
        case.owner = "999999999999";
        case.resource = Some(bucket("Allow", name));
        assert_eq!(
            case.decide(),
            (ImplicitDeny, PolicyType::Identity),
            "{name}"
        );
        case.identity = plain(&["Allow"]);
        assert_eq!(case.decide(), (Allow, PolicyType::Identity), "{name}");
        case.session = Some(beside());
        assert_eq!(case.decide(), (ImplicitDeny, PolicyType::Session), "{name}");
        case.session = None;
        case.resource = None;
        assert_eq!(
            case.decide(),
            (ImplicitDeny, PolicyType::Resource),
            "{name}"
        );
    }
}

#[test]
fn s48_a_deny_in_any_layer_decides() {
    type Put = fn(&mut Case);
    let layers: [(PolicyType, Put); 4] = [
        (PolicyType::Identity, |case| {
            case.identity = plain(&["Allow", "Deny"]);
        }),
        (PolicyType::Resource, |case| {
            case.resource = Some(bucket("Deny", "*"));
        }),
        (PolicyType::Boundary, |case| {
            case.boundary = Some(plain(&["Deny", "Allow"]));
        }),
        (PolicyType::Session, |case| {
            case.session = Some(plain(&["Deny"]));
        }),
    ];
    for (layer, put) in layers {
        let mut case = Case::of(session());
        case.identity = plain(&["Allow"]);
        case.resource = Some(bucket("Allow", SESSION));
        put(&mut case);
        assert_eq!(case.decide(), (ExplicitDeny, layer));
    }
}

#[test]
fn too_many_policies_are_no_permission() {
    let document = plain(&["Allow"]);
    let context = Context::new();
    let principal = user();
    let request = Request {
        principal: &principal,
        action: "s3:GetObject",
        resource: OBJECT,
        resource_account: ACCOUNT,
        context: &context,
    };
    let decide = |count: usize| {
        let identity = vec![named("it", &document); count];
        let policies = PolicySet {
            identity: &identity,
            ..PolicySet::default()
        };
        evaluate(&request, &policies).decision
    };
    assert_eq!(decide(POLICIES_PER_DECISION_MAX), Allow);
    assert_eq!(decide(POLICIES_PER_DECISION_MAX + 1), ImplicitDeny);
}

#[test]
fn s58_a_decision_names_its_statement_and_a_trace_says_why_not() {
    let text = r#"{"Version":"2012-10-17","Statement":[
        {"Sid":"Other","Effect":"Allow","Action":"s3:PutObject","Resource":"*"},
        {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::else/*"},
        {"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"Bool":{"aws:x":"true"}}},
        {"Sid":"Own","Effect":"Allow","Action":"s3:Get*","Resource":"arn:aws:s3:::demo/*"}]}"#;
    let document = Document::parse(text, DocumentKind::Identity).unwrap();
    let (principal, context) = (user(), Context::new());
    let identity = [named("Reader", &document)];
    let policies = PolicySet {
        identity: &identity,
        ..PolicySet::default()
    };
    let request = Request {
        principal: &principal,
        action: "S3:getobject",
        resource: OBJECT,
        resource_account: ACCOUNT,
        context: &context,
    };
    let statement = StatementRef {
        policy: "Reader".to_owned(),
        index: 3,
        sid: Some("Own".to_owned()),
    };
    assert_eq!(evaluate(&request, &policies).statement, Some(statement));
    let misses: Vec<_> = trace(&request, &policies)
        .into_iter()
        .map(|it| it.miss)
        .collect();
    let condition = Miss::Condition {
        operator: "Bool",
        key: "aws:x".to_owned(),
    };
    assert_eq!(
        misses,
        [
            Some(Miss::Action),
            Some(Miss::Resource),
            Some(condition),
            None
        ]
    );
}
