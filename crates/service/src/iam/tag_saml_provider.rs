//! `TagSAMLProvider`: add tags to a SAML provider, or change their values.
//!
//! **Source**: IAM API reference, *TagSAMLProvider*; contract page section 4.4.
//! **Errors**: `NoSuchEntity`, `LimitExceeded`, `InvalidInput`, and the common set. The documented
//! `ConcurrentModification` never shows: what collides is run again.

use daypass_wire::query::Members;

use super::{error, saml_providers, shapes, tags};
use crate::aws_query::QueryInput;
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct TagSAMLProvider;

pub(super) struct Input {
    provider_arn: String,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            provider_arn: members.required_text("SAMLProviderArn", &shapes::ARN),
            tags: tags::read_required(members),
        }
    }
}

impl Operation for TagSAMLProvider {
    const NAME: &'static str = "TagSAMLProvider";
    const ERRORS: &'static [&'static str] = &[
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
        error::NO_SUCH_ENTITY,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = ();

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let need = saml_providers::need(env, Self::NAME, &input.provider_arn).await?;
        Ok(vec![tags::requested(need, &input.tags)])
    }

    async fn call(env: &Env, _: Permit, input: Input) -> Result<(), Failure> {
        let arn = &input.provider_arn;
        let mut records = env.write().await?;
        let mut provider = saml_providers::existing(env, &mut records, arn).await?;
        tags::SAML_PROVIDER.put(&mut provider.tags, &input.tags)?;
        records.put_saml_provider(&provider).await?;
        Ok(records.commit().await?)
    }
}
