//! Logins of public providers: which a pool takes, and what each proves.
//!
//! **Source**: contract page, Cognito identity section 6.

use std::collections::BTreeMap;

use daypass_core::COGNITO_PROVIDER;
use daypass_core::developer::is_public_provider;
use daypass_core::login::PublicLogin;
use daypass_core::pool::IdentityPool;
use daypass_core::time::Timestamp;

use crate::cognito::error;
use crate::env::Env;
use crate::error::{ApiError, Failure};

/// The public logins of a map, each verified with its provider: none of them can be yet.
///
/// **Errors**: what [`refuse_unverifiable`] says.
pub(crate) async fn verify_public(
    _: &Env,
    pool: &IdentityPool,
    logins: &BTreeMap<String, String>,
    _: Timestamp,
) -> Result<Vec<PublicLogin>, Failure> {
    refuse_unverifiable(pool, logins)?;
    Ok(Vec::new())
}

/// Refuses every login of another kind than our own token, each with the documented words.
///
/// Public providers can be configured on a pool already; verifying their tokens is not done yet.
pub(crate) fn refuse_unverifiable(
    pool: &IdentityPool,
    logins: &BTreeMap<String, String>,
) -> Result<(), ApiError> {
    let developer = pool.settings.developer_provider.as_ref();
    // One login that cannot be verified is enough to refuse the call.
    let Some(provider) = logins.keys().next() else {
        return Ok(());
    };
    if provider == COGNITO_PROVIDER {
        return Err(error::own_token_not_accepted());
    }
    if developer.is_some_and(|developer| developer.as_str() == provider) {
        return Err(error::not_a_public_provider(
            "logins.provider_name_on_client",
        ));
    }
    if !is_public_provider(pool, provider) {
        return Err(error::not_a_public_provider("logins.unknown_provider"));
    }
    if !is_configured(pool, provider) {
        return Err(error::provider_not_supported());
    }
    let message = format!("Logins of {provider} are not supported by this version yet.");
    Err(error::invalid_parameter(message, "operation.not_yet"))
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
