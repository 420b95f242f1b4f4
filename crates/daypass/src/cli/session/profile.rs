//! A profile of the AWS files: keys from `credentials`, region and endpoint from `config`.
//!
//! **Source**: AWS SDKs and tools reference guide, *Shared config and credentials files* and
//! *Service-specific endpoints*.

use std::path::{Path, PathBuf};

use configparser::ini::{Ini, IniDefault};

use super::{Environment, keys};
use crate::client::Keys;
use crate::exit::Failure;

/// What a profile says, as far as we read it.
#[derive(Debug, Default)]
pub(super) struct Profile {
    id: Option<String>,
    secret: Option<String>,
    token: Option<String>,
    /// `region`.
    pub(super) region: Option<String>,
    /// `endpoint_url`.
    pub(super) endpoint: Option<String>,
    /// The profile's name and files, for messages.
    pub(super) source: String,
    named: bool,
}

/// Reads the profile of this name, or the one the environment names, or `default`.
///
/// **Errors**: a file that does not read; a profile named by hand that is in no file.
pub(super) fn read(flag: Option<&str>, environment: &Environment) -> Result<Profile, Failure> {
    let named = flag
        .map(str::to_owned)
        .or_else(|| environment.get("AWS_PROFILE"));
    let name = named.clone().unwrap_or_else(|| "default".to_owned());
    let home = environment
        .get("HOME")
        .map(|home| Path::new(&home).join(".aws"));
    let place = |variable: &str, file: &str| {
        let given = environment.get(variable).map(PathBuf::from);
        given.or_else(|| home.as_ref().map(|home| home.join(file)))
    };
    let credentials = place("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    let config = place("AWS_CONFIG_FILE", "config");
    let section = if name == "default" {
        name.clone()
    } else {
        format!("profile {name}")
    };
    let mut profile = Profile {
        source: format!("profile `{name}`"),
        named: named.is_some(),
        ..Profile::default()
    };
    let mut found = false;
    // The credentials file is read last: it wins.
    for (path, section) in [(&config, section.as_str()), (&credentials, name.as_str())] {
        if let Some(path) = path {
            found |= profile.add(path, section)?;
        }
    }
    if profile.named && !found {
        let shown = |path: Option<PathBuf>| {
            path.map_or("no file".to_owned(), |path| format!("`{}`", path.display()))
        };
        let (credentials, config) = (shown(credentials), shown(config));
        return Err(Failure::configuration(format!(
            "there is no profile `{name}` in {credentials} or {config}"
        )));
    }
    Ok(profile)
}

impl Profile {
    /// Adds what a file says; whether it knows the profile.
    fn add(&mut self, path: &Path, section: &str) -> Result<bool, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unreadable(path, &error.to_string())),
        };
        let mut ini = Ini::new_from_defaults(defaults());
        // The library's message quotes the line, which may hold a secret.
        ini.read(text)
            .map_err(|_| unreadable(path, "it is not written as such files are"))?;
        let sections = ini.get_map_ref();
        let Some(values) = sections.get(section) else {
            return Ok(false);
        };
        for (name, slot) in [
            ("aws_access_key_id", &mut self.id),
            ("aws_secret_access_key", &mut self.secret),
            ("aws_session_token", &mut self.token),
            ("region", &mut self.region),
            ("endpoint_url", &mut self.endpoint),
        ] {
            if let Some(Some(value)) = values.get(name) {
                *slot = Some(value.clone());
            }
        }
        Ok(true)
    }

    /// Its keys, if it has any.
    ///
    /// **Errors**: it was named by hand and has none; it has half of one.
    pub(super) fn keys(&self) -> Result<Option<Keys>, Failure> {
        let source = &self.source;
        match (&self.id, &self.secret) {
            (Some(id), Some(secret)) => keys(id, secret, self.token.as_deref(), source).map(Some),
            (None, None) if !self.named => Ok(None),
            _ => Err(
                Failure::configuration(format!("{source} holds no access key")).hint(
                    "It needs aws_access_key_id and aws_secret_access_key; \
                 other ways to get keys are not read.",
                ),
            ),
        }
    }
}

/// The grammar of these files: `=` only, names as written, comments on lines of their own.
fn defaults() -> IniDefault {
    let mut defaults = IniDefault::default();
    defaults.delimiters = vec!['='];
    defaults.comment_symbols = vec!['#', ';'];
    defaults.inline_comment_symbols = Some(Vec::new());
    defaults.case_sensitive = true;
    defaults
}

fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::configuration(format!("`{}` does not read: {why}", path.display()))
}
