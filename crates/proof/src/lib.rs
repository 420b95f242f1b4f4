//! Bytes to verified facts: SigV4, JWT, sealed tokens.

pub mod digest;
pub mod jwt;
pub mod keyring;
pub mod login;
pub mod seal;
pub mod secret;
pub mod sigv4;
