//! The whole exchange, tried by pressing a button.

use crate::console::reply::{Page, Trouble};
use crate::console::visit::Visit;

/// The page.
pub(super) async fn page(_visit: &Visit, _id: &str) -> Page {
    Err(Trouble::NotFound)
}
