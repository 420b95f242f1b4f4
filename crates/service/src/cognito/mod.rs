//! The Cognito identity face: its operations, its rules, its answers.
//!
//! **Source**: Cognito identity API reference, version 2014-06-30.

mod create_identity_pool;
mod delete_identities;
mod delete_identity_pool;
mod describe_identity;
mod describe_identity_pool;
pub(crate) mod error;
mod get_credentials_for_identity;
mod get_id;
mod get_identity_pool_roles;
mod get_open_id_token;
mod get_open_id_token_for_developer_identity;
mod list_identities;
mod list_identity_pools;
mod lookup_developer_identity;
mod merge_developer_identities;
mod set_identity_pool_roles;
pub(crate) mod shapes;
mod unlink_developer_identity;
mod unlink_identity;
mod update_identity_pool;

use daypass_core::ids::IdentityPoolId;
use daypass_core::pool::IdentityPool;
use daypass_proof::sigv4::Dialect;
use daypass_store::records::Records;

use crate::aws_json::JsonOperation;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{FaceRules, Need};
use crate::incoming::Incoming;

/// What this face demands of a signature: five minutes of clock difference, our own Region.
pub(crate) const RULES: FaceRules = FaceRules {
    dialect: Dialect::Json,
    service: "cognito-identity",
    own_region_only: true,
    skew_seconds: 300,
    user_sessions: true,
};

/// The prefix of `X-Amz-Target`.
pub(crate) const TARGET_PREFIX: &str = "AWSCognitoIdentityService.";

/// Every operation there is.
pub(crate) const OPERATIONS: &[JsonOperation] = &[
    JsonOperation::of::<create_identity_pool::CreateIdentityPool>(),
    JsonOperation::of::<delete_identities::DeleteIdentities>(),
    JsonOperation::of::<delete_identity_pool::DeleteIdentityPool>(),
    JsonOperation::of::<describe_identity::DescribeIdentity>(),
    JsonOperation::of::<describe_identity_pool::DescribeIdentityPool>(),
    JsonOperation::of::<get_credentials_for_identity::GetCredentialsForIdentity>(),
    JsonOperation::of::<get_id::GetId>(),
    JsonOperation::of::<get_identity_pool_roles::GetIdentityPoolRoles>(),
    JsonOperation::of::<get_open_id_token::GetOpenIdToken>(),
    JsonOperation::of::<get_open_id_token_for_developer_identity::GetOpenIdTokenForDeveloperIdentity>(
    ),
    JsonOperation::of::<list_identities::ListIdentities>(),
    JsonOperation::of::<list_identity_pools::ListIdentityPools>(),
    JsonOperation::of::<lookup_developer_identity::LookupDeveloperIdentity>(),
    JsonOperation::of::<merge_developer_identities::MergeDeveloperIdentities>(),
    JsonOperation::of::<set_identity_pool_roles::SetIdentityPoolRoles>(),
    JsonOperation::of::<unlink_developer_identity::UnlinkDeveloperIdentity>(),
    JsonOperation::of::<unlink_identity::UnlinkIdentity>(),
    JsonOperation::of::<update_identity_pool::UpdateIdentityPool>(),
];

/// Operations of the interface that this version does not do, and says so.
const NOT_YET: [&str; 5] = [
    "GetPrincipalTagAttributeMap",
    "ListTagsForResource",
    "SetPrincipalTagAttributeMap",
    "TagResource",
    "UntagResource",
];

/// Runs the operation that `X-Amz-Target` names.
pub(crate) async fn answer(env: &Env, incoming: &Incoming, name: &str) -> Result<Vec<u8>, Failure> {
    if let Some(operation) = OPERATIONS.iter().find(|operation| operation.name == name) {
        return operation.run(env, incoming, &RULES).await;
    }
    if NOT_YET.contains(&name) {
        let message = format!("{name} is not supported by this version yet.");
        return Err(ApiError::new(
            "UnknownOperationException",
            400,
            message,
            "operation.not_yet",
        )
        .into());
    }
    Err(ApiError::new("UnknownOperationException", 400, "", "operation.unknown").into())
}

/// The ARN of a pool.
pub(crate) fn pool_arn(env: &Env, pool: &IdentityPoolId) -> String {
    daypass_core::ids::identity_pool_arn(env.region(), env.account(), pool)
}

/// The permission for an operation on one pool.
fn need_on_pool(env: &Env, operation: &str, pool: &IdentityPoolId) -> Need {
    Need::new(format!("cognito-identity:{operation}"), pool_arn(env, pool))
}

/// The permission for an operation that IAM ties to no resource.
fn need_anywhere(operation: &str) -> Need {
    Need::new(format!("cognito-identity:{operation}"), "*")
}

/// The pool of this id, or the documented error.
pub(crate) async fn load_pool(
    records: &mut Records,
    id: &IdentityPoolId,
) -> Result<IdentityPool, Failure> {
    let pool = records.pool(id).await?;
    Ok(pool.ok_or_else(|| error::identity_pool_not_found(id.as_str()))?)
}
