//! Every chore of the house, in Rust: `cargo xtask <chore>`.
//!
//! One runner instead of make files and shell scripts, so that a fresh clone needs nothing but
//! cargo to learn what to do, and so that the rules of the house are tested like other code.
//!
//! **Source**: DESIGN §2 (the plot), §11 (tests) and §13 (habits).
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a chore runner starts programs, measures them and asks a port; no rule lives here"
)]

mod check;
mod house;
mod lanes;
mod program;
mod tidy;

use std::process::ExitCode;

use house::House;

const USAGE: &str = "\
usage: cargo xtask <chore>

  tidy                the rules of the house that no compiler knows
  check               format, clippy, tidy, documentation, quick tests: before sharing a change
  test                the whole proof, every lane; installs what is missing
  test --lane NAME    one lane of it
  test --list         the lanes and what each proves
  fuzz [TARGET] [--seconds N] [--keep]
                      hostile bytes for each parser, a minute each; keep what reaches new code
  sim --seed N        one history of identities, as its seed decides it; --steps M for its length";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let house = House::here();
    let outcome = match words.as_slice() {
        ["tidy"] => tidy::run(&house),
        ["check"] => check::before_sharing(&house),
        ["test"] => lanes::run(&house, None),
        ["test", "--lane", name] => lanes::run(&house, Some(name)),
        ["test", "--list"] => {
            lanes::list();
            Ok(())
        }
        ["fuzz", words @ ..] => lanes::fuzz::by_hand(&house, words),
        ["sim", "--seed", seed] => simulate(&house, seed, None),
        ["sim", "--seed", seed, "--steps", steps] => simulate(&house, seed, Some(steps)),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// Plays one history again; the seed and its length are numbers.
fn simulate(house: &House, seed: &str, steps: Option<&str>) -> Result<(), String> {
    let number = |text: &str| {
        text.parse::<u64>()
            .map_err(|_| format!("`{text}` is no number"))
    };
    number(seed)?;
    let words = [
        "test",
        "--quiet",
        "-p",
        "daypass-testkit",
        "--test",
        "suite",
        "sim::",
    ];
    let mut command = house.cargo(&words);
    command.env("DAYPASS_SIM_SEED", seed);
    if let Some(steps) = steps {
        number(steps)?;
        command.env("DAYPASS_SIM_STEPS", steps);
    }
    program::run(&mut command)
}
