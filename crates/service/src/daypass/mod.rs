//! The daypass face: the few reads that AWS has no operation for.
//!
//! It is the JSON face over again, under a target and a service name of its own: the same signatures,
//! the same guard, the same errors. It only reads, and nothing stands here that AWS has an operation
//! for. The console's overview and the command line are its clients, and so may be anybody.
//!
//! **Source**: docs/decisions/0005-a-small-face-of-own-reads.md.

mod count_identities;
mod describe_deployment;
mod get_activity;

use daypass_core::ids::IdentityPoolId;
use daypass_proof::sigv4::Dialect;

use crate::aws_json::JsonOperation;
use crate::cognito::pool_arn;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{FaceRules, Need};
use crate::incoming::Incoming;

/// What this face demands of a signature: the same as the Cognito identity face.
pub(crate) const RULES: FaceRules = FaceRules {
    dialect: Dialect::Json,
    service: "daypass",
    own_region_only: true,
    skew_seconds: 300,
    user_sessions: true,
};

/// The prefix of `X-Amz-Target`.
pub(crate) const TARGET_PREFIX: &str = "Daypass.";

/// Every operation there is.
pub(crate) const OPERATIONS: &[JsonOperation] = &[
    JsonOperation::of::<count_identities::CountIdentities>(),
    JsonOperation::of::<describe_deployment::DescribeDeployment>(),
    JsonOperation::of::<get_activity::GetActivity>(),
];

/// Runs the operation that `X-Amz-Target` names.
pub(crate) async fn answer(env: &Env, incoming: &Incoming, name: &str) -> Result<Vec<u8>, Failure> {
    match OPERATIONS.iter().find(|operation| operation.name == name) {
        Some(operation) => operation.run(env, incoming, &RULES).await,
        None => {
            Err(ApiError::new("UnknownOperationException", 400, "", "operation.unknown").into())
        }
    }
}

/// The permission for an operation on one pool.
fn need_on_pool(env: &Env, operation: &str, pool: &IdentityPoolId) -> Need {
    Need::new(format!("daypass:{operation}"), pool_arn(env, pool))
}

/// The permission for an operation on the deployment as a whole.
fn need_anywhere(operation: &str) -> Need {
    Need::new(format!("daypass:{operation}"), "*")
}
