//! `daypass config`: what is in force, and which layer said so.
//!
//! **Source**: users page, section 9 (`config check`, `config print`) and section 10.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::say;
use super::settings::SettingFlags;
use crate::config;
use crate::exit::Failure;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass config                     every setting in force and where it came from
  daypass config check               say only whether it can be used; ends with 3 if not
  daypass config --data /srv/data    with this flag, as `serve` would see it
";

/// `daypass config …`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Config {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    flags: SettingFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the settings in force as a file would hold them; secrets are stars
    Print(SettingFlags),
    /// Say whether the configuration can be used
    Check(SettingFlags),
}

/// Prints or checks the effective settings.
pub(super) fn run(config: Config) -> Result<ExitCode, Failure> {
    let (flags, check) = match config.command {
        None => (config.flags, false),
        Some(Command::Print(flags)) => (flags, false),
        Some(Command::Check(flags)) => (flags, true),
    };
    let config = config::load(&flags.inputs()?)?;
    if check {
        say(&format!("ok: {} settings", config.shown.len()));
        return Ok(ExitCode::SUCCESS);
    }
    for shown in &config.shown {
        let line = format!("{} = {}", shown.name, shown.value);
        say(&format!("{line:<60} # {}", shown.source));
    }
    Ok(ExitCode::SUCCESS)
}
