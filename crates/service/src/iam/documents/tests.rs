//! Documents on both sides of each quota, and trust policies that name too many or nobody.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::role::Role;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::User;
use daypass_proof::seal::{SealingKey, SealingRing};
use daypass_store::records::Vault;
use daypass_store::{MemoryStore, Store};

use super::*;

const ALLOW: &str =
    r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#;

/// A document of exactly `chars` counted characters.
fn padded(chars: usize) -> String {
    let id = "x".repeat(chars - ALLOW.len() - r#""Id":"","#.len());
    ALLOW.replacen('{', &format!(r#"{{"Id":"{id}","#), 1)
}

#[test]
fn a_managed_policy_is_measured_without_white_space() {
    let read = |text: &str| checked_document(text, DocumentKind::Identity, &MANAGED_POLICY);
    let largest = padded(6_144);
    assert!(read(&largest).is_ok());
    assert!(read(&largest.replacen(',', ",\n    ", 1)).is_ok());
    let refused = read(&padded(6_145)).unwrap_err();
    assert_eq!(refused.code, error::LIMIT_EXCEEDED);
    assert_eq!(refused.message, "Cannot exceed quota for PolicySize: 6144");
}

#[test]
fn inline_policies_are_measured_together_and_a_replaced_one_does_not_count() {
    let mut grants = Grants::default();
    grants.inline.insert("a".to_owned(), padded(1_000));
    let put =
        |name: &str, chars: usize| checked_inline("role R", &grants, name, &padded(chars), 2_000);
    assert!(put("b", 1_000).is_ok());
    assert!(put("a", 2_000).is_ok());
    let refused = put("b", 1_001).unwrap_err();
    assert_eq!(
        refused.message,
        "Maximum policy size of 2000 bytes exceeded for role R"
    );
}

#[test]
fn what_does_not_read_is_refused_in_the_words_of_iam() {
    let refused = checked_inline("role R", &Grants::default(), "a", "{}", 2_000).unwrap_err();
    assert_eq!(refused.code, error::MALFORMED_POLICY_DOCUMENT);
    assert_eq!(refused.message, "Syntax errors in policy.");
}

/// Records of an account with the role `/app/R` and the user `U`.
async fn records() -> Records {
    let key = SealingKey::from_bytes("test".parse().unwrap(), &[7; 32]).unwrap();
    let vault = Vault::new(SealingRing::new(key, Vec::new()).unwrap());
    let store = MemoryStore::default();
    let mut records = Records::new(store.write().await.unwrap(), vault);
    let role = Role {
        name: "R".to_owned(),
        path: "/app/".to_owned(),
        id: UniqueId::stored("AROA".to_owned()),
        trust_policy: String::new(),
        description: None,
        max_session: Lifetime::from_seconds(3_600),
        grants: Grants::default(),
        tags: BTreeMap::new(),
        created: Timestamp::from_millis(0),
    };
    records.put_role(&role).await.unwrap();
    let user = User {
        name: "U".to_owned(),
        path: "/".to_owned(),
        id: UniqueId::stored("AIDA".to_owned()),
        grants: Grants::default(),
        tags: BTreeMap::new(),
        created: Timestamp::from_millis(0),
    };
    records.put_user(&user).await.unwrap();
    records
}

async fn put_trust(principal: &str, action: &str, condition: &str) -> Result<(), ApiError> {
    let account = "123456789012".parse().unwrap();
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{principal},
        "Action":"{action}","Condition":{condition}}}}}"#
    );
    match check_trust(&account, &mut records().await, &text).await {
        Ok(()) => Ok(()),
        Err(Failure::Api(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn s59_a_trust_policy_open_to_every_pool_is_refused_when_put() {
    const POOLS: &str = r#"{"Federated":"cognito-identity.amazonaws.com"}"#;
    let aud = |operator: &str, value: &str| {
        format!(r#"{{"{operator}":{{"cognito-identity.amazonaws.com:aud":"{value}"}}}}"#)
    };
    let put = async |condition: String| {
        put_trust(POOLS, "sts:AssumeRoleWithWebIdentity", &condition).await
    };
    let pool = "us-east-1:11111111-2222-4333-8444-555555555555";
    assert_eq!(put(aud("StringEquals", pool)).await, Ok(()));
    assert_eq!(put(aud("StringLike", "us-east-1:1*")).await, Ok(()));
    for condition in [
        "{}".to_owned(),
        aud("StringLike", "*"),
        aud("StringNotEquals", pool),
        aud("StringEqualsIfExists", pool),
        r#"{"StringEquals":{"cognito-identity.amazonaws.com:amr":"authenticated"}}"#.to_owned(),
    ] {
        let refused = put(condition.clone()).await.unwrap_err();
        assert_eq!(
            refused.code,
            error::MALFORMED_POLICY_DOCUMENT,
            "{condition}"
        );
        assert!(refused.message.contains(":aud"), "{}", refused.message);
    }
}

#[tokio::test]
async fn users_and_roles_of_this_account_must_exist_to_be_trusted() {
    let put =
        async |arn: &str| put_trust(&format!(r#"{{"AWS":"{arn}"}}"#), "sts:AssumeRole", "{}").await;
    for arn in [
        "arn:aws:iam::123456789012:role/app/R",
        "arn:aws:iam::123456789012:user/U",
        "arn:aws:iam::123456789012:root",
        "arn:aws:iam::210987654321:role/anything",
        "arn:aws:sts::123456789012:assumed-role/R/session",
    ] {
        assert_eq!(put(arn).await, Ok(()), "{arn}");
    }
    for arn in [
        "arn:aws:iam::123456789012:role/R",
        "arn:aws:iam::123456789012:role/app/r",
        "arn:aws:iam::123456789012:user/app/U",
        "arn:aws:iam::123456789012:user/nobody",
    ] {
        let refused = put(arn).await.unwrap_err();
        let message = format!("Invalid principal in policy: \"AWS\":\"{arn}\"");
        assert_eq!(refused.message, message);
    }
}

#[tokio::test]
async fn a_trust_policy_is_measured_by_a_quota_of_its_own() {
    let put = async |chars: usize| {
        let user = r#"{"AWS":"arn:aws:iam::123456789012:user/U"}"#;
        let fixed = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":,"#.len()
            + r#""Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":""}}}}"#
                .len();
        let id = "x".repeat(chars - fixed - user.len());
        let condition = format!(r#"{{"StringEquals":{{"sts:ExternalId":"{id}"}}}}"#);
        put_trust(user, "sts:AssumeRole", &condition).await
    };
    assert_eq!(put(2_048).await, Ok(()));
    let refused = put(2_049).await.unwrap_err();
    assert_eq!(
        refused.message,
        "Cannot exceed quota for ACLSizePerRole: 2048"
    );
}
