//! `GetOpenIdToken`: a token for the classic flow.
//!
//! **Source**: Cognito identity API reference, *GetOpenIdToken*; contract page sections 2.11, 3.3
//! and 4.7.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`
//! when the pool does not allow the classic flow, `ResourceConflictException` for logins that cannot
//! share an identity, `ExternalServiceException` for a provider out of reach, and the common set.

use std::collections::BTreeMap;

use daypass_core::claims;
use daypass_core::ids::IdentityId;
use daypass_core::limits::OPEN_ID_TOKEN_SECONDS;
use daypass_core::time::Lifetime;
use daypass_wire::json::{Answer, Members};

use super::{error, shapes};
use crate::assertions::Presented;
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
        let mut records = env.read().await?;
        let (_, pool) =
            logins::load_identity(env, &mut records, &input.identity_id, circumstances).await?;
        drop(records);
        env.quota().pool(Self::NAME, &pool.id, circumstances.now)?;
        pool.require_classic_flow()
            .map_err(error::classic_flow_refused)?;
        let now = circumstances.now;
        let presented = Presented::to(Self::NAME, circumstances);
        let (settled, public) =
            logins::prove_public(env, &pool, &input.identity_id, &input.logins, &presented).await?;
        let tags = claims::tags(&settled.pool, &public).map_err(error::invalid_tags)?;
        let (identity, pool) = settled.commit(env, now).await?;

        let amr = claims::amr(&pool, None, &public);
        let lifetime = Lifetime::from_seconds(OPEN_ID_TOKEN_SECONDS);
        let deployment = env.deployment();
        let whose = (&pool, &identity.id);
        let claims = claims::token(deployment, whose, amr, &tags, lifetime, now);
        let token = env.signer().sign(claims).await?;
        env.activity()
            .token(now, pool.id.as_str(), &logins::providers(&public));
        Ok(Output {
            identity_id: identity.id,
            token,
        })
    }
}
