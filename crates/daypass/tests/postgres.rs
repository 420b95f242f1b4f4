//! The shared store on a real PostgreSQL, with the faults that machines and networks make.
//!
//! It makes a private cluster with Debian's programs, runs every case on it one after another, and
//! fails when it cannot: a proof that was not made is not a proof. `cargo xtask test postgres` is
//! the way to run it; words after `--` choose cases by a part of their names.
//!
//! **Source**: requirements F07–F11, F23, F25, S56, S67 and S74.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

#[path = "postgres/cluster.rs"]
mod cluster;
#[path = "postgres/cuts.rs"]
mod cuts;
#[path = "postgres/fitness.rs"]
mod fitness;
#[path = "postgres/proxy.rs"]
mod proxy;
#[path = "postgres/servers.rs"]
mod servers;
#[path = "postgres/store.rs"]
mod store;

use cluster::Cluster;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// One case: what it proves, and how.
type Case = (&'static str, fn(&mut Cluster));

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let all = [store::CASES, fitness::CASES, cuts::CASES, servers::CASES].concat();
    let chosen: Vec<Case> = all
        .into_iter()
        .filter(|(name, _)| words.is_empty() || words.iter().any(|word| name.contains(word)))
        .collect();
    let mut cluster = Cluster::make();
    println!("on {}", cluster.version());
    let mut failed = Vec::new();
    for (name, run) in &chosen {
        println!("case {name}");
        if catch_unwind(AssertUnwindSafe(|| run(&mut cluster))).is_err() {
            failed.push(*name);
        }
    }
    println!(
        "{} cases, {} failed: {failed:?}",
        chosen.len(),
        failed.len()
    );
    if failed.is_empty() && !chosen.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Runs a future on threads of its own.
fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(future)
}
