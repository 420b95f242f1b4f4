//! `daypass version`: which build this is.
//!
//! **Source**: users page, section 9 (`version`).

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::say;
use super::session::Output;
use super::show::json as json_text;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass version
  daypass version --output json
";

/// How it is written.
#[derive(Args, Debug)]
pub(super) struct Version {
    /// How data is written to standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    output: Output,
}

/// Prints the version.
pub(super) fn run(flags: &Version) -> ExitCode {
    let version = env!("CARGO_PKG_VERSION");
    match flags.output {
        Output::Table => say(&format!("daypass {version}")),
        Output::Json => say(&json_text(&json!({
            "Name": "daypass",
            "Version": version,
            "System": std::env::consts::OS,
            "Architecture": std::env::consts::ARCH,
        }))),
    }
    ExitCode::SUCCESS
}
