//! The quotas of the IAM face, each with its unit.
//!
//! **Source**: contract page, IAM section 4.2: the defaults of an account, none of them adjusted.

/// Roles in the account.
pub(super) const ROLES_MAX: usize = 1_000;
/// Users in the account.
pub(super) const USERS_MAX: usize = 5_000;
/// Customer managed policies in the account.
pub(super) const POLICIES_MAX: usize = 1_500;
/// Managed policies attached to one user or role.
pub(super) const ATTACHED_POLICIES_MAX: usize = 10;
/// Versions one managed policy keeps.
pub(super) const POLICY_VERSIONS_MAX: usize = 5;
/// Access keys of one user.
pub(super) const ACCESS_KEYS_PER_USER_MAX: usize = 2;

/// OpenID Connect providers in the account.
pub(super) const OPEN_ID_PROVIDERS_MAX: usize = 100;
/// SAML providers in the account.
pub(super) const SAML_PROVIDERS_MAX: usize = 100;
/// Client ids of one OpenID Connect provider.
pub(super) const CLIENT_IDS_PER_PROVIDER_MAX: usize = 100;
/// Thumbprints of one OpenID Connect provider.
pub(super) const THUMBPRINTS_MAX: usize = 5;

/// Characters of a trust policy, white space between tokens not counted.
pub(super) const TRUST_POLICY_CHARS_MAX: usize = 2_048;
/// Characters of a managed policy, white space between tokens not counted.
pub(super) const MANAGED_POLICY_CHARS_MAX: usize = 6_144;
/// Characters of all inline policies of a role together, counted the same way.
pub(super) const ROLE_INLINE_CHARS_MAX: usize = 10_240;
/// Characters of all inline policies of a user together, counted the same way.
pub(super) const USER_INLINE_CHARS_MAX: usize = 2_048;

/// Items on a page when the caller names no number.
pub(super) const PAGE_ITEMS_DEFAULT: usize = 100;
