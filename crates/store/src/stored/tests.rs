//! Every noun comes back from disk as it went there.

use std::collections::{BTreeMap, BTreeSet};

use daypass_core::attribute_map::AttributeMap;
use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::UniqueId;
use daypass_core::issuer::IssuerUrl;
use daypass_core::managed_policy::{ManagedPolicy, PolicyVersion};
use daypass_core::open_id_provider::OpenIdProvider;
use daypass_core::pool::{
    CognitoIdentityProvider, DeveloperProvider, IdentityPool, Roles, Settings,
};
use daypass_core::role::Role;
use daypass_core::role_mapping::{
    AmbiguousRoleResolution, MappingRule, MatchType, RoleMapping, RoleSource,
};
use daypass_core::saml_provider::SamlProvider;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::{Grants, User};

use super::*;
use crate::records::{ActivityHour, PoolActivity};

fn comes_back<T: Stored + PartialEq + std::fmt::Debug>(value: &T) {
    let text = write(value).unwrap();
    assert!(text.starts_with("{\"v\":1,"), "{text}");
    assert_eq!(&read::<T>("place", &text).unwrap(), value);
    let newer = text.replacen("\"v\":1", "\"v\":2", 1);
    assert!(
        read::<T>("place", &newer).is_err(),
        "a newer form was read as an old one"
    );
    assert!(read::<T>("place", "{}").is_err());
}

fn map(key: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(key.to_owned(), value.to_owned())])
}

fn grants() -> Grants {
    Grants {
        inline: map("p", "{}"),
        attached: BTreeSet::from(["arn:aws:iam::aws:policy/X".to_owned()]),
        boundary: Some("arn:aws:iam::aws:policy/Y".to_owned()),
    }
}

fn by_token() -> RoleMapping {
    RoleMapping {
        source: RoleSource::Token,
        ambiguous: AmbiguousRoleResolution::Deny,
    }
}

fn by_rules() -> RoleMapping {
    let rule = |match_type: MatchType| MappingRule {
        claim: "custom:\u{e9}".to_owned(),
        match_type,
        value: "a \"b\"".to_owned(),
        role_arn: "arn:role".to_owned(),
    };
    RoleMapping {
        source: RoleSource::Rules(MatchType::ALL.map(rule).to_vec()),
        ambiguous: AmbiguousRoleResolution::AuthenticatedRole,
    }
}

#[test]
fn a_pool_with_every_setting() {
    comes_back(&IdentityPool {
        id: "us-east-1:00".parse().unwrap(),
        settings: Settings {
            name: "näme \"x\"".into(),
            allow_unauthenticated: true,
            allow_classic_flow: Some(false),
            supported_login_providers: map("www.amazon.com", "app"),
            developer_provider: Some(DeveloperProvider::new("login.app".into())),
            open_id_connect_provider_arns: vec!["arn:oidc".into()],
            cognito_identity_providers: vec![CognitoIdentityProvider {
                provider_name: Some("pool".into()),
                client_id: None,
                server_side_token_check: true,
            }],
            saml_provider_arns: vec!["arn:saml".into()],
        },
        roles: Roles {
            authenticated: Some("arn:role".into()),
            unauthenticated: None,
        },
        role_mappings: BTreeMap::from([
            ("by token".to_owned(), by_token()),
            ("by rules".to_owned(), by_rules()),
        ]),
        attribute_maps: BTreeMap::from([
            ("www.amazon.com".to_owned(), AttributeMap::Defaults),
            ("arn:saml".to_owned(), AttributeMap::Custom(map("t", "c"))),
        ]),
        tags: map("k", ""),
        created: Timestamp::from_millis(1_234),
    });
}

const FIRST_POOL: &str = r#"{"v":1,"id":"r:bb","name":"n","guests":true,"classic_flow":null,
        "developer_provider":null,"social":{},"oidc":[],"user_pools":[],"saml":[],
        "authenticated_role":null,"unauthenticated_role":null,"tags":{},"created":1}"#;

#[test]
fn a_pool_as_the_first_release_wrote_it() {
    let pool: IdentityPool = read("place", FIRST_POOL).unwrap();
    assert!(pool.attribute_maps.is_empty());
    assert!(pool.role_mappings.is_empty());
}

