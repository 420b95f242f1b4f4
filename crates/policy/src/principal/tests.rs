//! Principals: how a name reaches a caller, and which names are refused.

use daypass_json::{Bounds, parse};

use super::*;
use crate::document::DocumentKind;
use crate::error::DocumentError;
use crate::statement::Effect;

const ROLE: &str = "arn:aws:iam::123456789012:role/app/reader";
const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/reader/one";
const USER: &str = "arn:aws:iam::123456789012:user/ann";
const ROOT: &str = "arn:aws:iam::123456789012:root";

fn read(negated: bool, text: &str, effect: Effect) -> Result<PrincipalElement, DocumentError> {
    let value = parse(text.as_bytes(), &Bounds::POLICY).unwrap();
    PrincipalElement::read(negated, &value, DocumentKind::Resource, effect)
}

fn allow(text: &str) -> PrincipalElement {
    read(false, text, Effect::Allow).unwrap()
}

fn not(names: &[&str]) -> PrincipalElement {
    let list = names.join("\",\"");
    read(true, &format!("{{\"AWS\":[\"{list}\"]}}"), Effect::Deny).unwrap()
}

fn user() -> Principal {
    Principal::User {
        account: "123456789012".to_owned(),
        arn: USER.to_owned(),
        id: "AIDAANNANNANNANNANNAN".to_owned(),
    }
}

fn session() -> Principal {
    Principal::RoleSession {
        account: "123456789012".to_owned(),
        role_arn: ROLE.to_owned(),
        role_id: "AROAREADERREADERREADE".to_owned(),
        session_arn: SESSION.to_owned(),
    }
}

fn federated() -> Principal {
    Principal::FederatedUser {
        account: "123456789012".to_owned(),
        arn: "arn:aws:sts::123456789012:federated-user/guest".to_owned(),
        user_arn: USER.to_owned(),
    }
}

