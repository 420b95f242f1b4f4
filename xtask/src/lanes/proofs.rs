//! The lanes that are one command each: the demo and the clients.

use std::process::Command;

use super::{needs, server};
use crate::house::House;
use crate::program;

/// The demo of the README, which ends by itself and says whether the journey held.
pub(super) fn demo(house: &House) -> Result<(), String> {
    let folder = house.lanes("run/demo");
    server::fresh(&folder)?;
    let address = server::free_address()?.to_string();
    let mut demo = Command::new(house.daypass());
    demo.args(["demo", "--exit", "--listen", &address])
        .current_dir(&folder);
    program::run(server::without_settings(&mut demo))
}

/// boto3.
pub(super) fn sdk_python(house: &House) -> Result<(), String> {
    python(house, "sdk-python", "sdk/python/journey.py")?;
    python(house, "sdk-python", "sdk/python/life.py")
}

/// The model that botocore brings, against ours.
pub(super) fn sdk_model(house: &House) -> Result<(), String> {
    python(house, "sdk-model", "sdk/model/main.py")
}

/// A script of the Python environment, against a server of its own.
fn python(house: &House, lane: &str, script: &str) -> Result<(), String> {
    server::with(house, lane, |server| {
        let mut python = Command::new(needs::python_program(house, "python"));
        python.arg(house.path(script));
        program::run(server.client(&mut python))
    })
}

/// The AWS SDK for JavaScript, both generations, each against a server of its own.
pub(super) fn sdk_javascript(house: &House) -> Result<(), String> {
    needs::install_javascript(house, "sdk/javascript")?;
    for script in ["journey-v2.mjs", "journey-v3.mjs"] {
        server::with(house, "sdk-javascript", |server| {
            let mut node = needs::node_program(house, "node")?;
            node.arg(house.path("sdk/javascript").join(script));
            program::run(server.client(&mut node))
        })?;
    }
    Ok(())
}

/// The AWS command line.
pub(super) fn sdk_cli(house: &House) -> Result<(), String> {
    server::with(house, "sdk-cli", |server| {
        let mut bash = Command::new("bash");
        bash.arg(house.path("sdk/cli/journey.sh"));
        bash.env("AWS", needs::python_program(house, "aws"));
        bash.env("DAYPASS", house.daypass());
        bash.env("PYTHON", needs::python_program(house, "python"));
        program::run(server.client(&mut bash))
    })
}

/// The AWS SDK for Rust, in a workspace of its own.
pub(super) fn sdk_rust(house: &House) -> Result<(), String> {
    let manifest = [
        "--locked",
        "--quiet",
        "--manifest-path",
        "sdk/rust/Cargo.toml",
        "--bin",
        "sdk-lane",
    ];
    program::run(house.cargo(&["build"]).args(manifest))?;
    server::with(house, "sdk-rust", |server| {
        program::run(server.client(house.cargo(&["run"]).args(manifest)))
    })
}
