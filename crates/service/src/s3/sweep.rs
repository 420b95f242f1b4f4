//! Removing files that a crash left behind: once per start, in the background.
//!
//! A body that no record names is one whose commit never came, or whose object is gone. It costs room
//! and nothing else, so the walk takes its time: a bounded batch of names, one read, then the next.
//!
//! **Source**: requirement S90; faults F01 and F02.

use std::sync::Arc;

use super::disk::is_name;
use crate::env::Env;
use crate::error::Failure;

/// Names looked up in one read.
const BATCH: usize = 256;

/// Starts the walk.
pub(super) fn start(env: &Arc<Env>) {
    let env = Arc::clone(env);
    drop(tokio::spawn(async move {
        match sweep(&env).await {
            Ok(0) => {}
            Ok(removed) => {
                tracing::info!(target: "daypass::s3", removed, "removed left-over bodies");
            }
            Err(failure) => {
                tracing::warn!(target: "daypass::s3", ?failure, "the sweep ended early");
            }
        }
    }));
}

/// Removes every body that no record names and gives how many there were.
pub(super) async fn sweep(env: &Env) -> Result<u64, Failure> {
    let disk = env.s3().disk();
    let unreadable = |error: std::io::Error| Failure::Internal(error.to_string());
    let mut entries = tokio::fs::read_dir(disk.folder())
        .await
        .map_err(unreadable)?;
    let mut removed = 0;
    loop {
        let mut batch = Vec::new();
        while batch.len() < BATCH {
            let Some(entry) = entries.next_entry().await.map_err(unreadable)? else {
                break;
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_name(&name) {
                batch.push(name);
            }
        }
        if batch.is_empty() {
            return Ok(removed);
        }
        // INVARIANT: whether a name is young is asked before the read begins. A name that is no longer
        // young has its record already, and the read sees it.
        batch.retain(|name| !disk.is_young(name));
        let mut records = env.read().await?;
        for name in batch {
            if !records.body_is_claimed(&name).await? {
                disk.remove(&name).await;
                removed += 1;
            }
        }
    }
}
