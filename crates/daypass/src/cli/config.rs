//! `daypass config`: what is in force, and which layer said so.

use std::process::ExitCode;

use super::{SettingFlags, say};
use crate::config;
use crate::exit::Failure;

/// Prints the effective settings as a file would hold them; secrets are stars.
pub(super) fn run(flags: SettingFlags) -> Result<ExitCode, Failure> {
    let config = config::load(&flags.inputs()?)?;
    for shown in &config.shown {
        let line = format!("{} = {}", shown.name, shown.value);
        say(&format!("{line:<60} # {}", shown.source));
    }
    Ok(ExitCode::SUCCESS)
}