#[test]
fn a_pool_whose_mapping_says_what_nobody_knows_is_not_read_as_one_without() {
    let pool = IdentityPool {
        role_mappings: BTreeMap::from([("k".to_owned(), by_rules())]),
        ..read("place", FIRST_POOL).unwrap()
    };
    let text = write(&pool).unwrap();
    assert!(read::<IdentityPool>("place", &text).is_ok());
    for word in ["AuthenticatedRole", "NotEqual"] {
        let other = text.replacen(word, "Perhaps", 1);
        assert!(read::<IdentityPool>("place", &other).is_err(), "{word}");
    }
}

#[test]
fn an_identity_with_its_users() {
    let users = ["a b", "", "é\u{301}"].map(|text| DeveloperUserIdentifier::new(text.into()));
    comes_back(&Identity {
        id: "us-east-1:aa".parse().unwrap(),
        pool_id: "us-east-1:bb".parse().unwrap(),
        developer_users: BTreeSet::from(users),
        public_logins: BTreeMap::from([(
            "accounts.google.com".parse().unwrap(),
            Subject::stored("é 1".into()),
        )]),
        ever_authenticated: true,
        enabled: false,
        merged_into: Some("us-east-1:cc".parse().unwrap()),
        created: Timestamp::from_millis(1),
        modified: Timestamp::from_millis(2),
    });
}

#[test]
fn an_identity_as_the_first_release_wrote_it() {
    let text = r#"{"v":1,"id":"r:aa","pool":"r:bb","developer_users":["ana"],
        "ever_authenticated":true,"enabled":true,"created":1,"modified":2}"#;
    let identity: Identity = read("place", text).unwrap();
    assert!(identity.public_logins.is_empty());
    assert_eq!(identity.merged_into, None);
}

#[test]
fn a_user_and_a_role() {
    comes_back(&User {
        name: "Ana".into(),
        path: "/x/".into(),
        id: UniqueId::stored("AIDAX".into()),
        grants: grants(),
        tags: map("k", "v"),
        created: Timestamp::from_millis(1),
    });
    comes_back(&Role {
        name: "App".into(),
        path: "/".into(),
        id: UniqueId::stored("AROAX".into()),
        trust_policy: "{\"Version\":\"2012-10-17\"}".into(),
        description: Some("what it is for".into()),
        max_session: Lifetime::from_seconds(43_200),
        grants: grants(),
        tags: BTreeMap::new(),
        created: Timestamp::from_millis(1),
    });
}

#[test]
fn a_managed_policy_with_its_versions() {
    let version = |text: &str| PolicyVersion {
        document: text.to_owned(),
        created: Timestamp::from_millis(3),
    };
    comes_back(&ManagedPolicy {
        name: "P".into(),
        path: "/".into(),
        id: UniqueId::stored("ANPAX".into()),
        description: None,
        versions: BTreeMap::from([(2, version("{}")), (7, version("{ }"))]),
        default_version: 7,
        next_version: 8,
        tags: BTreeMap::new(),
        created: Timestamp::from_millis(1),
        updated: Timestamp::from_millis(2),
    });
}

#[test]
fn an_hour_of_activity() {
    let pool = PoolActivity {
        tokens: 1,
        credentials: 2,
        new_identities: 3,
        last_issued: Some(1_767_225_600),
    };
    let mut hour = ActivityHour {
        tokens: u64::MAX,
        credentials: 5,
        new_identities: 6,
        refusals: BTreeMap::from([("sig.mismatch".to_owned(), 7)]),
        logins: BTreeMap::from([("login.app".to_owned(), 8)]),
        pools: BTreeMap::from([("us-east-1:00".to_owned(), pool)]),
    };
    comes_back(&hour);
    hour.pools
        .insert("other".to_owned(), PoolActivity::default());
    comes_back(&hour);
    comes_back(&ActivityHour::default());
}

#[test]
fn an_open_id_provider_with_everything() {
    comes_back(&OpenIdProvider {
        url: IssuerUrl::stored("https://id.example.com/x".into()),
        client_ids: vec!["app".into()],
        thumbprints: vec!["00".into()],
        tags: map("k", "v"),
        created: Timestamp::from_millis(5),
    });
}

#[test]
fn a_saml_provider_with_everything() {
    comes_back(&SamlProvider {
        name: "Corporate".into(),
        unique_id: UniqueId::stored("A".repeat(26)),
        metadata: "<x/>".into(),
        valid_until: Timestamp::from_millis(6),
        tags: map("k", "v"),
        created: Timestamp::from_millis(5),
    });
}
