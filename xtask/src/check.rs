//! `cargo xtask check`: what a change passes before it is shared.
//!
//! **Source**: DESIGN §13.

use crate::house::House;
use crate::{program, tidy};

/// The workspaces beside the product's.
const OWN_WORKSPACES: &[&str] = &[
    "fuzz/Cargo.toml",
    "sdk/rust/Cargo.toml",
    "sdk/saml/Cargo.toml",
];

/// Format, clippy, tidy, documentation and the quick tests.
pub(crate) fn before_sharing(house: &House) -> Result<(), String> {
    still(house)?;
    workspace_tests(house)
}

/// The checks that run no product code: format, clippy, tidy, documentation.
pub(crate) fn still(house: &House) -> Result<(), String> {
    program::run(&mut house.cargo(&["fmt", "--all", "--check"]))?;
    for own in OWN_WORKSPACES {
        program::run(&mut house.cargo(&["fmt", "--check", "--manifest-path", own]))?;
        // Their locks follow the crates of ours, and a build that changed one would say nothing.
        let lock = ["update", "--workspace", "--locked", "--quiet"];
        program::run(house.cargo(&lock).args(["--manifest-path", own]))?;
    }
    tidy::run(house)?;
    program::run(&mut house.cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    let mut docs = house.cargo(&["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
    program::run(docs.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Every test of the workspace that a fresh clone passes with nothing but Rust.
pub(crate) fn workspace_tests(house: &House) -> Result<(), String> {
    program::run(&mut house.cargo(&["test", "--workspace", "--locked", "--quiet"]))
}
