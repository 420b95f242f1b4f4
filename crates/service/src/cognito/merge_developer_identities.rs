//! `MergeDeveloperIdentities`: two of an app's users turn out to be one person.
//!
//! **Source**: Cognito identity API reference, *MergeDeveloperIdentities*; contract page section
//! 3.5.
//! **Errors**: `NotAuthorizedException` for another developer provider than the pool's,
//! `InvalidParameterException` for one user named twice, `ResourceNotFoundException` for a pool or
//! user that nobody has, `ResourceConflictException` when the logins of both do not fit on one
//! identity, and the common set.

use daypass_core::developer;
use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::merge::{Merge, MergeError, merge};
use daypass_core::pool::IdentityPool;
use daypass_store::records::Records;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct MergeDeveloperIdentities;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    provider: String,
    source: DeveloperUserIdentifier,
    destination: DeveloperUserIdentifier,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            provider: shapes::developer_provider_name(members),
            source: shapes::developer_user(members, "SourceUserIdentifier"),
            destination: shapes::developer_user(members, "DestinationUserIdentifier"),
        }
    }
}

pub(super) struct Output {
    identity_id: IdentityId,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(Answer::new().text("IdentityId", self.identity_id.as_str()))
    }
}

impl Operation for MergeDeveloperIdentities {
    const NAME: &'static str = "MergeDeveloperIdentities";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
        error::RESOURCE_CONFLICT,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![need_on_pool(env, Self::NAME, &input.pool_id).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.write().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        developer::require_provider(&pool, &input.provider)
            .map_err(|_| error::developer_provider_not_supported())?;
        if input.source == input.destination {
            let message = "Source and destination user identifiers must not be the same.";
            return Err(error::invalid_parameter(message, "developer.same_user").into());
        }
        let source = find(&mut records, &pool, &input.source).await?;
        let destination = find(&mut records, &pool, &input.destination).await?;

        let now = permit.circumstances().now;
        let identity = match merge(source, destination, now).map_err(|why| refuse(&why))? {
            Merge::Same(identity) => identity,
            Merge::Moved { survivor, retired } => {
                records.put_identity(&retired).await?;
                records.put_identity(&survivor).await?;
                survivor
            }
        };
        records.commit().await?;
        Ok(Output {
            identity_id: identity.id,
        })
    }
}

async fn find(
    records: &mut Records,
    pool: &IdentityPool,
    user: &DeveloperUserIdentifier,
) -> Result<Identity, Failure> {
    let identity = records.identity_by_developer_user(&pool.id, user).await?;
    Ok(identity.ok_or_else(|| error::developer_user_not_found(user.as_str()))?)
}

fn refuse(error: &MergeError) -> ApiError {
    match error {
        MergeError::TwoUsers(_) => error::login_already_linked("identity.two_logins"),
        MergeError::TooManyLogins(_) => error::login_already_linked("limit.links"),
        // A user leads to an identity that is signed in to: reached only by a damaged record.
        MergeError::Unusable(_) => error::logins_do_not_match("identity.disabled"),
    }
}
