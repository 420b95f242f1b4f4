//! Logins whose artefact is an ID token: OIDC providers, Google, Apple, Cognito user pools.
//!
//! What a pool takes under one key of `Logins` is gathered first, from the pool and from the
//! registered providers: which issuer, which clients, where its keys are. Only then is the token
//! opened, and nothing in it changes any of that.
//!
//! **Source**: contract page, Cognito identity sections 4.4, 6.1 to 6.3; requirements S13, S17, S18
//! and S25.

use daypass_core::login::PublicLogin;
use daypass_core::open_id_provider::name_in_arn;
use daypass_core::pool::IdentityPool;
use daypass_core::time::Timestamp;
use daypass_proof::jwt::TokenError;
use daypass_proof::login::{LoginClaims, ProviderName};

use super::server_side;
use crate::cognito::error;
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::issuers::{self, Issuer, IssuerTokenError};

/// Providers of the documented list that give ID tokens.
const SOCIAL: [&str; 2] = [issuers::APPLE, issuers::GOOGLE];

/// Some clients of a pool's provider, and what their tokens are called afterwards.
struct Clients {
    ids: Vec<String>,
    mapping_key: String,
    amr: Amr,
    server_side_check: bool,
}

/// How `amr` names a user after the provider.
enum Amr {
    /// `<arn>:OIDC:<subject>`.
    OpenId { arn: String },
    /// `<key>:CognitoSignIn:<subject>`.
    UserPool,
    /// `<key>:<client>:<subject>`.
    Social,
}

/// Verifies an ID token presented under `key`.
///
/// **Errors**: the refusals of section 6.3, and `ExternalServiceException` when the issuer's keys
/// are not to be had.
pub(super) async fn verify(
    env: &Env,
    pool: &IdentityPool,
    key: &ProviderName,
    token: &str,
    now: Timestamp,
) -> Result<PublicLogin, Failure> {
    let clients = clients(env, pool, key.as_str()).await?;
    if clients.is_empty() {
        return Err(error::provider_not_supported().into());
    }
    let issuer = issuer(env, key.as_str()).await?;
    let issuer = issuer.ok_or_else(error::provider_not_supported)?;
    let ids: Vec<String> = clients.iter().flat_map(|some| some.ids.clone()).collect();
    let verified = issuers::verify(env, &issuer, key, &ids, token, now).await;
    let (login, token) = verified.map_err(refuse)?;
    let asked = |some: &&Clients| token.audience().iter().any(|one| some.ids.contains(one));
    let clients = clients.iter().find(asked);
    let clients = clients.ok_or_else(error::provider_not_supported)?;
    if clients.server_side_check {
        server_side::require_active(env, key.as_str(), &token).await?;
    }
    let subject = login.subject();
    let amr_entry = match &clients.amr {
        Amr::OpenId { arn } => format!("{arn}:OIDC:{subject}"),
        Amr::UserPool => format!("{key}:CognitoSignIn:{subject}"),
        Amr::Social => {
            let mut audience = token.audience().iter();
            let client = audience.find(|one| clients.ids.contains(one));
            let client = client.map(String::as_str).unwrap_or_default();
            format!("{key}:{client}:{subject}")
        }
    };
    Ok(PublicLogin {
        amr_entry,
        mapping_key: clients.mapping_key.clone(),
        claims: LoginClaims::of_token(&token),
        login,
    })
}

/// Whether tokens under this key are ID tokens, if the pool takes them at all.
pub(super) fn takes(key: &str) -> bool {
    !key.starts_with("arn:")
        && (SOCIAL.contains(&key) || !daypass_core::pool::SOCIAL_PROVIDERS.contains(&key))
}

/// The clients whose tokens a pool takes under a key.
async fn clients(env: &Env, pool: &IdentityPool, key: &str) -> Result<Vec<Clients>, Failure> {
    let mut clients = Vec::new();
    if SOCIAL.contains(&key)
        && let Some(ids) = pool.settings.supported_login_providers.get(key)
    {
        let ids = ids.split(';').filter(|id| !id.is_empty());
        clients.push(Clients {
            ids: ids.map(str::to_owned).collect(),
            mapping_key: key.to_owned(),
            amr: Amr::Social,
            server_side_check: false,
        });
    }
    for provider in &pool.settings.cognito_identity_providers {
        if let Some(client) = &provider.client_id
            && provider.provider_name.as_deref() == Some(key)
        {
            clients.push(Clients {
                ids: vec![client.clone()],
                mapping_key: format!("{key}:{client}"),
                amr: Amr::UserPool,
                server_side_check: provider.server_side_token_check,
            });
        }
    }
    let arns = &pool.settings.open_id_connect_provider_arns;
    let arn = arns
        .iter()
        .find(|arn| name_in_arn(arn, env.account()) == Some(key));
    if let Some(arn) = arn
        && let Some(provider) = env.read().await?.open_id_provider(key).await?
    {
        clients.push(Clients {
            ids: provider.client_ids,
            mapping_key: arn.clone(),
            amr: Amr::OpenId { arn: arn.clone() },
            server_side_check: false,
        });
    }
    Ok(clients)
}

/// The issuer behind a key: one that is known by its name, or one that is registered.
async fn issuer(env: &Env, key: &str) -> Result<Option<Issuer>, Failure> {
    let settings = &env.settings().issuers;
    if let Some(known) = Issuer::known(settings, key) {
        return Ok(Some(known));
    }
    let provider = env.read().await?.open_id_provider(key).await?;
    Ok(provider.map(|provider| Issuer::registered(settings, &provider.url)))
}

fn refuse(error: IssuerTokenError) -> ApiError {
    match error {
        IssuerTokenError::OwnToken => error::own_token_not_accepted(),
        IssuerTokenError::Token(TokenError::AudienceRefused) => error::provider_not_supported(),
        IssuerTokenError::Token(error) => error::invalid_public_token(error),
        IssuerTokenError::NoKeys(cause) => error::external_service(
            "The keys of the identity provider cannot be retrieved.",
            cause.reason(),
        ),
    }
}
