//! `GetId`: an identity for a guest or for a public login.
//!
//! Logins that are known are a read. A guest is somebody new each time.
//!
//! **Source**: Cognito identity API reference, *GetId*; contract page section 3.2.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`,
//! `ResourceConflictException` for logins that cannot share an identity,
//! `ExternalServiceException` for a provider out of reach, and the common set.

use std::collections::BTreeMap;

use daypass_core::ids::{IdentityId, IdentityPoolId};
use daypass_core::login::ShownLogins;
use daypass_wire::constraint::Text;
use daypass_wire::json::{Answer, Members};
use daypass_wire::pattern;

use super::{error, load_pool, shapes};
use crate::assertions::Presented;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Public};
use crate::logins;
use crate::operation::Operation;
use crate::quota::Rate;

const ACCOUNT_ID: Text = Text::length(1, 15).matching(pattern::DIGITS);

pub(super) struct GetId;

pub(super) struct Input {
    account_id: Option<String>,
    pool_id: IdentityPoolId,
    logins: BTreeMap<String, String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            account_id: members.optional_text("AccountId", &ACCOUNT_ID),
            pool_id: shapes::pool_id(members),
            logins: shapes::logins(members),
        }
    }
}

pub(super) struct Output(IdentityId);

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        Some(Answer::new().text("IdentityId", self.0.as_str()))
    }
}

impl Operation for GetId {
    const NAME: &'static str = "GetId";
    const ERRORS: &'static [&'static str] = &[
        error::EXTERNAL_SERVICE,
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
        error::RESOURCE_CONFLICT,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Public;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, public: Public, input: Input) -> Result<Output, Failure> {
        let circumstances = public.circumstances();
        let pool = load_pool(&mut env.read().await?, &input.pool_id).await?;
        env.quota().pool(Self::NAME, &pool.id, circumstances.now)?;
        if input
            .account_id
            .is_some_and(|account| account != env.account().as_str())
        {
            let message = "The identity pool does not belong to this account.";
            let refused = ApiError::new(error::NOT_AUTHORIZED, 400, message, "pool.other_account");
            return Err(refused.into());
        }
        let now = circumstances.now;
        let presented = Presented::to(Self::NAME, circumstances);
        let public = logins::verify_public(env, &pool, &input.logins, &presented).await?;
        let shown = ShownLogins::public(public.iter().map(|shown| &shown.login));
        if shown.is_empty() && pool.settings.allow_unauthenticated {
            env.quota().count(Rate::GuestCreations, circumstances)?;
        }
        let settled = logins::settle(env, &pool.id, None, &shown, now);
        let (identity, _) = settled.await?.commit(env, now).await?;
        Ok(Output(identity.id))
    }
}
