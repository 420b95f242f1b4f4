//! The shared store on a PostgreSQL of its own, with the faults that machines and networks make.

use crate::house::House;
use crate::program;

/// The waist's suite, two servers on one database, cut connections, restarts.
pub(super) fn postgres(house: &House) -> Result<(), String> {
    // Chosen from the whole workspace, whose build stands; alone it would be built again.
    program::run(&mut house.cargo(&["test", "--workspace", "--test", "postgres", "--locked"]))
}
