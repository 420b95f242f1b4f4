//! Assertions of SAML providers: used once where they say so, and by whom.
//!
//! **Source**: requirement S46.

use daypass_service::SamlSettings;
use daypass_testkit::house::{HOST, House, Plan};
use daypass_testkit::vector::given::World;
use tokio::join;

use super::{cognito, given, house};

const FEDERATED: &[&str] = &[
    "SAML provider S named corporate",
    "pool P, saml provider arn:aws:iam::123456789012:saml-provider/corporate",
    "role AppUser, trusts users of P",
    "P gives AppUser to users",
];

const GET_ID: &str = r#"{"IdentityPoolId":"<P>","Logins":{"<S>":"<T>"}}"#;
const REPLAYED: &str = r#"{"__type":"NotAuthorizedException","message":"Invalid login token."}"#;

#[tokio::test]
async fn s46_an_assertion_for_one_use_is_used_once_by_each_operation() {
    let house = house().await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, FEDERATED).await;
    given(&mut world, &["assertion T of S for ana, one time use"]).await;
    // Two at once: one wins.
    let (one, other) = join!(
        cognito(&world, "GetId", GET_ID, "nobody"),
        cognito(&world, "GetId", GET_ID, "nobody"),
    );
    let (won, lost) = if one.status == 200 {
        (one, other)
    } else {
        (other, one)
    };
    assert_eq!(won.status, 200, "{}", won.body);
    assert_eq!(lost.body, REPLAYED);
    let identity: serde_json::Value = serde_json::from_str(&won.body).unwrap();
    world
        .places
        .bind("A", identity["IdentityId"].as_str().unwrap());
    let named = r#"{"IdentityId":"<A>","Logins":{"<S>":"<T>"}}"#;
    let said = cognito(&world, "GetCredentialsForIdentity", named, "nobody").await;
    assert_eq!(said.status, 200, "{}", said.body);
    let said = cognito(&world, "GetCredentialsForIdentity", named, "nobody").await;
    assert_eq!(said.body, REPLAYED);
    // Another server on the same store knows it, too.
    let fork = house.fork().await;
    let mut there = World::around(&fork).await.unwrap();
    there.places = world.places.clone();
    let said = cognito(&there, "GetId", GET_ID, "nobody").await;
    assert_eq!(said.body, REPLAYED);
}

#[tokio::test]
async fn s46_every_assertion_is_for_one_use_where_an_operator_says_so() {
    for single_use in [false, true] {
        let saml = SamlSettings {
            single_use,
            ..SamlSettings::at(&format!("http://{HOST}"))
        };
        let house = House::open(Plan {
            saml,
            ..Plan::default()
        })
        .await;
        let mut world = World::around(&house).await.unwrap();
        given(&mut world, FEDERATED).await;
        given(&mut world, &["assertion T of S for ana"]).await;
        let said = cognito(&world, "GetId", GET_ID, "nobody").await;
        assert_eq!(said.status, 200, "{}", said.body);
        let again = cognito(&world, "GetId", GET_ID, "nobody").await;
        let wanted = if single_use { REPLAYED } else { &said.body };
        assert_eq!(again.body, wanted, "{single_use}");
    }
}
