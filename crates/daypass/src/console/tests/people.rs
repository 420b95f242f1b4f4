//! Identities, roles and policies, walked through with names that mean harm.

use super::*;
use crate::api::Api;
use crate::api::pools::{IdentityPool, PoolRoles, TokenRequest};
use crate::client::{Client, Keys};
use crate::templates::{self, IdentityKind};

const HOSTILE: [&str; 3] = ["<script>alert(1)</script>", "=cmd()|x", "\u{202e}evil"];

/// A pool with a role for its users, and an identity for every hostile user.
async fn pool(browser: &Browser) -> (String, Vec<String>) {
    let arrival = Arrival {
        now_millis: browser.now_millis,
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        secure: false,
    };
    let env = Arc::clone(&browser.console.env);
    let client = Client::inside(
        env,
        arrival,
        format!("http://{HOST}"),
        "us-east-1".to_owned(),
    );
    let keys = Keys::from_texts(ROOT_ID, ROOT_SECRET, None).unwrap();
    let api = Api::new(&client, Some(&keys));
    let pool = IdentityPool {
        identity_pool_name: "My App".to_owned(),
        developer_provider_name: Some("login.app".to_owned()),
        ..IdentityPool::default()
    };
    let id = api.create_pool(&pool).await.unwrap().identity_pool_id;
    let trust = templates::trust(&id, IdentityKind::Authenticated, false);
    let role = api.create_role("Users", &trust, "").await.unwrap();
    let policy = templates::own_prefix("photos");
    api.put_role_policy("Users", "own", &policy).await.unwrap();
    let roles = [("authenticated".to_owned(), role.arn)].into();
    let roles = PoolRoles {
        roles,
        ..PoolRoles::default()
    };
    api.set_pool_roles(&id, &roles).await.unwrap();
    let mut identities = Vec::new();
    for user in HOSTILE {
        let request = TokenRequest {
            identity_pool_id: &id,
            provider: "login.app",
            user,
            ..TokenRequest::default()
        };
        identities.push(api.developer_token(&request).await.unwrap().identity_id);
    }
    (id, identities)
}

#[tokio::test]
async fn hostile_users_are_inert_in_the_list_and_in_exports() {
    let mut browser = Browser::signed_in().await;
    let (pool, identities) = pool(&browser).await;
    let seen = browser.look("/console/identities").await;
    assert_eq!(seen.status, 200);
    assert!(seen.body.contains("3 identities"), "{}", seen.body);
    assert!(!seen.body.contains("<script>alert"));
    assert!(seen.body.contains("<bdi>\u{202e}evil</bdi>"));
    let export = format!(
        "/console/identities/export?pool={}&format=csv",
        segment(&pool)
    );
    let csv = browser.look(&export).await;
    assert!(csv.body.contains(",'=cmd()|x,"), "{}", csv.body);
    assert_eq!(
        csv.headers["content-disposition"],
        "attachment; filename=\"identities.csv\""
    );
    for identity in &identities {
        let page = browser
            .look(&format!("/console/identities/{}", segment(identity)))
            .await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("Lets it in") && !page.body.contains("<script>alert"));
        assert!(
            page.body
                .contains("Allowed by statement 1 (OwnPrefix) of own.")
        );
        assert!(
            page.body
                .contains("no statement of the role&#39;s policies allows it")
        );
    }
}

#[tokio::test]
async fn a_search_leads_to_the_one_thing_that_has_the_id() {
    let mut browser = Browser::signed_in().await;
    let (pool, identities) = pool(&browser).await;
    for (q, to) in [
        (pool.as_str(), format!("/console/pools/{}", segment(&pool))),
        (
            "=cmd()|x",
            format!(
                "/console/identities/{}?pool={}",
                segment(&identities[1]),
                segment(&pool)
            ),
        ),
    ] {
        let seen = browser
            .look(&format!("/console/search?q={}", segment(q)))
            .await;
        assert_eq!((seen.status, seen.location()), (303, to.as_str()));
    }
    let seen = browser.look("/console/search?q=nobody").await;
    assert!(seen.body.contains("in 1 pool: nothing."), "{}", seen.body);
}

#[tokio::test]
async fn deleting_takes_the_typed_characters_and_says_what_is_gone() {
    let mut browser = Browser::signed_in().await;
    let (pool, identities) = pool(&browser).await;
    let path = format!("/console/identities/{}", segment(&identities[0]));
    browser.look(&path).await;
    let wrong = browser
        .send(&path, &[("pool", &pool), ("typed", "000000")])
        .await;
    assert_eq!(wrong.status, 422);
    let typed = &identities[0][identities[0].len() - 6..];
    let done = browser
        .send(&path, &[("pool", &pool), ("typed", typed)])
        .await;
    assert_eq!(done.status, 303);
    assert_eq!(browser.look(&path).await.status, 404);

    let bulk = "/console/identities/delete";
    let chosen = [
        ("pool", pool.as_str()),
        ("id", &identities[1]),
        ("id", &identities[2]),
    ];
    let asked = [&chosen[..], &[("typed", "3")]].concat();
    assert_eq!(browser.send(bulk, &asked).await.status, 422);
    let asked = [&chosen[..], &[("typed", "2")]].concat();
    let done = browser.send(bulk, &asked).await;
    let list = done.location().to_owned();
    let seen = browser.look(&list).await;
    assert!(
        seen.body.contains("2 identities are deleted.") && seen.body.contains("No identities yet")
    );
}

#[tokio::test]
async fn a_policy_is_not_saved_over_one_that_was_not_seen_nor_with_a_fault() {
    let mut browser = Browser::signed_in().await;
    pool(&browser).await;
    let path = "/console/roles/Users/policies/own";
    let opened = browser.look(path).await;
    let (_, rest) = opened.body.split_once("name=\"version\" value=\"").unwrap();
    let version = rest.split('"').next().unwrap().to_owned();
    let read_only = templates::read_only("photos");
    let save = |document: &str| {
        [
            ("do", "save"),
            ("version", version.as_str()),
            ("document", document),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let broken =
        save("{\n \"Version\": \"2012-10-17\",\n \"Statement\": {\"Effect\": \"Allow\"\n}}");
    let broken: Vec<_> = broken
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let seen = browser.send(path, &broken).await;
    assert_eq!(seen.status, 422);
    assert!(
        seen.body
            .contains("Policy statement must contain actions. (line 3"),
        "{}",
        seen.body
    );
    let good = save(&read_only);
    let good: Vec<_> = good.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(browser.send(path, &good).await.status, 303);
    let seen = browser.send(path, &good).await;
    assert_eq!(seen.status, 409);
    assert!(seen.body.contains("Somebody else changed this policy"));
}

#[tokio::test]
async fn s60_a_role_open_to_guests_says_so() {
    let mut browser = Browser::signed_in().await;
    let (pool, _) = pool(&browser).await;
    let open = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{{"Federated":"cognito-identity.amazonaws.com"}},"Action":"sts:AssumeRoleWithWebIdentity","Condition":{{"StringEquals":{{"cognito-identity.amazonaws.com:aud":"{pool}"}}}}}}}}"#
    );
    let fields = [("do", "check"), ("document", open.as_str())];
    let seen = browser.send("/console/roles/Users/trust", &fields).await;
    assert_eq!(seen.status, 200);
    assert!(seen.body.contains("guests included"), "{}", seen.body);
}
