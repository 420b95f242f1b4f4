//! The list of a pool's identities, a page at a time, and the search in it.
//!
//! **Source**: users page, section 7 (S12) and section 7a; Cognito identity API reference,
//! *ListIdentities* and *LookupDeveloperIdentity*.

use askama::Template;
use serde_json::json;

use super::paging::{Paging, ROWS};
use super::{list_path, lookup, path_of, pool_choices};
use crate::api::identities::{Identity, IdentityPage};
use crate::api::pools::PoolRow;
use crate::api::{Api, CallError, Json};
use crate::console::fields::Fields;
use crate::console::frame::Frame;
use crate::console::moment::Moment;
use crate::console::parts::Choice;
use crate::console::reply::{Page, Reply, sentence};
use crate::console::segment;
use crate::console::visit::Visit;

/// The most users of one identity that a row shows.
const USERS_SHOWN: usize = 3;

#[derive(Template)]
#[template(path = "console/identities/list.html")]
struct ListPage {
    frame: Frame,
    pools: Result<Vec<Choice>, CallError>,
    pool: String,
    pool_name: String,
    q: String,
    hide_disabled: bool,
    listed: Option<Result<Listed, CallError>>,
    count: String,
    search_elsewhere: String,
    export: String,
}

/// The rows of a page.
#[derive(Debug, Default)]
struct Listed {
    rows: Vec<Row>,
    previous: String,
    next: String,
    first: String,
    caption: String,
    users_refused: Option<CallError>,
    expired: bool,
    /// The pool that has what was searched for, and where to see it.
    elsewhere: Option<(String, String)>,
}

#[derive(Debug)]
struct Row {
    id: String,
    href: String,
    guest: bool,
    providers: String,
    users: Vec<String>,
    more: bool,
    unseen: bool,
    created: Moment,
    modified: Moment,
}

/// The page.
pub(super) async fn page(visit: &Visit) -> Page {
    let api = visit.api();
    let pools = api.pools().await;
    let rows = pools.as_ref().map_or(&[][..], Vec::as_slice);
    let pool = chosen(visit, rows);
    let q = visit.query.trimmed("q").to_owned();
    let name = rows.iter().find(|row| row.identity_pool_id == pool);
    let pool_name = name.map_or_else(|| pool.clone(), |row| row.identity_pool_name.clone());
    let hide_disabled = visit.query.has("hide");
    let frame = visit.frame("Identities", "identities");
    let mut page = ListPage {
        frame,
        search_elsewhere: format!("/console/search?q={}", segment(&q)),
        pool_name,
        hide_disabled,
        listed: None,
        count: String::new(),
        export: String::new(),
        pools: Ok(Vec::new()),
        pool,
        q,
    };
    if page.pool.is_empty() {
    } else if page.q.is_empty() {
        let paging = Paging::read(&visit.query);
        if paging.at.is_none() {
            page.count = count(api, &page.pool).await;
        }
        page.export = export_query(&page.pool, hide_disabled, &paging);
        page.listed = Some(listed(visit, &page.pool, hide_disabled, &paging).await);
    } else {
        page.listed = Some(found(visit, &page.pool, &page.q, rows).await);
    }
    page.pools = pools.map(|rows| pool_choices(&rows, &page.pool));
    Reply::html(&page)
}

/// The pool in the address, or the only one there is.
fn chosen(visit: &Visit, pools: &[PoolRow]) -> String {
    match (visit.query.given("pool"), pools) {
        (Some(pool), _) => pool.to_owned(),
        (None, [only]) => only.identity_pool_id.clone(),
        (None, _) => String::new(),
    }
}

