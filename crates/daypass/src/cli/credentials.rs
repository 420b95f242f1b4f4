//! `daypass credentials`: a user's temporary keys, for the shell or for every AWS tool.
//!
//! As `credential_process` of a profile it makes any AWS SDK a user of the pool. What was vended is
//! kept in a file only this user can read, until shortly before it ends.
//!
//! **Source**: users page, row 21 and section 9 (`credentials`); AWS SDKs and tools reference guide,
//! *Process credential provider*.

mod cache;
mod source;

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use daypass_proof::secret::SessionToken;
use serde_json::json;

use super::session::{Session, SessionFlags};
use super::show::json as json_text;
use super::{note, say};
use crate::api::CallError;
use crate::client::Keys;
use crate::exit::Failure;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass credentials --pool photos --user user-17
  eval \"$(daypass credentials --pool photos --user user-17 --format env)\"
  daypass credentials --token-from 'curl -s https://app.example/session'

In ~/.aws/config, for every AWS tool:
  [profile user-17]
  credential_process = daypass credentials --pool ID --user user-17 --provider NAME
";

/// Whose credentials, and in which form.
#[derive(Args, Debug)]
pub(super) struct Credentials {
    #[command(flatten)]
    source: source::SourceFlags,
    /// Form of the answer
    #[arg(long, value_enum, value_name = "FORM", default_value_t)]
    format: Format,
    /// Do not use or keep a file of earlier credentials
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, ValueEnum)]
enum Format {
    /// What AWS tools read from a credential_process
    #[default]
    CredentialProcess,
    /// Lines for a shell to evaluate
    Env,
    /// The answer of the API
    Json,
}

/// Temporary keys and what they are for.
#[derive(Clone, Debug)]
pub(super) struct Vended {
    identity_id: String,
    keys: Keys,
    expires_at: i64,
}

/// Runs `daypass credentials`.
pub(super) fn run(flags: Credentials) -> Result<ExitCode, Failure> {
    let session_flags = flags.session.clone();
    session_flags.run(|session| async move {
        let vended = vended(&session, &flags).await?;
        show(flags.format, &vended);
        Ok(ExitCode::SUCCESS)
    })
}

async fn vended(session: &Session, flags: &Credentials) -> Result<Vended, Failure> {
    let place = if flags.no_cache {
        None
    } else {
        flags.source.key(session).as_deref().and_then(cache::place)
    };
    let now = super::token::now();
    if let Some(kept) = place.as_deref().and_then(|place| cache::read(place, now)) {
        return Ok(kept);
    }
    let minted = flags.source.token(session).await?;
    let answer = session
        .perhaps_signed()
        .credentials(&minted.identity_id, &minted.token)
        .await;
    let answer = answer.map_err(|error: CallError| session.trouble(&error))?;
    let keys = answer.credentials.keys();
    let vended = Vended {
        keys: keys.map_err(|error| Failure::unexpected(format!("the answer: {error}")))?,
        expires_at: answer.credentials.expires_at(),
        identity_id: answer.identity_id,
    };
    if let Some(place) = place
        && let Err(error) = cache::write(&place, &vended)
    {
        note(&format!(
            "`{}` cannot be kept: {error}; the next run asks again",
            place.display()
        ));
    }
    Ok(vended)
}

fn show(format: Format, vended: &Vended) {
    let (id, secret) = (
        vended.keys.access_key_id.as_str(),
        vended.keys.secret_access_key.expose(),
    );
    let token = vended.keys.session_token.as_ref();
    let token = token.map(SessionToken::expose).unwrap_or_default();
    let expiration = daypass_wire::time::iso8601(vended.expires_at);
    match format {
        Format::CredentialProcess => say(&json_text(&json!({
            "Version": 1,
            "AccessKeyId": id,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": expiration,
        }))),
        Format::Env => {
            for (name, value) in [
                ("AWS_ACCESS_KEY_ID", id),
                ("AWS_SECRET_ACCESS_KEY", secret),
                ("AWS_SESSION_TOKEN", token),
                ("AWS_CREDENTIAL_EXPIRATION", &expiration),
            ] {
                say(&format!("export {name}='{value}'"));
            }
        }
        Format::Json => say(&json_text(&json!({
            "IdentityId": vended.identity_id,
            "Credentials": {
                "AccessKeyId": id,
                "SecretKey": secret,
                "SessionToken": token,
                "Expiration": vended.expires_at,
            },
        }))),
    }
}
