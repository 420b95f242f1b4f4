//! The role mappings of a pool, set with buttons alone.
//!
//! **Source**: users page, section 7 (S9) and 7a.

use super::tools::{client, pool, root};
use super::*;
use crate::api::Api;
use crate::templates::Access;

const GOOGLE: &str = "accounts.google.com";

/// A pool with Google and a default role: the address of its mappings, and the role's ARN.
async fn with_google(browser: &Browser) -> (String, String, String) {
    let id = pool(browser, Access::OwnPrefix).await;
    let (client, keys) = (client(browser), root());
    let api = Api::new(&client, Some(&keys));
    let mut wanted = api.pool(&id).await.unwrap();
    let providers = &mut wanted.supported_login_providers;
    providers.insert(GOOGLE.to_owned(), "client".to_owned());
    api.update_pool(&wanted).await.unwrap();
    let arn = api.role("photos").await.unwrap().arn;
    (format!("/console/pools/{id}/mappings"), id, arn)
}

fn version(body: &str) -> String {
    let (_, rest) = body.split_once("name=\"version\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_provider_is_mapped_by_rules_without_a_script() {
    let mut browser = Browser::signed_in().await;
    let (page, id, arn) = with_google(&browser).await;
    let list = browser.look(&page).await.body;
    assert!(list.contains(GOOGLE) && list.contains("the default role"));

    let edit = format!("{page}?provider={GOOGLE}");
    let form = browser.look(&edit).await.body;
    let version = version(&form);
    let base = [
        ("provider", GOOGLE),
        ("version", &version),
        ("how", "Rules"),
    ];
    let send = |more: &[(&'static str, &str)]| -> Vec<(String, String)> {
        let all = base.iter().chain(more);
        all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    };
    let added = send(&[("step", "add")]);
    let seen = sent(&mut browser, &page, &added).await;
    assert!(
        seen.status == 200 && seen.body.contains("claim_1"),
        "{}",
        seen.body
    );
    let unnamed = send(&[("claim_1", ""), ("step", "save")]);
    let seen = sent(&mut browser, &page, &unnamed).await;
    assert!(
        seen.status == 422 && seen.body.contains("f-claim_1-error"),
        "{}",
        seen.body
    );

    let rule = [
        ("claim_1", "hd"),
        ("match_1", "Equals"),
        ("value_1", "corp.example"),
        ("role_1", arn.as_str()),
        ("ambiguous", "Deny"),
    ];
    let claims = r#"{"hd":"corp.example"}"#;
    for (claims, said) in [
        (claims, "Rule 1 gives the role photos."),
        (r#"{"hd":["x"]}"#, "there are no credentials"),
        ("[", "do not read"),
    ] {
        let tried = [&rule[..], &[("claims", claims), ("step", "try")]].concat();
        let tried = send(&tried);
        let seen = sent(&mut browser, &page, &tried).await;
        assert!(
            seen.status == 200 && seen.body.contains(said),
            "{}",
            seen.body
        );
    }
    let saved = send(&[&rule[..], &[("step", "save")]].concat());
    assert_eq!(sent(&mut browser, &page, &saved).await.status, 303);
    let list = browser.look(&page).await.body;
    assert!(
        list.contains("by 1 rule, otherwise no credentials"),
        "{list}"
    );
    // The same form again comes from before that change.
    let seen = sent(&mut browser, &page, &saved).await;
    assert_eq!(seen.status, 409, "{}", seen.body);

    let (client, keys) = (client(&browser), root());
    let api = Api::new(&client, Some(&keys));
    let roles = api.pool_roles(&id).await.unwrap();
    assert_eq!(roles.role_mappings[GOOGLE].rules()[0].role_arn, arn);
    assert_eq!(roles.roles["authenticated"], arn, "default roles stay");
}

async fn sent(browser: &mut Browser, page: &str, fields: &[(String, String)]) -> Seen {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    browser.send(page, &fields).await
}
