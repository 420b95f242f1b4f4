//! The logins of one call: each was verified, or stands on the word of the app's own backend.
//!
//! **Source**: contract page sections 3.1 (logins), 4.4 (`amr`), 5.4 (role choice) and 5.6 (tags).

use std::collections::BTreeSet;

use daypass_proof::login::{LoginClaims, ProviderName, Subject, VerifiedLogin};

use crate::identity::{DeveloperUserIdentifier, Identity};

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

/// Who is meant by the logins of one call, and nothing else about them.
///
/// A user of a public provider gets in here by a [`VerifiedLogin`] only; a developer user by the
/// word of a caller who may vouch for the users of the pool.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ShownLogins {
    developer: Option<DeveloperUserIdentifier>,
    public: BTreeSet<(ProviderName, Subject)>,
}

impl ShownLogins {
    /// The logins of a public call.
    pub fn public<'l>(logins: impl IntoIterator<Item = &'l VerifiedLogin>) -> Self {
        let pair = |login: &VerifiedLogin| (login.provider().clone(), login.subject().clone());
        Self {
            developer: None,
            public: logins.into_iter().map(pair).collect(),
        }
    }

    /// These logins beside a developer user.
    #[must_use]
    pub fn beside(self, user: DeveloperUserIdentifier) -> Self {
        Self {
            developer: Some(user),
            ..self
        }
    }

    /// The developer user among them.
    pub fn developer_user(&self) -> Option<&DeveloperUserIdentifier> {
        self.developer.as_ref()
    }

    /// The users of public providers among them.
    pub fn public_users(&self) -> impl Iterator<Item = (&ProviderName, &Subject)> {
        self.public.iter().map(|(provider, user)| (provider, user))
    }

    /// Whether nobody is meant.
    pub fn is_empty(&self) -> bool {
        self.developer.is_none() && self.public.is_empty()
    }

    #[cfg(test)]
    pub(crate) fn assumed(
        developer: Option<DeveloperUserIdentifier>,
        public: impl IntoIterator<Item = (ProviderName, Subject)>,
    ) -> Self {
        Self {
            developer,
            public: public.into_iter().collect(),
        }
    }
}

impl Identity {
    /// Whether this login is one of the identity's.
    pub fn has_login(&self, login: &VerifiedLogin) -> bool {
        self.public_logins.get(login.provider()) == Some(login.subject())
    }
}
