//! The waist on PostgreSQL: the very suite that the other engines pass, from one handle and from
//! two at once.

use async_trait::async_trait;
use daypass_store::conformance::conformance;
use daypass_store::{DatabaseUrl, Key, PostgresOptions, PostgresStore, Store, StoreError, Tx};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::cluster::Cluster;
use super::{Case, run};

pub(crate) const CASES: &[Case] = &[
    ("postgresql_is_a_store", postgresql_is_a_store),
    (
        "f23_two_servers_are_one_store",
        f23_two_servers_are_one_store,
    ),
    (
        "s67_keys_and_values_are_read_with_psql",
        s67_keys_and_values_are_read_with_psql,
    ),
    ("the_longest_object_key_fits", the_longest_object_key_fits),
    (
        "more_transactions_than_connections_wait",
        more_transactions_than_connections_wait,
    ),
];

pub(crate) const OPTIONS: PostgresOptions = PostgresOptions {
    connections_max: 8,
    development: false,
};

pub(crate) async fn open(url: &DatabaseUrl) -> PostgresStore {
    PostgresStore::open(url, OPTIONS).await.unwrap()
}

fn postgresql_is_a_store(cluster: &mut Cluster) {
    let url = cluster.database().url();
    for seed in 1..=3 {
        run(conformance(
            async || Arc::new(open(&url).await) as Arc<dyn Store>,
            seed,
        ))
        .unwrap();
    }
}

/// Two handles on one database, asked in turn: what two servers behind one address are.
struct InTurn {
    handles: [PostgresStore; 2],
    calls: AtomicUsize,
}

impl InTurn {
    fn next(&self) -> &PostgresStore {
        &self.handles[self.calls.fetch_add(1, Ordering::Relaxed) % 2]
    }
}

#[async_trait]
impl Store for InTurn {
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.next().read().await
    }

    async fn write(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.next().write().await
    }

    async fn ready(&self) -> Result<(), StoreError> {
        self.next().ready().await
    }
}

fn f23_two_servers_are_one_store(cluster: &mut Cluster) {
    let url = cluster.database().url();
    let both = async || {
        // Opened at the same time, on a database that is empty at first.
        let (one, two) = tokio::join!(open(&url), open(&url));
        Arc::new(InTurn {
            handles: [one, two],
            calls: AtomicUsize::new(0),
        }) as Arc<dyn Store>
    };
    run(conformance(both, 7)).unwrap();
}

fn s67_keys_and_values_are_read_with_psql(cluster: &mut Cluster) {
    let database = cluster.database();
    run(async {
        let store = open(&database.url()).await;
        let mut tx = store.write().await.unwrap();
        for name in ["z", "ö", "a b", "B"] {
            let key = Key::of(&["pool", name]);
            tx.put(&key, format!("{{\"name\":\"{name}\"}}"))
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    });
    let read = "select key || ' = ' || value from daypass_records order by key";
    let lines = cluster.ask(&database.name, read);
    let wanted = [
        "pool B = {\"name\":\"B\"}",
        "pool a!20b = {\"name\":\"a b\"}",
        "pool z = {\"name\":\"z\"}",
        "pool ö = {\"name\":\"ö\"}",
    ];
    assert_eq!(lines, wanted.join("\n"));
    // In the database's own order, which is Swedish, they would come otherwise.
    let swedish =
        "select string_agg(key, ',' order by key collate \"default\") from daypass_records";
    assert_ne!(
        cluster.ask(&database.name, swedish),
        "pool B,pool a!20b,pool z,pool ö"
    );
}

fn more_transactions_than_connections_wait(cluster: &mut Cluster) {
    let url = cluster.database().url();
    run(async {
        let store = open(&url).await;
        let tasks: Vec<_> = (0..64)
            .map(|number: usize| {
                let store = store.clone();
                tokio::spawn(async move {
                    loop {
                        let mut tx = store.write().await.unwrap();
                        let key = Key::of(&["many", &number.to_string()]);
                        match tx.get(&key).await {
                            Err(StoreError::Conflict) => continue,
                            answer => assert_eq!(answer.unwrap(), None),
                        }
                        tx.put(&key, "{}".to_owned()).await.unwrap();
                        match tx.commit().await {
                            Err(StoreError::Conflict) => {}
                            done => return done.unwrap(),
                        }
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    });
}

/// 1,024 bytes, each of which a key spells with three, in an order that compresses badly.
fn the_longest_object_key_fits(cluster: &mut Cluster) {
    let url = cluster.database().url();
    let bucket = "b".repeat(63);
    run(async {
        let store = open(&url).await;
        for _ in 0..20 {
            let below = |bound| u8::try_from(super::support::random() % bound).unwrap();
            let name: String = (0..1024).map(|_| char::from(1 + below(0x21))).collect();
            let key = Key::of(&["object", &bucket, &name]);
            assert!(key.as_str().len() > 3 * 1024);
            let mut tx = store.write().await.unwrap();
            tx.put(&key, "{}".to_owned()).await.unwrap();
            tx.commit().await.unwrap();
            let found = store.read().await.unwrap().get(&key).await.unwrap();
            assert_eq!(found.as_deref(), Some("{}"));
        }
    });
}
