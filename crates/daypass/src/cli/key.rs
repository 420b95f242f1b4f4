//! `daypass key`: the access keys of backends, each limited to minting in one pool.
//!
//! A secret is shown once, when its key is made; nothing can show it again.
//!
//! **Source**: users page, section 9 (`key`) and row 54; IAM API reference.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::session::{Session, SessionFlags};
use super::show::Table;
use super::{note, resolve};
use crate::api::users::AccessKeyRow;
use crate::api::{Api, CallError};
use crate::client::Keys;
use crate::exit::Failure;
use crate::templates;

pub(super) const EXAMPLES: &str = "\
Examples:
  daypass key create --pool photos            a key for the pool's backend; its secret once
  daypass key list --pool photos
  daypass key rotate AKIA…                    a second key beside the first
  daypass key disable AKIA…                   when the backend uses the new one
";

/// `daypass key …`.
#[derive(Args, Debug)]
pub(super) struct Key {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    session: SessionFlags,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create a backend's key that may mint tokens in one pool, and nothing else
    Create {
        /// Id or name of the pool
        #[arg(long, value_name = "POOL")]
        pool: String,
        /// Name of the backend's user [default: made of the pool's name]
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// List the keys of backends and other users
    List {
        /// Only keys of users who may mint in this pool
        #[arg(long, value_name = "POOL", conflicts_with = "user")]
        pool: Option<String>,
        /// Only keys of this user
        #[arg(long, value_name = "NAME")]
        user: Option<String>,
    },
    /// Make a second key for the same user; the first keeps working until it is disabled
    Rotate(One),
    /// Switch a key off; it can be switched on again
    Disable(One),
    /// Switch a key on
    Enable(One),
    /// Delete a key for good
    Delete(One),
}

#[derive(Args, Debug)]
struct One {
    /// Id of the key
    #[arg(value_name = "KEY")]
    key: String,
}

/// Runs `daypass key …`.
pub(super) fn run(key: Key) -> Result<ExitCode, Failure> {
    let Key { command, session } = key;
    session.run(|session| async move {
        match command {
            Command::Create { pool, user } => create(&session, &pool, user.as_deref()).await?,
            Command::List { pool, user } => {
                list(&session, pool.as_deref(), user.as_deref()).await?;
            }
            Command::Rotate(one) => rotate(&session, &one.key).await?,
            Command::Disable(one) => switch(&session, &one.key, false).await?,
            Command::Enable(one) => switch(&session, &one.key, true).await?,
            Command::Delete(one) => delete(&session, &one.key).await?,
        }
        Ok(ExitCode::SUCCESS)
    })
}

async fn create(session: &Session, pool: &str, user: Option<&str>) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let id = resolve::pool(session, pool).await?;
    let pool = api.pool(&id).await.map_err(failed)?;
    let caller = api.caller_identity().await.map_err(failed)?;
    let default = templates::backend_name(&pool.identity_pool_name, &id);
    let user = user.unwrap_or(&default);
    match api.create_user(user).await {
        Ok(_) => {}
        Err(error) if error.is("EntityAlreadyExists") => {
            note(&format!(
                "The user `{user}` is there already; it gets another key."
            ));
        }
        Err(error) => return Err(failed(error)),
    }
    // The region of a pool is in its id; a server answers for one region only.
    let region = id.split(':').next().unwrap_or_default();
    let document = templates::minting(region, &caller.account, &id);
    api.put_user_policy(user, &templates::mint_policy_name(&id), &document)
        .await
        .map_err(failed)?;
    let keys = api.create_access_key(user).await.map_err(failed)?;
    show_secret(session, user, &keys);
    Ok(())
}

/// Writes a new key with its secret.
fn show_secret(session: &Session, user: &str, keys: &Keys) {
    let (id, secret) = (keys.access_key_id.as_str(), keys.secret_access_key.expose());
    let table = Table::pairs(&[
        ("User", user),
        ("AWS_ACCESS_KEY_ID", id),
        ("AWS_SECRET_ACCESS_KEY", secret),
    ]);
    let key = json!({
        "UserName": user,
        "AccessKeyId": id,
        "SecretAccessKey": secret,
        "Status": "Active",
    });
    session.show.data(&json!({ "AccessKey": key }), &table);
    note("The secret is shown only this once. Keep it where the backend reads it, not in code.");
}

async fn list(session: &Session, pool: Option<&str>, user: Option<&str>) -> Result<(), Failure> {
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let users = match user {
        Some(user) => vec![user.to_owned()],
        None => api.users().await.map_err(failed)?,
    };
    let policy = match pool {
        Some(pool) => {
            let id = resolve::pool(session, pool).await?;
            Some(templates::mint_policy_name(&id))
        }
        None => None,
    };
    let mut keys: Vec<AccessKeyRow> = Vec::new();
    for user in users {
        if let Some(policy) = &policy {
            let own = api.user_policies(&user).await.map_err(failed)?;
            if !own.contains(policy) {
                continue;
            }
        }
        keys.extend(api.access_keys(Some(&user)).await.map_err(failed)?);
    }
    let mut table = Table::new(&["KEY", "USER", "STATUS", "CREATED"]);
    for key in &keys {
        table.row(&[
            &key.access_key_id,
            &key.user_name,
            &key.status,
            &key.create_date,
        ]);
    }
    let data = json!({ "AccessKeyMetadata": keys });
    session.show.data(&data, &table);
    Ok(())
}

/// Whose key this is.
async fn owner(session: &Session, api: Api<'_>, key: &str) -> Result<String, Failure> {
    let owner = api.access_key_owner(key).await;
    let owner = owner.map_err(|error| session.trouble(&error))?;
    if owner.is_empty() {
        return Err(Failure::usage(format!("`{key}` is the root key"))
            .hint("It is set in the configuration of the server."));
    }
    Ok(owner)
}

async fn rotate(session: &Session, key: &str) -> Result<(), Failure> {
    let api = session.api()?;
    let user = owner(session, api, key).await?;
    let keys = api.create_access_key(&user).await;
    let keys = keys.map_err(|error| session.trouble(&error))?;
    show_secret(session, &user, &keys);
    note(&format!(
        "`{key}` still works. When the backend uses the new key: daypass key disable {key}"
    ));
    Ok(())
}

async fn switch(session: &Session, key: &str, on: bool) -> Result<(), Failure> {
    let api = session.api()?;
    let user = owner(session, api, key).await?;
    api.update_access_key(&user, key, on)
        .await
        .map_err(|error| session.trouble(&error))?;
    let status = if on { "Active" } else { "Inactive" };
    shown(session, &user, key, status);
    Ok(())
}

async fn delete(session: &Session, key: &str) -> Result<(), Failure> {
    let api = session.api()?;
    let user = owner(session, api, key).await?;
    let consequence = format!(
        "This deletes the key `{key}` of `{user}`. Whoever uses it is refused at once. It cannot \
         be undone; `daypass key disable` can."
    );
    session.confirm.typed(&consequence, key).await?;
    api.delete_access_key(&user, key)
        .await
        .map_err(|error| session.trouble(&error))?;
    session.show.line(&format!("deleted {key}"));
    Ok(())
}

fn shown(session: &Session, user: &str, key: &str, status: &str) {
    let table = Table::pairs(&[("Key", key), ("User", user), ("Status", status)]);
    let data: Value = json!({"AccessKeyId": key, "UserName": user, "Status": status});
    session.show.data(&data, &table);
}
