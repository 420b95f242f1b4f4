//! The overview, the snippets, the test exchange, the inspector and the settings, walked through.
//!
//! **Source**: users page, section 7 (S3, S7, S8, S17, S22) and 7a; requirement S77.

use super::*;
use crate::api::Api;
use crate::api::pools::{DeveloperToken, IdentityPool, PoolRoles, TokenRequest};
use crate::client::{Client, Keys};
use crate::templates::{Access, IdentityKind, trust};

const PROVIDER: &str = "login.example";

pub(super) fn client(browser: &Browser) -> Client {
    let arrival = Arrival {
        now_millis: browser.now_millis,
        peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
        secure: false,
    };
    let env = Arc::clone(&browser.console.env);
    let endpoint = browser.console.place.public_url.clone();
    Client::inside(env, arrival, endpoint, "us-east-1".to_owned())
}

pub(super) fn root() -> Keys {
    Keys::from_texts(ROOT_ID, ROOT_SECRET, None).unwrap()
}

/// A pool whose users have their own prefix in the bucket `photos`, which is not there yet.
pub(super) async fn pool(browser: &Browser, access: Access) -> String {
    let (client, keys) = (client(browser), root());
    let api = Api::new(&client, Some(&keys));
    let wanted = IdentityPool {
        identity_pool_name: "Photo app".to_owned(),
        developer_provider_name: Some(PROVIDER.to_owned()),
        ..IdentityPool::default()
    };
    let id = api.create_pool(&wanted).await.unwrap().identity_pool_id;
    let kind = IdentityKind::Authenticated;
    let role = api
        .create_role("photos", &trust(&id, kind, false), "")
        .await
        .unwrap();
    let policy = access.policy("photos");
    api.put_role_policy("photos", access.policy_name(), &policy)
        .await
        .unwrap();
    let mut roles = PoolRoles::default();
    roles.roles.insert(kind.word().to_owned(), role.arn);
    api.set_pool_roles(&id, &roles).await.unwrap();
    id
}

async fn token(browser: &Browser, pool: &str) -> DeveloperToken {
    let (client, keys) = (client(browser), root());
    let request = TokenRequest {
        identity_pool_id: pool,
        provider: PROVIDER,
        user: "ada",
        ..TokenRequest::default()
    };
    let api = Api::new(&client, Some(&keys));
    api.developer_token(&request).await.unwrap()
}

fn below(pool: &str, page: &str) -> String {
    format!("/console/pools/{}/{page}", segment(pool))
}

#[tokio::test]
async fn an_instance_that_nobody_called_says_how_to_begin() {
    let mut browser = Browser::signed_in().await;
    let seen = browser.look("/console").await;
    assert_eq!(seen.status, 200);
    assert!(seen.body.contains("Nothing has called this instance yet"));
    assert!(seen.body.contains("href=\"/console/pools/new\""));
    assert!(seen.body.contains("curl http://127.0.0.1:4600/"));
}

#[tokio::test]
async fn what_happened_is_counted_and_refusals_lead_to_advice() {
    let mut browser = Browser::signed_in().await;
    let pool = pool(&browser, Access::OwnPrefix).await;
    let minted = token(&browser, &pool).await;
    let client = client(&browser);
    let public = Api::new(&client, None);
    public
        .credentials(&minted.identity_id, &minted.token)
        .await
        .unwrap();
    let broken = format!("{}x", minted.token);
    public
        .credentials(&minted.identity_id, &broken)
        .await
        .unwrap_err();
    for range in ["24h", "7d", "30d"] {
        let seen = browser.look(&format!("/console?range={range}")).await;
        assert!(!seen.body.contains("Nothing has called"), "{range}");
        assert!(seen.body.contains("id=\"reason-token."), "{range}");
        assert!(seen.body.contains("href=\"#reason-token."), "{range}");
        assert!(seen.body.contains("Photo app") && seen.body.contains(PROVIDER));
    }
}

#[tokio::test]
async fn a_person_with_fewer_rights_sees_less_and_is_told_what_is_missing() {
    let mut browser = Browser::new().await;
    let (client, keys) = (client(&browser), root());
    let api = Api::new(&client, Some(&keys));
    api.create_user("ada").await.unwrap();
    let key = api.create_access_key("ada").await.unwrap();
    let fields = [
        ("access_key_id", key.access_key_id.as_str()),
        ("secret_access_key", key.secret_access_key.expose()),
    ];
    assert_eq!(browser.send("/console/sign-in", &fields).await.status, 303);
    for (path, permission) in [
        ("/console", "daypass:GetActivity"),
        ("/console/settings", "daypass:DescribeDeployment"),
    ] {
        let seen = browser.look(path).await;
        assert_eq!(seen.status, 200, "{path}");
        assert!(seen.body.contains(permission), "{path}");
    }
    let seen = browser.look("/console/inspector").await;
    assert_eq!(seen.status, 200);
}

#[tokio::test]
async fn every_language_has_a_page_and_a_file_filled_in_for_the_pool() {
    let mut browser = Browser::signed_in().await;
    let pool = pool(&browser, Access::OwnPrefix).await;
    let page = below(&pool, "snippets");
    for (language, sides) in crate::snippets::all() {
        for side in sides {
            let query = format!("lang={}&side={}", language.slug(), side.slug());
            let seen = browser.look(&format!("{page}?{query}")).await;
            assert_eq!(seen.status, 200, "{query}");
            let file = browser.look(&format!("{page}?{query}&download=1")).await;
            let disposition = file.headers["content-disposition"].to_str().unwrap();
            assert!(disposition.starts_with("attachment"), "{query}");
            assert!(!file.body.contains('«') && !file.body.contains("YOUR-"));
            assert!(file.body.contains(&pool) || file.body.contains("photos"));
        }
    }
    let absent = browser.look(&below("us-east-1:0a", "snippets")).await;
    assert_eq!(absent.status, 404);
}

