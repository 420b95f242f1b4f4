//! The laws of role rules, on random rules and claims.
//!
//! **Source**: contract page, Cognito identity section 5.4; requirement S62.

#![allow(
    clippy::unwrap_used,
    reason = "a test program stops at the first surprise"
)]

use std::collections::BTreeMap;

use daypass_core::pool::{IdentityPool, Settings};
use daypass_core::role::{Cause, Choice, Claimant, RoleError, by_claims};
use daypass_core::role_mapping::{
    AmbiguousRoleResolution, MappingRule, MatchType, RoleMapping, RoleSource,
};
use daypass_core::time::Timestamp;
use daypass_proof::login::LoginClaims;
use proptest::prelude::*;

const KEY: &str = "accounts.google.com";

/// Few names and short values, so that much matches and much is absent.
fn rule() -> impl Strategy<Value = MappingRule> {
    let word = proptest::sample::select(MatchType::ALL.to_vec());
    ("[abc]", word, "[xy]{1,2}", 0..6_u8).prop_map(|(claim, match_type, value, role)| MappingRule {
        claim,
        match_type,
        value,
        role_arn: format!("role-{role}"),
    })
}

fn claims() -> impl Strategy<Value = BTreeMap<String, Vec<String>>> {
    let values = proptest::collection::vec("[xyz]{0,3}", 0..3);
    proptest::collection::btree_map("[abcd]", values, 0..4)
}

fn pool(rules: Vec<MappingRule>) -> IdentityPool {
    let id = "r:00".parse().unwrap();
    let now = Timestamp::from_seconds(1);
    let mut pool = IdentityPool::create(id, Settings::default(), BTreeMap::new(), now).unwrap();
    pool.roles.authenticated = Some("default".to_owned());
    let mapping = RoleMapping {
        source: RoleSource::Rules(rules),
        ambiguous: AmbiguousRoleResolution::Deny,
    };
    pool.role_mappings.insert(KEY.to_owned(), mapping);
    pool
}

fn given(
    rules: &[MappingRule],
    claims: &BTreeMap<String, Vec<String>>,
    custom: Option<&str>,
) -> Result<(String, Cause), RoleError> {
    let pool = pool(rules.to_vec());
    let claims = LoginClaims::of_attributes(claims.clone());
    let claimant = Claimant {
        key: KEY,
        claims: &claims,
    };
    let account = "123456789012".parse().unwrap();
    let choice = by_claims(&pool, &account, std::iter::once(claimant), custom)?;
    let Choice { role_arn, cause } = choice;
    Ok((role_arn.to_owned(), cause))
}

/// The same said again, slowly.
fn holds(rule: &MappingRule, claims: &BTreeMap<String, Vec<String>>) -> bool {
    let mut any = false;
    let mut equal = false;
    let mut found = false;
    for text in claims.get(&rule.claim).into_iter().flatten() {
        any = true;
        equal |= *text == rule.value;
        found |= match rule.match_type {
            MatchType::Equals | MatchType::NotEqual => *text == rule.value,
            MatchType::Contains => text.find(&rule.value).is_some(),
            MatchType::StartsWith => text.find(&rule.value) == Some(0),
        };
    }
    match rule.match_type {
        MatchType::NotEqual => any && !equal,
        _ => found,
    }
}

proptest! {
    #[test]
    fn s62_the_first_rule_that_holds_gives_the_role(
        rules in proptest::collection::vec(rule(), 1..26),
        claims in claims(),
    ) {
        let first = rules.iter().position(|rule| holds(rule, &claims));
        let expected = match first {
            Some(at) => {
                let role = rules.get(at).unwrap().role_arn.clone();
                Ok((role, Cause::Rule(at + 1)))
            }
            None => Err(RoleError::Ambiguous(KEY.to_owned())),
        };
        prop_assert_eq!(given(&rules, &claims, None), expected);
    }

    #[test]
    fn s62_what_the_client_asks_for_is_given_only_if_a_rule_that_holds_names_it(
        rules in proptest::collection::vec(rule(), 1..26),
        claims in claims(),
        asked in 0..6_u8,
    ) {
        let asked = format!("role-{asked}");
        let offered = rules
            .iter()
            .any(|rule| rule.role_arn == asked && holds(rule, &claims));
        let expected = if offered {
            Ok((asked.clone(), Cause::CustomRole))
        } else {
            Err(RoleError::NotOffered(asked.clone()))
        };
        prop_assert_eq!(given(&rules, &claims, Some(&asked)), expected);
        // Nor is the pool's own role to be had by asking for it.
        let default = given(&rules, &claims, Some("default"));
        prop_assert_eq!(default, Err(RoleError::NotOffered("default".to_owned())));
    }

    #[test]
    fn rules_behind_the_first_that_holds_change_nothing_and_neither_do_claims_nobody_asks_for(
        rules in proptest::collection::vec(rule(), 1..20),
        more in proptest::collection::vec(rule(), 0..5),
        claims in claims(),
        other in proptest::collection::vec("[xyz]{0,3}", 0..3),
    ) {
        let found = given(&rules, &claims, None);
        if found.is_ok() {
            let longer: Vec<_> = rules.iter().chain(&more).cloned().collect();
            prop_assert_eq!(&given(&longer, &claims, None), &found);
        }
        let mut richer = claims.clone();
        richer.insert("not asked for".to_owned(), other);
        prop_assert_eq!(given(&rules, &richer, None), found);
    }

    #[test]
    fn s62_a_claim_that_is_absent_holds_no_rule(rules in proptest::collection::vec(rule(), 1..26)) {
        let refused = given(&rules, &BTreeMap::new(), None);
        prop_assert_eq!(refused, Err(RoleError::Ambiguous(KEY.to_owned())));
    }
}
