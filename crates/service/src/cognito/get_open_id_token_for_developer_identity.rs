//! `GetOpenIdTokenForDeveloperIdentity`: an app's backend vouches for a user and gets a token.
//!
//! A known user is a read. A new one is one transaction; the token is signed after it is durable.
//!
//! **Source**: Cognito identity API reference, *GetOpenIdTokenForDeveloperIdentity*; contract page
//! section 4.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`,
//! `ResourceConflictException` for logins that cannot share an identity,
//! `DeveloperUserAlreadyRegisteredException`, and the common set.

use std::collections::BTreeMap;

use daypass_core::claims;
use daypass_core::developer::{self, DeveloperLoginError};
use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::limits::{DEVELOPER_TOKEN_SECONDS_DEFAULT, DEVELOPER_TOKEN_SECONDS_MAX};
use daypass_core::login::{PublicLogin, ShownLogins};
use daypass_core::pool::{DeveloperProvider, IdentityPool};
use daypass_core::tags::PrincipalTags;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_wire::constraint::Integer;
use daypass_wire::json::{Answer, Members};

use super::{error, load_pool, need_on_pool, shapes};
use crate::activity::OTHER;
use crate::assertions::Presented;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::logins;
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
        let own_tags = PrincipalTags::new(input.principal_tags).map_err(error::invalid_tags)?;
        let pool = load_pool(&mut env.read().await?, &input.pool_id).await?;
        env.quota().pool(Self::NAME, &pool.id, now)?;
        let (user, public) = developer::check(&pool, input.logins).map_err(refuse_logins)?;
        let presented = Presented::to(Self::NAME, permit.circumstances());
        let public = logins::verify_public(env, &pool, &public, &presented).await;
        let public = public.map_err(out_of_reach)?;

        let shown = ShownLogins::public(public.iter().map(|shown| &shown.login));
        let shown = shown.beside(user.clone());
        let named = input.identity_id.as_ref();
        let settled = logins::settle(env, &pool.id, named, &shown, now);
        let settled = settled.await?;
        let tags = claims::tags(&settled.pool, &public).map_err(error::invalid_tags)?;
        let tags = PrincipalTags::new(own_tags.over(tags.as_map())).map_err(error::invalid_tags)?;
        let (identity, pool) = settled.commit(env, now).await?;

        let seconds = input.duration_seconds;
        let lifetime = Lifetime::from_seconds(seconds.unwrap_or(DEVELOPER_TOKEN_SECONDS_DEFAULT));
        let amr = claims::amr(&pool, Some(&user), &public);
        let whose = (&pool, &identity.id);
        let claims = claims::token(env.deployment(), whose, amr, &tags, lifetime, now);
        let token = env.signer().sign(claims).await?;
        count(env, &pool, &public, now);
        Ok(Output {
            identity_id: identity.id,
            token,
        })
    }
}

fn count(env: &Env, pool: &IdentityPool, public: &[PublicLogin], now: Timestamp) {
    let provider = pool.settings.developer_provider.as_ref();
    let mut providers = vec![provider.map_or(OTHER, DeveloperProvider::as_str)];
    let public = public.iter().map(|shown| shown.login.provider().as_str());
    providers.extend(public);
    env.activity().token(now, pool.id.as_str(), &providers);
}

/// This operation does not document the error of a provider that cannot be asked.
fn out_of_reach(failure: Failure) -> Failure {
    match failure {
        Failure::Api(refused) if refused.code == error::EXTERNAL_SERVICE => {
            let message = "Invalid login token. Couldn't verify signed token.";
            ApiError::new(error::NOT_AUTHORIZED, 400, message, refused.reason).into()
        }
        other => other,
    }
}

fn refuse_logins(error: DeveloperLoginError) -> ApiError {
    match error {
        DeveloperLoginError::OwnToken => error::own_token_not_accepted(),
        DeveloperLoginError::UnsupportedProvider(_) => error::developer_provider_not_supported(),
        DeveloperLoginError::NoDeveloperLogin => error::invalid_parameter(
            "Please provide a developer provider login.",
            "developer.none",
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
