//! `daypass identity`: who is in a pool, found from either side.
//!
//! **Source**: users page, rows 47 and 48, section 9 (`identity`).

mod links;

use std::process::ExitCode;

use clap::{ArgGroup, Args, Subcommand};
use serde_json::json;

use super::resolve;
use super::session::{Session, SessionFlags};
use super::show::Table;
use crate::api::identities::Identity as Found;
use crate::api::{CallError, insert};
use crate::exit::{Exit, Failure};

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass identity list --pool photos
  daypass identity lookup --pool photos --user user-17
  daypass identity lookup --pool photos --identity eu-west-1:6b1…
  daypass identity merge --pool photos --from user-17 --into user-18
  daypass identity delete eu-west-1:6b1…
";

/// The most identities one page of the API holds.
const PAGE: u32 = 60;

/// The most identities one call deletes.
const DELETED_AT_ONCE: usize = 60;

/// `daypass identity …`.
#[derive(Args, Debug)]
pub(super) struct Identity {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// List the identities of a pool
    List {
        /// Id or name of the pool
        #[arg(long, value_name = "POOL")]
        pool: String,
        /// How many at most
        #[arg(long, value_name = "NUMBER", default_value_t = 60)]
        limit: usize,
        /// Where to go on, from an earlier list
        #[arg(long, value_name = "TOKEN")]
        next_token: Option<String>,
    },
    /// Show one identity
    Get {
        /// Id of the identity
        #[arg(value_name = "IDENTITY")]
        identity: String,
    },
    /// Find the identity of a user of yours, or the users of an identity
    Lookup(Lookup),
    /// Part a user of yours from an identity
    Unlink(links::Unlink),
    /// Make one identity of those of two users of yours
    Merge(links::Merge),
    /// Delete identities
    Delete {
        /// Ids of the identities
        #[arg(value_name = "IDENTITY", required = true)]
        identities: Vec<String>,
    },
}

#[derive(Args, Debug)]
#[command(group(ArgGroup::new("side").required(true).args(["user", "identity"])))]
struct Lookup {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// Id of the user in your own system
    #[arg(long, value_name = "USER")]
    user: Option<String>,
    /// Id of the identity
    #[arg(long, value_name = "IDENTITY")]
    identity: Option<String>,
}

/// Runs `daypass identity …`.
pub(super) fn run(identity: Identity) -> Result<ExitCode, Failure> {
    let Identity { command, session } = identity;
    session.run(|session| async move {
        match command {
            Command::List {
                pool,
                limit,
                next_token,
            } => list(&session, &pool, limit, next_token).await?,
            Command::Get { identity } => {
                let identity = session.api()?.identity(&identity).await;
                show(
                    &session,
                    &identity.map_err(|error| session.trouble(&error))?,
                );
            }
            Command::Lookup(flags) => lookup(&session, &flags).await?,
            Command::Unlink(flags) => links::unlink(&session, &flags).await?,
            Command::Merge(flags) => links::merge(&session, &flags).await?,
            Command::Delete { identities } => delete(&session, &identities).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

/// Seconds since the epoch as a date.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float becomes the nearest whole second; beyond its range it saturates"
)]
fn date(seconds: f64) -> String {
    daypass_wire::time::iso8601(seconds as i64)
}

fn show(session: &Session, identity: &Found) {
    let (logins, created, changed) = (
        identity.logins.join(", "),
        date(identity.creation_date),
        date(identity.last_modified_date),
    );
    let table = Table::pairs(&[
        ("Id", &identity.identity_id),
        ("Logins", if logins.is_empty() { "guest" } else { &logins }),
        ("Created", &created),
        ("Changed", &changed),
    ]);
    session.show.data(identity, &table);
}

async fn list(
    session: &Session,
    pool: &str,
    limit: usize,
    mut next: Option<String>,
) -> Result<(), Failure> {
    let id = resolve::pool(session, pool).await?;
    let api = session.api()?;
    let mut identities: Vec<Found> = Vec::new();
    while identities.len() < limit {
        let wanted = u32::try_from(limit.saturating_sub(identities.len())).unwrap_or(PAGE);
        let page = api
            .identity_page(&id, wanted.min(PAGE), next.as_deref())
            .await;
        let page = page.map_err(|error| session.trouble(&error))?;
        identities.extend(page.identities);
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    let mut table = Table::new(&["ID", "LOGINS", "CREATED", "CHANGED"]);
    for identity in &identities {
        let logins = identity.logins.join(", ");
        table.row(&[
            &identity.identity_id,
            if logins.is_empty() { "guest" } else { &logins },
            &date(identity.creation_date),
            &date(identity.last_modified_date),
        ]);
    }
    let mut data = json!({"IdentityPoolId": id, "Identities": identities});
    if let Some(next) = &next {
        insert(&mut data, "NextToken", json!(next));
        super::note(&format!("There are more; go on with --next-token {next}"));
    }
    session.show.data(&data, &table);
    Ok(())
}

async fn lookup(session: &Session, flags: &Lookup) -> Result<(), Failure> {
    let pool = resolve::pool(session, &flags.pool).await?;
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let (identity, users) = match (&flags.user, &flags.identity) {
        (Some(user), _) => {
            let found = api.identity_of_user(&pool, user).await.map_err(failed)?;
            let users = if found.developer_user_identifier_list.is_empty() {
                vec![user.clone()]
            } else {
                found.developer_user_identifier_list
            };
            (found.identity_id, users)
        }
        (None, Some(identity)) => {
            let users = api.users_of_identity(&pool, identity).await;
            (identity.clone(), users.map_err(failed)?)
        }
        // The parser takes exactly one of them.
        (None, None) => return Err(Failure::usage("name a user or an identity")),
    };
    let mut table = Table::new(&["IDENTITY", "USER"]);
    if users.is_empty() {
        table.row(&[&identity, "none"]);
    }
    for user in &users {
        table.row(&[&identity, user]);
    }
    let data = json!({"IdentityId": identity, "DeveloperUserIdentifierList": users});
    session.show.data(&data, &table);
    Ok(())
}

async fn delete(session: &Session, ids: &[String]) -> Result<(), Failure> {
    let api = session.api()?;
    let (consequence, word) = match ids {
        [one] => (format!("This deletes the identity `{one}`."), one.clone()),
        many => {
            let count = many.len().to_string();
            (format!("This deletes {count} identities."), count)
        }
    };
    let consequence = format!(
        "{consequence} Its user gets a new id at the next sign-in, and what is stored under the \
         old one stays behind. It cannot be undone."
    );
    session.confirm.typed(&consequence, &word).await?;
    let mut left = Vec::new();
    for some in ids.chunks(DELETED_AT_ONCE) {
        let unprocessed = api.delete_identities(some).await;
        left.extend(unprocessed.map_err(|error| session.trouble(&error))?);
    }
    let mut table = Table::new(&["IDENTITY", "RESULT"]);
    for id in ids {
        let kept = left.iter().find(|kept| kept.identity_id == *id);
        table.row(&[id, kept.map_or("gone", |kept| kept.error_code.as_str())]);
    }
    let data = json!({ "UnprocessedIdentityIds": left });
    session.show.data(&data, &table);
    if left.is_empty() {
        return Ok(());
    }
    let exit = if left.len() == ids.len() {
        Exit::Failure
    } else {
        Exit::Partial
    };
    let sentence = format!(
        "{} of {} identities were not deleted",
        left.len(),
        ids.len()
    );
    Err(Failure::new(exit, sentence).hint("The table says why; try those again."))
}
