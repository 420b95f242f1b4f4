//! IAM users and their access keys: the operators and the app backends.
//!
//! **Source**: IAM API reference, *User* and *AccessKey*; IAM user guide, *IAM identifiers*.

use std::collections::{BTreeMap, BTreeSet};

use daypass_proof::secret::{AccessKeyId, SecretAccessKey};

use crate::ids::{AccountId, UniqueId};
use crate::time::Timestamp;

/// What grants a user or role its permissions.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Grants {
    /// Inline policies: name to document text.
    pub inline: BTreeMap<String, String>,
    /// ARNs of attached managed policies.
    pub attached: BTreeSet<String>,
    /// ARN of the managed policy that bounds them.
    pub boundary: Option<String>,
}

/// An IAM user.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    /// Its name; unique ignoring case.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `AIDA…`.
    pub id: UniqueId,
    /// What it may do.
    pub grants: Grants,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
}

impl User {
    /// Its ARN.
    pub fn arn(&self, account: &AccountId) -> String {
        format!("arn:aws:iam::{account}:user{}{}", self.path, self.name)
    }
}

/// Whether an access key may be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyStatus {
    /// It may.
    Active,
    /// It may not.
    Inactive,
}

/// A long-term access key. Its secret is sealed wherever it rests.
#[derive(Clone, Debug)]
pub struct AccessKey {
    /// `AKIA…`.
    pub id: AccessKeyId,
    /// Its owner; the root user owns the key that has none.
    pub user_name: Option<String>,
    /// The secret.
    pub secret: SecretAccessKey,
    /// Whether it may be used.
    pub status: KeyStatus,
    /// When it was made.
    pub created: Timestamp,
}

/// The ARN of the account's root user.
pub fn root_arn(account: &AccountId) -> String {
    format!("arn:aws:iam::{account}:root")
}
