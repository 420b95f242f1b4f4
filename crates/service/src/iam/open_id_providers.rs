//! What the operations on OpenID Connect providers share: the provider meant, the permission
//! needed, the lists it holds.
//!
//! **Source**: IAM API reference, *CreateOpenIDConnectProvider*; contract page sections 4.2 to 4.5;
//! service authorization reference, *IAM*, keys of the provider operations.

use daypass_core::open_id_provider::{OpenIdProvider, name_in_arn};
use daypass_store::records::Records;
use daypass_wire::constraint::{ListRule, Text};

use super::limits::{CLIENT_IDS_PER_PROVIDER_MAX, THUMBPRINTS_MAX};
use super::{error, tags};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::Need;

/// URLs of issuers: their length; their form is checked where one is registered.
pub(super) const URL: Text = Text::length(1, 255);
/// Client ids.
pub(super) const CLIENT_ID: Text = Text::length(1, 255);
/// Lists of client ids; how many there may be is a quota.
pub(super) const CLIENT_IDS: ListRule = ListRule {
    min: 0,
    max: usize::MAX,
    item: CLIENT_ID,
};
/// Lists of thumbprints; how many there may be is told in words of their own.
pub(super) const THUMBPRINTS: ListRule = ListRule {
    min: 0,
    max: usize::MAX,
    item: Text::length(40, 40),
};

/// Checks that `arn` is the ARN of an OpenID Connect provider, of whatever account.
///
/// **Errors**: `InvalidInput`.
pub(super) fn check_arn(arn: &str) -> Result<(), ApiError> {
    let resource = arn.strip_prefix("arn:aws:iam::").and_then(|rest| {
        let (account, resource) = rest.split_once(':')?;
        let known = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        known.then_some(resource)
    });
    let name = resource.and_then(|resource| resource.strip_prefix("oidc-provider/"));
    match name {
        Some(name) if !name.is_empty() => Ok(()),
        _ => Err(error::invalid_arn(arn)),
    }
}

/// The provider of this ARN, if there is one.
pub(super) async fn find(
    env: &Env,
    records: &mut Records,
    arn: &str,
) -> Result<Option<OpenIdProvider>, Failure> {
    match name_in_arn(arn, env.account()) {
        Some(name) => Ok(records.open_id_provider(name).await?),
        None => Ok(None),
    }
}

/// The provider of this ARN.
///
/// **Errors**: `NoSuchEntity`.
pub(super) async fn existing(
    env: &Env,
    records: &mut Records,
    arn: &str,
) -> Result<OpenIdProvider, Failure> {
    let provider = find(env, records, arn).await?;
    Ok(provider.ok_or_else(|| error::no_such_open_id_provider(arn))?)
}

/// The permission `iam:<operation>` on the provider of this ARN, with its tags.
///
/// **Errors**: `InvalidInput` for an ARN that is no provider's.
pub(super) async fn need(env: &Env, operation: &str, arn: &str) -> Result<Need, Failure> {
    check_arn(arn)?;
    let mut records = env.read().await?;
    let need = Need::new(format!("iam:{operation}"), arn);
    Ok(match find(env, &mut records, arn).await? {
        Some(provider) => tags::of_resource(need, &provider.tags),
        None => need,
    })
}

/// Adds client ids, each once.
///
/// **Errors**: `LimitExceeded`.
pub(super) fn add_clients(known: &mut Vec<String>, given: Vec<String>) -> Result<(), ApiError> {
    for client in given {
        if !known.contains(&client) {
            known.push(client);
        }
    }
    if known.len() > CLIENT_IDS_PER_PROVIDER_MAX {
        let name = "ClientIdsPerOpenIdConnectProvider";
        return Err(error::quota(name, CLIENT_IDS_PER_PROVIDER_MAX));
    }
    Ok(())
}

/// Checks a list of thumbprints.
///
/// **Errors**: `InvalidInput`.
pub(super) fn check_thumbprints(thumbprints: &[String]) -> Result<(), ApiError> {
    if thumbprints.len() > THUMBPRINTS_MAX {
        let message = "Thumbprint list must contain fewer than 5 entries.";
        return Err(error::invalid_input(message, "thumbprint.too_many"));
    }
    let is_hex = |text: &String| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if thumbprints.iter().all(is_hex) {
        return Ok(());
    }
    let message = "A thumbprint is a SHA-1 digest, written as 40 hexadecimal characters.";
    Err(error::invalid_input(message, "thumbprint.invalid"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_arns_of_providers_are_taken() {
        assert!(check_arn("arn:aws:iam::123456789012:oidc-provider/id.example.com/x").is_ok());
        for arn in [
            "arn:aws:iam::123456789012:oidc-provider/",
            "arn:aws:iam::123456789012:saml-provider/x",
            "arn:aws:iam::aws:oidc-provider/id.example.com",
            "arn:aws:iam:us-east-1:123456789012:oidc-provider/x",
            "a provider of twenty characters",
        ] {
            assert_eq!(
                check_arn(arn).unwrap_err().code,
                error::INVALID_INPUT,
                "{arn}"
            );
        }
    }

    #[test]
    fn a_client_is_known_once_and_a_hundred_fit() {
        let mut known = Vec::new();
        let numbered = |to: usize| (0..to).map(|number| format!("c{number}")).collect();
        assert!(add_clients(&mut known, numbered(100)).is_ok());
        assert!(add_clients(&mut known, numbered(100)).is_ok());
        assert_eq!(known.len(), 100);
        let refused = add_clients(&mut known, numbered(101)).unwrap_err();
        assert_eq!(refused.code, error::LIMIT_EXCEEDED);
    }
}
