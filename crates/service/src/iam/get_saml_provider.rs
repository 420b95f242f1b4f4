//! `GetSAMLProvider`: the metadata of a SAML provider, as it was uploaded, and its tags.
//!
//! **Source**: IAM API reference, *GetSAMLProvider*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no SAML provider's, and the common
//! set.

use daypass_core::saml_provider::SamlProvider;
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::{error, saml_providers, shapes, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetSAMLProvider;

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

pub(super) struct Output(SamlProvider);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let provider = self.0;
        let result = Element::new("GetSAMLProviderResult")
            .text("SAMLProviderUUID", provider.unique_id.as_str())
            .text("CreateDate", iso8601(provider.created.seconds()))
            .text("ValidUntil", iso8601(provider.valid_until.seconds()))
            .text("SAMLMetadataDocument", provider.metadata);
        Some(tags::write(result, &provider.tags))
    }
}

impl Operation for GetSAMLProvider {
    const NAME: &'static str = "GetSAMLProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = &input.provider_arn;
        Ok(vec![saml_providers::need(env, Self::NAME, arn).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let arn = &input.provider_arn;
        saml_providers::existing(env, &mut records, arn)
            .await
            .map(Output)
    }
}
