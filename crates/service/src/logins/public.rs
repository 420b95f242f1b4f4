//! Logins of public providers: which a pool takes, and what each proves.
//!
//! **Source**: contract page, Cognito identity section 6.

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::developer::is_public_provider;
use daypass_core::login::PublicLogin;
use daypass_core::pool::IdentityPool;
use daypass_proof::login::ProviderName;

use super::{open_id, saml};
use crate::assertions::Presented;
use crate::cognito::error;
use crate::env::Env;
use crate::error::{ApiError, Failure};

/// The public logins of a map, each verified with its provider, in the order of their keys. One
/// that fails refuses them all.
///
/// Providers are called here, so no transaction may be open: read, let go, verify, read again.
///
/// **Errors**: the refusals of section 6.3; `ExternalServiceException` for a provider that gives no
/// answer.
pub(crate) async fn verify_public(
    env: &Env,
    pool: &IdentityPool,
    logins: &BTreeMap<String, String>,
    presented: &Presented,
) -> Result<Vec<PublicLogin>, Failure> {
    for key in logins.keys() {
        require_configured(pool, key)?;
    }
    let mut verified = Vec::new();
    for (key, artefact) in logins {
        verified.push(verify(env, pool, key, artefact, presented).await?);
    }
    Ok(verified)
}

async fn verify(
    env: &Env,
    pool: &IdentityPool,
    key: &str,
    artefact: &str,
    presented: &Presented,
) -> Result<PublicLogin, Failure> {
    let unreadable = |_| error::not_a_public_provider("logins.unknown_provider");
    let provider: ProviderName = key.parse().map_err(unreadable)?;
    if open_id::takes(key) {
        return open_id::verify(env, pool, &provider, artefact, presented.now).await;
    }
    if saml::takes(key) {
        return saml::verify(env, &provider, artefact, presented).await;
    }
    Err(not_yet(key).into())
}

/// Refuses a key that is not one of the pool's public providers, with the documented words.
fn require_configured(pool: &IdentityPool, key: &str) -> Result<(), ApiError> {
    let developer = pool.settings.developer_provider.as_ref();
    if key == COGNITO_PROVIDER {
        return Err(error::own_token_not_accepted());
    }
    if developer.is_some_and(|developer| developer.as_str() == key) {
        let reason = "logins.provider_name_on_client";
        return Err(error::not_a_public_provider(reason));
    }
    if !is_public_provider(pool, key) {
        return Err(error::not_a_public_provider("logins.unknown_provider"));
    }
    if !is_configured(pool, key) {
        return Err(error::provider_not_supported());
    }
    Ok(())
}

fn not_yet(key: &str) -> ApiError {
    let message = format!("Logins of {key} are not supported by this version yet.");
    error::invalid_parameter(message, "operation.not_yet")
}

fn is_configured(pool: &IdentityPool, provider: &str) -> bool {
    let settings = &pool.settings;
    let user_pools = &settings.cognito_identity_providers;
    settings.supported_login_providers.contains_key(provider)
        || settings
            .saml_provider_arns
            .iter()
            .any(|arn| arn == provider)
        || settings.open_id_connect_provider_arns.iter().any(|arn| {
            arn.split_once("oidc-provider/")
                .is_some_and(|(_, host)| host == provider)
        })
        || user_pools
            .iter()
            .any(|pool| pool.provider_name.as_deref() == Some(provider))
}
