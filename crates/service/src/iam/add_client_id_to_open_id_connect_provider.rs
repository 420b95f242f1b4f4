//! `AddClientIDToOpenIDConnectProvider`: take tokens for one more client. One that is known is no error.
//!
//! **Source**: IAM API reference, *AddClientIDToOpenIDConnectProvider*; contract page section 4.2.
//! **Errors**: `NoSuchEntity`, `LimitExceeded`, `InvalidInput` for an ARN that is no provider's, and
//! the common set. The documented `ConcurrentModification` never shows: what collides is run again.

use daypass_wire::query::Members;

use super::{error, open_id_providers, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct AddClientIDToOpenIDConnectProvider;

pub(super) struct Input {
    provider_arn: String,
    client_id: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("OpenIDConnectProviderArn", &shapes::ARN),
            client_id: members.required_text("ClientID", &open_id_providers::CLIENT_ID),
        }
    }
}

impl Operation for AddClientIDToOpenIDConnectProvider {
    const NAME: &'static str = "AddClientIDToOpenIDConnectProvider";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = &input.provider_arn;
        Ok(vec![open_id_providers::need(env, Self::NAME, arn).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.provider_arn;
        let mut records = env.write().await?;
        let mut provider = open_id_providers::existing(env, &mut records, arn).await?;
        open_id_providers::add_clients(&mut provider.client_ids, vec![input.client_id])?;
        records.put_open_id_provider(&provider).await?;
        Ok(records.commit().await?)
    }
}
