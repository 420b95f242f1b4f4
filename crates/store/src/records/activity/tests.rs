//! Counts come back, add up beside those of other processes, and go when they are old.

use daypass_proof::seal::{SealingKey, SealingRing};

use super::*;
use crate::records::Vault;
use crate::{MemoryStore, Store};

const HOUR: i64 = 3_600;

async fn records(store: &MemoryStore) -> Records {
    let key = SealingKey::from_bytes("master".parse().unwrap(), &[7; 32]).unwrap();
    let vault = Vault::new(SealingRing::new(key, Vec::new()).unwrap());
    Records::new(store.write().await.unwrap(), vault)
}

fn counts(tokens: u64) -> ActivityHour {
    ActivityHour {
        tokens,
        ..ActivityHour::default()
    }
}

async fn filled(hours: &[(i64, &str)]) -> MemoryStore {
    let store = MemoryStore::new();
    let mut records = records(&store).await;
    for (number, (start, node)) in (1..).zip(hours) {
        records
            .put_activity(*start, node, &counts(number))
            .await
            .unwrap();
    }
    records.commit().await.unwrap();
    store
}

#[tokio::test]
async fn the_hours_from_one_on_come_back_with_those_of_every_process() {
    let store = filled(&[
        (HOUR, "a"),
        (2 * HOUR, "a"),
        (2 * HOUR, "b"),
        (3 * HOUR, "a"),
    ])
    .await;
    let mut records = records(&store).await;
    let found = records.activity(2 * HOUR, 100).await.unwrap();
    let expected = [
        (2 * HOUR, counts(2)),
        (2 * HOUR, counts(3)),
        (3 * HOUR, counts(4)),
    ];
    assert_eq!(found, expected);
    assert_eq!(records.activity(0, 100).await.unwrap().len(), 4);
    assert_eq!(records.activity(0, 1).await.unwrap(), [(HOUR, counts(1))]);
    assert_eq!(records.activity(4 * HOUR, 100).await.unwrap(), []);
}

#[tokio::test]
async fn an_hour_is_written_over_by_its_own_process_only() {
    let store = filled(&[(HOUR, "a"), (HOUR, "b")]).await;
    let mut records = records(&store).await;
    records.put_activity(HOUR, "b", &counts(9)).await.unwrap();
    let found = records.activity(HOUR, 100).await.unwrap();
    assert_eq!(found, [(HOUR, counts(1)), (HOUR, counts(9))]);
}

#[tokio::test]
async fn old_hours_are_forgotten_a_bounded_number_at_a_time() {
    let store = filled(&[(HOUR, "a"), (HOUR, "b"), (2 * HOUR, "a"), (3 * HOUR, "a")]).await;
    let mut records = records(&store).await;
    records.forget_activity(3 * HOUR, 2).await.unwrap();
    let left: Vec<i64> = starts(&mut records).await;
    assert_eq!(left, [2 * HOUR, 3 * HOUR]);
    records.forget_activity(3 * HOUR, 100).await.unwrap();
    assert_eq!(starts(&mut records).await, [3 * HOUR]);
}

async fn starts(records: &mut Records) -> Vec<i64> {
    let found = records.activity(0, 100).await.unwrap();
    found.into_iter().map(|(start, _)| start).collect()
}

#[tokio::test]
async fn a_record_that_does_not_read_is_left_out() {
    let store = filled(&[(HOUR, "a")]).await;
    let mut records = records(&store).await;
    let bent = Key::of(&[ACTIVITY, &hour(HOUR), "b"]);
    records.tx().put(&bent, "{}".to_owned()).await.unwrap();
    let strange = Key::of(&[ACTIVITY, "yesterday", "a"]);
    let text = stored::write(&counts(3)).unwrap();
    records.tx().put(&strange, text).await.unwrap();
    assert_eq!(records.activity(0, 100).await.unwrap(), [(HOUR, counts(1))]);
    records.forget_activity(2 * HOUR, 100).await.unwrap();
    assert_eq!(records.activity(0, 100).await.unwrap(), []);
}
