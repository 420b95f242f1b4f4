//! The lane on SAML: other verifiers judge our pack.
//!
//! **Source**: requirement S39; DESIGN §11.

use crate::house::House;
use crate::program;

/// Two independent verifiers look at every response of the kept pack.
pub(super) fn verifiers(house: &House) -> Result<(), String> {
    program::run(&mut house.cargo(&[
        "run",
        "--locked",
        "--quiet",
        "--manifest-path",
        "sdk/saml/Cargo.toml",
    ]))
}