/// How many there are, as a person says it; nothing when that may not be known.
async fn count(api: Api<'_>, pool: &str) -> String {
    match api.count_identities(pool).await {
        Ok(counted) if !counted.complete => "More than 10,000 identities".to_owned(),
        Ok(counted) if counted.count == 1 => "1 identity".to_owned(),
        Ok(counted) => format!("{} identities", grouped(counted.count)),
        Err(_) => String::new(),
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn filters(pool: &str, hide_disabled: bool) -> Fields {
    let filters = Fields::default().with("pool", pool);
    if hide_disabled {
        filters.with("hide", "on")
    } else {
        filters
    }
}

fn export_query(pool: &str, hide_disabled: bool, paging: &Paging) -> String {
    let mut fields = filters(pool, hide_disabled);
    if let Some(at) = &paging.at {
        fields = fields.with("at", at);
    }
    fields.encode()
}

/// One page of a pool's identities.
pub(super) async fn identity_page(
    api: Api<'_>,
    pool: &str,
    size: u32,
    at: Option<&str>,
    hide_disabled: bool,
) -> Result<IdentityPage, CallError> {
    let mut input = json!({
        "IdentityPoolId": pool, "MaxResults": size, "HideDisabled": hide_disabled,
    });
    if let (Some(token), Some(members)) = (at, input.as_object_mut()) {
        members.insert("NextToken".to_owned(), json!(token));
    }
    api.json(Json::Cognito, "ListIdentities", &input).await
}

async fn listed(
    visit: &Visit,
    pool: &str,
    hide_disabled: bool,
    paging: &Paging,
) -> Result<Listed, CallError> {
    let filters = filters(pool, hide_disabled);
    let asked = identity_page(visit.api(), pool, ROWS, paging.at.as_deref(), hide_disabled).await;
    let page = match asked {
        Err(error) if paging.at.is_some() && error.is("InvalidParameterException") => {
            return Ok(Listed {
                first: Paging::first(&filters),
                expired: true,
                ..Listed::default()
            });
        }
        other => other?,
    };
    let shown = page.identities.len();
    let next = page.next_token.as_deref();
    let mut listed = rows(visit, pool, page.identities).await;
    listed.next = next.map_or_else(String::new, |token| paging.next(&filters, token, shown));
    listed.previous = paging.previous(&filters);
    if paging.at.is_some() {
        listed.first = Paging::first(&filters);
    }
    let until = paging
        .before
        .saturating_add(u64::try_from(shown).unwrap_or(0));
    if shown > 0 {
        let from = grouped(paging.before.saturating_add(1));
        listed.caption = format!("Identities {from} to {}", grouped(until));
    }
    Ok(listed)
}

/// The one identity that was searched for; no row when the pool has none.
async fn found(visit: &Visit, pool: &str, q: &str, pools: &[PoolRow]) -> Result<Listed, CallError> {
    let api = visit.api();
    let id = if lookup::is_id(q) {
        match lookup::users(api, pool, q, 1).await {
            Err(error) if error.is_absent() => return Ok(elsewhere(api, q, pools).await),
            _ => q.to_owned(),
        }
    } else {
        match api.identity_of_user(pool, q).await {
            Err(error) if error.is_absent() || error.is("InvalidParameterException") => {
                return Ok(Listed::default());
            }
            other => other?.identity_id,
        }
    };
    match api.identity(&id).await {
        Err(error) if error.is_absent() => Ok(Listed::default()),
        other => Ok(rows(visit, pool, vec![other?]).await),
    }
}

/// No row, and the pool that has this identity, if one has.
async fn elsewhere(api: Api<'_>, id: &str, pools: &[PoolRow]) -> Listed {
    let there = match api.identity(id).await {
        Ok(_) => lookup::pool_of(api, id, pools).await,
        Err(_) => None,
    };
    Listed {
        elsewhere: there.map(|pool| {
            let href = path_of(id, &pool.identity_pool_id);
            (pool.identity_pool_name, href)
        }),
        ..Listed::default()
    }
}

/// Identities as rows, each with its first users.
async fn rows(visit: &Visit, pool: &str, identities: Vec<Identity>) -> Listed {
    let now = visit.now_seconds();
    let mut listed = Listed::default();
    for identity in identities {
        let mut row = row(identity, pool, now);
        if !row.guest && listed.users_refused.is_none() {
            match lookup::users(visit.api(), pool, &row.id, USERS_SHOWN).await {
                Ok(lookup) => {
                    row.users = lookup.developer_user_identifier_list;
                    row.more = lookup.next_token.is_some();
                }
                Err(error) if error.is_denied() => listed.users_refused = Some(error),
                Err(_) => row.unseen = true,
            }
        }
        row.unseen |= !row.guest && listed.users_refused.is_some();
        listed.rows.push(row);
    }
    listed
}

fn row(identity: Identity, pool: &str, now: i64) -> Row {
    Row {
        href: path_of(&identity.identity_id, pool),
        guest: identity.logins.is_empty(),
        providers: identity.logins.join(", "),
        users: Vec::new(),
        more: false,
        unseen: false,
        created: Moment::of(seconds(identity.creation_date), now),
        modified: Moment::of(seconds(identity.last_modified_date), now),
        id: identity.identity_id,
    }
}

/// The whole seconds of a moment on the wire.
pub(super) fn seconds(wire: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast of a fraction holds at the ends of the range"
    )]
    let whole = wire.floor() as i64;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let texts = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn an_export_begins_where_the_page_stands() {
        let query = Fields::parse(b"at=t%2F1&before=20");
        let paging = Paging::read(&query);
        assert_eq!(
            export_query("r:p", true, &paging),
            "pool=r%3Ap&hide=on&at=t%2F1"
        );
        assert_eq!(list_path("r:p"), "/console/identities?pool=r%3Ap");
    }
}
