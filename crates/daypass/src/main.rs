//! The daypass binary.
fn main() {}
