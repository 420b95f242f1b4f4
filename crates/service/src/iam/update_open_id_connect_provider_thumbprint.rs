//! `UpdateOpenIDConnectProviderThumbprint`: replace a provider's thumbprints.
//!
//! They are kept and shown. What is checked when its keys are fetched is the whole chain of
//! certificates.
//!
//! **Source**: IAM API reference, *UpdateOpenIDConnectProviderThumbprint*; contract page section 4.2.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for too many or odd ones and for an ARN that is no
//! provider's, and the common set. The documented `ConcurrentModification` never shows: what
//! collides is run again.

use daypass_wire::query::Members;

use super::{error, open_id_providers, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateOpenIDConnectProviderThumbprint;

pub(super) struct Input {
    provider_arn: String,
    thumbprints: Vec<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("OpenIDConnectProviderArn", &shapes::ARN),
            thumbprints: members.required_list("ThumbprintList", &open_id_providers::THUMBPRINTS),
        }
    }
}

impl Operation for UpdateOpenIDConnectProviderThumbprint {
    const NAME: &'static str = "UpdateOpenIDConnectProviderThumbprint";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
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
        open_id_providers::check_thumbprints(&input.thumbprints)?;
        provider.thumbprints = input.thumbprints;
        records.put_open_id_provider(&provider).await?;
        Ok(records.commit().await?)
    }
}
