//! Every row of contract page section 5.4, from the vectors, and who is asked at all.

use std::collections::BTreeMap;

use super::*;
use crate::pool::{IdentityPool, Roles, Settings};
use crate::role::ROLE_ATTRIBUTE;
use crate::role_mapping::MatchType;
use crate::time::Timestamp;

const VECTORS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../vectors/roles/choice.txt"
));

const PLACES: &[(&str, &str)] = &[
    ("<USERS>", "arn:aws:iam::123456789012:role/Users"),
    ("<A>", "arn:aws:iam::123456789012:role/app/A"),
    ("<B>", "arn:aws:iam::123456789012:role/B,b"),
    ("<FOREIGN>", "arn:aws:iam::210987654321:role/A"),
    ("<CORP>", "arn:aws:iam::123456789012:saml-provider/corp"),
    (
        "<FOREIGN_CORP>",
        "arn:aws:iam::210987654321:saml-provider/corp",
    ),
    (
        "<OIDC>",
        "arn:aws:iam::123456789012:oidc-provider/issuer.example",
    ),
    ("<ROLE>", ROLE_ATTRIBUTE),
];

fn account() -> AccountId {
    "123456789012".parse().unwrap()
}

fn pool() -> IdentityPool {
    let id = "us-east-1:00".parse().unwrap();
    let now = Timestamp::from_seconds(1);
    IdentityPool::create(id, Settings::default(), BTreeMap::new(), now).unwrap()
}

/// What was read of the vectors so far.
struct Reading {
    pool: IdentityPool,
    last_key: String,
    case: String,
    logins: Vec<(String, BTreeMap<String, Vec<String>>)>,
    asked: Option<String>,
    answered: usize,
}

impl Reading {
    fn line(&mut self, line: &str) {
        let (word, rest) = line.split_once(": ").unwrap_or((line, ""));
        match word {
            "pool" => self.pool = pool(),
            "authenticated" => self.pool.roles.authenticated = Some(rest.to_owned()),
            "rule" => self.rule(rest),
            "case" => {
                self.case = rest.to_owned();
                (self.logins, self.asked) = (Vec::new(), None);
            }
            "login" => self.logins.push((rest.to_owned(), BTreeMap::new())),
            "claim" => {
                let claims = &mut self.logins.last_mut().unwrap().1;
                let (name, value) = rest.split_once(" =").unwrap_or((rest, "none"));
                let texts = claims.entry(name.to_owned()).or_default();
                if value != "none" {
                    texts.push(value.strip_prefix(' ').unwrap_or(value).to_owned());
                }
            }
            "asked" => self.asked = Some(rest.to_owned()),
            "expect" => {
                assert_eq!(self.answer(), rest, "{}", self.case);
                self.answered += 1;
            }
            _ => self.mapping(line),
        }
    }

    fn mapping(&mut self, line: &str) {
        let (key, how) = line.split_once(" by ").unwrap();
        let (source, ambiguous) = how.split_once(", else ").unwrap();
        let mapping = RoleMapping {
            source: match source {
                "token" => RoleSource::Token,
                _ => RoleSource::Rules(Vec::new()),
            },
            ambiguous: AmbiguousRoleResolution::of(ambiguous).unwrap(),
        };
        self.pool.role_mappings.insert(key.to_owned(), mapping);
        key.clone_into(&mut self.last_key);
    }

    fn rule(&mut self, line: &str) {
        let words: Vec<&str> = line.split(' ').collect();
        let [claim, match_type, value, role_arn] = words.try_into().unwrap();
        let mapping = self.pool.role_mappings.get_mut(&self.last_key).unwrap();
        let RoleSource::Rules(rules) = &mut mapping.source else {
            panic!("`{line}` is no rule of a mapping by token");
        };
        rules.push(MappingRule {
            claim: claim.to_owned(),
            match_type: MatchType::of(match_type).unwrap(),
            value: value.to_owned(),
            role_arn: role_arn.to_owned(),
        });
    }

    fn answer(&self) -> String {
        let logins: Vec<(&str, LoginClaims)> = self
            .logins
            .iter()
            .map(|(key, claims)| (key.as_str(), LoginClaims::of_attributes(claims.clone())))
            .collect();
        let claimants = logins.iter().map(|(key, claims)| Claimant { key, claims });
        match by_claims(&self.pool, &account(), claimants, self.asked.as_deref()) {
            Ok(Choice { role_arn, cause }) => match cause {
                Cause::Default => format!("{role_arn} by default"),
                Cause::AmbiguousRoleResolution => format!("{role_arn} after ambiguity"),
                Cause::Rule(number) => format!("{role_arn} by rule {number}"),
                Cause::PreferredRole => format!("{role_arn} as preferred"),
                Cause::OnlyRole => format!("{role_arn} as the only role"),
                Cause::CustomRole => format!("{role_arn} as asked"),
            },
            Err(RoleError::NoRole) => "no role".to_owned(),
            Err(RoleError::NotOffered(arn)) => format!("forbidden {arn}"),
            Err(RoleError::Ambiguous(key)) => format!("ambiguous {key}"),
        }
    }
}

#[test]
fn s62_every_case_of_the_vectors() {
    let mut reading = Reading {
        pool: pool(),
        last_key: String::new(),
        case: String::new(),
        logins: Vec::new(),
        asked: None,
        answered: 0,
    };
    let told = |line: &&str| !line.trim().is_empty() && !line.starts_with('#');
    for line in VECTORS.lines().filter(told) {
        let places = PLACES.iter();
        let line = places.fold(line.to_owned(), |line, (place, text)| {
            line.replace(place, text)
        });
        reading.line(&line);
    }
    let cases = VECTORS.lines().filter(|line| line.starts_with("case: "));
    assert_eq!(reading.answered, cases.count(), "cases without an answer");
}

#[test]
fn s62_guests_and_developer_users_get_the_default_role_of_their_kind_and_no_other() {
    let mut pool = pool();
    let mapping = RoleMapping {
        source: RoleSource::Token,
        ambiguous: AmbiguousRoleResolution::Deny,
    };
    pool.role_mappings.insert("k".to_owned(), mapping);
    let kinds = [Authentication::Guest, Authentication::DeveloperToken];
    for authentication in kinds {
        let none = choose(&pool, &account(), authentication, None);
        assert_eq!(none, Err(RoleError::NoRole));
    }
    pool.roles = Roles {
        authenticated: Some("users".to_owned()),
        unauthenticated: Some("guests".to_owned()),
    };
    for (authentication, role_arn) in kinds.into_iter().zip(["guests", "users"]) {
        let choose = |asked| choose(&pool, &account(), authentication, asked);
        let cause = Cause::Default;
        assert_eq!(choose(None), Ok(Choice { role_arn, cause }));
        let refused = Err(RoleError::NotOffered(role_arn.to_owned()));
        assert_eq!(choose(Some(role_arn)), refused);
    }
}

#[test]
fn a_text_of_roles_is_cut_at_commas_between_arns_only() {
    let (a, b) = ("arn:aws:iam::1:role/A", "arn:aws:iam::1:role/B,b");
    let roles = |text: &str| {
        let text = vec![text.to_owned()];
        let claims = LoginClaims::of_attributes([("cognito:roles".to_owned(), text)]);
        let roles = token_roles(&claims);
        roles.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(roles(&format!("{a},{b}")), [a, b]);
    assert_eq!(roles(&format!(" {b} , {a} ")), [b, a]);
    assert_eq!(roles(&format!("{a},{a}")), [a]);
    assert_eq!(roles(&format!("{a},")), [format!("{a},")]);
    assert_eq!(roles(","), [","]);
}
