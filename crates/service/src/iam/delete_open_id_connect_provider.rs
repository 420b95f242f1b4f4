//! `DeleteOpenIDConnectProvider`: forget an issuer. One that is not there is no error.
//!
//! **Source**: IAM API reference, *DeleteOpenIDConnectProvider*; contract page section 4.3.
//! **Errors**: `InvalidInput` for an ARN that is no provider's, and the common set. The documented
//! `NoSuchEntity` never shows: the operation may be repeated.

use daypass_wire::query::Members;

use super::{error, open_id_providers, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteOpenIDConnectProvider;

pub(super) struct Input {
    provider_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("OpenIDConnectProviderArn", &shapes::ARN),
        }
    }
}

impl Operation for DeleteOpenIDConnectProvider {
    const NAME: &'static str = "DeleteOpenIDConnectProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT];
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
        if let Some(provider) = open_id_providers::find(env, &mut records, arn).await? {
            let name = provider.url.name();
            records.delete_open_id_provider(name).await?;
        }
        Ok(records.commit().await?)
    }
}
