//! The house from outside: vectors, matrix, constraints and requirements, all in one program.
//!
//! **Source**: DESIGN §11.

#![cfg(test)]

mod vectors;
mod wire;
