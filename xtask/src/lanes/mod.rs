//! `cargo xtask test`: the whole proof, lane by lane.
//!
//! A lane proves one thing with real programs. What it needs is installed when it is missing, the
//! server it needs is its own, and it fails where another runner would skip: a proof that was not
//! made is not a proof. The last line counts the lanes.
//!
//! **Source**: DESIGN §11.

mod browser;
pub(crate) mod fuzz;
mod needs;
mod postgres;
mod proofs;
mod saml;
mod server;
mod snippets;

use std::time::{Duration, Instant};

use crate::house::House;
use needs::{Need, Needs};

/// One proof.
struct Lane {
    name: &'static str,
    proves: &'static str,
    needs: &'static [Need],
    run: fn(&House) -> Result<(), String>,
}

const LANES: &[Lane] = &[
    Lane {
        name: "check",
        proves: "format, clippy, tidy and documentation without a warning",
        needs: &[],
        run: crate::check::still,
    },
    Lane {
        name: "workspace",
        proves: "every test of the workspace, a killed server among them",
        needs: &[],
        run: crate::check::workspace_tests,
    },
    Lane {
        name: "demo",
        proves: "one command shows a newcomer the whole journey",
        needs: &[Need::Daypass],
        run: proofs::demo,
    },
    Lane {
        name: "sdk-python",
        proves: "boto3 makes the whole journey",
        needs: &[Need::Daypass, Need::Python],
        run: proofs::sdk_python,
    },
    Lane {
        name: "sdk-model",
        proves: "operations, members, rules and errors are those of the published model",
        needs: &[Need::Daypass, Need::Python],
        run: proofs::sdk_model,
    },
    Lane {
        name: "saml-pack",
        proves: "what we accept of the SAML pack, xmlsec1 and bergshamra accept, too",
        needs: &[Need::Xmlsec],
        run: saml::verifiers,
    },
    Lane {
        name: "sdk-javascript",
        proves: "the AWS SDK for JavaScript, v2 and v3, makes the whole journey",
        needs: &[Need::Daypass, Need::Node],
        run: proofs::sdk_javascript,
    },
    Lane {
        name: "sdk-cli",
        proves: "the AWS command line makes the whole journey and manages IAM",
        needs: &[Need::Daypass, Need::Python],
        run: proofs::sdk_cli,
    },
    Lane {
        name: "sdk-rust",
        proves: "the AWS SDK for Rust makes the whole journey",
        needs: &[Need::Daypass],
        run: proofs::sdk_rust,
    },
    Lane {
        name: "snippets",
        proves: "what the product shows to copy runs exactly as it is shown",
        needs: &[Need::Daypass, Need::Python, Need::Node, Need::Shell],
        run: snippets::snippets,
    },
    Lane {
        name: "example",
        proves: "the TypeScript example, v2 and v3, works in a real browser from another origin",
        needs: &[Need::Daypass, Need::Node, Need::Chromium],
        run: browser::example,
    },
    Lane {
        name: "console",
        proves: "people make the whole journey in the console, by mouse, by keyboard, without scripts",
        needs: &[Need::Daypass, Need::Node, Need::Chromium],
        run: browser::console,
    },
    Lane {
        name: "fuzz",
        proves: "a minute of hostile bytes for each parser, without a finding",
        needs: &[Need::CxxCompiler],
        run: fuzz::lane,
    },
    Lane {
        name: "postgres",
        proves: "servers share a PostgreSQL through cut connections, lost commits and restarts",
        needs: &[Need::Postgres],
        run: postgres::postgres,
    },
];

/// What became of a lane.
struct Verdict {
    name: &'static str,
    took: Duration,
    outcome: Result<(), String>,
}

/// Prints the lanes and what each proves.
pub(crate) fn list() {
    for lane in LANES {
        println!("{:<16}{}", lane.name, lane.proves);
    }
}

/// Runs every lane, or the one that is named.
pub(crate) fn run(house: &House, only: Option<&str>) -> Result<(), String> {
    let chosen: Vec<&Lane> = LANES
        .iter()
        .filter(|lane| only.is_none_or(|name| name == lane.name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<&str> = LANES.iter().map(|lane| lane.name).collect();
        return Err(format!("no such lane; there are {}", names.join(", ")));
    }
    let mut needs = Needs::new(house);
    let verdicts: Vec<Verdict> = chosen
        .iter()
        .map(|lane| judge(house, &mut needs, lane))
        .collect();
    report(&verdicts)
}

/// Makes ready what the lane needs, runs it, and says how it went.
fn judge(house: &House, needs: &mut Needs, lane: &Lane) -> Verdict {
    println!("\n== {}: {}", lane.name, lane.proves);
    let start = Instant::now();
    let ready = lane
        .needs
        .iter()
        .try_for_each(|need| needs.make_ready(*need));
    let outcome = ready.and_then(|()| (lane.run)(house));
    let verdict = Verdict {
        name: lane.name,
        took: start.elapsed(),
        outcome,
    };
    println!("{}", verdict_line(&verdict));
    verdict
}

fn verdict_line(verdict: &Verdict) -> String {
    let Verdict {
        name,
        took,
        outcome,
    } = verdict;
    let seconds = took.as_secs_f64();
    match outcome {
        Ok(()) => format!("ok      {name:<16}{seconds:>7.1} s"),
        Err(reason) => format!("FAILED  {name:<16}{seconds:>7.1} s  {reason}"),
    }
}

/// The table of verdicts and the line that counts them.
fn report(verdicts: &[Verdict]) -> Result<(), String> {
    println!("\n== verdicts");
    for verdict in verdicts {
        println!("{}", verdict_line(verdict));
    }
    let failed: Vec<&str> = verdicts
        .iter()
        .filter(|verdict| verdict.outcome.is_err())
        .map(|one| one.name)
        .collect();
    println!(
        "{} passed, {} failed",
        verdicts.len() - failed.len(),
        failed.len()
    );
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("failed: {}", failed.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(name: &'static str, outcome: Result<(), String>) -> Verdict {
        Verdict {
            name,
            took: Duration::from_millis(1500),
            outcome,
        }
    }

    #[test]
    fn a_verdict_says_name_time_and_reason() {
        assert_eq!(
            verdict_line(&verdict("demo", Ok(()))),
            "ok      demo                1.5 s"
        );
        let bad = verdict("demo", Err("exit status 1".to_owned()));
        assert_eq!(
            verdict_line(&bad),
            "FAILED  demo                1.5 s  exit status 1"
        );
    }

    #[test]
    fn one_failed_lane_fails_the_whole() {
        assert!(report(&[verdict("a", Ok(()))]).is_ok());
        let error = report(&[verdict("a", Ok(())), verdict("b", Err("x".to_owned()))]);
        assert_eq!(error.unwrap_err(), "failed: b");
    }

    #[test]
    fn lanes_have_names_of_their_own() {
        let mut names: Vec<&str> = LANES.iter().map(|lane| lane.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), LANES.len());
    }
}
