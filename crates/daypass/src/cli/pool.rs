//! `daypass pool`: identity pools, from their making to their end.
//!
//! **Source**: users page, section 9 (`pool`); Amazon Cognito identity API reference.

mod create;
mod delete;
mod lint;
mod roles;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::resolve;
use super::session::{Session, SessionFlags};
use super::show::Table;
use crate::api::CallError;
use crate::api::pools::IdentityPool;
use crate::exit::Failure;

pub(super) use create::Template;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass pool create --name photos --developer-provider login.photos.example --bucket photos
  daypass pool list
  daypass pool lint photos
";

const CREATE_EXAMPLES: &str = "\
Examples:
  daypass pool create --name photos --developer-provider login.photos.example
  daypass pool create --name photos --developer-provider login.photos.example \\
      --template user-prefix --bucket photos
";

const DELETE_EXAMPLES: &str = "\
Examples:
  daypass pool delete photos                             asks for the name
  daypass pool delete photos --delete-identities --yes   its identities, too, without asking
";

/// `daypass pool …`.
#[derive(Args, Debug)]
pub(super) struct Pool {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a pool; with a template its roles, their policies and the bucket, too
    #[command(before_help = CREATE_EXAMPLES)]
    Create(create::Create),
    /// List the pools
    List,
    /// Show one pool
    Get {
        /// Id or name of the pool
        #[arg(value_name = "POOL")]
        pool: String,
    },
    /// Change a pool; what is not named stays as it is
    Update(Update),
    /// Delete a pool and everything in it
    #[command(before_help = DELETE_EXAMPLES)]
    Delete(delete::Delete),
    /// Show or set the roles of a pool, and how logins are mapped to roles
    #[command(before_help = roles::EXAMPLES)]
    Roles(roles::Roles),
    /// Say what is missing before users get credentials; ends with 1 if anything is
    Lint {
        /// Id or name of the pool
        #[arg(value_name = "POOL")]
        pool: String,
    },
}

#[derive(Args, Debug)]
struct Update {
    /// Id or name of the pool
    #[arg(value_name = "POOL")]
    pool: String,
    /// New name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Whether guests get identities
    #[arg(long, value_name = "BOOL")]
    guests: Option<bool>,
    /// Whether the classic flow works
    #[arg(long, value_name = "BOOL")]
    classic: Option<bool>,
    /// Developer provider name, if the pool has none yet; it can never be changed
    #[arg(long, value_name = "NAME")]
    developer_provider: Option<String>,
}

/// Runs `daypass pool …`.
pub(super) fn run(pool: Pool) -> Result<ExitCode, Failure> {
    let Pool { command, session } = pool;
    session.run(|session| async move {
        match command {
            Command::Create(flags) => create::run(&session, &flags).await?,
            Command::List => list(&session).await?,
            Command::Get { pool } => {
                let id = resolve::pool(&session, &pool).await?;
                let pool = session.api()?.pool(&id).await;
                show(&session, &pool.map_err(|error| session.trouble(&error))?);
            }
            Command::Update(flags) => update(&session, &flags).await?,
            Command::Delete(flags) => delete::run(&session, &flags).await?,
            Command::Roles(flags) => roles::run(&session, &flags).await?,
            Command::Lint { pool } => return lint::run(&session, &pool).await,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn list(session: &Session) -> Result<(), Failure> {
    let pools = session.api()?.pools().await;
    let pools = pools.map_err(|error| session.trouble(&error))?;
    let mut table = Table::new(&["ID", "NAME"]);
    for pool in &pools {
        table.row(&[&pool.identity_pool_id, &pool.identity_pool_name]);
    }
    let data = serde_json::json!({ "IdentityPools": pools });
    session.show.data(&data, &table);
    Ok(())
}

/// Writes a pool.
fn show(session: &Session, pool: &IdentityPool) {
    let word = |on: bool| if on { "yes" } else { "no" };
    let table = Table::pairs(&[
        ("Id", &pool.identity_pool_id),
        ("Name", &pool.identity_pool_name),
        (
            "Developer provider",
            pool.developer_provider_name.as_deref().unwrap_or("none"),
        ),
        ("Guests", word(pool.allow_unauthenticated_identities)),
        (
            "Classic flow",
            word(pool.allow_classic_flow.unwrap_or_default()),
        ),
    ]);
    session.show.data(pool, &table);
}

async fn update(session: &Session, flags: &Update) -> Result<(), Failure> {
    let id = resolve::pool(session, &flags.pool).await?;
    let failed = |error: CallError| session.trouble(&error);
    // The operation resets what it is not given, so everything there is goes along.
    let mut pool = session.api()?.pool(&id).await.map_err(failed)?;
    if let Some(name) = &flags.name {
        pool.identity_pool_name.clone_from(name);
    }
    if let Some(guests) = flags.guests {
        pool.allow_unauthenticated_identities = guests;
    }
    if flags.classic.is_some() {
        pool.allow_classic_flow = flags.classic;
    }
    if let Some(provider) = &flags.developer_provider {
        if pool.developer_provider_name.is_none() {
            create::confirm_provider(session, provider).await?;
        }
        pool.developer_provider_name = Some(provider.clone());
    }
    let updated = session.api()?.update_pool(&pool).await.map_err(failed)?;
    show(session, &updated);
    Ok(())
}
