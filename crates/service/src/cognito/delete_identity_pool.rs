//! `DeleteIdentityPool`: remove a pool with its identities, roles and tags.
//!
//! **Source**: Cognito identity API reference, *DeleteIdentityPool*.
//! **Errors**: `ResourceNotFoundException`, and the common set.

use daypass_core::ids::IdentityPoolId;
use daypass_wire::json::Members;

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

/// Identities removed in one transaction, so that deleting a large pool never holds the store long.
const IDENTITIES_PER_TRANSACTION: usize = 500;

pub(super) struct DeleteIdentityPool;

pub(super) struct Input {
    pool_id: IdentityPoolId,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
        }
    }
}

impl Operation for DeleteIdentityPool {
    const NAME: &'static str = "DeleteIdentityPool";
    const ERRORS: &'static [&'static str] = &[error::RESOURCE_NOT_FOUND];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    /// The pool goes first: from then on its identities are out of reach, and a crash between two
    /// transactions leaves only records that nothing leads to.
    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        load_pool(&mut records, &input.pool_id).await?;
        records.delete_pool(&input.pool_id).await?;
        let mut more = records
            .delete_identities_of(&input.pool_id, IDENTITIES_PER_TRANSACTION)
            .await?;
        records.commit().await?;
        while more {
            let mut records = env.write().await?;
            more = records
                .delete_identities_of(&input.pool_id, IDENTITIES_PER_TRANSACTION)
                .await?;
            records.commit().await?;
        }
        Ok(())
    }
}
