//! A whole house in a test.
