//! What belongs to one pool, one caller or one moment stays there.
//!
//! **Source**: requirements S53, S66, S68, S69 and S70; DESIGN §12.1.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test program stops at the first surprise"
)]

mod client;

use std::collections::BTreeSet;
use std::sync::Arc;

use client::{PROVIDER, call, credentials, done, give_role, keys, pool, query, raw, text, token};
use daypass_store::{EmbeddedStore, Store};
use daypass_testkit::fault::Fault;
use daypass_testkit::house::{House, Plan};
use serde_json::json;

async fn house() -> Arc<House> {
    Arc::new(House::open(Plan::default()).await)
}

async fn one_identity_for(house: Arc<House>) {
    let pool = pool(&house, false).await;
    let calls: Vec<_> = (0..64)
        .map(|_| {
            let (house, pool) = (Arc::clone(&house), pool.clone());
            tokio::spawn(async move { token(&house, &pool, "ana").await.0 })
        })
        .collect();
    let mut identities = BTreeSet::new();
    for call in calls {
        identities.insert(call.await.unwrap());
    }
    assert_eq!(identities.len(), 1, "one user was given several identities");
    let everyone = json!({ "IdentityPoolId": pool, "MaxResults": 60 });
    let listed = done(&house, "ListIdentities", &everyone).await;
    assert_eq!(listed["Identities"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_first_calls_at_once_make_one_identity() {
    one_identity_for(house().await).await;
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(EmbeddedStore::open(&folder.path().join("data")).unwrap());
    one_identity_for(Arc::new(House::open_on(store, Plan::default()).await)).await;
}

#[tokio::test]
async fn s66_an_identity_of_another_pool_is_answered_like_none() {
    let house = house().await;
    let (here, there) = (pool(&house, false).await, pool(&house, false).await);
    let (foreign, _) = token(&house, &there, "ana").await;
    let nobody = "us-east-1:00000000-0000-4000-8000-000000000000";
    let asked = |operation: &'static str, identity: &str| {
        let mut input = json!({ "IdentityPoolId": here, "IdentityId": identity });
        if operation == "GetOpenIdTokenForDeveloperIdentity" {
            input["Logins"] = json!({ PROVIDER: "new" });
        }
        let house = Arc::clone(&house);
        async move {
            let (status, body) = raw(&house, Some(&house.root), operation, &input).await;
            (status, String::from_utf8(body.to_vec()).unwrap())
        }
    };
    for operation in [
        "GetOpenIdTokenForDeveloperIdentity",
        "LookupDeveloperIdentity",
    ] {
        let (status, of_foreign) = asked(operation, &foreign).await;
        let (_, of_nobody) = asked(operation, nobody).await;
        assert_eq!(status, 400);
        assert_eq!(
            of_foreign.replace(&foreign, "<id>"),
            of_nobody.replace(nobody, "<id>")
        );
        assert!(
            of_foreign.contains(&format!("Identity '{foreign}' not found.")),
            "{of_foreign}"
        );
    }
}

#[tokio::test]
async fn s68_nothing_remembered_of_one_pool_serves_another() {
    let house = house().await;
    let (here, there) = (pool(&house, false).await, pool(&house, false).await);
    give_role(&house, &here, "here").await;
    give_role(&house, &there, "there").await;
    let (mine, my_token) = token(&house, &here, "ana").await;
    let (theirs, their_token) = token(&house, &there, "ana").await;
    assert_ne!(mine, theirs, "the same name in two pools is two users");
    credentials(&house, &mine, &my_token).await;
    for (identity, wrong) in [(&mine, &their_token), (&theirs, &my_token)] {
        let logins = json!({ "cognito-identity.amazonaws.com": wrong });
        let input = json!({ "IdentityId": identity, "Logins": logins });
        let (status, answer) = call(&house, None, "GetCredentialsForIdentity", &input).await;
        assert_eq!(status, 400);
        assert!(
            text(&answer, "message").starts_with("Logins don't match."),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn s69_a_page_token_is_good_for_its_caller_its_listing_and_an_hour() {
    let house = house().await;
    let (here, there) = (pool(&house, true).await, pool(&house, true).await);
    for pool in [&here, &there] {
        for _ in 0..3 {
            let (status, _) = call(&house, None, "GetId", &json!({ "IdentityPoolId": pool })).await;
            assert_eq!(status, 200);
        }
    }
    let page = |pool: &str, hide: bool, page: Option<&str>| {
        let mut input = json!({ "IdentityPoolId": pool, "MaxResults": 2, "HideDisabled": hide });
        if let Some(page) = page {
            input["NextToken"] = json!(page);
        }
        input
    };
    let first = done(&house, "ListIdentities", &page(&here, false, None)).await;
    let next = text(&first, "NextToken");
    let second = done(&house, "ListIdentities", &page(&here, false, Some(&next))).await;
    assert_eq!(second["Identities"].as_array().unwrap().len(), 1);
    assert!(second.get("NextToken").is_none());

    let refused = |input: serde_json::Value, operation: &'static str| {
        let house = Arc::clone(&house);
        async move {
            let (status, answer) = call(&house, Some(&house.root), operation, &input).await;
            assert_eq!(status, 400, "{answer}");
            assert_eq!(text(&answer, "__type"), "InvalidParameterException");
        }
    };
    let mut tampered = next.clone().into_bytes();
    let last = tampered.last_mut().unwrap();
    *last = if *last == b'A' { b'B' } else { b'A' };
    let tampered = String::from_utf8(tampered).unwrap();
    refused(page(&here, false, Some(&tampered)), "ListIdentities").await;
    refused(page(&here, true, Some(&next)), "ListIdentities").await;
    refused(page(&there, false, Some(&next)), "ListIdentities").await;
    refused(
        json!({ "MaxResults": 1, "NextToken": next }),
        "ListIdentityPools",
    )
    .await;

    let root_session = session_of_root(&house).await;
    let (status, _) = call(
        &house,
        Some(&root_session),
        "ListIdentities",
        &page(&here, false, Some(&next)),
    )
    .await;
    assert_eq!(status, 200, "the root user in a session is the same caller");
    give_role(&house, &here, "reader").await;
    let (identity, proof) = token(&house, &here, "ana").await;
    let other = credentials(&house, &identity, &proof).await;
    let (status, _) = call(
        &house,
        Some(&other),
        "ListIdentities",
        &page(&here, false, Some(&next)),
    )
    .await;
    assert_eq!(status, 400, "another caller's page token was taken");

    house.clock.advance_seconds(3_599);
    done(&house, "ListIdentities", &page(&here, false, Some(&next))).await;
    house.clock.advance_seconds(1);
    refused(page(&here, false, Some(&next)), "ListIdentities").await;
}

async fn session_of_root(house: &House) -> daypass_testkit::keys::Keys {
    let form = "Action=GetSessionToken&Version=2011-06-15";
    let (status, answer) = query(house, &house.root, "sts", form).await;
    assert_eq!(status, 200, "{answer}");
    let element = |name: &str| {
        let from = answer.split(&format!("<{name}>")).nth(1).unwrap();
        from.split('<').next().unwrap().to_owned()
    };
    daypass_testkit::keys::Keys::session(
        &element("AccessKeyId"),
        &element("SecretAccessKey"),
        &element("SessionToken"),
    )
}

#[tokio::test]
async fn s70_what_is_deleted_ends_its_sessions_with_the_next_request() {
    let house = house().await;
    let pool = pool(&house, true).await;
    give_role(&house, &pool, "app").await;
    let (identity, proof) = token(&house, &pool, "ana").await;
    let session = credentials(&house, &identity, &proof).await;
    let whoami = "Action=GetCallerIdentity&Version=2011-06-15";
    assert_eq!(query(&house, &session, "sts", whoami).await.0, 200);
    done_empty(
        &house,
        "DeleteIdentityPool",
        &json!({ "IdentityPoolId": pool }),
    )
    .await;
    let (status, answer) = query(&house, &session, "sts", whoami).await;
    assert_eq!(status, 403);
    assert!(
        answer.contains("<Code>InvalidClientTokenId</Code>"),
        "{answer}"
    );

    let (guest_pool, input) = (
        client::pool(&house, true).await,
        |id: &str| json!({ "IdentityId": id }),
    );
    give_role(&house, &guest_pool, "again").await;
    let answer = call(
        &house,
        None,
        "GetId",
        &json!({ "IdentityPoolId": guest_pool }),
    )
    .await
    .1;
    let guest = text(&answer, "IdentityId");
    let (_, answer) = call(&house, None, "GetCredentialsForIdentity", &input(&guest)).await;
    let session = keys(&answer);
    assert_eq!(query(&house, &session, "sts", whoami).await.0, 200);
    let forms = [
        "DeleteRolePolicy&RoleName=again&PolicyName=all",
        "DeleteRole&RoleName=again",
    ];
    for form in forms {
        let form = format!("Action={form}&Version=2010-05-08");
        assert_eq!(query(&house, &house.root, "iam", &form).await.0, 200);
    }
    assert_eq!(query(&house, &session, "sts", whoami).await.0, 403);
}

async fn done_empty(house: &House, operation: &str, input: &serde_json::Value) {
    let (status, body) = raw(house, Some(&house.root), operation, input).await;
    assert_eq!((status, body.len()), (200, 0));
}

#[tokio::test]
async fn s53_temporary_credentials_make_none_that_outlive_or_exceed_them() {
    let house = house().await;
    let pool = pool(&house, true).await;
    give_role(&house, &pool, "app").await;
    let (identity, proof) = token(&house, &pool, "ana").await;
    let session = credentials(&house, &identity, &proof).await;
    let nested = "Action=GetSessionToken&Version=2011-06-15";
    let (status, answer) = query(&house, &session, "sts", nested).await;
    assert_eq!(status, 403);
    assert!(
        answer.contains("Cannot call GetSessionToken with session credentials"),
        "{answer}"
    );

    // A guest's role may allow everything: the scope-down policy still keeps it from IAM and STS.
    let answer = call(&house, None, "GetId", &json!({ "IdentityPoolId": pool }))
        .await
        .1;
    let guest = json!({ "IdentityId": text(&answer, "IdentityId") });
    let (_, answer) = call(&house, None, "GetCredentialsForIdentity", &guest).await;
    let guest = keys(&answer);
    let own_service = [
        "CreateAccessKey&UserName=ana",
        "CreateUser&UserName=eve",
        "ListUsers",
    ];
    for operation in own_service {
        let form = format!("Action={operation}&Version=2010-05-08");
        let (status, answer) = query(&house, &guest, "iam", &form).await;
        assert_eq!(status, 403, "{answer}");
        assert!(
            answer.contains("because no session policy allows"),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn a_known_users_token_and_credentials_write_nothing() {
    let house = house().await;
    let pool = pool(&house, true).await;
    give_role(&house, &pool, "app").await;
    let (identity, _) = token(&house, &pool, "ana").await;
    house.store.fail_with(Fault::Full);

    let (again, proof) = token(&house, &pool, "ana").await;
    assert_eq!(again, identity);
    let session = credentials(&house, &identity, &proof).await;
    let whoami = "Action=GetCallerIdentity&Version=2011-06-15";
    assert_eq!(query(&house, &session, "sts", whoami).await.0, 200);

    // The same store does refuse what is new: the calls above opened no write transaction.
    let new = json!({ "IdentityPoolId": pool, "Logins": { PROVIDER: "new" } });
    let operation = "GetOpenIdTokenForDeveloperIdentity";
    let (status, answer) = call(&house, Some(&house.root), operation, &new).await;
    assert_eq!(
        (status, text(&answer, "__type")),
        (500, "InternalErrorException".to_owned())
    );
}
