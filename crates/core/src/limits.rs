//! The quotas of the domain, each with its unit and source.
//!
//! **Source**: Cognito quotas (identity pools), STS and IAM quotas, as collected in the contract
//! pages of the reference.

/// Identity pools per account and Region.
pub const IDENTITY_POOLS_MAX: usize = 1_000;
/// User pools of one identity pool, each counted once per client id.
///
/// AWS raises it on request; a deployment of one's own needs no more of them than AWS gives.
pub const USER_POOL_PROVIDERS_MAX: usize = 50;
/// Logins linked to one identity, public and developer together.
pub const LINKED_LOGINS_MAX: usize = 20;
/// Providers of one pool with role mappings.
pub const ROLE_MAPPINGS_MAX: usize = 10;
/// Rules of one role mapping.
pub const MAPPING_RULES_MAX: usize = 25;
/// Tags on one resource, and principal tags of one session.
pub const TAGS_MAX: usize = 50;
/// Characters of one principal tag key.
pub const TAG_KEY_CHARS_MAX: usize = 128;
/// Characters of one principal tag value.
pub const TAG_VALUE_CHARS_MAX: usize = 256;

/// Life of a developer token when the caller names none.
pub const DEVELOPER_TOKEN_SECONDS_DEFAULT: i64 = 900;
/// Longest life of a developer token.
pub const DEVELOPER_TOKEN_SECONDS_MAX: i64 = 86_400;
/// Life of the token of `GetOpenIdToken`, exactly.
pub const OPEN_ID_TOKEN_SECONDS: i64 = 600;

/// Life of the credentials of `GetCredentialsForIdentity`, exactly.
pub const ENHANCED_SESSION_SECONDS: i64 = 3_600;
/// Shortest life of any session.
pub const SESSION_SECONDS_MIN: i64 = 900;
/// Longest life of a role session, if the role allows it.
pub const SESSION_SECONDS_MAX: i64 = 43_200;
/// Life of a role session when the caller names none, and a role's own default maximum.
pub const SESSION_SECONDS_DEFAULT: i64 = 3_600;
/// Longest life of a role session opened from another role session.
pub const CHAINED_SESSION_SECONDS_MAX: i64 = 3_600;
/// Longest life of `GetSessionToken` credentials of a user.
pub const USER_SESSION_SECONDS_MAX: i64 = 129_600;
/// Life of `GetSessionToken` credentials of a user who names none.
pub const USER_SESSION_SECONDS_DEFAULT: i64 = 43_200;
/// Longest life of `GetSessionToken` credentials of the root user.
pub const ROOT_SESSION_SECONDS_MAX: i64 = 3_600;

/// Characters of all session policies of one session together.
pub const SESSION_POLICY_CHARS_MAX: usize = 2_048;
/// Managed policies that may be named as session policies.
pub const SESSION_POLICY_ARNS_MAX: usize = 10;
