//! The engines, each held to the one suite.

use daypass_store::conformance::conformance;
use daypass_store::{EmbeddedStore, MemoryStore, Store};
use std::sync::Arc;

/// Any numbers do; these run on every change.
const SEEDS: [u64; 4] = [1, 2, 3, 4];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_is_a_store() {
    let memory = MemoryStore::new();
    for seed in SEEDS {
        conformance(async || Arc::new(memory.clone()) as Arc<dyn Store>, seed)
            .await
            .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embedded_is_a_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data");
    for seed in SEEDS {
        let open = async || Arc::new(EmbeddedStore::open(&path).unwrap()) as Arc<dyn Store>;
        conformance(open, seed).await.unwrap();
    }
}
