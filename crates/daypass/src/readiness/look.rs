//! Gathers what readiness is judged by, with the rights of whoever asks.
//!
//! **Source**: IAM API reference, *GetRole*, *ListRolePolicies*, *ListAttachedRolePolicies*.

use std::collections::BTreeMap;

use super::{RoleState, Setup};
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::{Api, CallError};
use crate::templates;

/// A pool with everything its readiness hangs on.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// The pool.
    pub(crate) pool: IdentityPool,
    /// Its roles.
    pub(crate) roles: PoolRoles,
    /// Those roles by ARN.
    pub(crate) documents: BTreeMap<String, RoleState>,
}

impl Look {
    /// Looks at a pool.
    pub(crate) async fn at(api: &Api<'_>, pool: &str) -> Result<Self, CallError> {
        let (pool, roles) = (api.pool(pool).await?, api.pool_roles(pool).await?);
        let mut documents = BTreeMap::new();
        for arn in roles.roles.values() {
            documents.insert(arn.clone(), role_state(api, arn).await?);
        }
        Ok(Self {
            pool,
            roles,
            documents,
        })
    }

    /// What the rules see.
    pub(crate) fn setup(&self) -> Setup<'_> {
        Setup {
            pool: &self.pool,
            roles: &self.roles,
            documents: &self.documents,
        }
    }
}

/// A role and its policies; what the caller may not see is not an error.
async fn role_state(api: &Api<'_>, arn: &str) -> Result<RoleState, CallError> {
    let Some(name) = templates::role_in(arn) else {
        return Ok(RoleState::Absent);
    };
    match known(api, name).await {
        Err(error) if error.is_denied() => Ok(RoleState::Hidden),
        Err(error) if error.is_absent() => Ok(RoleState::Absent),
        other => other,
    }
}

async fn known(api: &Api<'_>, name: &str) -> Result<RoleState, CallError> {
    let role = api.role(name).await?;
    let mut policies = Vec::new();
    for policy in api.role_policies(name).await? {
        let text = api.role_policy(name, &policy).await?;
        policies.push((policy, text));
    }
    for (policy, arn) in api.attached_role_policies(name).await? {
        let (_, text) = api.managed_policy(&arn).await?;
        policies.push((policy, text));
    }
    Ok(RoleState::Known(Box::new(role), policies))
}
