//! The configuration: gathered in layers, checked once, then only values.
//!
//! [`load`] is the door. What it returns is complete: every text has been parsed, every combination
//! that would open the server to strangers has been refused with the sentence that says what to do.
//!
//! **Source**: users page, section 10; requirements S11, S77, S83 and S91.

mod check;
mod database;
mod issuers;
pub(crate) mod keys;
mod layers;
mod rates;
mod saml;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use daypass_core::ids::{AccountId, Region};
use daypass_service::{IssuerSettings, Rates, RootKey};
use daypass_store::DatabaseUrl;

use crate::exit::Failure;
use crate::serve::peer::Proxies;
use layers::Layers;

/// The file that is read when none is named.
pub(crate) const DEFAULT_FILE: &str = "daypass.toml";

const DEFAULTS: &[(&str, &str)] = &[
    ("listen", "127.0.0.1:4600"),
    ("data", "./daypass-data"),
    ("region", "us-east-1"),
    ("account_id", "000000000000"),
    ("log", "info"),
    ("log_format", "auto"),
    ("behind_proxy", "false"),
    ("rates", "off"),
    ("rate_loopback", "false"),
    ("saml_age_seconds", "300"),
    ("saml_single_use", "false"),
    ("saml_expired_certificates", "warn"),
    ("dev", "false"),
];

/// How log lines look.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Pretty,
    /// For people on a terminal, JSON otherwise.
    Auto,
}

/// Everything the server needs to know.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Where it listens; port 0 lets the system choose.
    pub(crate) listen: SocketAddr,
    /// The folder of everything it keeps.
    pub(crate) data: PathBuf,
    /// The database to keep records in, if that is not the folder.
    pub(crate) database: Option<DatabaseUrl>,
    /// The Region it calls itself.
    pub(crate) region: Region,
    /// The account its resources belong to.
    pub(crate) account_id: AccountId,
    /// Where clients reach it, if that is not where it listens.
    pub(crate) public_url: Option<String>,
    /// Who issues its tokens, if that is not the public URL.
    pub(crate) issuer: Option<String>,
    /// The file of the master key.
    pub(crate) master_key_file: PathBuf,
    /// The root key, if it is given from outside.
    pub(crate) root: Option<RootKey>,
    /// Further names it answers for.
    pub(crate) allowed_hosts: Vec<String>,
    /// Whether it is reached through proxies only.
    pub(crate) behind_proxy: bool,
    /// Those proxies.
    pub(crate) proxies: Proxies,
    /// The rates of operations.
    pub(crate) rates: Rates,
    /// Whether peers on this machine count against the rates per address.
    pub(crate) rate_loopback: bool,
    /// What is said of the issuers and providers that are called.
    pub(crate) issuers: IssuerSettings,
    /// What is expected of SAML assertions.
    pub(crate) saml: saml::Given,
    /// Which log lines are written.
    pub(crate) log: String,
    /// How they look.
    pub(crate) log_format: LogFormat,
    /// Whether refusals tell the client their reason code.
    pub(crate) dev: bool,
    /// Every setting that has a value, as it may be shown, and its source.
    pub(crate) shown: Vec<Shown>,
}

/// One effective setting.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its value as the file would hold it; secrets are stars.
    pub(crate) value: String,
    /// Where it came from.
    pub(crate) source: String,
}

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// The settings given as flags.
    pub(crate) flags: Vec<(&'static str, String)>,
    /// The environment.
    pub(crate) variables: Vec<(String, String)>,
    /// The file that is read when none is named; absent is fine.
    pub(crate) default_file: PathBuf,
}

/// Gathers and checks the configuration.
///
/// **Errors**: every unknown name, or the first value that cannot be used, as a sentence that names
/// where it came from.
pub(crate) fn load(inputs: &Inputs) -> Result<Config, Failure> {
    let mut layers = Layers::defaults(DEFAULTS);
    if let Some((path, text)) = file(inputs)? {
        layers.file(&path, &text)?;
    }
    layers.variables(&inputs.variables);
    layers.flags(&inputs.flags);
    check::config(&layers.known()?)
}

/// The environment of the process.
///
/// **Errors**: a variable of ours that is not text.
pub(crate) fn environment() -> Result<Vec<(String, String)>, Failure> {
    let mut variables = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with(keys::PREFIX)) else {
            continue;
        };
        let value = value
            .into_string()
            .map_err(|_| Failure::configuration(format!("variable `{name}` is not valid UTF-8")))?;
        variables.push((name.to_owned(), value));
    }
    Ok(variables)
}

/// The configuration file: the named one must be there, the default one may.
fn file(inputs: &Inputs) -> Result<Option<(PathBuf, String)>, Failure> {
    let flag = inputs
        .flags
        .iter()
        .find(|(name, _)| *name == "config")
        .map(|(_, path)| path);
    let variable = inputs
        .variables
        .iter()
        .find(|(name, path)| *name == keys::variable("config") && !path.is_empty())
        .map(|(_, path)| path);
    let named = flag.or(variable).map(PathBuf::from);
    let path = named.clone().unwrap_or_else(|| inputs.default_file.clone());
    match std::fs::read_to_string(&path) {
        Ok(text) => {
            check::file_mode(&path, &text)?;
            Ok(Some((path, text)))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => Ok(None),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::configuration(format!("`{}` does not read: {error}", path.display()))
}

#[cfg(test)]
mod tests;
