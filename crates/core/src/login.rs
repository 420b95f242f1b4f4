//! A public login that was verified, with what the rules need to know of its artefact.
//!
//! **Source**: contract page sections 4.4 (`amr`), 5.4 (role choice) and 5.6 (tags).

use daypass_proof::login::{LoginClaims, VerifiedLogin};

/// A login of a public provider.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PublicLogin {
    /// The provider, and the user it vouches for.
    pub login: VerifiedLogin,
    /// What `amr` says of it after the provider's name.
    ///
    /// **Shape**: `accounts.google.com:<client id>:<subject>`,
    /// `arn:aws:iam::<account>:oidc-provider/<host>:OIDC:<subject>`.
    pub amr_entry: String,
    /// Its key in a pool's role mappings.
    ///
    /// **Shape**: the key of `Logins`; of a user pool `<key>:<client id>`; of an OIDC or a SAML
    /// provider its ARN.
    pub mapping_key: String,
    /// What the artefact says of the user.
    pub claims: LoginClaims,
}
