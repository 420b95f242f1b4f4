//! A whole house in a test.

pub mod assertion;
pub mod clock;
pub mod entropy;
pub mod fault;
pub mod forge;
pub mod house;
pub mod idp;
pub mod keys;
pub mod oracle;
pub mod parsers;
pub mod sim;
pub mod vector;
