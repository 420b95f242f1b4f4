//! Managed policies: documents with a name of their own, attached to users and roles.
//!
//! **Source**: IAM API reference, *Policy* and *PolicyVersion*.

use std::collections::BTreeMap;

use crate::ids::{AccountId, UniqueId};
use crate::time::Timestamp;

/// A customer managed policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ManagedPolicy {
    /// Its name; unique ignoring case.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// `ANPA…`.
    pub id: UniqueId,
    /// What it is for.
    pub description: Option<String>,
    /// Its versions by number.
    pub versions: BTreeMap<u32, PolicyVersion>,
    /// The version in force.
    pub default_version: u32,
    /// The next number; numbers are never reused.
    pub next_version: u32,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// When it was made.
    pub created: Timestamp,
    /// When it last got a version.
    pub updated: Timestamp,
}

/// One version of a managed policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PolicyVersion {
    /// The document as it was put.
    pub document: String,
    /// When.
    pub created: Timestamp,
}

impl ManagedPolicy {
    /// Its ARN.
    pub fn arn(&self, account: &AccountId) -> String {
        format!("arn:aws:iam::{account}:policy{}{}", self.path, self.name)
    }

    /// The document in force.
    pub fn document(&self) -> Option<&str> {
        self.versions
            .get(&self.default_version)
            .map(|version| version.document.as_str())
    }
}
