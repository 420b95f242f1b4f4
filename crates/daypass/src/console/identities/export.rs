//! Identities as a file: a table for spreadsheets, or JSON.
//!
//! A spreadsheet runs a cell that begins like a formula, and a user id may be anything; such cells
//! get an apostrophe in front, which spreadsheets take as "this is text".
//!
//! **Source**: users page, section 7 (S12); RFC 4180; issue on hostile names in exports.

use serde::Serialize;

use super::list::{identity_page, seconds};
use super::lookup;
use crate::api::identities::Identity;
use crate::console::reply::{Page, Reply, Trouble};
use crate::console::visit::Visit;

/// The most identities in one file.
const ROWS_MAX: usize = 1_000;

/// The most users of one identity in a file.
const USERS_MAX: usize = 60;

/// How many identities are asked for at a time: the most that an answer holds.
const PAGE: u32 = 60;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Exported {
    identity_pool_id: String,
    /// Whether the list ends here.
    complete: bool,
    identities: Vec<Line>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    identity_id: String,
    logins: Vec<String>,
    developer_user_identifiers: Vec<String>,
    created: String,
    last_modified: String,
}

/// The file, from where the address stands.
pub(super) async fn page(visit: &Visit) -> Page {
    let pool = visit.query.trimmed("pool");
    if pool.is_empty() {
        return Err(Trouble::NotFound);
    }
    let exported = gather(visit, pool).await?;
    if visit.query.get("format") == "json" {
        let text = serde_json::to_vec_pretty(&exported)
            .map_err(|error| Trouble::Defect(error.to_string()))?;
        return Ok(Reply::file("identities.json", "application/json", text));
    }
    let text = csv(&exported.identities).into_bytes();
    Ok(Reply::file(
        "identities.csv",
        "text/csv; charset=utf-8",
        text,
    ))
}

async fn gather(visit: &Visit, pool: &str) -> Result<Exported, Trouble> {
    let (hide, mut at) = (
        visit.query.has("hide"),
        visit.query.given("at").map(str::to_owned),
    );
    let mut lines: Vec<Line> = Vec::new();
    let mut may_look = true;
    loop {
        let page = identity_page(visit.api(), pool, PAGE, at.as_deref(), hide).await?;
        for identity in page.identities {
            let users = users(visit, pool, &identity, &mut may_look).await;
            lines.push(line(identity, users));
        }
        at = page.next_token;
        if at.is_none() || lines.len() >= ROWS_MAX {
            break;
        }
    }
    let complete = at.is_none() && lines.len() <= ROWS_MAX;
    lines.truncate(ROWS_MAX);
    Ok(Exported {
        identity_pool_id: pool.to_owned(),
        complete,
        identities: lines,
    })
}

/// The users of an identity; nobody is asked again after one refusal.
async fn users(visit: &Visit, pool: &str, identity: &Identity, may_look: &mut bool) -> Vec<String> {
    if identity.logins.is_empty() || !*may_look {
        return Vec::new();
    }
    match lookup::users(visit.api(), pool, &identity.identity_id, USERS_MAX).await {
        Ok(lookup) => lookup.developer_user_identifier_list,
        Err(error) => {
            *may_look = !error.is_denied();
            Vec::new()
        }
    }
}

fn line(identity: Identity, users: Vec<String>) -> Line {
    let at = |wire| daypass_wire::time::iso8601(seconds(wire));
    Line {
        created: at(identity.creation_date),
        last_modified: at(identity.last_modified_date),
        identity_id: identity.identity_id,
        logins: identity.logins,
        developer_user_identifiers: users,
    }
}

fn csv(lines: &[Line]) -> String {
    let heads = "IdentityId,Logins,DeveloperUserIdentifiers,Created,LastModified\r\n";
    let mut text = heads.to_owned();
    for line in lines {
        let cells = [
            cell(&line.identity_id),
            cell(&line.logins.join(" ")),
            cell(&line.developer_user_identifiers.join(" ")),
            cell(&line.created),
            cell(&line.last_modified),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// One cell, quoted where it must be, and never a formula.
fn cell(text: &str) -> String {
    let formula =
        text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_two_cells() {
        for (text, written) in [
            ("ada", "ada"),
            ("=cmd()", "'=cmd()"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            (" =1", "' =1"),
            ("\t=1", "'\t=1"),
            ("a,b", "\"a,b\""),
            ("=\"a\"\n", "\"'=\"\"a\"\"\n\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }

    #[test]
    fn a_line_has_five_cells() {
        let line = Line {
            identity_id: "r:1".into(),
            logins: vec!["login.app".into()],
            developer_user_identifiers: vec!["a,1".into(), "=b".into()],
            created: "c".into(),
            last_modified: "m".into(),
        };
        let text = csv(&[line]);
        assert_eq!(text.lines().nth(1), Some("r:1,login.app,\"a,1 =b\",c,m"));
    }
}
