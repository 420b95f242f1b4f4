//! `daypass walk`: the founding journey against a running server, step by step.
//!
//! **Source**: users page, row 6 and section 9 (`walk`, with the output to match).

use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::session::{Session, SessionFlags};
use super::show::{Table, harmless};
use super::{resolve, say};
use crate::exchange::{self, Broken, Plan, Probe, Step};
use crate::exit::Failure;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass walk --pool photos --user user-17 --bucket photos
  daypass walk --pool photos --user user-17 --bucket photos --read-only
  daypass walk --pool photos --user user-17 --bucket photos --show   every request in full
";

/// What to walk through.
#[derive(Args, Debug)]
pub(super) struct Walk {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// Id of a user in your own system; a new one gets an identity
    #[arg(long, value_name = "USER", default_value = "user-17")]
    user: String,
    /// Bucket to try the credentials on; `hello.txt` is written under the user's prefix
    #[arg(long, value_name = "NAME")]
    bucket: String,
    /// Developer provider name [default: looked up in the pool]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// For roles that only read: list the bucket, and be refused writing
    #[arg(long)]
    read_only: bool,
    /// Show each request and answer in full, secrets left out
    #[arg(long)]
    show: bool,
    #[command(flatten)]
    session: SessionFlags,
}

/// Walks; ends with 1 if a step is not as it should be.
pub(super) fn run(walk: Walk) -> Result<ExitCode, Failure> {
    let session_flags = walk.session.clone();
    session_flags.run(|session| async move {
        let pool = resolve::pool(&session, &walk.pool).await?;
        let provider = resolve::provider(&session, &pool, walk.provider.as_deref()).await?;
        let plan = Plan {
            identity_pool_id: &pool,
            provider: &provider,
            user: &walk.user,
            bucket: &walk.bucket,
            probe: if walk.read_only {
                Probe::ReadOnly
            } else {
                Probe::OwnPrefix
            },
        };
        let json = session.show.is_json();
        let mut number = 0_usize;
        let mut on_step = |step: &Step| {
            number = number.saturating_add(1);
            if !json {
                print(number, step, walk.show);
            }
        };
        let outcome = exchange::run(session.api()?, &plan, &mut on_step).await;
        if json {
            let steps: Vec<_> = outcome.steps.iter().map(object).collect();
            let data = json!({"Held": outcome.broken.is_none(), "Steps": steps});
            session.show.data(&data, &Table::default());
        }
        match outcome.broken {
            None => {
                session.show.line(&format!(
                    "ok: the journey works. Next: daypass snippet --pool {} --lang typescript-v3 \
                     --side backend",
                    walk.pool
                ));
                Ok(ExitCode::SUCCESS)
            }
            Some(broken) => Err(failure(&session, &broken)),
        }
    })
}

fn print(number: usize, step: &Step, whole: bool) {
    say(&harmless(&step.line(number)));
    if !step.note.is_empty() {
        say(&format!("       {}", harmless(&step.note)));
    }
    if whole {
        for part in [&step.request, &step.answer] {
            say("");
            for line in part.lines() {
                say(format!("       {}", harmless(line)).trim_end());
            }
        }
        say("");
    }
}

fn object(step: &Step) -> serde_json::Value {
    json!({
        "Title": step.title,
        "Request": step.request,
        "Answer": step.answer,
        "Status": step.status,
        "Millis": step.millis,
        "Expected": step.expected,
        "Note": step.note,
    })
}

/// The failure of the step that broke, with the number of its cause.
fn failure(session: &Session, broken: &Broken) -> Failure {
    match broken {
        Broken::Call { title, cause } => {
            let cause = session.trouble(cause);
            cause.within(&format!("step `{title}`"))
        }
        Broken::Allowed { .. } => Failure::unexpected(broken.to_string())
            .hint("The role grants more than the own prefix; look at `daypass role policy`."),
        Broken::Content { .. } => Failure::unexpected(broken.to_string()),
    }
}
