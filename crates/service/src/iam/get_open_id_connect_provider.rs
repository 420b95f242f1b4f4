//! `GetOpenIDConnectProvider`: an issuer, its clients and its tags.
//!
//! The URL is answered without its scheme.
//!
//! **Source**: IAM API reference, *GetOpenIDConnectProvider*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no provider's, and the common set.

use daypass_core::open_id_provider::OpenIdProvider;
use daypass_wire::query::Members;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::{error, open_id_providers, shapes, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct GetOpenIDConnectProvider;

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

pub(super) struct Output(OpenIdProvider);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let provider = self.0;
        let result = Element::new("GetOpenIDConnectProviderResult")
            .text("Url", provider.url.name())
            .text("CreateDate", iso8601(provider.created.seconds()))
            .texts("ClientIDList", provider.client_ids)
            .texts("ThumbprintList", provider.thumbprints);
        Some(tags::write(result, &provider.tags))
    }
}

impl Operation for GetOpenIDConnectProvider {
    const NAME: &'static str = "GetOpenIDConnectProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = &input.provider_arn;
        Ok(vec![open_id_providers::need(env, Self::NAME, arn).await?])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let arn = &input.provider_arn;
        open_id_providers::existing(env, &mut records, arn)
            .await
            .map(Output)
    }
}
