//! `cargo xtask fuzz`: every parser of outside bytes, driven by bytes that reach new code.
//!
//! The targets stand in `fuzz/`, a workspace of its own. They are built by the pinned compiler with
//! its own coverage pass, so that nothing has to be installed beside a C++ compiler; a panic, an
//! overflow, a failed assertion, an input that takes ten seconds or a gigabyte is a finding. No
//! sanitizer is asked for: none of our code is unsafe, and foreign code is not instrumented.
//!
//! What a run learns is kept under `.lanes/fuzz`, where the next one starts from, and
//! `cargo xtask fuzz --keep` moves to `fuzz/corpus` what reaches code that nothing there reaches.
//!
//! **Source**: DESIGN §11; requirement S12.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use crate::house::House;
use crate::program;

/// How long a target runs when nobody says otherwise.
const SECONDS: u64 = 60;

/// An input that takes longer is a finding.
const INPUT_SECONDS_MAX: u64 = 10;

/// A target that takes more memory is a finding.
const MEGABYTES_MAX: u64 = 1_024;

/// The longest input that is tried.
const INPUT_BYTES_MAX: u64 = 16_384;

/// The longest input that is kept.
const KEPT_BYTES_MAX: u64 = 1_024;

/// A target that tried fewer inputs did not run.
const INPUTS_MIN: u64 = 200;

/// How much of a log is shown when something was found.
const LOG_LINES_SHOWN: usize = 60;

/// Counters at every edge, and comparisons that tell the fuzzer what was looked for.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// What is asked on the command line.
#[derive(Debug, Eq, PartialEq)]
struct Campaign {
    seconds: u64,
    only: Option<String>,
    keep: bool,
}

/// `cargo xtask fuzz [TARGET] [--seconds N] [--keep]`.
pub(crate) fn by_hand(house: &House, words: &[&str]) -> Result<(), String> {
    run(house, &Campaign::read(words)?)
}

/// The lane: each target for a minute.
pub(super) fn lane(house: &House) -> Result<(), String> {
    run(house, &Campaign::read(&[])?)
}

impl Campaign {
    fn read(words: &[&str]) -> Result<Self, String> {
        let mut campaign = Self {
            seconds: SECONDS,
            only: None,
            keep: false,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--keep" => campaign.keep = true,
                "--seconds" => {
                    let number = words.next().and_then(|number| number.parse().ok());
                    campaign.seconds = number.ok_or("`--seconds` wants a number")?;
                }
                name if !name.starts_with('-') => campaign.only = Some(name.to_owned()),
                other => return Err(format!("no such flag: `{other}`")),
            }
        }
        Ok(campaign)
    }
}

fn run(house: &House, campaign: &Campaign) -> Result<(), String> {
    let chosen: Vec<String> = targets(house)?
        .into_iter()
        .filter(|name| campaign.only.as_ref().is_none_or(|only| only == name))
        .collect();
    if chosen.is_empty() {
        return Err("no such target in `fuzz/fuzz_targets`".to_owned());
    }
    let programs = build(house)?;
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    let count = chosen.len();
    println!(
        "{count} targets, {at_once} at a time, {} s each",
        campaign.seconds
    );
    let queue = Mutex::new(VecDeque::from(chosen));
    let findings = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once.min(count) {
            scope.spawn(|| {
                while let Some(name) = next(&queue) {
                    let target = Target::new(house, &programs, name);
                    let outcome = target.fuzz(campaign);
                    if let (Err(reason), Ok(mut findings)) = (outcome, findings.lock()) {
                        println!("FAILED  {:<16}{reason}", target.name);
                        findings.push(target.name);
                    }
                }
            });
        }
    });
    match findings.into_inner().unwrap_or_default().as_slice() {
        [] => Ok(()),
        found => Err(format!("findings in {}", found.join(", "))),
    }
}

fn next(queue: &Mutex<VecDeque<String>>) -> Option<String> {
    queue.lock().ok()?.pop_front()
}

/// The names of the targets: one file each.
fn targets(house: &House) -> Result<Vec<String>, String> {
    let folder = house.path("fuzz/fuzz_targets");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            Some(path.file_stem()?.to_str()?.to_owned())
        })
        .collect();
    names.sort();
    Ok(names)
}

