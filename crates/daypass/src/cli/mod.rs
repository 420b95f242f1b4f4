//! The command line: what can be typed, and where it goes.
//!
//! Help begins with examples, because that is what people read. Data goes to standard output,
//! everything else to standard error. Secrets are never flags: a command line is visible to every
//! user of the machine.
//!
//! **Source**: users page, section 9; requirement S77.

mod backup;
mod completion;
mod config;
mod credentials;
mod demo;
mod doctor;
mod health;
mod identity;
mod key;
mod pool;
mod resolve;
mod role;
mod serve;
mod session;
mod settings;
mod show;
mod snippet;
mod token;
mod trouble;
mod version;
mod walk;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::Failure;
use settings::SettingFlags;
pub(crate) use show::{escaped, harmless};

const EXAMPLES: &str = "\
Examples:
  daypass demo                         see the whole journey, then try it yourself
  daypass serve                        serve on 127.0.0.1:4600, data in ./daypass-data
  daypass pool create --name photos --developer-provider login.photos.example --bucket photos
  daypass walk --pool photos --bucket photos
";

const EXIT_CODES: &str = "\
Exit codes:
  0 ok            1 failure        2 usage       3 configuration   4 not found
  5 not permitted 6 conflict       7 unreachable or not ready      8 partial success
  9 timeout      12 stored data   130 interrupted
";

const SERVE_EXAMPLES: &str = "\
Examples:
  daypass serve
  daypass serve --listen 127.0.0.1:4600 --data /var/lib/daypass
  DAYPASS_ROOT_ACCESS_KEY_ID=… DAYPASS_ROOT_SECRET_ACCESS_KEY_FILE=/run/secrets/root daypass serve
";

const DEMO_EXAMPLES: &str = "\
Examples:
  daypass demo                         the journey, then a server to try things on
  daypass demo --exit                  the journey only; the exit code says whether it held
";

const SETTINGS_HELP: &str = "\
Every flag is also a variable (DAYPASS_LISTEN, …) and a line of the file (listen = \"…\").
A flag wins over a variable, a variable over the file, the file over the default.
The root key comes from DAYPASS_ROOT_ACCESS_KEY_ID and DAYPASS_ROOT_SECRET_ACCESS_KEY (or _FILE);
without them the first start makes one and prints it once.";

/// Identity pools that anyone can run.
#[derive(Debug, Parser)]
#[command(name = "daypass", version, before_help = EXAMPLES, after_help = EXIT_CODES,
          disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    #[command(before_help = SERVE_EXAMPLES, after_help = SETTINGS_HELP)]
    Serve(Box<SettingFlags>),
    /// Show the whole journey on a fresh server, then keep it running
    #[command(before_help = DEMO_EXAMPLES)]
    Demo(demo::DemoFlags),
    /// Create, look at, change and delete identity pools
    #[command(before_help = pool::EXAMPLES)]
    Pool(pool::Pool),
    /// Look at and delete identities
    #[command(before_help = identity::EXAMPLES)]
    Identity(identity::Identity),
    /// Mint, inspect and verify tokens
    #[command(before_help = token::EXAMPLES)]
    Token(token::Token),
    /// Temporary keys for a user, also for every AWS tool
    #[command(before_help = credentials::EXAMPLES)]
    Credentials(credentials::Credentials),
    /// Roles, who may assume them, what they may do
    #[command(before_help = role::EXAMPLES)]
    Role(role::Role),
    /// Access keys of backends
    #[command(before_help = key::EXAMPLES)]
    Key(key::Key),
    /// Make the whole journey against a running server, step by step
    #[command(before_help = walk::EXAMPLES)]
    Walk(walk::Walk),
    /// Show code for a pool, ready to be copied
    #[command(before_help = snippet::EXAMPLES)]
    Snippet(snippet::SnippetFlags),
    /// Ask whether the server is ready
    #[command(before_help = health::EXAMPLES)]
    Health(health::Health),
    /// Look for what is usually wrong
    #[command(before_help = doctor::EXAMPLES)]
    Doctor(doctor::Doctor),
    /// Copy everything that is kept to one file, also while it is served
    #[command(before_help = backup::EXAMPLES)]
    Backup(backup::Backup),
    /// Make a data folder of a backup, or check one
    #[command(before_help = backup::RESTORE_EXAMPLES)]
    Restore(backup::Restore),
    /// Check the configuration and print the settings in force with their sources
    #[command(before_help = config::EXAMPLES, after_help = SETTINGS_HELP)]
    Config(Box<config::Config>),
    /// Print what a shell completes commands with
    #[command(before_help = completion::COMPLETION_EXAMPLES)]
    Completion(completion::Completion),
    /// Print or write the manual pages
    #[command(before_help = completion::MAN_EXAMPLES)]
    Man(completion::Man),
    /// Print the version
    #[command(before_help = version::EXAMPLES)]
    Version(version::Version),
}

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Serve(flags) => serve::run(*flags),
        Command::Demo(flags) => demo::run(&flags),
        Command::Pool(flags) => pool::run(flags),
        Command::Identity(flags) => identity::run(flags),
        Command::Token(flags) => token::run(flags),
        Command::Credentials(flags) => credentials::run(flags),
        Command::Role(flags) => role::run(flags),
        Command::Key(flags) => key::run(flags),
        Command::Walk(flags) => walk::run(flags),
        Command::Snippet(flags) => snippet::run(flags),
        Command::Health(flags) => health::run(flags),
        Command::Doctor(flags) => doctor::run(flags),
        Command::Backup(flags) => backup::run(&flags),
        Command::Restore(flags) => backup::restore(&flags),
        Command::Config(flags) => config::run(*flags),
        Command::Completion(flags) => Ok(completion::completion(&flags)),
        Command::Man(flags) => completion::man(&flags),
        Command::Version(flags) => Ok(version::run(&flags)),
    }
}

/// Writes a line of data to standard output; a closed pipe is not an error of ours.
pub(crate) fn say(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _closed = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Writes a line for people to standard error.
fn note(line: &str) {
    use std::io::Write;
    let line = harmless(line);
    // Standard error may be closed; what was asked for is on standard output.
    let _closed = writeln!(std::io::stderr(), "{line}");
}

/// The runtime of a command that serves.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::unexpected(format!("no threads: {error}")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::config::keys;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn s77_every_setting_has_a_flag_and_no_secret_has_one() {
        let serve = Cli::command().find_subcommand("serve").unwrap().clone();
        for key in keys::KEYS {
            let long = key.name.replace('_', "-");
            let flag = serve
                .get_arguments()
                .any(|arg| arg.get_long() == Some(long.as_str()));
            assert_eq!(flag, !key.secret, "{long}");
        }
        let refused = Cli::try_parse_from(["daypass", "serve", "--root-secret-access-key", "x"]);
        assert_eq!(refused.unwrap_err().exit_code(), 2);
    }

    #[test]
    fn every_flag_reaches_its_setting() {
        let mut arguments = vec!["daypass".to_owned(), "serve".to_owned()];
        let flags: Vec<_> = keys::KEYS.iter().filter(|key| !key.secret).collect();
        arguments.extend(
            flags
                .iter()
                .map(|key| format!("{}=true", keys::flag(key.name))),
        );
        let Command::Serve(given) = Cli::try_parse_from(arguments).unwrap().command else {
            panic!("serve");
        };
        let given: Vec<&str> = given.given().into_iter().map(|(name, _)| name).collect();
        for key in flags {
            assert!(given.contains(&key.name), "{}", key.name);
        }
    }
}
