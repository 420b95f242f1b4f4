//! `LookupDeveloperIdentity`: from an app's own user to the identity, and back.
//!
//! **Source**: Cognito identity API reference, *LookupDeveloperIdentity*; contract page section
//! 2.17.
//! **Errors**: `InvalidParameterException` when nothing is asked for or the pool has no developer
//! provider, `ResourceNotFoundException`, `ResourceConflictException` when identity and user do not
//! belong together, and the common set.

use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::pool::IdentityPool;
use daypass_store::records::Records;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, shapes};
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

const PAGE_SIZE_DEFAULT: i64 = 60;

pub(super) struct LookupDeveloperIdentity;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    identity_id: Option<IdentityId>,
    user: Option<DeveloperUserIdentifier>,
    page_size: i64,
    next_token: Option<String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            identity_id: shapes::optional_identity_id(members),
            user: members
                .optional_text("DeveloperUserIdentifier", &shapes::DEVELOPER_USER)
                .map(DeveloperUserIdentifier::new),
            page_size: members
                .optional_integer("MaxResults", &shapes::PAGE_SIZE)
                .unwrap_or(PAGE_SIZE_DEFAULT),
            next_token: members.optional_text("NextToken", &shapes::PAGE_TOKEN),
        }
    }
}

pub(super) struct Output {
    identity_id: IdentityId,
    users: Vec<DeveloperUserIdentifier>,
    next_token: Option<String>,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let users = self.users.iter().map(DeveloperUserIdentifier::as_str);
        let answer = Answer::new()
            .text("IdentityId", self.identity_id.as_str())
            .list("DeveloperUserIdentifierList", users)
            .optional_text("NextToken", self.next_token.as_deref());
        Some(answer)
    }
}

impl Operation for LookupDeveloperIdentity {
    const NAME: &'static str = "LookupDeveloperIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_PARAMETER,
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
        let mut records = env.read().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        if pool.settings.developer_provider.is_none() {
            let message = "The identity pool has no developer provider.";
            return Err(error::invalid_parameter(message, "developer.unknown_provider").into());
        }
        let identity = find(&mut records, &pool, &input).await?;
        if let (Some(_), Some(user)) = (&input.identity_id, &input.user) {
            let users = vec![user.clone()];
            return Ok(Output {
                identity_id: identity.id,
                users,
                next_token: None,
            });
        }

        let listing = Listing {
            operation: Self::NAME,
            bound: &[pool.id.as_str(), identity.id.as_str()],
        };
        let after = match &input.next_token {
            None => None,
            Some(token) => Some(DeveloperUserIdentifier::new(
                listing
                    .position(env, &permit, token)
                    .ok_or_else(error::invalid_page_token)?,
            )),
        };
        let limit = usize::try_from(input.page_size).unwrap_or(1);
        let mut rest = identity
            .developer_users
            .into_iter()
            .filter(|user| after.as_ref().is_none_or(|after| user > after));
        let users: Vec<DeveloperUserIdentifier> = rest.by_ref().take(limit).collect();
        let next_token = match (rest.next(), users.last()) {
            (Some(_), Some(last)) => Some(listing.token(env, &permit, last.as_str())?),
            _ => None,
        };
        Ok(Output {
            identity_id: identity.id,
            users,
            next_token,
        })
    }
}

/// The one identity that was asked for.
async fn find(
    records: &mut Records,
    pool: &IdentityPool,
    input: &Input,
) -> Result<Identity, Failure> {
    let named = match &input.identity_id {
        None => None,
        Some(id) => {
            let identity = records.identity(id).await?;
            let identity = identity.filter(|identity| identity.pool_id == pool.id);
            Some(identity.ok_or_else(|| error::identity_not_found(id.as_str()))?)
        }
    };
    let linked = match &input.user {
        None => None,
        Some(user) => {
            let identity = records.identity_by_developer_user(&pool.id, user).await?;
            Some(identity.ok_or_else(|| error::developer_user_not_found(user.as_str()))?)
        }
    };
    match (named, linked) {
        (Some(named), Some(linked)) if named.id == linked.id => Ok(named),
        (Some(_), Some(_)) => {
            Err(error::login_already_linked("identity.belongs_to_other_login").into())
        }
        (Some(identity), None) | (None, Some(identity)) => Ok(identity),
        (None, None) => {
            let message = "Either IdentityId or DeveloperUserIdentifier must be provided.";
            Err(error::invalid_parameter(message, "request.invalid").into())
        }
    }
}