#[test]
fn the_strength_of_a_grant_follows_the_way_of_naming() {
    let nothing = Context::new();
    let grant = |text: &str, caller: &Principal| allow(text).grant(caller, &nothing);
    for (text, caller, expected) in [
        (r#""*""#, &session(), Some(Grant::Direct)),
        (r#"{"AWS":"*"}"#, &Principal::Anonymous, Some(Grant::Direct)),
        (
            r#"{"AWS":"123456789012"}"#,
            &session(),
            Some(Grant::Account),
        ),
        (r#"{"AWS":"123456789012"}"#, &Principal::Anonymous, None),
        (
            r#"{"AWS":"AROAREADERREADERREADE"}"#,
            &session(),
            Some(Grant::Limited),
        ),
        (
            r#"{"AWS":"AIDAANNANNANNANNANNAN"}"#,
            &user(),
            Some(Grant::Direct),
        ),
        (r#"{"Service":"s3.amazonaws.com"}"#, &user(), None),
    ] {
        assert_eq!(grant(text, caller), expected, "{text}");
    }
    for (name, caller, expected) in [
        (ROOT, &user(), Some(Grant::Account)),
        (USER, &user(), Some(Grant::Direct)),
        (USER, &federated(), Some(Grant::Limited)),
        (ROLE, &session(), Some(Grant::Limited)),
        (SESSION, &session(), Some(Grant::Direct)),
        ("arn:aws:iam::123456789012:user/Ann", &user(), None),
        ("arn:aws:iam::123456789012:role/reader", &session(), None),
    ] {
        assert_eq!(
            grant(&format!("{{\"AWS\":\"{name}\"}}"), caller),
            expected,
            "{name}"
        );
    }
    let both = format!("{{\"AWS\":[\"{ROOT}\",\"{SESSION}\",\"{ROLE}\"]}}");
    assert_eq!(grant(&both, &session()), Some(Grant::Direct));
}

#[test]
fn a_web_identity_is_granted_by_its_provider_only() {
    let nothing = Context::new();
    let caller = Principal::WebIdentity {
        provider: "cognito-identity.amazonaws.com".to_owned(),
    };
    let named = allow(r#"{"Federated":"cognito-identity.amazonaws.com"}"#);
    assert_eq!(named.grant(&caller, &nothing), Some(Grant::Direct));
    assert_eq!(allow(r#""*""#).grant(&caller, &nothing), None);
    assert!(allow(r#""*""#).denies(&caller, &nothing));
    let other = allow(r#"{"Federated":"accounts.google.com"}"#);
    assert_eq!(other.grant(&caller, &nothing), None);
    assert_eq!(not(&[USER]).grant(&caller, &nothing), None);
    assert!(not(&[USER]).denies(&caller, &nothing));
}

#[test]
fn a_session_is_also_known_by_the_provider_it_came_through() {
    let mut context = Context::new();
    context.set("aws:FederatedProvider", "cognito-identity.amazonaws.com");
    let named = allow(r#"{"Federated":"cognito-identity.amazonaws.com"}"#);
    assert_eq!(named.grant(&session(), &context), Some(Grant::Limited));
    assert_eq!(named.grant(&session(), &Context::new()), None);
}

#[test]
fn not_principal_spares_only_a_wholly_listed_chain() {
    let nothing = Context::new();
    assert!(!not(&[SESSION, ROLE, ROOT]).denies(&session(), &nothing));
    assert!(!not(&[SESSION, "AROAREADERREADERREADE", "123456789012"]).denies(&session(), &nothing));
    for names in [
        &[SESSION, ROLE][..],
        &[ROLE, ROOT],
        &[SESSION, ROOT],
        &[ROOT],
    ] {
        assert!(not(names).denies(&session(), &nothing), "{names:?}");
    }
    assert!(!not(&[USER, ROOT]).denies(&user(), &nothing));
    assert!(not(&[USER]).denies(&user(), &nothing));
    assert!(not(&[USER, ROOT]).denies(&Principal::Anonymous, &nothing));
    let everyone = read(true, r#""*""#, Effect::Deny).unwrap();
    assert!(!everyone.denies(&Principal::Anonymous, &nothing));
}

#[test]
fn allowing_not_principal_reaches_whoever_is_not_listed() {
    let nothing = Context::new();
    let element = not(&[USER]);
    assert_eq!(element.grant(&user(), &nothing), None);
    assert_eq!(element.grant(&federated(), &nothing), None);
    assert_eq!(element.grant(&session(), &nothing), Some(Grant::Direct));
    assert_eq!(
        element.grant(&Principal::Anonymous, &nothing),
        Some(Grant::Direct)
    );
}

#[test]
fn s49_names_that_could_never_match_are_refused() {
    for value in [
        "",
        "12345",
        "arn:aws:iam::123456789012:role/*",
        "arn:aws:iam::123456789012:role/",
        "arn:aws:iam::123456789012:group/staff",
        "arn:aws:iam::*:root",
        "arn:aws:iam:us-east-1:123456789012:user/ann",
        "arn:aws:sts::123456789012:assumed-role/reader",
        "arn:aws:sts::123456789012:assumed-role/app/reader/one",
        "AROAshort",
        "ann",
    ] {
        let text = format!("{{\"AWS\":\"{value}\"}}");
        assert_eq!(
            read(false, &text, Effect::Allow).unwrap_err().to_string(),
            format!("Invalid principal in policy: \"AWS\":\"{value}\"")
        );
    }
    for text in [r#"{"Federated":"*"}"#, r#"{"Service":"*"}"#, r#""ann""#] {
        assert!(read(false, text, Effect::Allow).is_err(), "{text}");
    }
    assert_eq!(
        read(false, "{}", Effect::Allow),
        Err(DocumentError::PrincipalMissing)
    );
}

#[test]
fn a_canonical_user_is_accepted_where_matching_nobody_is_safe() {
    let text = r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbaced"}"#;
    assert!(read(false, text, Effect::Allow).is_ok());
    assert!(read(true, text, Effect::Deny).is_ok());
    assert!(read(false, text, Effect::Deny).is_err());
    assert!(read(true, text, Effect::Allow).is_err());
}
