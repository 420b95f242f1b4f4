//! `CreateOpenIDConnectProvider`: register an issuer, with the clients whose tokens are taken.
//!
//! Nothing is fetched here: the issuer's keys are, when its first token comes. Thumbprints are kept
//! and shown; what is checked is the whole chain of certificates.
//!
//! **Source**: IAM API reference, *CreateOpenIDConnectProvider*; contract page sections 4.2 to 4.4.
//! **Errors**: `EntityAlreadyExists`, `LimitExceeded`, `InvalidInput` for thumbprints and tags,
//! `ValidationError` for a URL that is no issuer's, and the common set. The documented
//! `ConcurrentModification` never shows, as what collides is run again, and neither does
//! `OpenIdIdpCommunicationError`, as no issuer is called.

use std::collections::BTreeMap;

use daypass_core::issuer::IssuerUrl;
use daypass_core::open_id_provider::{self, OpenIdProvider};
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::limits::OPEN_ID_PROVIDERS_MAX;
use super::{error, open_id_providers, tags};
use crate::aws_query::{QueryInput, QueryOutput};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Permit};
use crate::operation::Operation;

pub(super) struct CreateOpenIDConnectProvider;

pub(super) struct Input {
    url: String,
    client_ids: Vec<String>,
    thumbprints: Vec<String>,
    tags: tags::Given,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            url: members.required_text("Url", &open_id_providers::URL),
            client_ids: members.texts("ClientIDList", &open_id_providers::CLIENT_IDS),
            thumbprints: members.texts("ThumbprintList", &open_id_providers::THUMBPRINTS),
            tags: tags::read(members),
        }
    }
}

pub(super) struct Output {
    arn: String,
    tags: BTreeMap<String, String>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let result = Element::new("CreateOpenIDConnectProviderResult")
            .text("OpenIDConnectProviderArn", self.arn);
        Some(tags::write(result, &self.tags))
    }
}

impl Operation for CreateOpenIDConnectProvider {
    const NAME: &'static str = "CreateOpenIDConnectProvider";
    const ERRORS: &'static [&'static str] = &[
        error::ENTITY_ALREADY_EXISTS,
        error::INVALID_INPUT,
        error::LIMIT_EXCEEDED,
    ];
    type Admission = Permit;
    type Input = Input;
    type Output = Output;

    async fn needs(env: &Env, input: &Input) -> Result<Vec<Need>, Failure> {
        let url = issuer_url(env, &input.url)?;
        let arn = open_id_provider::arn(env.account(), url.name());
        let need = |action: &str| tags::requested(Need::new(action, &arn), &input.tags);
        let mut needs = vec![need("iam:CreateOpenIDConnectProvider")];
        if !input.tags.is_empty() {
            needs.push(need("iam:TagOpenIDConnectProvider"));
        }
        Ok(needs)
    }

    async fn call(env: &Env, permit: Permit, input: Input) -> Result<Output, Failure> {
        let url = issuer_url(env, &input.url)?;
        let mut client_ids = Vec::new();
        open_id_providers::add_clients(&mut client_ids, input.client_ids)?;
        open_id_providers::check_thumbprints(&input.thumbprints)?;
        let provider = OpenIdProvider {
            url,
            client_ids,
            thumbprints: input.thumbprints,
            tags: tags::OPEN_ID_PROVIDER.fresh(&input.tags)?,
            created: permit.circumstances().now,
        };
        let mut records = env.write().await?;
        let name = provider.url.name();
        if records.open_id_provider(name).await?.is_some() {
            let message = format!("Provider with url {} already exists.", provider.url);
            return Err(error::already_exists(message).into());
        }
        let count = records.count_open_id_providers(OPEN_ID_PROVIDERS_MAX);
        if count.await? >= OPEN_ID_PROVIDERS_MAX {
            let name = "OpenIdConnectProvidersPerAccount";
            return Err(error::quota(name, OPEN_ID_PROVIDERS_MAX).into());
        }
        records.put_open_id_provider(&provider).await?;
        records.commit().await?;
        Ok(Output {
            arn: provider.arn(env.account()),
            tags: provider.tags,
        })
    }
}

/// The URL of an issuer that this house may call.
fn issuer_url(env: &Env, url: &str) -> Result<IssuerUrl, ApiError> {
    IssuerUrl::parse(url, &env.settings().issuers.private).map_err(|_| error::invalid_issuer_url())
}
