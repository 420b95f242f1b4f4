//! Customer managed policies.
//!
//! **Shape**: `policy <name in lower case>`.

use daypass_core::managed_policy::ManagedPolicy;

use super::{Page, RecordError, Records};
use crate::Key;

const POLICY: &str = "policy";

fn key(name: &str) -> Key {
    Key::of(&[POLICY, &name.to_ascii_lowercase()])
}

impl Records {
    /// The policy of this name, in any case.
    pub async fn managed_policy(
        &mut self,
        name: &str,
    ) -> Result<Option<ManagedPolicy>, RecordError> {
        self.load(&key(name)).await
    }

    /// One page of policies by name; `after` is the last name seen, in lower case.
    pub async fn managed_policies(
        &mut self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ManagedPolicy>, RecordError> {
        self.page(&[POLICY], after, limit).await
    }

    /// Writes a policy, new or changed.
    pub async fn put_managed_policy(&mut self, policy: &ManagedPolicy) -> Result<(), RecordError> {
        self.save(&key(&policy.name), policy).await
    }

    /// Removes a policy.
    pub async fn delete_managed_policy(&mut self, name: &str) -> Result<(), RecordError> {
        Ok(self.tx().delete(&key(name)).await?)
    }

    /// How many policies there are, counted up to `limit`.
    pub async fn count_managed_policies(&mut self, limit: usize) -> Result<usize, RecordError> {
        self.count(POLICY, limit).await
    }
}
