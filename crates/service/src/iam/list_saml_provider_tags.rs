//! `ListSAMLProviderTags`: the tags of a SAML provider, page by page.
//!
//! **Source**: IAM API reference, *ListSAMLProviderTags*; contract page section 4.1.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no SAML provider's, `ValidationError` for
//! a marker of another listing, and the common set.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::paging::{Listed, PageInput};
use super::{error, saml_providers, shapes, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;
use crate::page_token::Listing;

pub(super) struct ListSAMLProviderTags;

pub(super) struct Input {
    provider_arn: String,
    page: PageInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("SAMLProviderArn", &shapes::ARN),
            page: PageInput::read(members),
        }
    }
}

pub(super) struct Output(Listed<(String, String)>);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let tags = self.0.items.iter().map(|(key, value)| (key, value));
        let result = Element::new("ListSAMLProviderTagsResult");
        let result = tags::write(result, tags);
        Some(self.0.end(result))
    }
}

impl Operation for ListSAMLProviderTags {
    const NAME: &'static str = "ListSAMLProviderTags";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        Ok(vec![
            saml_providers::need(env, Self::NAME, &input.provider_arn).await?,
        ])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let listing = Listing {
            operation: Self::NAME,
            bound: &[&input.provider_arn],
        };
        let pages = input.page.open(env, &permit, listing)?;
        let mut records = env.read().await?;
        let arn = &input.provider_arn;
        let provider = saml_providers::existing(env, &mut records, arn).await?;
        let tags = provider.tags.into_iter().collect();
        Ok(Output(pages.cut(tags, |(key, _)| key.clone())?))
    }
}
