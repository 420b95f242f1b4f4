//! `daypass identity unlink` and `merge`: which users of yours an identity stands for.
//!
//! **Source**: users page, row 50 and section 9 (`identity merge`, `unlink`); Cognito identity API
//! reference, *UnlinkDeveloperIdentity* and *MergeDeveloperIdentities*.

use clap::Args;
use serde_json::json;

use super::super::resolve;
use super::super::session::Session;
use super::super::show::Table;
use crate::api::CallError;
use crate::api::identities::DeveloperUser;
use crate::exit::Failure;

/// Which user is parted from its identity.
#[derive(Args, Debug)]
pub(super) struct Unlink {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// Id of the user in your own system
    #[arg(long, value_name = "USER")]
    user: String,
    /// Developer provider name [default: looked up in the pool]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
}

/// Which users become one.
#[derive(Args, Debug)]
pub(super) struct Merge {
    /// Id or name of the pool
    #[arg(long, value_name = "POOL")]
    pool: String,
    /// User whose identity goes away
    #[arg(long, value_name = "USER")]
    from: String,
    /// User whose identity stays, for both
    #[arg(long, value_name = "USER")]
    into: String,
    /// Developer provider name [default: looked up in the pool]
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,
}

/// Parts a user from its identity.
pub(super) async fn unlink(session: &Session, flags: &Unlink) -> Result<(), Failure> {
    let pool = resolve::pool(session, &flags.pool).await?;
    let provider = resolve::provider(session, &pool, flags.provider.as_deref()).await?;
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let found = api.identity_of_user(&pool, &flags.user).await;
    let identity = found.map_err(failed)?.identity_id;
    let user = &flags.user;
    let consequence = format!(
        "This parts the user `{user}` from the identity `{identity}`. If that was its last login, \
         the identity is disabled; the user gets a new id at the next sign-in."
    );
    session.confirm.typed(&consequence, user).await?;
    let user = DeveloperUser {
        identity_pool_id: &pool,
        provider: &provider,
        user,
    };
    api.unlink_developer_user(user, &identity)
        .await
        .map_err(failed)?;
    session
        .show
        .line(&format!("unlinked {} from {identity}", flags.user));
    Ok(())
}

/// Makes one identity of two.
pub(super) async fn merge(session: &Session, flags: &Merge) -> Result<(), Failure> {
    let pool = resolve::pool(session, &flags.pool).await?;
    let provider = resolve::provider(session, &pool, flags.provider.as_deref()).await?;
    let consequence = format!(
        "This makes one identity of those of `{}` and `{}`. The identity of `{}` goes away, and what \
         is stored under its id stays behind. It cannot be undone.",
        flags.from, flags.into, flags.from
    );
    session.confirm.typed(&consequence, &flags.from).await?;
    let from = DeveloperUser {
        identity_pool_id: &pool,
        provider: &provider,
        user: &flags.from,
    };
    let merged = session
        .api()?
        .merge_developer_users(from, &flags.into)
        .await;
    let identity = merged.map_err(|error| session.trouble(&error))?;
    let table = Table::pairs(&[("IdentityId", &identity)]);
    session
        .show
        .data(&json!({ "IdentityId": identity }), &table);
    Ok(())
}
