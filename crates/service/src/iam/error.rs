//! The error catalogue of the IAM face: the only place that knows its codes.
//!
//! **Source**: contract page, IAM sections 4.2, 4.3 and 4.5.

/// Which service error this face answers with.
pub(crate) const INTERNAL: &str = "ServiceFailure";
