//! Gathers what readiness is judged by, with the rights of whoever asks.
//!
//! **Source**: IAM API reference, *GetRole*, *ListRolePolicies*, *ListAttachedRolePolicies*.

use std::collections::BTreeMap;

use daypass_policy::{Document, DocumentKind};

use super::{RoleState, Setup};
use crate::api::pools::{IdentityPool, PoolRoles};
use crate::api::{Api, CallError};
use crate::templates::{self, IdentityKind};

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
        for arn in roles.arns() {
            documents.insert(arn.to_owned(), role_state(api, arn).await?);
        }
        Ok(Self {
            pool,
            roles,
            documents,
        })
    }

    /// The bucket that the users' role opens, if its policies name one.
    pub(crate) fn bucket(&self) -> Option<String> {
        let arn = self.roles.roles.get(IdentityKind::Authenticated.word())?;
        match self.documents.get(arn)? {
            RoleState::Known(_, policies) => policies.iter().find_map(|(_, text)| bucket_in(text)),
            RoleState::Absent | RoleState::Hidden => None,
        }
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

/// The bucket that a pool's users have their folder in; nothing where none is named or it may not be
/// seen.
pub(crate) async fn bucket(api: &Api<'_>, pool: &str) -> Option<String> {
    Look::at(api, pool).await.ok()?.bucket()
}

/// The first bucket that a policy names in full.
fn bucket_in(policy: &str) -> Option<String> {
    let document = Document::parse(policy, DocumentKind::Identity).ok()?;
    let resources = document.statements().iter().filter_map(|it| it.resource());
    let mut named = resources.flat_map(|resource| resource.written().iter());
    named.find_map(|arn| {
        let path = arn.strip_prefix("arn:aws:s3:::")?;
        let bucket = path.split('/').next().unwrap_or(path);
        let plain = !bucket.is_empty() && !bucket.contains(['*', '?', '$']);
        plain.then(|| bucket.to_owned())
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::templates::Access;

    #[test]
    fn the_bucket_of_either_template_is_found() {
        for access in [Access::OwnPrefix, Access::ReadOnly] {
            let found = bucket_in(&access.policy("photos"));
            assert_eq!(found.as_deref(), Some("photos"));
        }
    }

    #[test]
    fn a_pattern_is_no_bucket() {
        for resource in [
            r#""*""#,
            r#""arn:aws:s3:::*""#,
            r#"["arn:aws:s3:::app-*/x"]"#,
        ] {
            let policy = format!(
                r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":{resource}}}}}"#
            );
            assert_eq!(bucket_in(&policy), None, "{resource}");
        }
        assert_eq!(bucket_in("{"), None);
    }
}
