//! The IAM face: users and keys, roles and trust, policies and attachments.
//!
//! **Source**: IAM API reference, version 2010-05-08.

pub(crate) mod aws_managed;
pub(crate) mod error;
mod tags;
mod shapes;
mod paging;
mod limits;
mod documents;

use daypass_proof::sigv4::Dialect;

use crate::aws_query::QueryOperation;
use crate::guard::FaceRules;

/// What this face demands of a signature: a quarter of an hour of clock difference, any Region, and
/// no credentials of `GetSessionToken`.
pub(crate) const RULES: FaceRules = FaceRules {
    dialect: Dialect::Query,
    service: "iam",
    own_region_only: false,
    skew_seconds: 900,
    user_sessions: false,
};

/// The version of the interface.
pub(crate) const VERSION: &str = "2010-05-08";

/// The namespace of every answer.
pub(crate) const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

/// Every operation there is.
pub(crate) const OPERATIONS: &[QueryOperation] = &[];
