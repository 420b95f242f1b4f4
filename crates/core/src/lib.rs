//! The nouns and rules of identity pools, roles and sessions.
//!
//! Everything here is a value or a pure function of values: no I/O, no clock, no chance, no wire
//! format. Read [`resolve`] first: which identity do these logins mean?

pub mod assume;
pub mod attribute_map;
pub mod claims;
pub mod developer;
pub mod identity;
pub mod ids;
pub mod issuer;
pub mod limits;
pub mod login;
pub mod managed_policy;
pub mod merge;
pub mod open_id_provider;
pub mod pool;
pub mod provider_identity;
pub mod resolve;
pub mod role;
pub mod role_mapping;
pub mod saml_provider;
pub mod session;
pub mod tags;
pub mod time;
pub mod unlink;
pub mod user;

/// The name by which policies, role trust and clients know our tokens, whatever host issues them.
pub const COGNITO_PROVIDER: &str = "cognito-identity.amazonaws.com";
