//! `daypass token`: mint one, take one apart, check one.
//!
//! **Source**: users page, section 9 (`token`), row 12; Cognito identity reference, sections 4.3 to
//! 4.6.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::process::ExitCode;

use bytes::Bytes;
use clap::{Args, Subcommand};
use serde_json::json;

use super::resolve;
use super::session::{Session, SessionFlags};
use super::show::Table;
use crate::api::CallError;
use crate::api::pools::TokenRequest;
use crate::clock;
use crate::exit::Failure;
use crate::token::{self, NotAToken, Unverified};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass token mint --pool photos --user user-17
  daypass token mint --pool photos --user user-17 --output json | daypass token inspect -
  daypass token inspect token.txt
  daypass token verify - < token.txt
";

/// The longest text that is read as a token, in bytes.
const TEXT_BYTES_MAX: u64 = 200_000;

/// `daypass token …`.
#[derive(Args, Debug)]
pub(super) struct Token {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Mint a token for a user of yours, as a backend does
    Mint(Mint),
    /// Say what a token says; nothing is checked and nothing is sent
    Inspect {
        /// File that holds the token, or `-` for standard input
        #[arg(value_name = "FILE", default_value = "-")]
        file: String,
    },
    /// Check a token against the server's published keys
    Verify {
        /// File that holds the token, or `-` for standard input
        #[arg(value_name = "FILE", default_value = "-")]
        file: String,
    },
}

/// For whom a token is minted.
#[derive(Args, Debug)]
pub(super) struct Mint {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// Id of the user in your own system
    #[arg(long, value_name = "USER")]
    user: String,
    /// Developer provider name [default: looked up in the pool]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Identity to link the user with
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<String>,
    /// How long the token lives, like 15m; 24h at most
    #[arg(long, value_name = "TIME", value_parser = resolve::seconds)]
    duration: Option<i64>,
    /// Principal tag; may be given several times
    #[arg(long = "tag", value_name = "KEY=VALUE", value_parser = tag)]
    tags: Vec<(String, String)>,
}

fn tag(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| !key.is_empty());
    let (key, value) = pair.ok_or_else(|| "a tag looks like tenant=blue".to_owned())?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Runs `daypass token …`.
pub(super) fn run(token: Token) -> Result<ExitCode, Failure> {
    let Token { command, session } = token;
    session.run(|session| async move {
        match command {
            Command::Mint(flags) => mint(&session, &flags).await?,
            Command::Inspect { file } => inspect(&session, &file)?,
            Command::Verify { file } => verify(&session, &file).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn mint(session: &Session, flags: &Mint) -> Result<(), Failure> {
    let pool = resolve::pool(session, &flags.pool).await?;
    let provider = resolve::provider(session, &pool, flags.provider.as_deref()).await?;
    let request = TokenRequest {
        identity_pool_id: &pool,
        provider: &provider,
        user: &flags.user,
        identity_id: flags.identity.as_deref(),
        duration_seconds: flags.duration,
        tags: flags.tags.iter().cloned().collect::<BTreeMap<_, _>>(),
    };
    let minted = session.api()?.developer_token(&request).await;
    let minted = minted.map_err(|error| session.trouble(&error))?;
    let table = Table::pairs(&[
        ("IdentityId", &minted.identity_id),
        ("Token", &minted.token),
    ]);
    session.show.data(&minted, &table);
    Ok(())
}

fn inspect(session: &Session, file: &str) -> Result<(), Failure> {
    let text = text(file)?;
    let token = token::read(&text).map_err(|error| not_a_token(&error))?;
    let life = token.life(now()).to_string();
    let mut table = Table::new(&["PART", "MEANING", "VALUE"]);
    for claim in token.claim_rows().into_iter().chain(token.header_rows()) {
        table.row(&[&claim.name, claim.meaning, &claim.value]);
    }
    table.row(&[
        "life",
        "by this machine's clock; the signature was not checked",
        &life,
    ]);
    let data = json!({"Header": token.header, "Claims": token.claims, "Life": life});
    session.show.data(&data, &table);
    Ok(())
}

async fn verify(session: &Session, file: &str) -> Result<(), Failure> {
    let text = text(file)?;
    // Whatever it is, it is looked at here before anything is asked of a server.
    token::read(&text).map_err(|error| not_a_token(&error))?;
    let (keys, issuer) = published(session).await?;
    match token::verify(&text, &keys, &issuer, now()) {
        Ok(token) => {
            let (sub, aud) = (token.text("sub"), token.text("aud"));
            let life = token.life(now()).to_string();
            let table = Table::pairs(&[
                ("Verdict", "ok"),
                ("Issuer", &issuer),
                ("Identity", sub.unwrap_or_default()),
                ("Pool", aud.unwrap_or_default()),
                ("Life", &life),
            ]);
            let data = json!({"Valid": true, "Issuer": issuer, "Claims": token.claims});
            session.show.data(&data, &table);
            Ok(())
        }
        Err(Unverified::NotAToken(error)) => Err(not_a_token(&error)),
        Err(error) => {
            session.show.data(
                &json!({"Valid": false, "Issuer": issuer, "Reason": error.to_string()}),
                &Table::pairs(&[("Verdict", "fail"), ("Issuer", &issuer)]),
            );
            Err(
                Failure::unexpected(format!("the token is not good: {error}"))
                    .hint("`daypass token inspect` shows what it says; mint a new one."),
            )
        }
    }
}

/// The published keys, and the name the server issues tokens under.
async fn published(session: &Session) -> Result<(Bytes, String), Failure> {
    let api = session.perhaps_signed();
    let failed = |error: CallError| session.trouble(&error);
    let keys = api.key_set().await.map_err(failed)?;
    Ok((keys, api.issuer().await.map_err(failed)?))
}

/// A token out of a file or standard input: the bare text, or what a command printed as JSON.
pub(super) fn text(file: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == "-" {
        std::io::stdin()
            .lock()
            .take(TEXT_BYTES_MAX)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(file)
            .and_then(|file| file.take(TEXT_BYTES_MAX).read_to_string(&mut text))
    };
    let shown = if file == "-" { "standard input" } else { file };
    read.map_err(|error| Failure::usage(format!("`{shown}` does not read: {error}")))?;
    Ok(bare(&text))
}

/// The token in a text: a member of an answer, or the text itself.
pub(super) fn bare(text: &str) -> String {
    let answer: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let member = answer.as_ref().and_then(|answer| {
        let token = answer.get("Token").or_else(|| answer.get("token"))?;
        token.as_str()
    });
    member.unwrap_or_else(|| text.trim()).to_owned()
}

/// The failure of a text that is no token.
pub(super) fn not_a_token(error: &NotAToken) -> Failure {
    Failure::usage(error.to_string())
        .hint("Hand over the token alone, or the answer that holds it.")
}

/// The time, in seconds since the epoch.
pub(super) fn now() -> i64 {
    clock::now_millis().div_euclid(1_000)
}
