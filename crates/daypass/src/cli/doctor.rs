//! `daypass doctor`: everything that is usually wrong, looked at in order.
//!
//! **Source**: users page, rows 34 and 35, section 9 (`doctor`).

mod checks;

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::session::SessionFlags;
use super::show::Table;
use crate::exit::Failure;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass doctor
  daypass doctor --origin https://app.example     may a page of this origin call the server?
";

/// What is looked at.
#[derive(Args, Debug)]
pub(super) struct Doctor {
    /// Origin of a page whose calls should be allowed
    #[arg(long, value_name = "ORIGIN", default_value = "https://app.example")]
    origin: String,
    #[command(flatten)]
    session: SessionFlags,
}

/// How one check ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Ok,
    Warn,
    Fail,
}

impl Verdict {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }
}

/// One check with what was found and what to do about it.
#[derive(Debug)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    detail: String,
    fix: &'static str,
}

/// Looks; ends with 1 if a check fails.
pub(super) fn run(doctor: Doctor) -> Result<ExitCode, Failure> {
    let session_flags = doctor.session.clone();
    session_flags.run(|session| async move {
        let findings = checks::all(&session, &doctor.origin).await;
        let mut table = Table::new(&["", "CHECK", "FOUND", "FIX"]);
        let mut rows = Vec::new();
        for finding in &findings {
            let word = finding.verdict.word();
            table.row(&[word, finding.check, &finding.detail, finding.fix]);
            rows.push(json!({
                "Check": finding.check,
                "Verdict": word,
                "Detail": finding.detail,
                "Fix": finding.fix,
            }));
        }
        session.show.data(&json!({ "Checks": rows }), &table);
        let failed = findings.iter().any(|it| it.verdict == Verdict::Fail);
        Ok(if failed {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        })
    })
}
