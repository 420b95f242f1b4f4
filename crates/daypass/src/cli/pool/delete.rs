//! `daypass pool delete`: with the counts first, and never by accident.
//!
//! **Source**: users page, rows 20 and 63, section 8 (Destruction).

use clap::Args;

use super::super::resolve;
use super::super::session::Session;
use crate::api::CallError;
use crate::exit::{Exit, Failure};

/// The hours over which a pool counts as used.
const LATELY_HOURS: u32 = 24;

/// The pool to delete.
#[derive(Args, Debug)]
pub(super) struct Delete {
    /// Id or name of the pool
    #[arg(value_name = "POOL")]
    pool: String,
    /// Delete its identities, too; without this a pool that has any is protected
    #[arg(long)]
    delete_identities: bool,
}

/// Deletes a pool.
pub(super) async fn run(session: &Session, flags: &Delete) -> Result<(), Failure> {
    let id = resolve::pool(session, &flags.pool).await?;
    let api = session.api()?;
    let failed = |error: CallError| session.trouble(&error);
    let pool = api.pool(&id).await.map_err(failed)?;
    let count = api.count_identities(&id).await.map_err(failed)?;
    let identities = match (count.count, count.complete) {
        (0, true) => "no identities".to_owned(),
        (1, true) => "1 identity".to_owned(),
        (count, true) => format!("{count} identities"),
        (count, false) => format!("more than {count} identities"),
    };
    if count.count > 0 && !flags.delete_identities {
        let sentence = format!("the pool `{id}` has {identities}, so it is protected");
        return Err(Failure::new(Exit::Conflict, sentence).hint(
            "Their users would get new ids and lose what is stored under the old ones. \
             If you want that, add --delete-identities.",
        ));
    }
    let name = &pool.identity_pool_name;
    let consequence = format!(
        "This deletes the pool `{name}` ({id}) with {identities}; {}. It cannot be undone.",
        used(session, &id).await
    );
    session.confirm.typed(&consequence, name).await?;
    api.delete_pool(&id).await.map_err(failed)?;
    session.show.line(&format!("deleted {id}"));
    Ok(())
}

/// How much the pool was used lately; unknown to a key that may not ask.
async fn used(session: &Session, id: &str) -> String {
    let Ok(api) = session.api() else {
        return "its use is unknown".to_owned();
    };
    match api.activity(LATELY_HOURS, Some(id)).await {
        Ok(activity) => {
            let tokens: u64 = activity.hours.iter().map(|hour| hour.tokens).sum();
            let credentials: u64 = activity.hours.iter().map(|hour| hour.credentials).sum();
            format!(
                "in the last day it minted {tokens} tokens and vended {credentials} credentials"
            )
        }
        Err(_) => "its use is unknown".to_owned(),
    }
}
