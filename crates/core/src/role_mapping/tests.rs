//! Which mappings a pool takes.

use super::*;
use crate::pool::{CognitoIdentityProvider, DeveloperProvider};

const USER_POOL: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_A";
const OIDC: &str = "arn:aws:iam::123456789012:oidc-provider/issuer.example";
const SAML: &str = "arn:aws:iam::123456789012:saml-provider/corp";

fn settings() -> Settings {
    let user_pool = |client: &str| CognitoIdentityProvider {
        provider_name: Some(USER_POOL.to_owned()),
        client_id: Some(client.to_owned()),
        server_side_token_check: false,
    };
    Settings {
        developer_provider: Some(DeveloperProvider::new("login.example.app".into())),
        supported_login_providers: BTreeMap::from([(
            "accounts.google.com".to_owned(),
            "client".to_owned(),
        )]),
        open_id_connect_provider_arns: vec![OIDC.to_owned()],
        saml_provider_arns: vec![SAML.to_owned()],
        cognito_identity_providers: vec![user_pool("c1"), user_pool("c2"), user_pool("c1")],
        ..Settings::default()
    }
}

fn parts(by_rules: bool, rules: Option<usize>) -> RoleMappingParts {
    let rule = MappingRule {
        claim: "sub".to_owned(),
        match_type: MatchType::Equals,
        value: "x".to_owned(),
        role_arn: "arn:aws:iam::123456789012:role/A".to_owned(),
    };
    RoleMappingParts {
        by_rules,
        ambiguous: Some(AmbiguousRoleResolution::Deny),
        rules: rules.map(|count| vec![rule; count]),
    }
}

#[test]
fn a_mapping_is_under_the_key_of_a_provider_of_the_pool() {
    let settings = settings();
    let keys = mapping_keys(&settings);
    let c1 = format!("{USER_POOL}:c1");
    let c2 = format!("{USER_POOL}:c2");
    assert_eq!(keys, ["accounts.google.com", OIDC, SAML, &c1, &c2]);
    for key in &keys {
        let mappings = check(
            &settings,
            BTreeMap::from([(key.clone(), parts(false, None))]),
        );
        assert_eq!(mappings.unwrap().len(), 1, "{key}");
    }
    for key in [
        "login.example.app",
        "https://accounts.google.com",
        "ACCOUNTS.google.com",
        "www.amazon.com",
        "issuer.example",
        "cognito-identity.amazonaws.com",
        USER_POOL,
        &format!("{USER_POOL}:c3"),
        &format!("https://{c1}"),
        &format!("{OIDC}2"),
        "",
    ] {
        let refused = check(
            &settings,
            BTreeMap::from([(key.to_owned(), parts(false, None))]),
        );
        assert_eq!(refused, Err(RoleMappingError::NotAProvider(key.to_owned())));
    }
}

#[test]
fn a_mapping_is_whole() {
    let made = |parts| RoleMapping::new("k", parts);
    let key = || "k".to_owned();
    assert_eq!(made(parts(false, None)).unwrap().source, RoleSource::Token);
    assert_eq!(made(parts(true, Some(1))).unwrap().rules().len(), 1);
    assert_eq!(made(parts(true, Some(25))).unwrap().rules().len(), 25);
    let refused = made(parts(true, Some(26)));
    assert_eq!(refused, Err(RoleMappingError::TooManyRules(key())));
    for none in [None, Some(0)] {
        assert_eq!(
            made(parts(true, none)),
            Err(RoleMappingError::NoRules(key()))
        );
    }
    let refused = made(parts(false, Some(1)));
    assert_eq!(refused, Err(RoleMappingError::RulesBesideToken(key())));
    for by_rules in [false, true] {
        let open = RoleMappingParts {
            ambiguous: None,
            ..parts(by_rules, by_rules.then_some(1))
        };
        let refused = RoleMapping::new("k", open);
        assert_eq!(
            refused,
            Err(RoleMappingError::NoAmbiguousRoleResolution(key()))
        );
    }
}

#[test]
fn words_of_the_interface_come_back() {
    for one in MatchType::ALL {
        assert_eq!(MatchType::of(one.word()), Some(one));
    }
    for one in AmbiguousRoleResolution::ALL {
        assert_eq!(AmbiguousRoleResolution::of(one.word()), Some(one));
    }
    assert_eq!(MatchType::of("equals"), None);
    assert_eq!(AmbiguousRoleResolution::of(""), None);
}
