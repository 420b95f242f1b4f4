//! `ListSAMLProviders`: all SAML providers of the account, without their metadata.
//!
//! There are at most a hundred, and they come at once.
//!
//! **Source**: IAM API reference, *ListSAMLProviders*.
//! **Errors**: the common set only.

use daypass_core::ids::AccountId;
use daypass_core::saml_provider::SamlProvider;
use daypass_wire::time::iso8601;
use daypass_wire::xml::Element;

use super::limits::SAML_PROVIDERS_MAX;
use crate::aws_query::QueryOutput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct ListSAMLProviders;

pub(super) struct Output {
    account: AccountId,
    providers: Vec<SamlProvider>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let account = self.account;
        let entries = self.providers.into_iter().map(|provider| {
            Element::new("member")
                .text("Arn", provider.arn(&account))
                .text("ValidUntil", iso8601(provider.valid_until.seconds()))
                .text("CreateDate", iso8601(provider.created.seconds()))
        });
        let result = Element::new("ListSAMLProvidersResult");
        Some(result.list("SAMLProviderList", entries))
    }
}

impl Operation for ListSAMLProviders {
    const NAME: &'static str = "ListSAMLProviders";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = ();
    type Output = Output;

    async fn needs(_: &Env, (): &()) -> Result<Vec<Need>, Failure> {
        Ok(vec![Need::new("iam:ListSAMLProviders", "*")])
    }

    async fn call(env: &Env, _: Permit, (): ()) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        Ok(Output {
            account: env.account().clone(),
            providers: records.saml_providers(SAML_PROVIDERS_MAX).await?,
        })
    }
}
