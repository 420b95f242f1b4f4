//! Connections cut at every step, and commits whose answer never came.

use daypass_store::{Key, PostgresStore, Range, Store, StoreError};
use std::time::Duration;

use super::cluster::{Cluster, Database};
use super::proxy::{Direction, Proxy, Weather};
use super::store::open;
use super::{Case, run};

pub(crate) const CASES: &[Case] = &[
    ("f07_cut_at_each_message", f07_cut_at_each_message),
    (
        "f08_a_commit_whose_answer_is_lost",
        f08_a_commit_whose_answer_is_lost,
    ),
    (
        "f08_a_commit_that_arrives_late",
        f08_a_commit_that_arrives_late,
    ),
    (
        "f08_nobody_knows_is_not_success",
        f08_nobody_knows_is_not_success,
    ),
    ("f07_a_restarted_server", f07_a_restarted_server),
];

/// Commits whose answer is lost.
const LOST: usize = 500;

fn stage(cluster: &mut Cluster) -> (Database, Proxy) {
    let database = cluster.database();
    let proxy = Proxy::to(cluster.socket_file());
    (database, proxy)
}

fn count_key() -> Key {
    Key::of(&["count"])
}

/// What an operation does: read, look around, write, commit.
async fn count_once(store: &PostgresStore) -> Result<(), StoreError> {
    let before = store.read().await?.get(&count_key()).await?;
    let mut tx = store.write().await?;
    let count = tx.get(&count_key()).await?;
    assert_eq!(count, before, "nobody else counts");
    let count = count
        .and_then(|count| count.parse().ok())
        .unwrap_or(0_usize);
    let _around = tx.scan(&Range::prefix(&Key::of(&["around"]), 3)).await?;
    tx.put(&count_key(), (count + 1).to_string()).await?;
    tx.delete(&Key::of(&["around", &count.to_string()])).await?;
    tx.put(
        &Key::of(&["around", &(count + 1).to_string()]),
        "{}".to_owned(),
    )
    .await?;
    tx.commit().await
}

/// As the spine does it: what came to nothing is done again.
async fn count(store: &PostgresStore) {
    for _ in 0..9 {
        match count_once(store).await {
            Err(StoreError::Conflict | StoreError::Interrupted(_)) => {}
            done => return done.unwrap(),
        }
    }
    panic!("the operation never came through");
}

fn counted(cluster: &Cluster, database: &Database) -> usize {
    let count = "select value from daypass_records where key = 'count'";
    cluster.ask(&database.name, count).parse().unwrap()
}

fn f07_cut_at_each_message(cluster: &mut Cluster) {
    let (database, proxy) = stage(cluster);
    let url = database.through(proxy.address).parse().unwrap();
    run(async {
        let store = open(&url).await;
        let mut done = 0;
        for direction in [Direction::ToServer, Direction::ToClient] {
            for message in 0.. {
                let before = proxy.cuts();
                count(&store).await;
                proxy.turn(Weather::CutAfter(direction, message));
                count(&store).await;
                proxy.turn(Weather::Fair);
                done += 2;
                assert_eq!(counted(cluster, &database), done, "{direction:?} {message}");
                if proxy.cuts() == before {
                    println!("  {message} messages {direction:?}");
                    assert!(message > 10);
                    break;
                }
            }
        }
    });
}

fn f08_a_commit_whose_answer_is_lost(cluster: &mut Cluster) {
    let (database, proxy) = stage(cluster);
    let url = database.through(proxy.address).parse().unwrap();
    run(async {
        let store = open(&url).await;
        for _ in 0..LOST {
            proxy.turn(Weather::CutCommit);
            // One run is enough: that it was committed is found out, and not done again.
            count_once_past_reads(&store).await;
        }
    });
    assert_eq!(proxy.cuts(), LOST);
    assert_eq!(counted(cluster, &database), LOST);
}

/// Writes without a read transaction before, so that the lost commit is the write's.
async fn count_once_past_reads(store: &PostgresStore) {
    let mut tx = store.write().await.unwrap();
    let count = tx.get(&count_key()).await.unwrap();
    let count = count
        .and_then(|count| count.parse().ok())
        .unwrap_or(0_usize);
    tx.put(&count_key(), (count + 1).to_string()).await.unwrap();
    tx.commit().await.unwrap();
}

fn f08_a_commit_that_arrives_late(cluster: &mut Cluster) {
    let (database, proxy) = stage(cluster);
    let url = database.through(proxy.address).parse().unwrap();
    run(async {
        let store = open(&url).await;
        count(&store).await;
        for reads in [true, false] {
            let mut tx = store.write().await.unwrap();
            if reads {
                tx.get(&count_key()).await.unwrap();
            }
            tx.put(&Key::of(&["late"]), "{}".to_owned()).await.unwrap();
            // With reads it is the commit that is held, without any the beginning.
            proxy.turn(Weather::Hold);
            let answer = tx.commit().await;
            assert!(
                matches!(answer, Err(StoreError::Interrupted(_))),
                "{answer:?}"
            );
            // Told that nothing happened; now what was under way arrives, and must come to nothing.
            proxy.turn(Weather::Fair);
            tokio::time::sleep(Duration::from_millis(500)).await;
            let late = store.read().await.unwrap().get(&Key::of(&["late"])).await;
            assert_eq!(late.unwrap(), None, "after reads: {reads}");
        }
    });
}

fn f08_nobody_knows_is_not_success(cluster: &mut Cluster) {
    let (database, proxy) = stage(cluster);
    let url = database.through(proxy.address).parse().unwrap();
    run(async {
        let store = open(&url).await;
        let mut tx = store.write().await.unwrap();
        tx.get(&count_key()).await.unwrap();
        tx.put(&count_key(), "1".to_owned()).await.unwrap();
        proxy.turn(Weather::Down);
        let answer = tx.commit().await;
        assert!(
            matches!(answer, Err(StoreError::Unavailable(_))),
            "{answer:?}"
        );
        let refused = store.ready().await;
        assert!(
            matches!(refused, Err(StoreError::Unavailable(_))),
            "{refused:?}"
        );
        proxy.turn(Weather::Fair);
        store.ready().await.unwrap();
        count(&store).await;
    });
}

fn f07_a_restarted_server(cluster: &mut Cluster) {
    let database = cluster.database();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let store = runtime.block_on(open(&database.url()));
    runtime.block_on(count(&store));
    cluster.crash();
    let refused = runtime.block_on(async { store.read().await.err() });
    assert!(
        matches!(refused, Some(StoreError::Unavailable(_))),
        "{refused:?}"
    );
    cluster.start();
    // By itself, with its first question.
    runtime.block_on(count(&store));
    assert_eq!(counted(cluster, &database), 2);
}
