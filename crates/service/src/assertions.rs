//! SAML responses: the provider they are presented for, what is expected of them, and that an
//! assertion which may be used once is.
//!
//! Verifying is a rule of the proof room; here the provider is loaded and the use is remembered. An
//! assertion is accepted once for each operation, since one login goes to two of them: `GetId` and
//! `GetCredentialsForIdentity`.
//!
//! **Source**: requirements S43 to S46.

use daypass_core::saml_provider::name_in_arn;
use daypass_core::time::Timestamp;
use daypass_proof::login::ProviderName;
use daypass_proof::login::saml::{
    AGE_SECONDS, AGE_SECONDS_MAX, Expectation, Metadata, Provider, SKEW_SECONDS, SamlError,
    VerifiedAssertion, verify as verify_response,
};
use daypass_store::records::{AssertionUse, RecordError};
use uuid::Uuid;

use crate::circumstances::Circumstances;
use crate::env::Env;
use crate::error::Failure;

/// What is expected of every assertion.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SamlSettings {
    /// Where assertions are delivered: their `Recipient` is one of these.
    pub recipients: Vec<String>,
    /// Whom they are meant for: one of these is among their audiences.
    pub audiences: Vec<String>,
    /// How long after it was issued one is taken, in seconds: up to an hour.
    pub age_seconds: i64,
    /// Whether every assertion may be used once only, not just those that say so.
    pub single_use: bool,
    /// Whether a provider's certificate past its time still verifies.
    pub expired_certificates: bool,
}

impl SamlSettings {
    /// What holds unless an operator says otherwise, for a server at this URL.
    ///
    /// The recipient is a place of ours, so an assertion made for another service is of no use here,
    /// whatever its audience.
    pub fn at(public_url: &str) -> Self {
        let place = format!("{public_url}/saml");
        Self {
            recipients: vec![place.clone()],
            audiences: vec!["urn:amazon:webservices".to_owned(), place],
            age_seconds: AGE_SECONDS,
            single_use: false,
            expired_certificates: true,
        }
    }
}

/// Which request presents an assertion.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Presented {
    /// The operation it is presented to.
    pub operation: &'static str,
    /// The request, which may be run again.
    pub request_id: Uuid,
    /// Its moment.
    pub now: Timestamp,
}

impl Presented {
    /// An assertion presented to `operation` by the request of these circumstances.
    pub(crate) fn to(operation: &'static str, circumstances: &Circumstances) -> Self {
        Self {
            operation,
            request_id: circumstances.request_id,
            now: circumstances.now,
        }
    }
}

/// Why a response is not accepted.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// The account has no provider of this ARN.
    NoProvider,
    /// The provider's metadata holds no longer.
    MetadataExpired,
    /// The response does not verify.
    Response(SamlError),
    /// The assertion may be used once, and was.
    Replayed,
    /// Something of ours is broken.
    Failed(Failure),
}

impl Refusal {
    /// The stable name of the reason.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Self::NoProvider => "saml.no_provider",
            Self::MetadataExpired => "saml.metadata_expired",
            Self::Response(error) => error.reason(),
            Self::Replayed => "saml.replayed",
            Self::Failed(_) => "internal",
        }
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Self {
        Self::Failed(error.into())
    }
}

/// Verifies a response, in base64, for the provider of this ARN, and remembers its use if it may be
/// used once only.
pub(crate) async fn verify(
    env: &Env,
    arn: &ProviderName,
    response: &str,
    presented: &Presented,
) -> Result<VerifiedAssertion, Refusal> {
    let metadata = metadata(env, arn, presented.now).await?;
    let provider = Provider {
        name: arn,
        entity_id: metadata.entity_id(),
        certificates: metadata.certificates(),
    };
    let settings = &env.settings().saml;
    let expectation = Expectation {
        recipients: &settings.recipients,
        audiences: &settings.audiences,
        age_seconds: settings.age_seconds.clamp(1, AGE_SECONDS_MAX),
        expired_certificates: settings.expired_certificates,
    };
    let now = presented.now.seconds();
    let assertion = verify_response(response, &provider, &expectation, now);
    let assertion = assertion.map_err(Refusal::Response)?;
    if let Some(not_after) = assertion.expired_certificate() {
        tracing::warn!(provider = %arn, not_after, "a SAML provider signs with an expired certificate");
    }
    if assertion.one_time_use() || settings.single_use {
        remember(env, &assertion, presented).await?;
    }
    Ok(assertion)
}

/// The metadata of a provider of the account.
async fn metadata(env: &Env, arn: &ProviderName, now: Timestamp) -> Result<Metadata, Refusal> {
    let name = name_in_arn(arn.as_str(), env.account()).ok_or(Refusal::NoProvider)?;
    let mut records = env.read().await?;
    let provider = records.saml_provider(name).await?;
    let provider = provider.filter(|provider| provider.name == name);
    let provider = provider.ok_or(Refusal::NoProvider)?;
    if provider.valid_until <= now {
        return Err(Refusal::MetadataExpired);
    }
    let metadata = Metadata::parse(provider.metadata.as_bytes());
    metadata.map_err(|error| {
        let message = format!("the stored metadata of `{arn}` does not read: {error}");
        Refusal::Failed(Failure::Internal(message))
    })
}

/// Remembers that this operation used an assertion. Its own transaction: who comes second reads it.
async fn remember(
    env: &Env,
    assertion: &VerifiedAssertion,
    presented: &Presented,
) -> Result<(), Refusal> {
    // The longest it could be accepted under any setting, so that servers with different ones agree.
    let until = assertion.issued_at() + AGE_SECONDS_MAX + SKEW_SECONDS;
    let request = presented.request_id.to_string();
    let one = AssertionUse {
        issuer: assertion.issuer(),
        id: assertion.id(),
        until_seconds: until,
        operation: presented.operation,
        request: &request,
    };
    let mut records = env.write().await?;
    if !records.use_assertion(&one, presented.now.seconds()).await? {
        return Err(Refusal::Replayed);
    }
    Ok(records.commit().await?)
}
