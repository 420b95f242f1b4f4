//! `daypass completion` and `daypass man`: what shells and `man` read.
//!
//! Both are made of the same description of the commands as the help, so they cannot differ from it.
//!
//! **Source**: users page, section 9 (`completion`, `man`).

use std::path::Path;
use std::process::ExitCode;

use clap::builder::StyledStr;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, note};
use crate::exit::Failure;

pub(super) const COMPLETION_EXAMPLES: &str = "\
Examples:
  daypass completion bash > ~/.local/share/bash-completion/completions/daypass
  daypass completion zsh > ~/.zfunc/_daypass
  daypass completion fish > ~/.config/fish/completions/daypass.fish
";

pub(super) const MAN_EXAMPLES: &str = "\
Examples:
  daypass man | man -l -                    read the page of the whole
  daypass man /usr/local/share/man/man1     write a page for each command
";

/// For which shell.
#[derive(Args, Debug)]
pub(super) struct Completion {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

/// Where the pages go.
#[derive(Args, Debug)]
pub(super) struct Man {
    /// Folder to write all pages into; without it the first page goes to standard output
    #[arg(value_name = "DIR")]
    folder: Option<String>,
}

/// Prints what a shell completes with.
pub(super) fn completion(flags: &Completion) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(flags.shell, &mut Cli::command(), "daypass", &mut script);
    write(&script);
    ExitCode::SUCCESS
}

/// Prints the manual page, or writes all of them.
pub(super) fn man(flags: &Man) -> Result<ExitCode, Failure> {
    let mut command = with_examples(Cli::command());
    command.build();
    let Some(folder) = &flags.folder else {
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(command).render(&mut page);
        written.map_err(|error| Failure::unexpected(format!("no page: {error}")))?;
        write(&page);
        return Ok(ExitCode::SUCCESS);
    };
    if !Path::new(folder).is_dir() {
        return Err(Failure::usage(format!("`{folder}` is not a folder")));
    }
    clap_mangen::generate_to(command, folder)
        .map_err(|error| Failure::unexpected(format!("`{folder}`: {error}")))?;
    note(&format!(
        "The pages are in {folder}; `daypass.1` is the first."
    ));
    Ok(ExitCode::SUCCESS)
}

/// The same commands with their examples where a manual page has them: at the end.
fn with_examples(command: Command) -> Command {
    let text = |help: Option<&StyledStr>| help.map(ToString::to_string).unwrap_or_default();
    let (examples, notes) = (
        text(command.get_before_help()),
        text(command.get_after_help()),
    );
    let parts = [notes, examples].map(|part| part.trim_end().to_owned());
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let command = command.mut_subcommands(with_examples);
    if parts.is_empty() {
        return command;
    }
    command.after_help(parts.join("\n\n"))
}

fn write(bytes: &[u8]) {
    use std::io::Write as _;
    let mut out = std::io::stdout().lock();
    // A closed pipe is not an error of ours.
    let _closed = out.write_all(bytes).and_then(|()| out.flush());
}
