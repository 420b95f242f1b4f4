//! Sessions and chance: what is sealed cannot be bent, what ends has ended, and without chance
//! nothing is made.
//!
//! **Source**: requirements S71, S72, S73.

use daypass_testkit::house::{House, Plan};
use daypass_testkit::keys::Keys;
use daypass_testkit::vector::given::World;

use super::{FURNISHED, WHO, cognito, form, given, house, present};

#[tokio::test]
async fn s71_without_chance_every_request_is_refused_and_nothing_is_made() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    given(&mut world, &["token T for A"]).await;
    house.entropy.fail(true);
    assert_eq!(present(&world).await.status, 500);
    assert_eq!(form(&world, WHO, "root").await.status, 500);
    let guest = r#"{"IdentityPoolId":"<P>"}"#;
    assert_eq!(cognito(&world, "GetId", guest, "nobody").await.status, 500);
    house.entropy.fail(false);
    let listed = r#"{"IdentityPoolId":"<P>","MaxResults":60}"#;
    let listed = cognito(&world, "ListIdentities", listed, "root").await;
    assert_eq!(
        listed.body.matches("CreationDate").count(),
        3,
        "{}",
        listed.body
    );
    assert_eq!(present(&world).await.status, 200);
}

#[tokio::test]
async fn s71_ids_do_not_repeat() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, &["pool P, guests"]).await;
    let mut ids = std::collections::BTreeSet::new();
    for _ in 0..400 {
        let said = cognito(&world, "GetId", r#"{"IdentityPoolId":"<P>"}"#, "nobody").await;
        assert_eq!(said.status, 200);
        assert!(ids.insert(said.body), "an id came twice");
    }
}

/// The keys bound to `S` with another token.
fn bent(world: &World<'_>, token: &str) -> Option<Keys> {
    let mut keys = world.keys("S").unwrap().clone();
    keys.token = Some(token.parse().ok()?);
    Some(keys)
}

async fn who(house: &House, keys: &Keys) -> super::Answer {
    let mut request = http::Request::new(bytes::Bytes::from(WHO));
    *request.method_mut() = http::Method::POST;
    let form = "application/x-www-form-urlencoded".parse().unwrap();
    request.headers_mut().insert("content-type", form);
    let signing = daypass_testkit::keys::Signing::of("sts");
    signing
        .sign(keys, &mut request, house.clock.seconds())
        .unwrap();
    super::Answer::of(&house.send(request).await)
}

#[tokio::test]
async fn s72_a_session_token_holds_for_its_key_and_its_deployment_only() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FURNISHED).await;
    given(&mut world, &["session S of A; session S2 of A"]).await;
    let good = world.keys("S").unwrap().clone();
    assert_eq!(who(&house, &good).await.status, 200);
    let token = world.places.get("S:token").unwrap().to_owned();
    assert!(token.len() <= 4_096);

    for (index, letter) in token.char_indices() {
        // Wrong tokens are counted, and twenty a second are let through.
        house.clock.advance_seconds(i64::from(index % 16 == 0));
        let mut text = token.clone();
        text.replace_range(index..=index, if letter == 'A' { "B" } else { "A" });
        let Some(keys) = bent(&world, &text) else {
            continue;
        };
        let said = who(&house, &keys).await;
        assert_eq!(
            said.code, "InvalidClientTokenId",
            "letter {index}: {}",
            said.body
        );
    }
    // The token of another session beside this key, and the whole set at another deployment.
    let swapped = bent(&world, world.places.get("S2:token").unwrap()).unwrap();
    assert_eq!(who(&house, &swapped).await.code, "InvalidClientTokenId");
    let other = House::open(Plan {
        seed: 2,
        ..Plan::default()
    })
    .await;
    assert_eq!(who(&other, &good).await.code, "InvalidClientTokenId");
}

#[tokio::test]
async fn s73_no_credential_is_taken_at_or_after_its_end() {
    let kinds = [
        ("session S of A", 3_600),
        ("session S of G", 3_600),
        ("session S of user ann", 43_200),
        ("session S of root", 3_600),
        ("session S of role Worker by ann", 3_600),
        ("session S of role AppUser by token T", 3_600),
    ];
    for (phrase, lifetime) in kinds {
        let house = house().await;
        let mut world = World::around(&house).await.unwrap();
        given(&mut world, FURNISHED).await;
        given(
            &mut world,
            &["user ann; role Worker, trusts user ann; token T for A"],
        )
        .await;
        given(&mut world, &[phrase]).await;
        house.clock.advance_seconds(lifetime - 1);
        assert_eq!(form(&world, WHO, "session S").await.status, 200, "{phrase}");
        house.clock.advance_seconds(1);
        let said = form(&world, WHO, "session S").await;
        assert_eq!(said.code, "ExpiredToken", "{phrase}: {}", said.body);
        house.clock.advance_seconds(1_000_000);
        assert_eq!(
            form(&world, WHO, "session S").await.code,
            "ExpiredToken",
            "{phrase}"
        );
    }
}
