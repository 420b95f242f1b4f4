//! `ListOpenIDConnectProviders`: the ARNs of all issuers of the account.
//!
//! There are at most a hundred, and they come at once.
//!
//! **Source**: IAM API reference, *ListOpenIDConnectProviders*.
//! **Errors**: the common set only.

use daypass_wire::xml::Element;

use super::limits::OPEN_ID_PROVIDERS_MAX;
use crate::aws_query::QueryOutput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct ListOpenIDConnectProviders;

pub(super) struct Output(Vec<String>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let arns = self.0.into_iter();
        let entries = arns.map(|arn| Element::new("member").text("Arn", arn));
        let result = Element::new("ListOpenIDConnectProvidersResult");
        Some(result.list("OpenIDConnectProviderList", entries))
    }
}

impl Operation for ListOpenIDConnectProviders {
    const NAME: &'static str = "ListOpenIDConnectProviders";
    const ERRORS: &'static [&'static str] = &[];
    type Admission = Permit;
    type Input = ();
    type Output = Output;

    async fn needs(_: &Env, (): &()) -> Result<Vec<Need>, Failure> {
        Ok(vec![Need::new("iam:ListOpenIDConnectProviders", "*")])
    }

    async fn call(env: &Env, _: Permit, (): ()) -> Result<Output, Failure> {
        let mut records = env.read().await?;
        let providers = records.open_id_providers(OPEN_ID_PROVIDERS_MAX).await?;
        let arns = providers
            .iter()
            .map(|provider| provider.arn(env.account()))
            .collect();
        Ok(Output(arns))
    }
}
