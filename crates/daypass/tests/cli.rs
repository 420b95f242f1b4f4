//! The command line against a server, both as people run them.
//!
//! Every test types what a person types, and looks at the three things a person or a script sees:
//! standard output, standard error, the exit code.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

#[path = "cli/ends.rs"]
mod ends;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/journey.rs"]
mod journey;
#[path = "cli/shown.rs"]
mod shown;
#[path = "cli/stage.rs"]
mod stage;
