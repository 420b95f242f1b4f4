//! Identity pools: all of them, a new one, one of them.
//!
//! **Source**: users page, section 7 (S4, S5, S6, S9, S11).

mod around;
mod checklist;
mod delete;
mod edit;
mod form;
mod key;
mod list;
mod mapping_form;
mod mappings;
mod new;
mod one;
mod role_form;
mod role_plan;
mod roles;
mod snippets;
mod test_exchange;

use std::future::{Future, ready};
use std::pin::Pin;

use super::reply::{Page, Trouble};
use super::visit::Visit;

/// A page being made.
type Making<'v> = Pin<Box<dyn Future<Output = Page> + Send + 'v>>;

/// The pages below.
pub(super) async fn page(visit: &Visit, rest: &[&str]) -> Page {
    find(visit, rest).await
}

fn find<'v>(visit: &'v Visit, rest: &'v [&'v str]) -> Making<'v> {
    match rest {
        [] => Box::pin(list::page(visit)),
        ["new"] => Box::pin(new::page(visit)),
        [id] => Box::pin(one::page(visit, id)),
        [id, "roles"] => Box::pin(roles::page(visit, id)),
        [id, "mappings"] => Box::pin(mappings::page(visit, id)),
        [id, "key"] => Box::pin(key::page(visit, id)),
        [id, "edit"] => Box::pin(edit::page(visit, id)),
        [id, "delete"] => Box::pin(delete::page(visit, id)),
        [id, "test"] => Box::pin(test_exchange::page(visit, id)),
        [id, "snippets"] => Box::pin(snippets::page(visit, id)),
        _ => Box::pin(ready(Err(Trouble::NotFound))),
    }
}

#[cfg(test)]
mod tests;
