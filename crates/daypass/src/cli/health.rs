//! `daypass health`: one question for the checks of containers and load balancers.
//!
//! **Source**: users page, section 9 (`health`: exit 0 or 7).

use std::process::ExitCode;

use clap::Args;
use http::Method;
use serde_json::json;

use super::session::SessionFlags;
use super::show::Table;
use crate::api::CallError;
use crate::exit::{Exit, Failure};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass health                 ready to serve? ends with 0 or 7
  daypass health --live          is the process there at all?
";

/// What is asked.
#[derive(Args, Debug)]
pub(super) struct Health {
    /// Ask only whether the process answers
    #[arg(long, conflicts_with = "ready")]
    live: bool,
    /// Ask whether it can serve (this is what is asked without a flag)
    #[arg(long)]
    ready: bool,
    #[command(flatten)]
    session: SessionFlags,
}

/// Asks.
pub(super) fn run(health: Health) -> Result<ExitCode, Failure> {
    let path = if health.live { "/healthz" } else { "/readyz" };
    health.session.run(|session| async move {
        let answer = session.client().plain(Method::GET, path, &[]).await;
        let answer = answer.map_err(|error| {
            // Too late is as good as not there, for whoever restarts containers.
            session
                .trouble(&CallError::from(error))
                .ending(Exit::Unreachable)
        })?;
        if answer.status.is_success() {
            let table = Table::pairs(&[("ok", "")]);
            session.show.data(&json!({"Status": "ok"}), &table);
            return Ok(ExitCode::SUCCESS);
        }
        let sentence = format!("`{path}` was answered {}", answer.status);
        Err(Failure::new(Exit::Unreachable, sentence)
            .hint("The server is starting, stopping, or cannot use its data; its log says which."))
    })
}
