//! The settings page.

use super::reply::{Page, Trouble};
use super::visit::Visit;

/// The page.
pub(super) async fn page(_visit: &Visit) -> Page {
    Err(Trouble::NotFound)
}
