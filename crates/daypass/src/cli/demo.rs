//! `daypass demo`: the journey on a fresh server, for a person who has just arrived.

use std::process::ExitCode;

use clap::Args;

use super::runtime;
use crate::config::LogFormat;
use crate::demo::{self, Plan};
use crate::exit::Failure;
use crate::process;
use crate::telemetry::{self, Output};

/// How the demo runs.
#[derive(Args, Debug)]
pub(super) struct DemoFlags {
    /// End after the journey; the exit code says whether every step held
    #[arg(long)]
    exit: bool,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4600")]
    listen: String,
    /// Empty folder to use and keep [default: a temporary one, removed at the end]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Which log lines to write to standard error
    #[arg(long, value_name = "FILTER", default_value = "warn")]
    log: String,
}

/// Makes the journey, and serves on unless told to end.
pub(super) fn run(flags: &DemoFlags) -> Result<ExitCode, Failure> {
    process::harden()?;
    let _logs = telemetry::start(&flags.log, LogFormat::Auto, Output::Stderr)?;
    let plan = Plan {
        listen: &flags.listen,
        data: flags.data.as_deref(),
        exit: flags.exit,
    };
    let runtime = runtime()?;
    let held = runtime.block_on(demo::run(&plan));
    runtime.shutdown_background();
    Ok(if held? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
