//! A whole house in a test.

pub mod oracle;
