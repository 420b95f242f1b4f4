//! The pools.

use super::reply::{Page, Trouble};
use super::visit::Visit;

/// The pages below.
pub(super) async fn page(_visit: &Visit, _rest: &[&str]) -> Page {
    Err(Trouble::NotFound)
}
