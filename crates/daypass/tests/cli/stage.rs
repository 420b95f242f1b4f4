//! A server, a home folder and a root key for one test.
#![allow(dead_code, reason = "each test binary uses its own part")]

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Ended, Keys, Server, daypass, end, serve};

/// The developer provider of the pools.
pub(crate) const PROVIDER: &str = "login.photos.example";

pub(crate) struct Stage {
    pub(crate) root: Keys,
    pub(crate) server: Server,
    pub(crate) folder: tempfile::TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = Keys::fresh();
        let data = folder.path().join("data");
        let server = Server::start(&mut serve(&data, Some(&root)));
        Self {
            root,
            server,
            folder,
        }
    }

    pub(crate) fn endpoint(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// A command with this server and the root key in its environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = away(arguments, self.folder.path());
        command
            .env("DAYPASS_ENDPOINT", self.endpoint())
            .env("AWS_ACCESS_KEY_ID", self.root.id.as_str())
            .env("AWS_SECRET_ACCESS_KEY", self.root.secret.expose());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ended {
        end(&mut self.command(arguments))
    }

    /// Runs a command that must succeed; its standard output.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let ended = self.run(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {}", ended.err);
        ended.out
    }

    /// Runs a command that must succeed; its data.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let arguments = [arguments, &["--output", "json"]].concat();
        serde_json::from_str(&self.ok(&arguments)).unwrap()
    }

    /// A pool called `photos` with roles and a bucket; its id.
    pub(crate) fn pool(&self) -> String {
        let mut arguments = vec!["pool", "create", "--name", "photos", "--yes"];
        arguments.extend(["--developer-provider", PROVIDER, "--bucket", "photos"]);
        let pool = self.json(&arguments);
        pool["IdentityPoolId"].as_str().unwrap().to_owned()
    }
}

/// A command far from whatever this machine has set up for AWS.
pub(crate) fn away(arguments: &[&str], home: &std::path::Path) -> std::process::Command {
    let mut command = daypass(arguments);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("AWS_") || name.starts_with("XDG_") {
            command.env_remove(name);
        }
    }
    command.env("HOME", home).current_dir(home);
    command
}

/// Runs a command with something on its standard input.
pub(crate) fn typed(command: &mut std::process::Command, input: &str) -> Ended {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A command that looked at nothing has closed it already.
    let _closed = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
