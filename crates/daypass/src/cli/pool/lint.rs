//! `daypass pool lint`: what stands between a pool and a user who gets credentials.
//!
//! **Source**: users page, section 9 (`pool lint`); requirement S60.

use std::process::ExitCode;

use serde_json::json;

use super::super::resolve;
use super::super::session::Session;
use super::super::show::Table;
use crate::exit::Failure;
use crate::readiness::{Level, Look, checklist, gaps};

/// Shows the checklist; anything above a note makes the command end with 1.
pub(super) async fn run(session: &Session, named: &str) -> Result<ExitCode, Failure> {
    let id = resolve::pool(session, named).await?;
    let api = session.api()?;
    let look = Look::at(&api, &id).await;
    let look = look.map_err(|error| session.trouble(&error))?;
    let found = gaps(&look.setup());
    let mut table = Table::new(&["", "CHECK", "DETAIL", "FIX"]);
    for item in checklist(&look.setup()) {
        if item.gaps.is_empty() {
            table.row(&["ok", item.title]);
        }
        for gap in &item.gaps {
            table.row(&[gap.level.word(), gap.title, &gap.detail, &gap.fix]);
        }
    }
    let rows: Vec<_> = found
        .iter()
        .map(|gap| {
            json!({
                "Code": gap.code,
                "Level": gap.level.word(),
                "Title": gap.title,
                "Detail": gap.detail,
                "Fix": gap.fix,
            })
        })
        .collect();
    let ready = found.iter().all(|gap| gap.level == Level::Note);
    let data = json!({"IdentityPoolId": id, "Ready": ready, "Gaps": rows});
    session.show.data(&data, &table);
    Ok(if ready {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
