//! Identities: the people of a pool, one of them, deleting and unlinking.
//!
//! A pool may have a hundred thousand identities, so nothing here reads more than one page of them.
//!
//! **Source**: users page, section 7 (S12, S13) and section 7a.

pub(super) mod access;
mod checks;
mod delete;
mod detail;
mod export;
mod list;
pub(super) mod lookup;
mod paging;
mod unlink;

use std::future::{Future, ready};
use std::pin::Pin;

use super::parts::Choice;
use super::reply::{Page, Trouble};
use super::segment;
use super::visit::Visit;
use crate::api::pools::PoolRow;

/// Where the identities are.
const PATH: &str = "/console/identities";

/// A page being made.
type Making<'v> = Pin<Box<dyn Future<Output = Page> + Send + 'v>>;

/// The pages below.
pub(super) async fn page(visit: &Visit, rest: &[&str]) -> Page {
    find(visit, rest).await
}

fn find<'v>(visit: &'v Visit, rest: &'v [&'v str]) -> Making<'v> {
    match rest {
        [] => Box::pin(list::page(visit)),
        ["delete"] => Box::pin(delete::page(visit)),
        ["export"] => Box::pin(export::page(visit)),
        [id] => Box::pin(detail::page(visit, id)),
        [id, "unlink"] => Box::pin(unlink::page(visit, id)),
        _ => Box::pin(ready(Err(Trouble::NotFound))),
    }
}

/// The page of an identity; an empty pool is one that is not known.
pub(super) fn path_of(identity: &str, pool: &str) -> String {
    let identity = segment(identity);
    if pool.is_empty() {
        return format!("{PATH}/{identity}");
    }
    format!("{PATH}/{identity}?pool={}", segment(pool))
}

/// The list of a pool's identities.
fn list_path(pool: &str) -> String {
    format!("{PATH}?pool={}", segment(pool))
}

/// The pools to choose from, the chosen one marked.
fn pool_choices(pools: &[PoolRow], chosen: &str) -> Vec<Choice> {
    let choice = |pool: &PoolRow| {
        let number = pool.identity_pool_id.rsplit(':').next().unwrap_or_default();
        let short: String = number.chars().take(8).collect();
        let label = format!("{} ({short})", pool.identity_pool_name);
        Choice::new(&pool.identity_pool_id, &label, chosen)
    };
    let mut choices: Vec<Choice> = pools.iter().map(choice).collect();
    if !choices.iter().any(|choice| choice.selected) {
        choices.insert(0, Choice::new("", "Choose a pool", ""));
    }
    choices
}
