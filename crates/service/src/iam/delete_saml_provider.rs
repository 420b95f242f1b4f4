//! `DeleteSAMLProvider`: forget a SAML provider. Its users cannot log in from then on.
//!
//! **Source**: IAM API reference, *DeleteSAMLProvider*.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no SAML provider's, and the common
//! set. The documented `LimitExceeded` never shows: deleting passes no limit.

use daypass_wire::query::Members;

use super::{error, saml_providers, shapes};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct DeleteSAMLProvider;

pub(super) struct Input {
    provider_arn: String,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("SAMLProviderArn", &shapes::ARN),
        }
    }
}

impl Operation for DeleteSAMLProvider {
    const NAME: &'static str = "DeleteSAMLProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = &input.provider_arn;
        Ok(vec![saml_providers::need(env, Self::NAME, arn).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.provider_arn;
        let mut records = env.write().await?;
        let provider = saml_providers::existing(env, &mut records, arn).await?;
        records.delete_saml_provider(&provider.name).await?;
        Ok(records.commit().await?)
    }
}
