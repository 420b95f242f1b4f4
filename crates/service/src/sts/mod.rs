//! The STS face: temporary credentials by role, by web identity, by long-term key.
//!
//! **Source**: AWS STS API reference, version 2011-06-15.

mod assume_role;
mod assume_role_with_web_identity;
pub(crate) mod error;
mod get_caller_identity;
mod get_session_token;
mod session_policies;
mod shapes;
mod web_identity;

use daypass_proof::sigv4::Dialect;

use crate::aws_query::QueryOperation;
use crate::guard::FaceRules;

/// What this face demands of a signature: a quarter of an hour of clock difference, any Region.
pub(crate) const RULES: FaceRules = FaceRules {
    dialect: Dialect::Query,
    service: "sts",
    own_region_only: false,
    skew_seconds: 900,
    user_sessions: true,
};

/// The version of the interface.
pub(crate) const VERSION: &str = "2011-06-15";

/// The namespace of every answer.
pub(crate) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// Every operation there is.
pub(crate) const OPERATIONS: &[QueryOperation] = &[
    QueryOperation::of::<assume_role::AssumeRole>(),
    QueryOperation::of::<assume_role_with_web_identity::AssumeRoleWithWebIdentity>(),
    QueryOperation::of::<get_caller_identity::GetCallerIdentity>(),
    QueryOperation::of::<get_session_token::GetSessionToken>(),
];
