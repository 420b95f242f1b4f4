//! `daypass snippet`: code to copy, filled in for one pool.
//!
//! The code goes to standard output, so that it can be written to a file; what a person has to
//! know about it goes to standard error.
//!
//! **Source**: users page, section 9 (`snippet`) and section 8 (S8).

use std::process::ExitCode;

use clap::Args;

use super::session::{Session, SessionFlags};
use super::{note, resolve, say};
use crate::exit::Failure;
use crate::readiness::Look;
use crate::snippets::{self, Filling, Language, Side};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass snippet --pool ID                                      the languages there are
  daypass snippet --pool ID --lang python --side backend         the half on your server
  daypass snippet --pool ID --lang typescript-v3 --side client   the half of your users
";

/// What to show, and for which pool.
#[derive(Args, Debug)]
pub(super) struct SnippetFlags {
    /// Id of the identity pool; its name will do with a key that may look it up
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// Language; without it, the list of them
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// Which half: backend or client
    #[arg(long, default_value_t = Side::Backend)]
    side: Side,
    /// Developer provider name of the pool [default: looked up with your key]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Bucket with a folder for each identity [default: looked up with your key]
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
    #[command(flatten)]
    session: SessionFlags,
}

/// What of a pool goes into a snippet.
#[derive(Debug, Default)]
struct Facts {
    provider: Option<String>,
    bucket: Option<String>,
    guests: bool,
}

/// Prints one snippet, or the languages there are.
pub(super) fn run(flags: SnippetFlags) -> Result<ExitCode, Failure> {
    let Some(language) = flags.lang else {
        for (language, sides) in snippets::all() {
            let sides: Vec<&str> = sides.into_iter().map(Side::slug).collect();
            let (slug, label, sides) = (language.slug(), language.label(), sides.join(", "));
            say(&format!("{slug:<14} {label:<20} {sides}"));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let session_flags = flags.session.clone();
    session_flags.run(|session| async move {
        let pool = resolve::pool(&session, &flags.pool).await?;
        let facts = facts(&session, &pool).await;
        let region = pool.split_once(':').map(|(region, _)| region);
        let filling = Filling {
            endpoint: session.client().endpoint(),
            region: flags
                .session
                .region
                .as_deref()
                .or(region)
                .unwrap_or("us-east-1"),
            identity_pool_id: &pool,
            developer_provider_name: flags.provider.as_deref().or(facts.provider.as_deref()),
            bucket: flags.bucket.as_deref().or(facts.bucket.as_deref()),
            guests: facts.guests,
        };
        let Some(snippet) = snippets::snippet(language, flags.side, &filling) else {
            let (label, side) = (language.label(), flags.side);
            return Err(Failure::usage(format!("{label} has no {side} snippet"))
                .hint("`daypass snippet --pool ID` lists what there is."));
        };
        note(snippet.note.unwrap_or_default());
        note(&format!(
            "Save it as {}. It needs: {}",
            snippet.file_name, snippet.install
        ));
        say(snippet.text.trim_end());
        Ok(ExitCode::SUCCESS)
    })
}

/// What the server says of the pool; without a key, or with one that may not look, nothing.
async fn facts(session: &Session, pool: &str) -> Facts {
    let Ok(api) = session.api() else {
        return Facts::default();
    };
    match Look::at(&api, pool).await {
        Ok(look) => Facts {
            bucket: look.bucket(),
            guests: look.pool.allow_unauthenticated_identities,
            provider: look.pool.developer_provider_name,
        },
        Err(error) => {
            note(&format!(
                "The pool could not be looked up ({error}); fill in what is written in capitals."
            ));
            Facts::default()
        }
    }
}
