//! The S3 face from outside: signed requests against a whole house, one module per concern.
//!
//! **Source**: requirements S27–S38, S54, S55, S86 and S90 of the reliability and security page; S3
//! API reference.

#![cfg(test)]

mod bodies;
mod client;
mod house;
mod listings;
mod objects;
mod permissions;
mod signatures;
mod storage;
mod uploads;
mod urls;
