//! What the operations on SAML providers share: the provider meant, the permission needed, the
//! metadata and how long it holds.
//!
//! **Source**: IAM API reference, *CreateSAMLProvider*; contract page sections 4.2 to 4.5;
//! requirements S43 and S44.

use daypass_core::saml_provider::{SamlProvider, VALID_SECONDS_DEFAULT, name_in_arn};
use daypass_core::time::Timestamp;
use daypass_proof::login::saml::Metadata;
use daypass_store::records::Records;
use daypass_wire::constraint::{Choice, Text};
use daypass_wire::pattern;
use daypass_wire::query::Members;

use super::{error, tags};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::Need;

/// Metadata documents. A request of this face is shorter than the longest of them.
pub(super) const METADATA_DOCUMENT: Text = Text::length(1_000, 10_000_000);
/// Names of SAML providers.
pub(super) const NAME: Text = Text::length(1, 128).matching(pattern::WORD_DOT_DASH);
/// Ids of private keys.
pub(super) const KEY_ID: Text = Text::length(22, 64).matching(pattern::UPPER_ALPHANUMERIC);
const PRIVATE_KEY: Text = Text::length(1, 16_384)
    .matching(pattern::LATIN1)
    .sensitive();
const ENCRYPTION_MODE: Choice = Choice(&["Required", "Allowed"]);

/// The members on encrypted assertions, which are read and refused.
pub(super) struct EncryptionInput {
    given: bool,
}

impl EncryptionInput {
    pub(super) fn read(members: &mut Members<'_>) -> Self {
        let mode = members.optional_choice("AssertionEncryptionMode", &ENCRYPTION_MODE);
        let key = members.optional_text("AddPrivateKey", &PRIVATE_KEY);
        Self {
            given: mode.is_some() || key.is_some(),
        }
    }

    /// Refuses them if they were given.
    ///
    /// **Errors**: `InvalidInput`.
    pub(super) fn refuse(&self) -> Result<(), ApiError> {
        if self.given {
            let message = "Encrypted assertions are not supported.";
            return Err(error::invalid_input(message, "saml.encrypted"));
        }
        Ok(())
    }
}

/// A private key that is to be removed: no provider has one.
pub(super) fn no_private_keys() -> ApiError {
    let message = "The provider has no private key of this id.";
    error::invalid_input(message, "saml.encrypted")
}

/// Checks that `arn` is the ARN of a SAML provider, of whatever account.
///
/// **Errors**: `InvalidInput`.
pub(super) fn check_arn(arn: &str) -> Result<(), ApiError> {
    let resource = arn.strip_prefix("arn:aws:iam::").and_then(|rest| {
        let (account, resource) = rest.split_once(':')?;
        let known = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        known.then_some(resource)
    });
    let name = resource.and_then(|resource| resource.strip_prefix("saml-provider/"));
    match name {
        Some(name) if NAME.accepts(name) => Ok(()),
        _ => Err(error::invalid_arn(arn)),
    }
}

/// The provider of this ARN, if there is one.
pub(super) async fn find(
    env: &Env,
    records: &mut Records,
    arn: &str,
) -> Result<Option<SamlProvider>, Failure> {
    let Some(name) = name_in_arn(arn, env.account()) else {
        return Ok(None);
    };
    let provider = records.saml_provider(name).await?;
    // Names are one in any case; an ARN is not.
    Ok(provider.filter(|provider| provider.name == name))
}

/// The provider of this ARN.
///
/// **Errors**: `NoSuchEntity`.
pub(super) async fn existing(
    env: &Env,
    records: &mut Records,
    arn: &str,
) -> Result<SamlProvider, Failure> {
    let provider = find(env, records, arn).await?;
    Ok(provider.ok_or_else(|| error::no_such_saml_provider(arn))?)
}

/// The permission `iam:<operation>` on the provider of this ARN, with its tags.
///
/// **Errors**: `InvalidInput` for an ARN that is no SAML provider's.
pub(super) async fn need(env: &Env, operation: &str, arn: &str) -> Result<Need, Failure> {
    check_arn(arn)?;
    let mut records = env.read().await?;
    let need = Need::new(format!("iam:{operation}"), arn);
    Ok(match find(env, &mut records, arn).await? {
        Some(provider) => tags::of_resource(need, &provider.tags),
        None => need,
    })
}

/// Until when the metadata of a provider made at `created` holds; it must be that of a usable
/// provider, and hold now.
///
/// **Errors**: `InvalidInput`.
pub(super) fn valid_until(
    metadata: &str,
    created: Timestamp,
    now: Timestamp,
) -> Result<Timestamp, ApiError> {
    let refused = |why: &dyn std::fmt::Display| {
        error::invalid_input(format!("Could not parse metadata: {why}"), "saml.metadata")
    };
    let metadata = Metadata::parse(metadata.as_bytes()).map_err(|why| refused(&why))?;
    let default = created.seconds().saturating_add(VALID_SECONDS_DEFAULT);
    let valid_until = metadata.valid_until().unwrap_or(default);
    if valid_until <= now.seconds() {
        return Err(refused(&"it has expired"));
    }
    Ok(Timestamp::from_seconds(valid_until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arns_of_saml_providers_are_taken() {
        assert!(check_arn("arn:aws:iam::123456789012:saml-provider/corporate-1.x").is_ok());
        for arn in [
            "arn:aws:iam::123456789012:saml-provider/",
            "arn:aws:iam::123456789012:saml-provider/a/b",
            "arn:aws:iam::123456789012:oidc-provider/x",
            "arn:aws:iam::aws:saml-provider/x",
            "arn:aws:iam:us-east-1:123456789012:saml-provider/x",
            "a provider of twenty characters",
        ] {
            let refused = check_arn(arn).unwrap_err();
            assert_eq!(refused.code, error::INVALID_INPUT, "{arn}");
        }
    }
}
