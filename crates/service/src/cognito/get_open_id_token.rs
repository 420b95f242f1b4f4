//! `GetOpenIdToken`: a token for the classic flow.
//!
//! **Source**: Cognito identity API reference, *GetOpenIdToken*; contract page sections 2.11, 3.3
//! and 4.7.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`
//! when the pool does not allow the classic flow, and the common set. Conflicts and outside
//! services come only with public logins, which this version does not verify yet.

use std::collections::BTreeMap;

use daypass_core::claims;
use daypass_core::ids::IdentityId;
use daypass_core::limits::OPEN_ID_TOKEN_SECONDS;
use daypass_core::time::Lifetime;
use daypass_wire::json::{Answer, Members};

use super::{error, shapes};
use crate::activity::GUEST;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Public};
use crate::logins;
use crate::operation::Operation;

pub(super) struct GetOpenIdToken;

pub(super) struct Input {
    identity_id: IdentityId,
    logins: BTreeMap<String, String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_id: shapes::identity_id(members),
            logins: shapes::logins(members),
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

impl Operation for GetOpenIdToken {
    const NAME: &'static str = "GetOpenIdToken";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
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
        let mut records = env.read().await?;
        let (identity, pool) =
            logins::load_identity(env, &mut records, &input.identity_id, circumstances).await?;
        drop(records);
        env.quota().pool(Self::NAME, &pool.id, circumstances.now)?;
        pool.require_classic_flow()
            .map_err(error::classic_flow_refused)?;
        logins::refuse_unverifiable(&pool, &input.logins)?;
        logins::require_guest(&pool, &identity)?;

        let lifetime = Lifetime::from_seconds(OPEN_ID_TOKEN_SECONDS);
        let claims = claims::guest(
            env.deployment(),
            &pool,
            &identity.id,
            lifetime,
            circumstances.now,
        );
        let token = env.signer().sign(claims).await?;
        env.activity()
            .token(circumstances.now, pool.id.as_str(), GUEST);
        Ok(Output {
            identity_id: identity.id,
            token,
        })
    }
}
