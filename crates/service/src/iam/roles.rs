//! What the operations on roles share: the role meant and the permission needed.
//!
//! **Source**: IAM API reference, *Role*; service authorization reference, *IAM*, keys of the role
//! operations.

use daypass_core::ids::AccountId;
use daypass_core::role::Role;
use daypass_store::records::Records;

use super::{error, shapes, tags};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::Need;

/// The role of this name, in any case.
///
/// **Errors**: `NoSuchEntity`.
pub(super) async fn existing(records: &mut Records, name: &str) -> Result<Role, Failure> {
    let role = records.role(name).await?;
    Ok(role.ok_or_else(|| error::no_such_role(name))?)
}

/// The ARN of a role of this path and name.
pub(super) fn arn(account: &AccountId, path: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role{path}{name}")
}

/// The permission `iam:<operation>` on the role of this name, with its tags.
///
/// A role that does not exist stands under `/`, so that who may do nothing learns nothing.
///
/// **Errors**: `ValidationError` for a text that could not be a name.
pub(super) async fn need(env: &Env, operation: &str, name: &str) -> Result<Need, Failure> {
    Ok(need_and_role(env, operation, name).await?.0)
}

/// The same, with the boundary that the role has: for operations that change what it may do.
pub(super) async fn need_within_boundary(
    env: &Env,
    operation: &str,
    name: &str,
) -> Result<Need, Failure> {
    let (need, role) = need_and_role(env, operation, name).await?;
    Ok(match role.and_then(|role| role.grants.boundary) {
        Some(arn) => need.with("iam:PermissionsBoundary", arn),
        None => need,
    })
}

async fn need_and_role(
    env: &Env,
    operation: &str,
    name: &str,
) -> Result<(Need, Option<Role>), Failure> {
    shapes::check_name("roleName", name)?;
    let role = env.read().await?.role(name).await?;
    let need = |arn: String| Need::new(format!("iam:{operation}"), arn);
    let need = match &role {
        Some(role) => tags::of_resource(need(role.arn(env.account())), &role.tags),
        None => need(arn(env.account(), "/", name)),
    };
    Ok((need, role))
}
