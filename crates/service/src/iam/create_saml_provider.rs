//! `CreateSAMLProvider`: register a SAML 2.0 provider by its metadata.
//!
//! The metadata must name the provider and give one to four certificates that can check its
//! signatures; there is nothing that would switch the check off. Assertions are not decrypted, so the
//! members for that are refused.
//!
//! **Source**: IAM API reference, *CreateSAMLProvider*; contract page sections 4.2 to 4.4;
//! requirement S44.
//! **Errors**: `EntityAlreadyExists`, `LimitExceeded`, `InvalidInput` for the metadata, the members
//! on encryption and tags, and the common set. The documented `ConcurrentModification` never shows:
//! what collides is run again.

use std::collections::BTreeMap;

use daypass_core::ids::{UniqueId, base32_letters};
use daypass_core::saml_provider::{self, SamlProvider};
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::SAML_PROVIDERS_MAX;
use super::{error, saml_providers, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateSAMLProvider;

pub(super) struct Input {
    metadata: String,
    name: String,
    tags: tags::Given,
    encryption: saml_providers::EncryptionInput,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            metadata: members
                .required_text("SAMLMetadataDocument", &saml_providers::METADATA_DOCUMENT),
            name: members.required_text("Name", &saml_providers::NAME),
            tags: tags::read(members),
            encryption: saml_providers::EncryptionInput::read(members),
        }
    }
}

pub(super) struct Output {
    arn: String,
    tags: BTreeMap<String, String>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("CreateSAMLProviderResult").text("SAMLProviderArn", self.arn);
        Some(tags::write(result, &self.tags))
    }
}

impl Operation for CreateSAMLProvider {
    const NAME: &'static str = "CreateSAMLProvider";
    const ERRORS: &'static [&'static str] = &[
        error::ENTITY_ALREADY_EXISTS,
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let arn = saml_provider::arn(env.account(), &input.name);
        let need = |action: &str| tags::requested(Need::new(action, &arn), &input.tags);
        let mut needs = vec![need("iam:CreateSAMLProvider")];
        if !input.tags.is_empty() {
            needs.push(need("iam:TagSAMLProvider"));
        }
        Ok(needs)
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let now = permit.circumstances().now;
        input.encryption.refuse()?;
        let valid_until = saml_providers::valid_until(&input.metadata, now, now)?;
        let provider = SamlProvider {
            name: input.name,
            unique_id: UniqueId::stored(base32_letters(&env.random::<26>()?)),
            metadata: input.metadata,
            valid_until,
            tags: tags::SAML_PROVIDER.fresh(&input.tags)?,
            created: now,
        };
        let mut records = env.write().await?;
        if records.saml_provider(&provider.name).await?.is_some() {
            let message = format!("Provider {} already exists", provider.name);
            return Err(error::already_exists(message).into());
        }
        let count = records.count_saml_providers(SAML_PROVIDERS_MAX);
        if count.await? >= SAML_PROVIDERS_MAX {
            return Err(error::quota("SAMLProvidersPerAccount", SAML_PROVIDERS_MAX).into());
        }
        records.put_saml_provider(&provider).await?;
        records.commit().await?;
        Ok(Output {
            arn: provider.arn(env.account()),
            tags: provider.tags,
        })
    }
}
