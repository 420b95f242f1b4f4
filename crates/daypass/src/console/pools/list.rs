//! All pools: which there are, what each is set to, and whether it is ready.
//!
//! Details are read for the rows of one page only, with the rights of the person; what they may not
//! see of a row is said in that row.
//!
//! **Source**: users page, section 7 (S4) and section 7a.

use std::collections::BTreeMap;

use askama::Template;

use super::around::{self, Withheld};
use crate::api::deployment::IdentityCount;
use crate::api::pools::PoolRow;
use crate::api::{Api, CallError};
use crate::console::frame::Frame;
use crate::console::moment::Moment;
use crate::console::plot::grouped;
use crate::console::reply::{Page, Reply};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::readiness::{Level, Look, gaps};

/// Rows of a page, as many as the API gives at once.
const ROWS: usize = 60;

/// Hours in which the last token is looked for: as many as are kept.
const HOURS: u32 = 720;

#[derive(Template)]
#[template(path = "console/pools/list.html")]
struct ListPage {
    frame: Frame,
    q: String,
    rows: Vec<Row>,
    withheld: Option<Withheld>,
    caption: String,
    back: String,
    next: String,
}

struct Row {
    id: String,
    name: String,
    href: String,
    details: Result<Details, String>,
    identities: String,
    last: Option<Moment>,
}

struct Details {
    developer: String,
    guests: bool,
    gaps: usize,
}

/// The rows of a page before their details, and the ways on.
#[derive(Default)]
struct Listed {
    rows: Vec<PoolRow>,
    caption: String,
    back: String,
    next: String,
}

/// `/console/pools`.
pub(super) async fn page(visit: &Visit) -> Page {
    let q = visit.query.trimmed("q").to_owned();
    let found = if q.is_empty() {
        one_page(visit).await
    } else {
        search(visit, &q).await
    };
    let (listed, withheld) = match found {
        Ok(listed) => (listed, None),
        Err(error) => {
            let permission = "cognito-identity:ListIdentityPools";
            (Listed::default(), Some(Withheld::new(&error, permission)))
        }
    };
    let last = last_issued(visit).await;
    let api = visit.api();
    let mut rows = Vec::with_capacity(listed.rows.len());
    for row in listed.rows {
        let issued = last.get(&row.identity_pool_id);
        rows.push(Row {
            last: issued.map(|seconds| Moment::of(*seconds, visit.now_seconds())),
            ..detailed(&api, row).await
        });
    }
    Reply::html(&ListPage {
        frame: visit.frame("Identity pools", "pools"),
        q,
        rows,
        withheld,
        caption: listed.caption,
        back: listed.back,
        next: listed.next,
    })
}

/// A page as the API cuts it. The token of the page before is carried along, for the way back.
async fn one_page(visit: &Visit) -> Result<Listed, CallError> {
    let after = visit.query.given("after");
    let page = visit.api().pool_page(after).await?;
    let back = match (after, visit.query.given("before")) {
        (None, _) => String::new(),
        (Some(_), None) => "/console/pools".to_owned(),
        (Some(_), Some(before)) => format!("/console/pools?after={}", segment(before)),
    };
    let next = page.next_token.map_or_else(String::new, |token| {
        let before = after.map_or_else(String::new, |after| format!("&before={}", segment(after)));
        format!("/console/pools?after={}{before}", segment(&token))
    });
    let count = page.identity_pools.len();
    Ok(Listed {
        rows: page.identity_pools,
        caption: format!("{count} {} on this page", pools(count)),
        back,
        next,
    })
}

/// The pools whose name or id contains a text, whichever page they are on.
async fn search(visit: &Visit, q: &str) -> Result<Listed, CallError> {
    let wanted = q.to_lowercase();
    let matches = |row: &PoolRow| {
        row.identity_pool_name.to_lowercase().contains(&wanted)
            || row.identity_pool_id.contains(&wanted)
    };
    let mut rows = visit.api().pools().await?;
    rows.retain(matches);
    let (count, from) = (rows.len(), visit.query.trimmed("from"));
    let from = from.parse::<usize>().unwrap_or(0).min(count);
    let page = |from: usize| format!("/console/pools?q={}&from={from}", segment(q));
    let until = from.saturating_add(ROWS);
    Ok(Listed {
        caption: format!("{count} {} found", pools(count)),
        back: if from == 0 {
            String::new()
        } else {
            page(from.saturating_sub(ROWS))
        },
        next: if until < count {
            page(until)
        } else {
            String::new()
        },
        rows: rows.into_iter().skip(from).take(ROWS).collect(),
    })
}

fn pools(count: usize) -> &'static str {
    if count == 1 { "pool" } else { "pools" }
}

/// When each pool last minted or vended; empty for somebody who may not know.
async fn last_issued(visit: &Visit) -> BTreeMap<String, i64> {
    let activity = visit.api().activity(HOURS, None).await;
    let pools = activity.unwrap_or_default().pools.into_iter();
    pools
        .filter_map(|pool| Some((pool.identity_pool_id, pool.last_issued?)))
        .collect()
}

async fn detailed(api: &Api<'_>, row: PoolRow) -> Row {
    let id = row.identity_pool_id;
    let details = match Look::at(api, &id).await {
        Ok(look) => Ok(Details {
            gaps: gaps(&look.setup())
                .iter()
                .filter(|gap| gap.level > Level::Note)
                .count(),
            guests: look.pool.allow_unauthenticated_identities,
            developer: look.pool.developer_provider_name.unwrap_or_default(),
        }),
        Err(error) => Err(crate::console::reply::sentence(&error)),
    };
    Row {
        name: row.identity_pool_name,
        href: around::href(&id),
        identities: counted(&api.count_identities(&id).await),
        details,
        last: None,
        id,
    }
}

/// A count as people read it; beyond the bound it is open.
pub(super) fn counted(count: &Result<IdentityCount, CallError>) -> String {
    match count {
        Ok(count) if count.complete => grouped(count.count.into()),
        Ok(count) => format!("{}+", grouped(count.count.into())),
        Err(_) => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_stopped_says_that_there_are_more() {
        let count = |count, complete| Ok(IdentityCount { count, complete });
        assert_eq!(counted(&count(1_204, true)), "1,204");
        assert_eq!(counted(&count(10_000, false)), "10,000+");
        assert_eq!(counted(&Err(CallError::Unanswered("no".into()))), "–");
    }
}