#[tokio::test]
async fn the_exchange_asks_for_its_bucket_and_then_holds() {
    let mut browser = Browser::signed_in().await;
    let pool = pool(&browser, Access::OwnPrefix).await;
    let page = below(&pool, "test");
    let seen = browser.look(&page).await;
    assert!(seen.body.contains("value=\"test-user\""));
    assert!(seen.body.contains("There is no bucket photos yet"));
    let fields = [
        ("user", "ada"),
        ("bucket", "photos"),
        ("key", "hello.txt"),
        ("duration", "60"),
        ("tags", ""),
    ];
    let with = |button: &'static str| {
        let mut fields = fields.to_vec();
        fields.push(("do", button));
        fields
    };
    let seen = browser.send(&page, &with("run")).await;
    assert!(seen.body.contains("bucket.missing"), "{}", seen.body);
    let seen = browser.send(&page, &with("create-bucket")).await;
    assert!(seen.body.contains("The bucket photos is there now."));
    assert!(seen.body.contains("value=\"ada\""));
    let seen = browser.send(&page, &with("run")).await;
    assert!(seen.body.contains("The exchange works."), "{}", seen.body);
    assert_eq!(seen.body.matches(">As expected<").count(), 4);
    assert!(seen.body.contains("The user ada of login.example."));
    assert!(seen.body.contains("daypass walk --pool"));
}

#[tokio::test]
async fn a_role_that_lets_nobody_write_is_explained() {
    let mut browser = Browser::signed_in().await;
    let pool = pool(&browser, Access::ReadOnly).await;
    let page = below(&pool, "test");
    browser.look(&page).await;
    let fields = [("user", "ada"), ("bucket", "photos"), ("key", "a")];
    let seen = browser.send(&page, &fields).await;
    assert!(seen.body.contains("Not every step ended as it should."));
    assert!(seen.body.contains("policy.implicit_deny"));
    assert!(seen.body.contains("the first folder is the identity id"));
    let seen = browser.send(&page, &[("user", ""), ("key", "a")]).await;
    assert_eq!(seen.status, 422);
    assert!(seen.body.contains("Give the user an id."));
}

#[tokio::test]
async fn every_state_of_a_token_has_its_own_verdict() {
    let mut browser = Browser::signed_in().await;
    let pool = pool(&browser, Access::OwnPrefix).await;
    let minted = token(&browser, &pool).await;
    let good = minted.token.clone();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let foreign = good_with(header, payload, "127.0.0.1:4600", "id.elsewhere", signature);
    let changed = good_with(header, payload, ":ada\"", ":eve\"", signature);
    let (half, _) = good.split_at(good.len() - 40);
    for (token, verdict) in [
        (good.as_str(), "Good"),
        (foreign.as_str(), "Another issuer"),
        (changed.as_str(), "Wrong signature"),
        (half, "Cut off"),
    ] {
        let seen = inspect(&mut browser, token).await;
        assert_eq!(seen.status, 200);
        let badge = format!(">{verdict}</span>");
        assert!(seen.body.contains(&badge), "{verdict}: {}", seen.body);
        assert!(!seen.body.contains(signature), "{verdict}");
    }
    let seen = inspect(&mut browser, &good).await;
    let identity = format!("/console/identities/{}", segment(&minted.identity_id));
    assert!(seen.body.contains(&identity));
    browser.now_millis += 16 * 60 * 1_000;
    let seen = inspect(&mut browser, &good).await;
    assert!(seen.body.contains(">Ended</span>"));
}

/// A token with a part of its payload replaced; the signature stays.
fn good_with(header: &str, payload: &str, from: &str, to: &str, signature: &str) -> String {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert!(claims.contains(from), "{claims}");
    let payload = URL_SAFE_NO_PAD.encode(claims.replace(from, to));
    format!("{header}.{payload}.{signature}")
}

async fn inspect(browser: &mut Browser, token: &str) -> Seen {
    browser
        .send("/console/inspector", &[("secret_token", token)])
        .await
}

#[tokio::test]
async fn s77_a_pasted_secret_is_refused_and_not_in_the_answer() {
    let mut browser = Browser::signed_in().await;
    for secret in [ROOT_SECRET, "dps1_k1.c2VhbGVk"] {
        let seen = inspect(&mut browser, secret).await;
        assert_eq!(seen.status, 422);
        assert!(seen.body.contains("cleared") && !seen.body.contains(secret));
    }
}

#[tokio::test]
async fn s77_a_token_pasted_after_the_session_ended_is_not_carried_over() {
    let mut browser = Browser::signed_in().await;
    browser.now_millis += 13 * 60 * 60 * 1_000;
    let seen = inspect(&mut browser, "eyJhbGciOiJSUzUxMiJ9.e30.c2ln").await;
    assert_eq!(seen.status, 401);
    assert!(!seen.body.contains("eyJhbGciOiJSUzUxMiJ9"));
}

#[tokio::test]
async fn the_settings_say_who_is_signed_in_and_which_key_signs() {
    let mut browser = Browser::signed_in().await;
    let seen = browser.look("/console/settings").await;
    assert!(seen.body.contains("Signs every new token"));
    assert!(seen.body.contains(ROOT_ID) && !seen.body.contains(ROOT_SECRET));
    assert!(seen.body.contains("Ends in any case"));
}
