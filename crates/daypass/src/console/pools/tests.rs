//! The pages of the pools walked through from outside, as a browser without a script does.

use crate::console::tests::{Browser, Seen};

const NEW: &[(&str, &str)] = &[
    ("name", "My app"),
    ("developer", "login.my.app"),
    ("understood", "on"),
];

/// Makes a pool and answers its page.
async fn made(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let seen = browser.send("/console/pools/new", fields).await;
    assert_eq!(seen.status, 303, "{}", seen.body);
    seen.location().strip_suffix("/roles").unwrap().to_owned()
}

/// Follows a form that was accepted.
async fn accepted(browser: &mut Browser, seen: Seen) -> String {
    assert_eq!(seen.status, 303, "{}", seen.body);
    browser.look(seen.location()).await.body
}

fn hidden(body: &str, name: &str) -> String {
    let (_, rest) = body
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_pool_is_made_in_two_steps_and_is_ready() {
    let mut browser = Browser::signed_in().await;
    let empty = browser.look("/console/pools").await.body;
    assert!(empty.contains("Create your first identity pool"));

    let form = browser.look("/console/pools/new").await.body;
    assert!(form.contains("login.example.app") && form.contains("cognito-identity.amazonaws.com"));
    let one = made(&mut browser, NEW).await;
    let step = browser.look(&format!("{one}/roles")).await.body;
    assert!(step.contains("Without roles users get no access"));
    assert!(step.contains("Cognito_MyappAuth_Role") && step.contains("my-app-files"));

    let fields = [
        ("auth_how", "new"),
        ("auth_name", "Cognito_MyappAuth_Role"),
        ("auth_template", "own-prefix"),
        ("auth_bucket", "my-app-files"),
        ("guest_how", "none"),
        ("step", "save"),
    ];
    let seen = browser.send(&format!("{one}/roles"), &fields).await;
    let page = accepted(&mut browser, seen).await;
    assert!(
        page.contains("badge-ok") && !page.contains("check-gap"),
        "{page}"
    );
    assert!(page.contains("Create a backend key"));
    let list = browser.look("/console/pools?q=my+APP").await.body;
    assert!(list.contains("login.my.app") && list.contains(">Ready<"));
    let none = browser.look("/console/pools?q=other").await.body;
    assert!(none.contains("No pool matches"));
}

#[tokio::test]
async fn what_is_wrong_comes_back_with_what_was_typed() {
    let mut browser = Browser::signed_in().await;
    let fields = [("name", "<b>x"), ("developer", "my login"), ("tags", "a=1")];
    let seen = browser.send("/console/pools/new", &fields).await;
    assert_eq!(seen.status, 422);
    assert!(seen.body.contains("f-name-error") && seen.body.contains("f-developer-error"));
    assert!(seen.body.contains("a=1") && !seen.body.contains("<b>x"));

    made(&mut browser, NEW).await;
    let again = browser.send("/console/pools/new", NEW).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("Another pool has this name"));
    let wanted: Vec<_> = NEW.iter().copied().chain([("same_name", "on")]).collect();
    made(&mut browser, &wanted).await;
}

#[tokio::test]
async fn a_gap_is_mended_by_its_button_and_only_while_it_is_one() {
    let mut browser = Browser::signed_in().await;
    let one = made(&mut browser, NEW).await;
    let fix = [("fix", "role.none:authenticated")];
    let seen = browser.send(&one, &fix).await;
    let page = accepted(&mut browser, seen).await;
    assert!(page.contains("have the role Cognito_MyappAuth_Role now"));
    let seen = browser.send(&one, &fix).await;
    let page = accepted(&mut browser, seen).await;
    assert!(page.contains("nothing to put right"));
}

#[tokio::test]
async fn two_people_who_edit_one_pool_are_told() {
    let mut browser = Browser::signed_in().await;
    let one = made(&mut browser, NEW).await;
    let edit = format!("{one}/edit");
    let version = hidden(&browser.look(&edit).await.body, "version");
    let first = [("name", "Theirs"), ("version", version.as_str())];
    assert_eq!(browser.send(&edit, &first).await.status, 303);

    let second = [("name", "Yours"), ("version", version.as_str())];
    let seen = browser.send(&edit, &second).await;
    assert_eq!(seen.status, 409);
    for words in ["Theirs", "Yours", "Save mine anyway", "Take theirs"] {
        assert!(seen.body.contains(words), "{words}");
    }
    let shown = hidden(&seen.body, "version");
    let anyway = [("name", "Yours"), ("version", shown.as_str())];
    let seen = browser.send(&edit, &anyway).await;
    let page = accepted(&mut browser, seen).await;
    assert!(page.contains("Yours") && page.contains("login.my.app"));
}

#[tokio::test]
async fn the_secret_of_a_backend_key_is_shown_once() {
    let mut browser = Browser::signed_in().await;
    let one = made(&mut browser, NEW).await;
    let key = format!("{one}/key");
    assert!(
        browser
            .look(&key)
            .await
            .body
            .contains("GetOpenIdTokenForDeveloperIdentity")
    );
    let seen = browser.send(&key, &[("user", "backend")]).await;
    assert_eq!(seen.status, 200, "{}", seen.body);
    let (_, rest) = seen.body.split_once("AWS_SECRET_ACCESS_KEY=").unwrap();
    let secret = rest.split('<').next().unwrap();
    assert_eq!(secret.len(), 40, "{secret}");
    for page in [&one, &key] {
        assert!(!browser.look(page).await.body.contains(secret));
    }
    let again = browser.send(&key, &[("user", "backend")]).await;
    assert_eq!(again.status, 422);
    let more = [("user", "backend"), ("add", "on")];
    assert_eq!(browser.send(&key, &more).await.status, 200);
}

#[tokio::test]
async fn a_person_with_fewer_rights_is_told_which_is_missing() {
    let mut browser = Browser::signed_in().await;
    let one = made(&mut browser, NEW).await;
    let key = browser
        .send(&format!("{one}/key"), &[("user", "backend")])
        .await;
    let exported = |name: &str| {
        let (_, rest) = key.body.split_once(&format!("{name}=")).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let (id, secret) = (
        exported("AWS_ACCESS_KEY_ID"),
        exported("AWS_SECRET_ACCESS_KEY"),
    );
    let fields = [
        ("access_key_id", id.as_str()),
        ("secret_access_key", &secret),
    ];
    assert_eq!(browser.send("/console/sign-in", &fields).await.status, 303);

    let list = browser.look("/console/pools").await;
    assert_eq!(list.status, 200);
    assert!(
        list.body.contains("cognito-identity:ListIdentityPools"),
        "{}",
        list.body
    );
    assert_eq!(browser.look(&one).await.status, 403);
    let refused = browser.send("/console/pools/new", NEW).await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.body.contains("login.my.app"),
        "what was typed is kept"
    );
}

#[tokio::test]
async fn a_pool_is_deleted_only_by_its_name() {
    let mut browser = Browser::signed_in().await;
    let one = made(&mut browser, NEW).await;
    let delete = format!("{one}/delete");
    assert!(browser.look(&delete).await.body.contains("What happens"));
    let wrong = browser.send(&delete, &[("typed", "my app")]).await;
    assert_eq!(wrong.status, 422);
    let right = browser.send(&delete, &[("typed", "My app")]).await;
    let page = accepted(&mut browser, right).await;
    assert!(page.contains("is deleted"));
    assert_eq!(browser.look(&one).await.status, 404);
}
