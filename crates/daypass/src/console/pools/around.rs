//! What stands around the pages of one pool: where they are, and what could not be shown on them.
//!
//! **Source**: users page, section 7 (S6) and section 7a (a panel that is refused).

use crate::api::CallError;
use crate::api::pools::IdentityPool;
use crate::console::frame::Frame;
use crate::console::parts::Tab;
use crate::console::reply;
use crate::console::segment;
use crate::console::visit::Visit;

/// The page of a pool.
pub(super) fn href(id: &str) -> String {
    format!("/console/pools/{}", segment(id))
}

/// A page below that of a pool.
pub(super) fn below(id: &str, page: &str) -> String {
    format!("{}/{page}", href(id))
}

/// The pages of a pool, the `current` one marked.
pub(super) fn tabs(id: &str, current: &str) -> Vec<Tab> {
    let pages = [
        ("Overview", href(id)),
        ("Roles", below(id, "roles")),
        ("Test exchange", below(id, "test")),
        ("Snippets", below(id, "snippets")),
        (
            "Identities",
            format!("/console/identities?pool={}", segment(id)),
        ),
        ("Edit", below(id, "edit")),
    ];
    let tab = |(label, href): (&str, String)| Tab {
        label: label.to_owned(),
        href,
        current: label == current,
    };
    pages.into_iter().map(tab).collect()
}

/// The frame of a page below that of a pool; the pool's own page has no further step.
pub(super) fn frame(visit: &Visit, pool: &IdentityPool, title: String) -> Frame {
    let frame = visit.frame(title, "pools").crumb("Pools", "/console/pools");
    frame.crumb(&pool.identity_pool_name, href(&pool.identity_pool_id))
}

/// Why a part of a page is not there.
#[derive(Clone, Debug)]
pub(super) struct Withheld {
    /// Whether the key may not see it; otherwise it did not work.
    pub(super) denied: bool,
    /// What the service said.
    pub(super) sentence: String,
    /// The permission it takes.
    pub(super) permission: &'static str,
    /// The request, for the log.
    pub(super) request_id: String,
}

impl Withheld {
    /// What an error says about a part that takes a permission.
    pub(super) fn new(error: &CallError, permission: &'static str) -> Self {
        let request_id = match error {
            CallError::Refused(refusal) => refusal.request_id.clone(),
            _ => String::new(),
        };
        Self {
            denied: error.is_denied(),
            sentence: reply::sentence(error),
            permission,
            request_id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_pool_is_one_segment_of_its_address() {
        assert_eq!(href("r-1:0a"), "/console/pools/r-1%3A0a");
        let tabs = tabs("r-1:0a", "Edit");
        assert_eq!(tabs.iter().filter(|tab| tab.current).count(), 1);
        assert!(
            tabs.iter()
                .any(|tab| tab.href == "/console/identities?pool=r-1%3A0a")
        );
    }
}
