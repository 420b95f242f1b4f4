//! The token of `AssumeRoleWithWebIdentity`: whose it is, and what it says.
//!
//! The `iss` says whose keys to ask and nothing more: either it is our own, or that of a provider
//! registered in the account, which fixes the issuer, the clients and the algorithms.
//!
//! **Source**: contract page, STS section 2.6, steps 2 to 8; requirements S13 to S18.

use daypass_core::issuer::IssuerUrl;
use daypass_core::open_id_provider::OpenIdProvider;
use daypass_core::provider_identity::PresentedIdentity;
use daypass_core::time::Timestamp;
use daypass_proof::jwt::{TokenError, VerifiedToken, claimed_issuer};
use daypass_proof::login::ProviderName;
use daypass_proof::login::cognito::{self, CognitoToken};

use super::error;
use crate::env::Env;
use crate::error::Failure;
use crate::issuers::{self, Issuer, IssuerTokenError};

/// Providers that an account has at most. **Source**: contract page, IAM section 4.2.
const PROVIDERS_MAX: usize = 100;

/// A token that was verified.
pub(super) enum WebIdentity {
    /// One of ours.
    Pool(Box<CognitoToken>),
    /// One of a registered provider.
    Provider(Box<PresentedIdentity>, Box<VerifiedToken>),
}

/// Verifies a token with the keys of its issuer. No transaction may be open.
///
/// **Errors**: `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError`.
pub(super) async fn verify(env: &Env, token: &str, now: Timestamp) -> Result<WebIdentity, Failure> {
    let claimed = claimed_issuer(token).map_err(|cause| error::token(cause, None))?;
    if claimed == env.issuer() {
        let keys = env.signer().key_set();
        let verified = cognito::verify(token, keys, env.issuer(), now.seconds());
        let verified = verified.map_err(|cause| error::token(cause, Some(&claimed)))?;
        return Ok(WebIdentity::Pool(Box::new(verified)));
    }
    let unknown = || error::token(TokenError::IssuerMismatch, Some(&claimed));
    let (provider, issuer) = registered(env, &claimed).await?.ok_or_else(unknown)?;
    let name: ProviderName = provider.url.name().parse().map_err(|_| unknown())?;
    let verified = issuers::verify(env, &issuer, &name, &provider.client_ids, token, now).await;
    let (_, token) = verified.map_err(|cause| match cause {
        IssuerTokenError::OwnToken => unknown(),
        IssuerTokenError::Token(cause) => error::token(cause, Some(&claimed)),
        IssuerTokenError::NoKeys(cause) => error::no_keys(cause),
    })?;
    // Whoever opens a session shows a token that is good now.
    if now.seconds() >= token.expires_at() {
        let expired = TokenError::Expired {
            now: now.seconds(),
            expires_at: token.expires_at(),
        };
        return Err(error::token(expired, Some(&claimed)).into());
    }
    let arn = provider.arn(env.account());
    let presented = PresentedIdentity::of_token(arn, provider.url.name(), &token);
    Ok(WebIdentity::Provider(Box::new(presented), Box::new(token)))
}

/// The registered provider whose tokens say this `iss`.
async fn registered(env: &Env, claimed: &str) -> Result<Option<(OpenIdProvider, Issuer)>, Failure> {
    let settings = &env.settings().issuers;
    let name = IssuerUrl::stored(claimed.to_owned());
    let mut records = env.read().await?;
    let mut found = records.open_id_provider(name.name()).await?;
    if found.is_none() {
        found = records
            .open_id_provider(&format!("{}/", name.name()))
            .await?;
    }
    if let Some(provider) = found {
        let issuer = Issuer::registered(settings, &provider.url);
        return Ok(Some((provider, issuer)));
    }
    if settings.endpoints.is_empty() {
        return Ok(None);
    }
    // What stands in for a provider may call itself by its own address.
    let all = records.open_id_providers(PROVIDERS_MAX).await?;
    let mut all = all.into_iter().map(|provider| {
        let issuer = Issuer::registered(settings, &provider.url);
        (provider, issuer)
    });
    Ok(all.find(|(_, issuer)| issuer.accepts(claimed)))
}
