//! What people see, in a real browser: the example, its page from one origin and the server on
//! another, and the console with everything a person may meet in it.

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

/// The folder of the chapters that drive the console.
const CONSOLE: &str = "sdk/console";

/// Every chapter of the console; a picture of each screen stays in `.lanes/shots`.
pub(super) fn console(house: &House) -> Result<(), String> {
    needs::install_javascript(house, CONSOLE)?;
    let chromium = needs::chromium().ok_or("no Chromium")?;
    server::with(house, "console", |server| {
        let mut npm = needs::node_program(house, "npm")?;
        npm.args(["run", "--silent", "lane"])
            .current_dir(house.path(CONSOLE));
        let shots = house.lanes("shots");
        server::fresh(&shots)?;
        program::run(
            server
                .client(&mut npm)
                .env("CHROMIUM", chromium)
                .env("SHOTS", shots),
        )
    })
}
