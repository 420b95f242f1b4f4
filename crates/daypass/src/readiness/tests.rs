//! Each gap, found and fixed.

use super::*;
use crate::api::mappings::{MappingRule, RoleMapping};
use crate::templates;

const POOL: &str = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";
const OTHER: &str = "us-east-1:11111111-1111-4222-8333-944445555666";
const USERS: &str = "arn:aws:iam::000000000000:role/users";
const GUESTS: &str = "arn:aws:iam::000000000000:role/app/guests";

fn pool(guests: bool) -> IdentityPool {
    IdentityPool {
        identity_pool_id: POOL.to_owned(),
        identity_pool_name: "demo".to_owned(),
        allow_unauthenticated_identities: guests,
        developer_provider_name: Some("login.demo.example".to_owned()),
        ..IdentityPool::default()
    }
}

fn known(arn: &str, trust: String, policies: &[&str]) -> (String, RoleState) {
    let role = Role {
        role_name: templates::role_in(arn).unwrap().to_owned(),
        arn: arn.to_owned(),
        assume_role_policy_document: trust,
        ..Role::default()
    };
    let policies = policies
        .iter()
        .map(|text| ("p".to_owned(), (*text).to_owned()));
    (
        arn.to_owned(),
        RoleState::Known(Box::new(role), policies.collect()),
    )
}

fn codes(pool: &IdentityPool, documents: Vec<(String, RoleState)>) -> Vec<(&'static str, Level)> {
    let mut roles = PoolRoles::default();
    for (arn, _) in &documents {
        let kind = if arn == USERS {
            "authenticated"
        } else {
            "unauthenticated"
        };
        roles.roles.insert(kind.to_owned(), arn.clone());
    }
    let setup = Setup {
        pool,
        roles: &roles,
        documents: &documents.into_iter().collect(),
    };
    gaps(&setup)
        .into_iter()
        .map(|gap| (gap.code, gap.level))
        .collect()
}

fn users(trust: String) -> (String, RoleState) {
    known(USERS, trust, &[&templates::own_prefix("b")])
}

fn guests(policy: &str) -> (String, RoleState) {
    let trust = templates::trust(POOL, IdentityKind::Unauthenticated, false);
    known(GUESTS, trust, &[policy])
}

fn good() -> String {
    templates::trust(POOL, IdentityKind::Authenticated, false)
}

#[test]
fn a_pool_made_from_the_templates_is_ready() {
    assert_eq!(codes(&pool(false), vec![users(good())]), []);
    let both = vec![users(good()), guests(&templates::read_only("b"))];
    assert_eq!(codes(&pool(true), both), []);
}

#[test]
fn what_is_missing_is_named() {
    let nobody = IdentityPool {
        developer_provider_name: None,
        ..pool(false)
    };
    assert_eq!(codes(&nobody, Vec::new()), [("provider.none", Level::Fail)]);
    assert_eq!(
        codes(&pool(false), Vec::new()),
        [("role.none", Level::Fail)]
    );
    assert_eq!(
        codes(&pool(true), vec![users(good())]),
        [("role.none", Level::Fail)]
    );
    assert_eq!(
        codes(&pool(false), vec![(USERS.to_owned(), RoleState::Absent)]),
        [("role.absent", Level::Fail)]
    );
    assert_eq!(
        codes(&pool(false), vec![(USERS.to_owned(), RoleState::Hidden)]),
        [("role.hidden", Level::Note)]
    );
    assert_eq!(
        codes(&pool(false), vec![known(USERS, good(), &[])]),
        [("role.grants_nothing", Level::Warn)]
    );
    assert_eq!(
        codes(&pool(false), vec![known(USERS, good(), &["{}"])]),
        [
            ("role.policy_unreadable", Level::Warn),
            ("role.grants_nothing", Level::Warn)
        ]
    );
}

#[test]
fn s59_a_trust_policy_that_does_not_let_this_pool_in_is_named_by_its_cause() {
    let other = templates::trust(OTHER, IdentityKind::Authenticated, false);
    let guest = templates::trust(POOL, IdentityKind::Unauthenticated, false);
    let action = good().replace("AssumeRoleWithWebIdentity", "AssumeRole");
    let deny = good().replace("Allow", "Deny");
    for (trust, code) in [
        (other, "role.trust_aud"),
        (action, "role.trust_action"),
        (deny, "role.trust_denied"),
        ("{".to_owned(), "role.trust_unreadable"),
    ] {
        let found = codes(&pool(false), vec![users(trust)]);
        assert_eq!(found, [(code, Level::Fail)]);
    }
    // A guests' trust on the users' role is wrong twice: users stay out, guests would get in.
    assert_eq!(
        codes(&pool(false), vec![users(guest)]),
        [
            ("role.trust_amr", Level::Fail),
            ("role.guests_get_in", Level::Warn)
        ]
    );
}

