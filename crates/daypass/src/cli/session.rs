//! What every command that talks to a server needs: where, who, how the answer looks.
//!
//! Nothing here is daypass's own invention: endpoint, region and keys come from the same variables
//! and files as those of the AWS command line, so that whoever has set that up is done. A secret
//! comes from a variable or a file and never from a flag.
//!
//! **Source**: users page, section 9; AWS SDKs and tools reference guide, *Shared config and
//! credentials files*; requirement S77.

mod confirm;
mod profile;

use std::collections::BTreeMap;
use std::future::Future;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::show::Show;
use super::trouble;
use crate::api::{Api, CallError};
use crate::client::{Client, Keys};
use crate::exit::{Exit, Failure};
use crate::stop::Stop;

pub(super) use confirm::Confirm;

/// Where a daypass is when nobody says.
pub(super) const ENDPOINT: &str = "http://127.0.0.1:4600";

/// The region when nobody says.
const REGION: &str = "us-east-1";

/// How the answer looks.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
pub(super) enum Output {
    /// For people
    #[default]
    Table,
    /// For programs; keys as in the API
    Json,
}

/// The flags of every command that talks to a server.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Server and output")]
pub(super) struct SessionFlags {
    /// URL of the server [env: DAYPASS_ENDPOINT or AWS_ENDPOINT_URL; default: http://127.0.0.1:4600]
    #[arg(long, value_name = "URL", global = true)]
    pub(super) endpoint: Option<String>,
    /// Region to sign for [env: AWS_REGION or AWS_DEFAULT_REGION; default: us-east-1]
    #[arg(long, value_name = "REGION", global = true)]
    pub(super) region: Option<String>,
    /// Profile of the AWS files with keys, region and endpoint [env: AWS_PROFILE]
    #[arg(long, value_name = "NAME", global = true)]
    profile: Option<String>,
    /// How data is written to standard output
    #[arg(
        long,
        value_name = "FORMAT",
        global = true,
        value_enum,
        default_value_t
    )]
    output: Output,
    /// Do not ask; the answer is yes
    #[arg(long, short = 'y', global = true)]
    yes: bool,
    /// Never wait for an answer from the keyboard; end with 2 instead
    #[arg(long, global = true)]
    no_input: bool,
    /// Plain text without colours [env: NO_COLOR]
    #[arg(long, global = true)]
    no_color: bool,
    /// Seconds to wait for one answer
    #[arg(long, value_name = "SECONDS", global = true, default_value_t = 30,
          value_parser = clap::value_parser!(u64).range(1..=600))]
    timeout: u64,
}

/// A server, a key, and a person or program that looks at the answers.
#[derive(Debug)]
pub(super) struct Session {
    client: Client,
    keys: Option<Keys>,
    source: String,
    /// Where data goes.
    pub(super) show: Show,
    /// How questions are asked.
    pub(super) confirm: Confirm,
}

impl SessionFlags {
    /// Whether errors are told to a program.
    pub(super) fn json(&self) -> bool {
        self.output == Output::Json
    }

    /// Runs a command of these flags to its end, or until a person ends it.
    pub(super) fn run<F>(&self, command: impl FnOnce(Session) -> F) -> Result<ExitCode, Failure>
    where
        F: Future<Output = Result<ExitCode, Failure>>,
    {
        let json = self.json();
        let ended = || {
            let session = self.session()?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| Failure::unexpected(format!("no threads: {error}")))?;
            let ended = runtime.block_on(async {
                // Before anything is begun, so that from its first moment on it can be ended.
                let stop = Stop::listen()?;
                tokio::select! {
                    ended = command(session) => ended,
                    () = stop.asked() => Err(Failure::new(Exit::Interrupted, "interrupted")),
                }
            });
            // A thread that still waits for the keyboard is not waited for.
            runtime.shutdown_background();
            ended
        };
        ended().map_err(|failure| failure.in_json(json))
    }

    /// The session these flags, the environment and the files make.
    fn session(&self) -> Result<Session, Failure> {
        let environment = Environment::of_process();
        let profile = profile::read(self.profile.as_deref(), &environment)?;
        let (endpoint, region) = self.place(&environment, &profile);
        check_endpoint(&endpoint)?;
        let (keys, source) = match keys_of(&environment, self.profile.is_some())? {
            Some(keys) => (Some(keys), "the environment".to_owned()),
            None => (profile.keys()?, profile.source.clone()),
        };
        let patience = Duration::from_secs(self.timeout);
        let client = Client::connect(endpoint, region, patience)
            .map_err(|error| Failure::configuration(error.to_string()))?;
        let plain = self.no_color || environment.get("NO_COLOR").is_some();
        Ok(Session {
            client,
            keys,
            source,
            show: Show::new(self.output, plain),
            confirm: Confirm {
                yes: self.yes,
                no_input: self.no_input,
            },
        })
    }

    /// Endpoint and region, from the nearest place that names them.
    fn place(&self, environment: &Environment, profile: &profile::Profile) -> (String, String) {
        let first = |flag: &Option<String>, names: &[&str], filed: &Option<String>, last: &str| {
            let variable = || names.iter().find_map(|name| environment.get(name));
            flag.clone()
                .or_else(variable)
                .or_else(|| filed.clone())
                .unwrap_or_else(|| last.to_owned())
        };
        let endpoint = first(
            &self.endpoint,
            &["DAYPASS_ENDPOINT", "AWS_ENDPOINT_URL"],
            &profile.endpoint,
            ENDPOINT,
        );
        let region = first(
            &self.region,
            &["AWS_REGION", "AWS_DEFAULT_REGION"],
            &profile.region,
            REGION,
        );
        (endpoint.trim_end_matches('/').to_owned(), region)
    }
}

