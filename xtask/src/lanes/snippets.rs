//! The code that the product shows to copy, executed exactly as it is shown.
//!
//! The TypeScript snippets run on the packages of the TypeScript example, and the Rust ones inside
//! the package of the Rust lane: the same versions, installed and built once.
//!
//! **Source**: DESIGN §11; users page, section 12 (every snippet is executed).

use std::os::unix::fs::symlink;
use std::process::Command;

use super::{needs, server};
use crate::house::House;
use crate::program;

/// The folder whose JavaScript packages the TypeScript snippets use.
const EXAMPLE: &str = "examples/typescript";

/// The package whose programs the Rust snippets are for as long as the lane runs.
const RUST: &str = "sdk/rust";

/// Backend and client of each language that can be executed here.
pub(super) fn snippets(house: &House) -> Result<(), String> {
    needs::install_javascript(house, EXAMPLE)?;
    build_rust_crates(house)?;
    let folder = house.lanes("run/snippets-files");
    server::fresh(&folder)?;
    let packages = house.path(EXAMPLE).join("node_modules");
    symlink(&packages, folder.join("node_modules"))
        .map_err(|error| format!("{}: {error}", packages.display()))?;
    let node = needs::node_program(house, "node")?;
    let cargo = house.cargo(&[]);
    server::with(house, "snippets", |server| {
        let mut python = Command::new(needs::python_program(house, "python"));
        python.arg(house.path("sdk/snippets/run.py"));
        server
            .client(&mut python)
            .env("DAYPASS", house.daypass())
            .env("NODE", node.get_program())
            .env("CARGO", cargo.get_program())
            .env("FOLDER", &folder)
            .env("RUST", house.path(RUST));
        program::run(&mut python)
    })
}

/// What the Rust snippets need is built before there is a server to wait for them.
fn build_rust_crates(house: &House) -> Result<(), String> {
    let manifest = house.path(RUST).join("Cargo.toml");
    let mut build = house.cargo(&["build", "--locked", "--quiet", "--bin", "sdk-lane"]);
    program::run(build.arg("--manifest-path").arg(manifest))
}
