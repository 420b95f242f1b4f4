//! Databases that are not fit, and layouts of other versions.

use daypass_store::{Key, PostgresOptions, PostgresStore, Store, StoreError};

use super::cluster::{Cluster, Database};
use super::store::{OPTIONS, open};
use super::{Case, run};

pub(crate) const CASES: &[Case] = &[
    ("f11_unsafe_settings", f11_unsafe_settings),
    ("f25_a_newer_layout", f25_a_newer_layout),
    ("f25_a_first_start_cut_short", f25_a_first_start_cut_short),
];

fn refusal(database: &Database, options: PostgresOptions) -> Option<StoreError> {
    run(PostgresStore::open(&database.url(), options)).err()
}

fn f11_unsafe_settings(cluster: &mut Cluster) {
    let database = cluster.database();
    for name in ["fsync", "full_page_writes", "synchronous_commit"] {
        set(
            cluster,
            &format!("alter system set {name} = off"),
            name,
            "off",
        );
        let error = refusal(&database, OPTIONS);
        assert!(
            matches!(&error, Some(StoreError::Unsuitable(text)) if text.contains(name)),
            "{name}: {error:?}"
        );
        let development = PostgresOptions {
            development: true,
            ..OPTIONS
        };
        assert!(refusal(&database, development).is_none());
        set(cluster, &format!("alter system reset {name}"), name, "on");
    }
    assert!(refusal(&database, OPTIONS).is_none());
}

/// Changes a setting of the server, and waits until new connections have it.
fn set(cluster: &Cluster, change: &str, name: &str, wanted: &str) {
    cluster.ask("template1", change);
    cluster.ask("template1", "select pg_reload_conf()");
    for _ in 0..100 {
        if cluster.ask("template1", &format!("show {name}")) == wanted {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the server does not take `{change}`");
}

fn f25_a_newer_layout(cluster: &mut Cluster) {
    let database = cluster.database();
    let is_schema = |error: &StoreError| matches!(error, StoreError::Schema { .. });
    run(async {
        let store = open(&database.url()).await;
        let key = Key::of(&["a"]);
        let write = async || {
            let mut tx = store.write().await?;
            tx.get(&key).await?;
            tx.put(&key, "{}".to_owned()).await?;
            tx.commit().await
        };
        write().await.unwrap();
        // A newer server comes and leaves us the reading: reads go on, and nothing else does.
        let newer = "update daypass_meta set value = '2' where name in ('schema', 'min_writer')";
        cluster.ask(&database.name, newer);
        assert!(is_schema(&write().await.unwrap_err()));
        let mut blind = store.write().await.unwrap();
        blind.put(&key, "{\"blind\":1}".to_owned()).await.unwrap();
        assert!(is_schema(&blind.commit().await.unwrap_err()));
        assert!(is_schema(&store.ready().await.unwrap_err()));
        let found = store.read().await.unwrap().get(&key).await.unwrap();
        assert_eq!(found.as_deref(), Some("{}"));
        // Then it takes the reading, too.
        cluster.ask(
            &database.name,
            "update daypass_meta set value = '2' where name = 'min_reader'",
        );
        assert!(is_schema(&store.read().await.err().unwrap()));
    });
    let refused = refusal(&database, OPTIONS);
    assert!(refused.as_ref().is_some_and(is_schema), "{refused:?}");
    let row = "select value from daypass_records where key = 'a'";
    assert_eq!(cluster.ask(&database.name, row), "{}");
}

fn f25_a_first_start_cut_short(cluster: &mut Cluster) {
    // Whatever a first start had made when it was cut, the next one goes on from there.
    let [meta, records] = [
        "create table daypass_meta (name text primary key, value text not null)",
        "create table daypass_records (key text collate \"C\" primary key, value text not null)",
    ];
    for made in [vec![meta], vec![meta, records]] {
        let database = cluster.database();
        for table in made {
            cluster.ask(&database.name, table);
        }
        assert!(refusal(&database, OPTIONS).is_none());
        let schema = "select value from daypass_meta where name = 'schema'";
        assert_eq!(cluster.ask(&database.name, schema), "1");
    }
}