#[test]
fn s60_a_role_without_amr_warns_and_is_red_when_guests_are_on() {
    let trust = serde_json::json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": "cognito-identity.amazonaws.com"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"cognito-identity.amazonaws.com:aud": POOL}},
    }]})
    .to_string();
    assert_eq!(
        codes(&pool(false), vec![users(trust.clone())]),
        [("role.guests_get_in", Level::Warn)]
    );
    let both = vec![users(trust), guests(&templates::read_only("b"))];
    assert_eq!(
        codes(&pool(true), both),
        [("role.guests_get_in", Level::Fail)]
    );
}

#[test]
fn a_condition_about_the_request_is_a_note_and_not_a_verdict() {
    let trust = good().replace(
        "\"StringEquals\"",
        "\"IpAddress\": {\"aws:SourceIp\": \"203.0.113.0/24\"}, \"StringEquals\"",
    );
    assert_eq!(
        codes(&pool(false), vec![users(trust)]),
        [("role.trust_condition", Level::Note)]
    );
}

#[test]
fn guests_who_may_overwrite_everything_are_pointed_out() {
    let broad = r#"{"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    assert_eq!(
        codes(&pool(true), vec![users(good()), guests(broad)]),
        [("role.guest_too_broad", Level::Warn)]
    );
    assert_eq!(
        codes(
            &pool(false),
            vec![users(good()), guests(&templates::own_prefix("b"))]
        ),
        [("role.guests_off", Level::Note)]
    );
}

#[test]
fn the_checklist_shows_what_is_done_too() {
    let documents = [users(good())].into_iter().collect();
    let mut roles = PoolRoles::default();
    roles
        .roles
        .insert("authenticated".to_owned(), USERS.to_owned());
    let pool = pool(false);
    let items = checklist(&Setup {
        pool: &pool,
        roles: &roles,
        documents: &documents,
    });
    assert_eq!(items.len(), 4);
    assert!(items.iter().all(|item| item.gaps.is_empty()));
}

const GOOGLE: &str = "accounts.google.com";
const STAFF: &str = "arn:aws:iam::000000000000:role/staff";

fn rule(claim: &str) -> MappingRule {
    MappingRule {
        claim: claim.to_owned(),
        match_type: "Equals".to_owned(),
        value: "x".to_owned(),
        role_arn: STAFF.to_owned(),
    }
}

/// The gaps of a pool with Google whose one mapping is this, and whose staff role trusts so.
fn mapped(
    key: &str,
    mapping: RoleMapping,
    staff: Option<String>,
    default: bool,
) -> Vec<(&'static str, Level)> {
    let mut pool = pool(false);
    for domain in [GOOGLE, "www.amazon.com"] {
        let providers = &mut pool.supported_login_providers;
        providers.insert(domain.to_owned(), "client".to_owned());
    }
    let mut roles = PoolRoles::default();
    if default {
        let authenticated = "authenticated".to_owned();
        roles.roles.insert(authenticated, USERS.to_owned());
    }
    roles.role_mappings.insert(key.to_owned(), mapping);
    let staff = match staff {
        Some(trust) => known(STAFF, trust, &[]),
        None => (STAFF.to_owned(), RoleState::Absent),
    };
    let setup = Setup {
        pool: &pool,
        roles: &roles,
        documents: &[users(good()), staff].into_iter().collect(),
    };
    let gaps = gaps(&setup).into_iter();
    gaps.map(|gap| (gap.code, gap.level)).collect()
}

#[test]
fn s64_a_rule_over_a_claim_that_users_may_write_is_pointed_out() {
    let by = |key, claims: &[&str]| {
        let rules = claims.iter().map(|claim| rule(claim)).collect();
        mapped(
            key,
            RoleMapping::new("Rules", "Deny", rules),
            Some(good()),
            true,
        )
    };
    let untrusted = ("mapping.claim_untrusted", Level::Warn);
    assert_eq!(by(GOOGLE, &["hd", "sub", "cognito:groups"]), []);
    assert_eq!(by(GOOGLE, &["hd", "email", "name"]), [untrusted, untrusted]);
    assert_eq!(by("www.amazon.com", &["sub"]), []);
    let unseen = ("mapping.claim_unseen", Level::Warn);
    assert_eq!(by("www.amazon.com", &["email"]), [unseen]);
}

#[test]
fn a_mapping_that_leads_nowhere_is_named_by_its_cause() {
    let by_rule = || RoleMapping::new("Rules", "Deny", vec![rule("hd")]);
    let absent = mapped(GOOGLE, by_rule(), None, true);
    assert_eq!(absent, [("mapping.role_absent", Level::Fail)]);
    let other = templates::trust(OTHER, IdentityKind::Authenticated, false);
    let untrusting = mapped(GOOGLE, by_rule(), Some(other), true);
    assert_eq!(untrusting, [("role.trust_aud", Level::Fail)]);
    let gone = mapped("appleid.apple.com", by_rule(), Some(good()), true);
    assert_eq!(gone, [("mapping.provider", Level::Warn)]);
    let fallback = RoleMapping::new("Token", "AuthenticatedRole", Vec::new());
    assert_eq!(mapped(GOOGLE, fallback.clone(), None, true), []);
    let no_default = mapped(GOOGLE, fallback, None, false);
    assert_eq!(
        no_default,
        [
            ("role.none", Level::Fail),
            ("mapping.no_default", Level::Fail)
        ]
    );
}
