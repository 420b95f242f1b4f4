//! `UntagSAMLProvider`: take tags from a SAML provider.
//!
//! **Source**: IAM API reference, *UntagSAMLProvider*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no SAML provider's, and the common set.
//! The documented `ConcurrentModification` never shows: what collides is run again.

use daypass_wire::query::Members;

use super::{error, saml_providers, shapes, tags};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UntagSAMLProvider;

pub(super) struct Input {
    provider_arn: String,
    tag_keys: Vec<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("SAMLProviderArn", &shapes::ARN),
            tag_keys: tags::read_keys(members),
        }
    }
}

impl Operation for UntagSAMLProvider {
    const NAME: &'static str = "UntagSAMLProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = saml_providers::need(env, Self::NAME, &input.provider_arn).await?;
        Ok(vec![tags::named(need, input.tag_keys.clone())])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.provider_arn;
        let mut records = env.write().await?;
        let mut provider = saml_providers::existing(env, &mut records, arn).await?;
        tags::SAML_PROVIDER.remove(&mut provider.tags, &input.tag_keys);
        records.put_saml_provider(&provider).await?;
        Ok(records.commit().await?)
    }
}
