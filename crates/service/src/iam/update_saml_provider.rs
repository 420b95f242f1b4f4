//! `UpdateSAMLProvider`: replace the metadata of a SAML provider.
//!
//! Without new metadata nothing changes. Assertions are not decrypted, so the members for that are
//! refused.
//!
//! **Source**: IAM API reference, *UpdateSAMLProvider*; contract page section 4.4; requirement S44.
//! **Errors**: `NoSuchEntity`, `InvalidInput` for an ARN that is no SAML provider's, the metadata and
//! the members on encryption, and the common set. The documented `LimitExceeded` is about private
//! keys, of which there are none, and `ConcurrentModification` never shows: what collides is run
//! again.

use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, saml_providers, shapes};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct UpdateSAMLProvider;

pub(super) struct Input {
    metadata: Option<String>,
    provider_arn: String,
    encryption: saml_providers::EncryptionInput,
    removed_key: Option<String>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            metadata: members
                .optional_text("SAMLMetadataDocument", &saml_providers::METADATA_DOCUMENT),
            provider_arn: members.required_text("SAMLProviderArn", &shapes::ARN),
            encryption: saml_providers::EncryptionInput::read(members),
            removed_key: members.optional_text("RemovePrivateKey", &saml_providers::KEY_ID),
        }
    }
}

pub(super) struct Output(String);

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        Some(Element::new("UpdateSAMLProviderResult").text("SAMLProviderArn", self.0))
    }
}

impl Operation for UpdateSAMLProvider {
    const NAME: &'static str = "UpdateSAMLProvider";
    const ERRORS: &'static [&'static str] = &[error::INVALID_INPUT, error::NO_SUCH_ENTITY];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = &input.provider_arn;
        Ok(vec![saml_providers::need(env, Self::NAME, arn).await?])
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        input.encryption.refuse()?;
        let mut records = env.write().await?;
        let arn = &input.provider_arn;
        let mut provider = saml_providers::existing(env, &mut records, arn).await?;
        if input.removed_key.is_some() {
            return Err(saml_providers::no_private_keys().into());
        }
        if let Some(metadata) = input.metadata {
            let now = permit.circumstances().now;
            provider.valid_until = saml_providers::valid_until(&metadata, provider.created, now)?;
            provider.metadata = metadata;
            records.put_saml_provider(&provider).await?;
        }
        records.commit().await?;
        Ok(Output(input.provider_arn))
    }
}
