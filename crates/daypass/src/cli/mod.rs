//! The command line: what can be typed, and where it goes.
//!
//! Help begins with examples, because that is what people read. Secrets are never flags: a command
//! line is visible to every user of the machine.
//!
//! **Source**: users page, section 9; requirement S77.

mod config;
mod demo;
mod serve;
mod snippet;

use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{DEFAULT_FILE, Inputs, environment};
use crate::exit::Failure;

const EXAMPLES: &str = "\
Examples:
  daypass demo                         see the whole journey, then try it yourself
  daypass serve                        serve on 127.0.0.1:4600, data in ./daypass-data
  daypass config                       every setting in force and where it came from
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

const SNIPPET_EXAMPLES: &str = "\
Examples:
  daypass snippet --pool ID                                      the languages there are
  daypass snippet --pool ID --lang python --side backend         the half on your server
  daypass snippet --pool ID --lang typescript-v3 --side client   the half of your users
";

const SETTINGS_HELP: &str = "\
Every flag is also a variable (DAYPASS_LISTEN, …) and a line of the file (listen = \"…\").
A flag wins over a variable, a variable over the file, the file over the default.
The root key comes from DAYPASS_ROOT_ACCESS_KEY_ID and DAYPASS_ROOT_SECRET_ACCESS_KEY (or _FILE);
without them the first start makes one and prints it once.";

/// Identity pools that anyone can run.
#[derive(Debug, Parser)]
#[command(name = "daypass", version, before_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service
    #[command(before_help = SERVE_EXAMPLES, after_help = SETTINGS_HELP)]
    Serve(SettingFlags),
    /// Show the whole journey on a fresh server, then keep it running
    #[command(before_help = DEMO_EXAMPLES)]
    Demo(demo::DemoFlags),
    /// Check the configuration and print the settings in force with their sources
    #[command(after_help = SETTINGS_HELP)]
    Config(SettingFlags),
    /// Show code for a pool, ready to be copied
    #[command(before_help = SNIPPET_EXAMPLES)]
    Snippet(snippet::SnippetFlags),
    /// Print the version
    Version,
}

/// The settings that have a flag.
#[derive(Args, Debug, Default)]
pub(crate) struct SettingFlags {
    /// File of settings in TOML [default: ./daypass.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:4600]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Folder of everything that is kept [default: ./daypass-data]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Region that ids and clients carry [default: us-east-1]
    #[arg(long)]
    region: Option<String>,
    /// Account that resources belong to [default: 000000000000]
    #[arg(long, value_name = "DIGITS")]
    account_id: Option<String>,
    /// URL that clients use [default: http:// and the listening address]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Issuer of tokens [default: the public URL]
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// File of the master key, made at the first start [default: master.key in the data folder]
    #[arg(long, value_name = "FILE")]
    master_key_file: Option<String>,
    /// Id of the root key, given from outside
    #[arg(long, value_name = "ID")]
    root_access_key_id: Option<String>,
    /// File that holds the id of the root key
    #[arg(long, value_name = "FILE")]
    root_access_key_id_file: Option<String>,
    /// File that holds the secret of the root key
    #[arg(long, value_name = "FILE")]
    root_secret_access_key_file: Option<String>,
    /// Further host names to answer for, separated by commas
    #[arg(long, value_name = "NAMES")]
    allowed_hosts: Option<String>,
    /// Whether only proxies with TLS reach this server
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    behind_proxy: Option<String>,
    /// Addresses or networks of those proxies, separated by commas
    #[arg(long, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
    /// Whether clients on this machine count against the rates
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    rate_loopback: Option<String>,
    /// Which log lines to write, like `info` or `warn,daypass=debug` [default: info]
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
    /// How log lines look: json, pretty or auto (pretty on a terminal) [default: auto]
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Whether refusals tell the client their reason code; on this machine only
    #[arg(long, value_name = "BOOL", num_args = 0..=1, default_missing_value = "true",
          require_equals = true)]
    dev: Option<String>,
}

impl SettingFlags {
    /// The flags that were given, by the names of their settings.
    fn given(self) -> Vec<(&'static str, String)> {
        let all = [
            ("config", self.config),
            ("listen", self.listen),
            ("data", self.data),
            ("region", self.region),
            ("account_id", self.account_id),
            ("public_url", self.public_url),
            ("issuer", self.issuer),
            ("master_key_file", self.master_key_file),
            ("root_access_key_id", self.root_access_key_id),
            ("root_access_key_id_file", self.root_access_key_id_file),
            (
                "root_secret_access_key_file",
                self.root_secret_access_key_file,
            ),
            ("allowed_hosts", self.allowed_hosts),
            ("behind_proxy", self.behind_proxy),
            ("trusted_proxies", self.trusted_proxies),
            ("rate_loopback", self.rate_loopback),
            ("log", self.log),
            ("log_format", self.log_format),
            ("dev", self.dev),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }

    /// All the places settings come from.
    fn inputs(self) -> Result<Inputs, Failure> {
        let variables = environment()?;
        Ok(Inputs {
            flags: self.given(),
            variables,
            default_file: DEFAULT_FILE.into(),
        })
    }
}

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Serve(flags) => serve::run(flags),
        Command::Demo(flags) => demo::run(&flags),
        Command::Config(flags) => config::run(flags),
        Command::Snippet(flags) => snippet::run(&flags),
        Command::Version => {
            say(&format!("daypass {}", env!("CARGO_PKG_VERSION")));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Writes a line of data to standard output; a closed pipe is not an error of ours.
pub(crate) fn say(line: &str) {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    let _closed = writeln!(out, "{line}").and_then(|()| out.flush());
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
        for key in &keys::KEYS {
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