/// Builds every target; the folder that holds their programs.
fn build(house: &House) -> Result<PathBuf, String> {
    let host = host(&program::output(Command::new("rustc").arg("-vV"))?)?;
    let own = house.target().join("fuzz");
    let words = ["build", "--locked", "--quiet", "--bins", "--target", &host];
    let mut build = house.cargo(&words);
    build
        .arg("--manifest-path")
        .arg(house.path("fuzz/Cargo.toml"))
        .arg("--target-dir")
        .arg(&own)
        .env("RUSTFLAGS", COVERAGE);
    program::run(&mut build)?;
    Ok(own.join(host).join("debug"))
}

/// The machine that the compiler runs on. Naming it keeps the flags from build scripts.
fn host(version: &str) -> Result<String, String> {
    let line = version.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned)
        .ok_or_else(|| "rustc does not say what its host is".to_owned())
}

/// One target with the folders it lives from.
struct Target {
    name: String,
    program: PathBuf,
    /// What is committed.
    kept: PathBuf,
    /// What runs here have learned.
    learned: PathBuf,
    /// Inputs that failed; they are tried first until they pass.
    findings: PathBuf,
    log: PathBuf,
}

impl Target {
    fn new(house: &House, programs: &Path, name: String) -> Self {
        Self {
            program: programs.join(&name),
            kept: house.path("fuzz/corpus").join(&name),
            learned: house.lanes("fuzz/corpus").join(&name),
            findings: house.lanes("fuzz/findings").join(&name),
            log: house.lanes("fuzz").join(format!("{name}.log")),
            name,
        }
    }

    fn fuzz(&self, campaign: &Campaign) -> Result<(), String> {
        for folder in [&self.learned, &self.findings] {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let mut command = self.command();
        command
            .arg(format!("-max_total_time={}", campaign.seconds))
            .arg(format!("-max_len={INPUT_BYTES_MAX}"))
            .args([&self.learned, &self.kept, &self.findings]);
        self.logged(command)?;
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let inputs = inputs_tried(&log).ok_or("its log does not count the inputs")?;
        if inputs < INPUTS_MIN {
            return Err(format!("tried {inputs} inputs, which is no run"));
        }
        println!("ok      {:<16}{inputs:>10} inputs", self.name);
        if campaign.keep {
            self.keep()?;
        }
        Ok(())
    }

    /// Adds to what is committed whatever reaches more.
    fn keep(&self) -> Result<(), String> {
        let mut command = self.command();
        command
            .args(["-set_cover_merge=1", "-use_counters=0"])
            .arg(format!("-max_len={KEPT_BYTES_MAX}"))
            .args([&self.kept, &self.learned]);
        self.logged(command)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg(format!("-timeout={INPUT_SECONDS_MAX}"))
            .arg(format!("-rss_limit_mb={MEGABYTES_MAX}"))
            .arg(format!("-artifact_prefix={}/", self.findings.display()))
            .arg("-print_final_stats=1");
        command
    }

    /// Runs it with its words in the log, and shows the end of that when it fails.
    fn logged(&self, mut command: Command) -> Result<(), String> {
        let at = |error| format!("{}: {error}", self.log.display());
        let file = File::create(&self.log).map_err(at)?;
        let copy = file.try_clone().map_err(at)?;
        let status = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(copy)
            .status()
            .map_err(|error| format!("could not start {}: {error}", self.program.display()))?;
        if status.success() {
            return Ok(());
        }
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).into_owned();
        let lines: Vec<&str> = log.lines().collect();
        let shown = lines.len().saturating_sub(LOG_LINES_SHOWN);
        for line in lines.iter().skip(shown) {
            println!("  {}: {line}", self.name);
        }
        Err(format!("ended with {status}; see {}", self.log.display()))
    }
}

/// How many inputs the fuzzer says it tried.
fn inputs_tried(log: &str) -> Option<u64> {
    let line = log
        .lines()
        .find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    line?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_read() {
        let read = |words: &[&str]| Campaign::read(words);
        let asked = read(&["jwt", "--seconds", "5", "--keep"]).unwrap();
        let wanted = Campaign {
            seconds: 5,
            only: Some("jwt".to_owned()),
            keep: true,
        };
        assert_eq!(asked, wanted);
        assert_eq!(read(&[]).unwrap().seconds, SECONDS);
        assert!(read(&["--seconds"]).is_err() && read(&["--fast"]).is_err());
    }

    #[test]
    fn the_host_and_the_inputs_are_read() {
        let version = "rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
        assert_eq!(host(version).unwrap(), "x86_64-unknown-linux-gnu");
        assert!(host("rustc").is_err());
        let log = "Done 98659 runs in 9 second(s)\nstat::number_of_executed_units: 98659\n";
        assert_eq!(inputs_tried(log), Some(98_659));
        assert_eq!(inputs_tried("panicked"), None);
    }
}
