//! `UnlinkDeveloperIdentity`: detach one of an app's users from an identity.
//!
//! **Source**: Cognito identity API reference, *UnlinkDeveloperIdentity*; contract page section
//! 2.19.
//! **Errors**: `NotAuthorizedException` for another developer provider than the pool's,
//! `ResourceNotFoundException` for a pool, identity or user that nobody has,
//! `ResourceConflictException` for a user of another identity, and the common set. The documented
//! `InvalidParameterException` has no cause that is not a constraint.

use daypass_core::developer;
use daypass_core::identity::DeveloperUserIdentifier;
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::unlink::{self, UnlinkError};
use daypass_wire::json::Members;

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UnlinkDeveloperIdentity;

pub(super) struct Input {
    identity_id: IdentityId,
    pool_id: IdentityPoolId,
    provider: String,
    user: DeveloperUserIdentifier,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_id: shapes::identity_id(members),
            pool_id: shapes::pool_id(members),
            provider: shapes::developer_provider_name(members),
            user: shapes::developer_user(members, "DeveloperUserIdentifier"),
        }
    }
}

impl Operation for UnlinkDeveloperIdentity {
    const NAME: &'static str = "UnlinkDeveloperIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::NOT_AUTHORIZED,
        error::RESOURCE_CONFLICT,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<(), Failure> {
        let mut records = env.write().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        developer::require_provider(&pool, &input.provider)
            .map_err(|_| error::developer_provider_not_supported())?;
        let identity = records.identity(&input.identity_id).await?;
        // An identity of another pool is answered like one that does not exist.
        let identity = identity
            .filter(|identity| identity.pool_id == pool.id)
            .ok_or_else(|| error::identity_not_found(input.identity_id.as_str()))?;
        let user = &input.user;
        let linked = records.identity_by_developer_user(&pool.id, user).await?;

        let now = permit.circumstances().now;
        let rest =
            unlink::developer(identity, user, linked.as_ref(), now).map_err(|why| match why {
                UnlinkError::UnknownUser => error::developer_user_not_found(user.as_str()),
                UnlinkError::LinkedElsewhere { .. }
                | UnlinkError::NotProved(_)
                | UnlinkError::DeveloperProvider(_) => {
                    error::login_already_linked("identity.belongs_to_other_login")
                }
            })?;

        records.put_identity(&rest).await?;
        Ok(records.commit().await?)
    }
}
