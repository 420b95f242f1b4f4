//! The shared store on a PostgreSQL of its own, with the faults that machines and networks make.

use crate::house::House;
use crate::program;

/// The waist's suite, two servers on one database, cut connections, restarts.
pub(super) fn postgres(house: &House) -> Result<(), String> {
    program::run(&mut house.cargo(&[
        "test",
        "--package",
        "daypass",
        "--test",
        "postgres",
        "--locked",
    ]))
}
