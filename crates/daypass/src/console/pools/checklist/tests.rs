//! Every gap has a way to close it, and a button says beforehand what it does.

use std::collections::BTreeMap;

use super::*;
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::roles::Role;

const POOL: &str = "us-east-1:0c9f9f9c-1111-4222-8333-944445555666";
const ARN: &str = "arn:aws:iam::000000000000:role/mine";

fn look(trust: Option<&str>, policies: Vec<(String, String)>) -> Look {
    let role = Role {
        role_name: "mine".into(),
        arn: ARN.into(),
        assume_role_policy_document: trust.unwrap_or_default().into(),
        ..Role::default()
    };
    let mut roles = PoolRoles::default();
    let mut documents = BTreeMap::new();
    if trust.is_some() {
        roles.roles.insert("authenticated".into(), ARN.into());
        documents.insert(ARN.into(), RoleState::Known(Box::new(role), policies));
    }
    Look {
        pool: IdentityPool {
            identity_pool_id: POOL.into(),
            identity_pool_name: "My app".into(),
            developer_provider_name: Some("login.example.app".into()),
            ..IdentityPool::default()
        },
        roles,
        documents,
    }
}

fn open(look: &Look) -> Vec<Check> {
    let checks = checks(look);
    checks.into_iter().filter(|check| !check.ready).collect()
}

#[test]
fn a_pool_without_a_role_is_offered_one_and_told_what_it_grants() {
    let open = open(&look(None, vec![]));
    let [check] = open.as_slice() else {
        panic!("{open:?}")
    };
    assert_eq!(check.fix, "role.none:authenticated");
    for word in ["Cognito_MyappAuth_Role", "not its guests", "my-app-files"] {
        assert!(check.text.contains(word), "{}", check.text);
    }
}

#[test]
fn s59_a_role_that_trusts_another_pool_is_offered_the_trust_of_this_one() {
    let other = templates::trust("us-east-1:00", IdentityKind::Authenticated, true);
    let look = look(Some(&other), vec![("p".into(), templates::own_prefix("b"))]);
    let open = open(&look);
    assert_eq!(open[0].fix, "role.trust_aud:authenticated");
    assert!(open[0].text.contains("replaces the trust policy of mine"));
    assert!(carries_tags(&look, IdentityKind::Authenticated));
    assert_eq!(serious(&look), 1);
}

#[test]
fn a_role_that_grants_nothing_is_offered_the_usual_policy() {
    let trust = templates::trust(POOL, IdentityKind::Authenticated, false);
    let open = open(&look(Some(&trust), vec![]));
    assert_eq!(open[0].fix, "role.grants_nothing:authenticated");
    assert_eq!(open[0].button, "Add the policy");
}

#[test]
fn a_pool_nobody_can_log_in_to_leads_to_its_settings() {
    let mut look = look(None, vec![]);
    look.pool.developer_provider_name = None;
    let open = open(&look);
    assert!(open[0].fix.is_empty() && open[0].href.ends_with("/edit"));
}

#[test]
fn a_ready_pool_has_nothing_to_do() {
    let trust = templates::trust(POOL, IdentityKind::Authenticated, false);
    let look = look(Some(&trust), vec![("p".into(), templates::own_prefix("b"))]);
    assert_eq!(open(&look), []);
    assert_eq!(serious(&look), 0);
}

#[test]
fn s60_a_role_that_users_and_guests_share_is_not_repaired_but_replaced() {
    let trust = templates::trust(POOL, IdentityKind::Unauthenticated, false);
    let mut look = look(Some(&trust), vec![("p".into(), templates::own_prefix("b"))]);
    let roles = &mut look.roles.roles;
    roles.insert("unauthenticated".into(), ARN.into());
    let open = open(&look);
    assert!(!open.is_empty());
    assert!(open.iter().all(|check| check.href.ends_with("/roles")));
}
