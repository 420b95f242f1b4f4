//! The example in a real browser: its page from one origin, the server on another.

use super::{needs, server};
use crate::house::House;
use crate::program;

/// The folder of the example that this lane drives as it is.
const EXAMPLE: &str = "examples/typescript";

/// Both generations of the example: type-checked, then driven through their whole journey.
pub(super) fn example(house: &House) -> Result<(), String> {
    needs::install_javascript(house, EXAMPLE)?;
    let chromium = needs::chromium().ok_or("no Chromium")?;
    server::with(house, "example", |server| {
        let mut npm = needs::node_program(house, "npm")?;
        npm.args(["run", "--silent", "lane"])
            .current_dir(house.path(EXAMPLE));
        program::run(server.client(&mut npm).env("CHROMIUM", chromium))
    })
}
