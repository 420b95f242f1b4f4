//! `UnlinkIdentity`: an app user detaches a public login from the own identity.
//!
//! **Source**: Cognito identity API reference, *UnlinkIdentity*; contract page section 2.20.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException` when no login of the identity
//! is shown, `InvalidParameterException` for the developer provider, `ExternalServiceException` for
//! a provider that gives no answer, and the common set. Conflicts have no cause.

use std::collections::BTreeMap;

use daypass_core::ids::IdentityId;
use daypass_core::unlink::{self, UnlinkError};
use daypass_wire::json::Members;

use super::{error, shapes};
use crate::assertions::Presented;
use crate::aws_json::JsonInput;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Public};
use crate::logins;
use crate::operation::Operation;

pub(super) struct UnlinkIdentity;

pub(super) struct Input {
    identity_id: IdentityId,
    logins: BTreeMap<String, String>,
    remove: Vec<String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_id: shapes::identity_id(members),
            logins: shapes::required_logins(members),
            remove: members.required_list("LoginsToRemove", &shapes::LOGINS_LIST),
        }
    }
}

impl Operation for UnlinkIdentity {
    const NAME: &'static str = "UnlinkIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::EXTERNAL_SERVICE,
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Public;
    type Input = Input;
    type Output = ();

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, public: Public, input: Input) -> Result<(), Failure> {
        let circumstances = public.circumstances();
        let mut records = env.read().await?;
        let (_, pool) =
            logins::load_identity(env, &mut records, &input.identity_id, circumstances).await?;
        drop(records);
        env.quota().pool(Self::NAME, &pool.id, circumstances.now)?;
        let presented = Presented::to(Self::NAME, circumstances);
        let proofs = logins::verify_public(env, &pool, &input.logins, &presented).await?;
        let proofs: Vec<_> = proofs.into_iter().map(|proof| proof.login).collect();

        let mut records = env.write().await?;
        let (identity, pool) =
            logins::load_identity(env, &mut records, &input.identity_id, circumstances).await?;
        let now = circumstances.now;
        let before = identity.clone();
        let rest = unlink::public(&pool, identity, &proofs, &input.remove, now).map_err(refuse)?;

        if rest != before {
            records.put_identity(&rest).await?;
            records.commit().await?;
        }
        Ok(())
    }
}

fn refuse(error: UnlinkError) -> ApiError {
    match error {
        UnlinkError::DeveloperProvider(_) => {
            error::not_a_public_provider("logins.provider_name_on_client")
        }
        UnlinkError::NotProved(_)
        | UnlinkError::UnknownUser
        | UnlinkError::LinkedElsewhere { .. } => error::logins_do_not_match("logins.none_linked"),
    }
}