impl Session {
    /// The operations, signed with the key.
    ///
    /// **Errors**: there is no key.
    pub(super) fn api(&self) -> Result<Api<'_>, Failure> {
        if self.keys.is_none() {
            let sentence = "there is no access key to sign with";
            return Err(Failure::configuration(sentence).hint(
                "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with --profile.",
            ));
        }
        Ok(self.perhaps_signed())
    }

    /// The operations, signed if there is a key.
    pub(super) fn perhaps_signed(&self) -> Api<'_> {
        Api::new(&self.client, self.keys.as_ref())
    }

    /// The bare client.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Where the key came from, for people.
    pub(super) fn key_source(&self) -> Option<&str> {
        self.keys.as_ref().map(|_| self.source.as_str())
    }

    /// A failed call as this command ends with it.
    pub(super) fn trouble(&self, error: &CallError) -> Failure {
        trouble::of(error, self.client.endpoint())
    }
}

/// The variables of the process that clients read.
#[derive(Debug, Default)]
pub(super) struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Those of this process; what is not text or empty counts as not set.
    pub(super) fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    /// A variable that is set to something.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).filter(|value| !value.is_empty()).cloned()
    }
}

/// The keys in the environment. A profile named by hand wins over them, as it does elsewhere.
fn keys_of(environment: &Environment, profile_named: bool) -> Result<Option<Keys>, Failure> {
    if profile_named {
        return Ok(None);
    }
    let id = environment.get("AWS_ACCESS_KEY_ID");
    let secret = environment.get("AWS_SECRET_ACCESS_KEY");
    let token = environment.get("AWS_SESSION_TOKEN");
    match (id, secret) {
        (Some(id), Some(secret)) => keys(&id, &secret, token.as_deref(), "AWS_…").map(Some),
        (None, None) => Ok(None),
        (Some(_), None) => Err(half("AWS_SECRET_ACCESS_KEY")),
        (None, Some(_)) => Err(half("AWS_ACCESS_KEY_ID")),
    }
}

fn half(missing: &str) -> Failure {
    Failure::configuration(format!("half an access key is set: `{missing}` is missing"))
        .hint("Set both variables, or neither and name a profile with --profile.")
}

/// Keys made of texts; the message never holds one of them.
fn keys(id: &str, secret: &str, token: Option<&str>, place: &str) -> Result<Keys, Failure> {
    Keys::from_texts(id, secret, token)
        .map_err(|error| Failure::configuration(format!("the access key of {place}: {error}")))
}

fn check_endpoint(endpoint: &str) -> Result<(), Failure> {
    let uri: Option<http::Uri> = endpoint.parse().ok();
    let fits = uri.is_some_and(|uri| {
        let scheme = matches!(uri.scheme_str(), Some("http" | "https"));
        scheme && uri.authority().is_some() && matches!(uri.path(), "" | "/")
    });
    if fits {
        return Ok(());
    }
    let sentence = format!("`{endpoint}` is not the URL of a server");
    Err(Failure::usage(sentence).hint(format!("It looks like {ENDPOINT}, without a path.")))
}

#[cfg(test)]
mod tests;
