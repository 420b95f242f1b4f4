//! The house from outside: vectors, matrix, constraints and requirements, all in one program.
//!
//! **Source**: DESIGN §11.

#![cfg(test)]

mod constraints;
mod coverage;
mod matrix;
mod messages;
mod operations;
mod rates;
mod reasons;
mod requirements;
mod sim;
mod telling;
mod vectors;
mod wire;

/// What a person at work says by an environment variable.
#[expect(
    clippy::disallowed_methods,
    reason = "a person at work narrows a run or blesses a table"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
