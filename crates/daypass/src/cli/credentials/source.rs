//! Where the token comes from: minted here, handed over, or fetched by a command.
//!
//! **Source**: users page, section 9 (`credentials`: `--token-from`).

use std::process::Stdio;

use clap::{ArgGroup, Args};
use daypass_proof::digest::sha256_hex;

use super::super::session::Session;
use super::super::{resolve, token};
use crate::api::pools::{DeveloperToken, TokenRequest};
use crate::exit::Failure;

/// Who the credentials are for, and how that is shown.
#[derive(Args, Debug)]
#[command(group(ArgGroup::new("source").required(true)
          .args(["user", "token_from", "token_stdin"])))]
pub(super) struct SourceFlags {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: Option<String>,
    /// Id of the user in your own system; a token is minted with your key
    #[arg(long, value_name = "USER", requires = "pool")]
    user: Option<String>,
    /// Developer provider name [default: looked up in the pool]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
    /// Shell command that prints a token, like a request to your backend
    #[arg(long, value_name = "COMMAND")]
    token_from: Option<String>,
    /// Read the token from standard input
    #[arg(long)]
    token_stdin: bool,
    /// Identity of the token [default: the one it names]
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<String>,
}

impl SourceFlags {
    /// What credentials are kept under; a token that is handed over is asked about each time.
    pub(super) fn key(&self, session: &Session) -> Option<String> {
        if self.token_stdin {
            return None;
        }
        let signer = session.perhaps_signed().keys();
        let parts = [
            session.client().endpoint(),
            self.pool.as_deref().unwrap_or_default(),
            self.user.as_deref().unwrap_or_default(),
            self.provider.as_deref().unwrap_or_default(),
            self.identity.as_deref().unwrap_or_default(),
            self.token_from.as_deref().unwrap_or_default(),
            signer.map_or("", |keys| keys.access_key_id.as_str()),
        ];
        Some(sha256_hex(parts.join("\n").as_bytes()))
    }

    /// The token, and the identity it is for.
    pub(super) async fn token(&self, session: &Session) -> Result<DeveloperToken, Failure> {
        if let (Some(pool), Some(user)) = (&self.pool, &self.user) {
            return self.minted(session, pool, user).await;
        }
        let text = match &self.token_from {
            Some(command) => printed(command).await?,
            None => token::text("-")?,
        };
        let read = crate::token::read(&text).map_err(|error| token::not_a_token(&error))?;
        let named = self.identity.as_deref().or_else(|| read.text("sub"));
        let identity_id = named.ok_or_else(|| {
            Failure::usage("the token names no identity").hint("Name it with --identity.")
        })?;
        Ok(DeveloperToken {
            identity_id: identity_id.to_owned(),
            token: text,
        })
    }

    async fn minted(
        &self,
        session: &Session,
        pool: &str,
        user: &str,
    ) -> Result<DeveloperToken, Failure> {
        let pool = resolve::pool(session, pool).await?;
        let provider = resolve::provider(session, &pool, self.provider.as_deref()).await?;
        let request = TokenRequest {
            identity_pool_id: &pool,
            provider: &provider,
            user,
            identity_id: self.identity.as_deref(),
            ..TokenRequest::default()
        };
        let minted = session.api()?.developer_token(&request).await;
        minted.map_err(|error| session.trouble(&error))
    }
}

/// The token that a command prints; what it says on standard error is passed on.
async fn printed(command: &str) -> Result<String, Failure> {
    let command = command.to_owned();
    let output = tokio::task::spawn_blocking(move || {
        std::process::Command::new("/bin/sh")
            .args(["-c", &command])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
    });
    let failed = |what: String| Failure::unexpected(format!("the command of --token-from {what}"));
    let output = match output.await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(failed(format!("does not start: {error}"))),
        Err(error) => return Err(failed(format!("was not waited for: {error}"))),
    };
    if !output.status.success() {
        return Err(failed(format!("ended with {}", output.status)));
    }
    let text = String::from_utf8(output.stdout);
    let text = text.map_err(|_| failed("printed something that is no text".to_owned()))?;
    Ok(token::bare(&text))
}
