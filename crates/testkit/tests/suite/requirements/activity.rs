//! What happened is counted, outlives a restart, and never stands in the way of a request.
//!
//! **Source**: requirements S71 and F03; docs/decisions/0005-a-small-face-of-own-reads.md.

use std::sync::Arc;

use daypass_core::identity::Identity;
use daypass_core::ids::IdentityId;
use daypass_core::time::Timestamp;
use daypass_store::MemoryStore;
use daypass_testkit::fault::Fault;
use daypass_testkit::house::{House, Plan, region};
use daypass_testkit::vector::given::World;
use serde_json::Value;

use super::{cognito, given, send};

/// Calls a read of our own as root.
async fn read(world: &World<'_>, operation: &str, body: &str) -> Value {
    let lines = [
        "POST /".to_owned(),
        format!("X-Amz-Target: Daypass.{operation}"),
        "Content-Type: application/x-amz-json-1.1".to_owned(),
        "Signed-By: root".to_owned(),
        String::new(),
        body.to_owned(),
    ];
    let answer = send(world, &lines).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

/// The identities made in the current hour.
async fn new_identities(house: &House) -> u64 {
    let world = World::around(house).await.unwrap();
    let told = read(&world, "GetActivity", r#"{"Hours":1}"#).await;
    told["Hours"][0]["NewIdentities"].as_u64().unwrap()
}

/// A house on `store` whose chance is its own, as every process's is.
async fn started(store: &Arc<MemoryStore>, seed: u64) -> House {
    let plan = Plan {
        seed,
        ..Plan::default()
    };
    House::open_on(Arc::<MemoryStore>::clone(store), plan).await
}

/// Makes a pool and guests in it.
async fn make_guests(house: &House, count: u32) {
    let mut world = World::around(house).await.unwrap();
    let guests = format!("{count} guests of P");
    given(&mut world, &["pool P, guests", &guests]).await;
}

#[tokio::test]
async fn what_was_counted_survives_a_restart_and_adds_up() {
    let store = Arc::new(MemoryStore::new());
    let first = started(&store, 1).await;
    make_guests(&first, 3).await;
    first.env().save_activity(first.clock.millis()).await;
    make_guests(&first, 1).await;
    first.env().save_activity(first.clock.millis()).await;
    first.env().save_activity(first.clock.millis()).await;
    assert_eq!(new_identities(&first).await, 4);

    let second = started(&store, 2).await;
    assert_eq!(new_identities(&second).await, 4);
    make_guests(&second, 2).await;
    assert_eq!(new_identities(&second).await, 6);
    second.env().save_activity(second.clock.millis()).await;

    let third = started(&store, 3).await;
    assert_eq!(new_identities(&third).await, 6);
    let world = World::around(&third).await.unwrap();
    let told = read(&world, "GetActivity", "{}").await;
    assert_eq!(told["IdentitiesThisMonth"], 6);
    assert_eq!(told["Pools"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_store_that_fails_costs_no_request_and_no_count() {
    let store = Arc::new(MemoryStore::new());
    let house = started(&store, 1).await;
    make_guests(&house, 2).await;
    let world = World::around(&house).await.unwrap();
    for fault in [Fault::Unavailable, Fault::Full, Fault::Conflict] {
        house.store.fail_with(fault);
        house.env().save_activity(house.clock.millis()).await;
        if fault != Fault::Unavailable {
            let told = read(&world, "GetActivity", "{}").await;
            assert_eq!(told["IdentitiesThisMonth"], 2, "{fault:?}");
        }
    }
    house.store.fail_with(Fault::None);
    let refused = cognito(&world, "ListIdentityPools", r#"{"MaxResults":1}"#, "nobody").await;
    assert_eq!(refused.status, 400);
    house.env().save_activity(house.clock.millis()).await;

    let again = started(&store, 2).await;
    assert_eq!(new_identities(&again).await, 2);
    let world = World::around(&again).await.unwrap();
    let told = read(&world, "GetActivity", r#"{"Hours":1}"#).await;
    assert_eq!(told["Refusals"][0]["Reason"], "sig.missing");
}

#[tokio::test]
async fn saving_forgets_what_is_older_than_a_month() {
    let store = Arc::new(MemoryStore::new());
    let house = started(&store, 1).await;
    make_guests(&house, 1).await;
    house.env().save_activity(house.clock.millis()).await;
    let day = 24 * 3_600;
    for (days, kept) in [(30, 2), (1, 2)] {
        house.clock.advance_seconds(days * day);
        make_guests(&house, 1).await;
        house.env().save_activity(house.clock.millis()).await;
        let found = house.records().await.activity(0, 100).await.unwrap();
        assert_eq!(found.len(), kept, "after {days} more days");
    }
}

#[tokio::test]
async fn identities_are_counted_up_to_the_limit_and_not_beyond() {
    let house = House::open(Plan::default()).await;
    let mut world = World::around(&house).await.unwrap();
    given(&mut world, &["pool P"]).await;
    let pool = world.places.get("P").unwrap().parse().unwrap();
    let counted = r#"{"IdentityPoolId":"<P>"}"#;
    let mut records = house.records().await;
    for number in 0_u128..10_000 {
        let id = IdentityId::fresh(&region(), number.to_be_bytes());
        let guest = Identity::guest(id, Clone::clone(&pool), Timestamp::from_seconds(1));
        records.put_identity(&guest).await.unwrap();
    }
    records.commit().await.unwrap();
    let told = read(&world, "CountIdentities", counted).await;
    assert_eq!(told, serde_json::json!({"Count": 10_000, "Complete": true}));

    let mut records = house.records().await;
    let id = IdentityId::fresh(&region(), [255; 16]);
    let one_more = Identity::guest(id, pool, Timestamp::from_seconds(2));
    records.put_identity(&one_more).await.unwrap();
    records.commit().await.unwrap();
    let told = read(&world, "CountIdentities", counted).await;
    assert_eq!(
        told,
        serde_json::json!({"Count": 10_000, "Complete": false})
    );
}
