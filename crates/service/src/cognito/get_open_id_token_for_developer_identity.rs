//! `GetOpenIdTokenForDeveloperIdentity`: an app's backend vouches for a user and gets a token.
//!
//! A known user is a read. A new one is one transaction; the token is signed after it is durable.
//!
//! **Source**: Cognito identity API reference, *GetOpenIdTokenForDeveloperIdentity*; contract page
//! section 4.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`,
//! `ResourceConflictException` for an identity with the most logins it may have,
//! `DeveloperUserAlreadyRegisteredException`, and the common set.

use std::collections::BTreeMap;

use daypass_core::claims;
use daypass_core::developer::{self, DeveloperLoginError};
use daypass_core::identity::{DeveloperUserIdentifier, Identity};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::limits::{DEVELOPER_TOKEN_SECONDS_DEFAULT, DEVELOPER_TOKEN_SECONDS_MAX};
use daypass_core::pool::{DeveloperProvider, IdentityPool};
use daypass_core::resolve::{self, Resolution, ResolveError};
use daypass_core::tags::{PrincipalTags, TagError};
use daypass_core::time::{Lifetime, Timestamp};
use daypass_store::records::Records;
use daypass_wire::constraint::Integer;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, shapes};
use crate::activity::OTHER;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::operation::Operation;

const DURATION: Integer = Integer::range(1, DEVELOPER_TOKEN_SECONDS_MAX);

pub(super) struct GetOpenIdTokenForDeveloperIdentity;

pub(super) struct Input {
    pool_id: IdentityPoolId,
    identity_id: Option<IdentityId>,
    logins: BTreeMap<String, String>,
    principal_tags: BTreeMap<String, String>,
    duration_seconds: Option<i64>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            pool_id: shapes::pool_id(members),
            identity_id: shapes::optional_identity_id(members),
            logins: shapes::required_logins(members),
            principal_tags: members
                .optional_map("PrincipalTags", &shapes::PRINCIPAL_TAGS)
                .unwrap_or_default(),
            duration_seconds: members.optional_integer("TokenDuration", &DURATION),
        }
    }
}

pub(super) struct Output {
    identity_id: IdentityId,
    token: String,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(
            Answer::new()
                .text("IdentityId", self.identity_id.as_str())
                .text("Token", &self.token),
        )
    }
}

impl Operation for GetOpenIdTokenForDeveloperIdentity {
    const NAME: &'static str = "GetOpenIdTokenForDeveloperIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::DEVELOPER_USER_ALREADY_REGISTERED,
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
        let now = permit.circumstances().now;
        let tags = PrincipalTags::new(input.principal_tags).map_err(refuse_tags)?;

        let mut records = env.read().await?;
        let pool = load_pool(&mut records, &input.pool_id).await?;
        env.quota().pool(Self::NAME, &pool.id, now)?;
        let user = developer::check(&pool, &input.logins).map_err(refuse_logins)?;
        let requested = input.identity_id.as_ref();

        let identity_id = match find(&mut records, &pool, &user, requested).await? {
            Resolution::Existing(identity) => identity.id,
            Resolution::Link(_) | Resolution::Create => {
                drop(records);
                settle(env, &pool.id, &user, requested, now).await?
            }
        };

        let seconds = input
            .duration_seconds
            .unwrap_or(DEVELOPER_TOKEN_SECONDS_DEFAULT);
        let lifetime = Lifetime::from_seconds(seconds);
        let deployment = env.deployment();
        let claims =
            claims::developer(deployment, &pool, &identity_id, &user, &tags, lifetime, now);
        let token = env.signer().sign(claims).await?;
        let provider = pool.settings.developer_provider.as_ref();
        let provider = provider.map_or(OTHER, DeveloperProvider::as_str);
        env.activity().token(now, pool.id.as_str(), provider);
        Ok(Output { identity_id, token })
    }
}

/// What the logins mean now.
async fn find(
    records: &mut Records,
    pool: &IdentityPool,
    user: &DeveloperUserIdentifier,
    requested: Option<&IdentityId>,
) -> Result<Resolution, Failure> {
    let linked = records.identity_by_developer_user(&pool.id, user).await?;
    let requested = match requested {
        None => None,
        Some(id) => {
            let identity = records.identity(id).await?;
            // An identity of another pool is answered like one that does not exist.
            let identity = identity.filter(|identity| identity.pool_id == pool.id);
            Some(identity.ok_or_else(|| error::identity_not_found(id.as_str()))?)
        }
    };
    Ok(resolve::developer(user, linked, requested).map_err(refuse_resolution)?)
}

/// Makes the logins mean one identity, durably.
async fn settle(
    env: &Env,
    pool_id: &IdentityPoolId,
    user: &DeveloperUserIdentifier,
    requested: Option<&IdentityId>,
    now: Timestamp,
) -> Result<IdentityId, Failure> {
    let mut records = env.write().await?;
    let pool = load_pool(&mut records, pool_id).await?;
    let (identity, fresh) = match find(&mut records, &pool, user, requested).await? {
        // Another call got there first. It is settled only when this transaction is.
        Resolution::Existing(identity) => (identity, false),
        Resolution::Link(identity) => (identity.linked(user.clone(), now), false),
        Resolution::Create => {
            let id = IdentityId::fresh(env.region(), env.random()?);
            let identity = Identity::guest(id, pool.id.clone(), now);
            (identity.linked(user.clone(), now), true)
        }
    };
    records.put_identity(&identity).await?;
    records.commit().await?;
    if fresh {
        env.activity().new_identity(now, pool.id.as_str());
    }
    Ok(identity.id)
}

fn refuse_logins(error: DeveloperLoginError) -> ApiError {
    match error {
        DeveloperLoginError::OwnToken => error::own_token_not_accepted(),
        DeveloperLoginError::UnsupportedProvider(_) => error::developer_provider_not_supported(),
        DeveloperLoginError::NoDeveloperLogin => error::invalid_parameter(
            "Please provide a developer provider login.",
            "developer.none",
        ),
        DeveloperLoginError::PublicLoginNotYet => error::invalid_parameter(
            "Public logins beside the developer login are not supported by this version yet.",
            "operation.not_yet",
        ),
        DeveloperLoginError::UserTooLong => error::invalid_parameter(
            "The developer user identifier must have at most 1024 characters.",
            "developer.user_too_long",
        ),
        DeveloperLoginError::UserNotPlain => error::invalid_parameter(
            "The developer user identifier must not hold control characters.",
            "developer.user_not_plain",
        ),
    }
}

fn refuse_resolution(error: ResolveError) -> ApiError {
    match error {
        ResolveError::RegisteredElsewhere { .. } => error::developer_user_already_registered(),
        ResolveError::Unusable(_) => error::logins_do_not_match("identity.disabled"),
        ResolveError::LoginNotShown(_) => {
            error::logins_do_not_match("identity.belongs_to_other_login")
        }
        ResolveError::TooManyLogins(_) => error::login_already_linked("limit.links"),
    }
}

fn refuse_tags(tag_error: TagError) -> ApiError {
    let message = match tag_error {
        TagError::Duplicate => {
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        }
        TagError::Reserved => "Principal tags must not start with the reserved prefix aws:.",
        TagError::TooLong => "Principal tags may have keys of 128 and values of 256 characters.",
        TagError::TooMany => "At most 50 principal tags may be given.",
    };
    error::invalid_parameter(message, "tags.invalid")
}
