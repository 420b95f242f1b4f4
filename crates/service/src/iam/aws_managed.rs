//! The policies that every account has: `arn:aws:iam::aws:policy/…`.
//!
//! **Source**: AWS managed policy reference.

/// The document of a built-in policy.
pub(crate) fn document(_arn: &str) -> Option<&'static str> {
    None
}
