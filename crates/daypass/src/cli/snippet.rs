//! `daypass snippet`: code to copy, filled in for one pool.
//!
//! The code goes to standard output, so that it can be written to a file; what a person has to
//! know about it goes to standard error.
//!
//! **Source**: users page, section 9 (`snippet`) and section 8 (S8).

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::say;
use crate::exit::Failure;
use crate::snippets::{self, Filling, Language, Side};

/// What to show, and for which pool.
#[derive(Args, Debug)]
pub(super) struct SnippetFlags {
    /// Id of the identity pool
    #[arg(long, value_name = "ID")]
    pool: String,
    /// Language; without it, the list of them
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<Language>,
    /// Which half: backend or client
    #[arg(long, default_value_t = Side::Backend)]
    side: Side,
    /// URL that clients use
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:4600")]
    endpoint: String,
    /// Region that signatures carry [default: the one in the id of the pool]
    #[arg(long)]
    region: Option<String>,
    /// Developer provider name of the pool
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Bucket with a folder for each identity
    #[arg(long, value_name = "NAME")]
    bucket: Option<String>,
}

/// Prints one snippet, or the languages there are.
pub(super) fn run(flags: &SnippetFlags) -> Result<ExitCode, Failure> {
    let Some(language) = flags.lang else {
        for (language, sides) in snippets::all() {
            let sides: Vec<&str> = sides.into_iter().map(Side::slug).collect();
            let (slug, label, sides) = (language.slug(), language.label(), sides.join(", "));
            say(&format!("{slug:<14} {label:<20} {sides}"));
        }
        return Ok(ExitCode::SUCCESS);
    };
    let region = flags.pool.split_once(':').map(|(region, _)| region);
    let filling = Filling {
        endpoint: flags.endpoint.trim_end_matches('/'),
        region: flags.region.as_deref().or(region).unwrap_or("us-east-1"),
        identity_pool_id: &flags.pool,
        developer_provider_name: flags.provider.as_deref(),
        bucket: flags.bucket.as_deref(),
        guests: false,
    };
    let Some(snippet) = snippets::snippet(language, flags.side, &filling) else {
        let (label, side) = (language.label(), flags.side);
        return Err(Failure::unexpected(format!(
            "{label} has no {side} snippet"
        )));
    };
    // Standard error may be closed; the snippet is what was asked for.
    let _closed = writeln!(
        std::io::stderr(),
        "{}\nSave it as {}. It needs: {}",
        snippet.note.unwrap_or_default(),
        snippet.file_name,
        snippet.install
    );
    say(snippet.text.trim_end());
    Ok(ExitCode::SUCCESS)
}
