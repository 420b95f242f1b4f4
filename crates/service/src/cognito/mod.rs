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
mod get_principal_tag_attribute_map;
mod list_identities;
mod list_identity_pools;
mod list_tags_for_resource;
mod lookup_developer_identity;
mod merge_developer_identities;
mod role_mappings;
mod set_identity_pool_roles;
mod set_principal_tag_attribute_map;
pub(crate) mod shapes;
mod tag_resource;
mod tags;
mod unlink_developer_identity;
mod unlink_identity;
mod untag_resource;
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
    JsonOperation::of::<get_principal_tag_attribute_map::GetPrincipalTagAttributeMap>(),
    JsonOperation::of::<list_identities::ListIdentities>(),
    JsonOperation::of::<list_identity_pools::ListIdentityPools>(),
    JsonOperation::of::<list_tags_for_resource::ListTagsForResource>(),
    JsonOperation::of::<lookup_developer_identity::LookupDeveloperIdentity>(),
    JsonOperation::of::<merge_developer_identities::MergeDeveloperIdentities>(),
    JsonOperation::of::<set_identity_pool_roles::SetIdentityPoolRoles>(),
    JsonOperation::of::<set_principal_tag_attribute_map::SetPrincipalTagAttributeMap>(),
    JsonOperation::of::<tag_resource::TagResource>(),
    JsonOperation::of::<unlink_developer_identity::UnlinkDeveloperIdentity>(),
    JsonOperation::of::<unlink_identity::UnlinkIdentity>(),
    JsonOperation::of::<untag_resource::UntagResource>(),
    JsonOperation::of::<update_identity_pool::UpdateIdentityPool>(),
];

/// Runs the operation that `X-Amz-Target` names.
pub(crate) async fn answer(env: &Env, incoming: &Incoming, name: &str) -> Result<Vec<u8>, Failure> {
    if let Some(operation) = OPERATIONS.iter().find(|operation| operation.name == name) {
        return operation.run(env, incoming, &RULES).await;
    }
    Err(ApiError::new("UnknownOperationException", 400, "", "operation.unknown").into())
}

/// The ARN of a pool.
pub(crate) fn pool_arn(env: &Env, pool: &IdentityPoolId) -> String {
    daypass_core::ids::identity_pool_arn(env.region(), env.account(), pool)
}

/// The permission for an operation on one pool, which policies may ask for by the pool's tags.
async fn need_on_pool(env: &Env, operation: &str, pool: &IdentityPoolId) -> Result<Need, Failure> {
    need_on_arn(env, operation, &pool_arn(env, pool)).await
}

/// The same, of a pool that is named by its ARN. What is no ARN of a pool has no tags, and is left
/// for the operation to refuse.
async fn need_on_arn(env: &Env, operation: &str, arn: &str) -> Result<Need, Failure> {
    let need = Need::new(format!("cognito-identity:{operation}"), arn);
    let Ok(id) = tags::pool_of(env, arn) else {
        return Ok(need);
    };
    let pool = env.read().await?.pool(&id).await?;
    let tags = pool.map(|pool| pool.tags).unwrap_or_default();
    let tagged = tags.into_iter();
    Ok(tagged.fold(need, |need, (key, value)| {
        need.with(format!("aws:ResourceTag/{key}"), value)
    }))
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
