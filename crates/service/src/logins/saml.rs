//! Logins of SAML providers: a response in base64 under the provider's ARN.
//!
//! They are for the enhanced flow only: the roles a provider's assertion offers are chosen among
//! where credentials are given, and a token for the classic flow would carry none of them.
//!
//! **Source**: contract page, Cognito identity sections 4.4, 6.1 and 6.3; requirements S45 and S46.

use daypass_core::login::PublicLogin;
use daypass_proof::login::ProviderName;
use daypass_proof::login::saml::SamlError;

use crate::assertions::{self, Presented, Refusal};
use crate::cognito::error;
use crate::env::Env;
use crate::error::{ApiError, Failure};

/// Whether a key of `Logins` is the ARN of a SAML provider.
pub(super) fn takes(key: &str) -> bool {
    key.starts_with("arn:") && key.contains(":saml-provider/")
}

/// Verifies a response presented as a login.
///
/// **Errors**: the refusals of section 6.3; `InvalidParameterException` for the classic flow.
pub(super) async fn verify(
    env: &Env,
    provider: &ProviderName,
    response: &str,
    presented: &Presented,
) -> Result<PublicLogin, Failure> {
    if presented.operation == "GetOpenIdToken" {
        let message =
            "Basic (classic) flow is not supported with SAML providers, please use enhanced flow.";
        return Err(error::invalid_parameter(message, "flow.saml").into());
    }
    let assertion = assertions::verify(env, provider, response, presented)
        .await
        .map_err(refuse)?;
    let (login, claims) = assertion.into_parts();
    Ok(PublicLogin {
        amr_entry: format!("{provider}:{}", login.subject()),
        mapping_key: provider.to_string(),
        login,
        claims,
    })
}

fn refuse(refusal: Refusal) -> Failure {
    let reason = refusal.reason();
    match refusal {
        Refusal::Failed(failure) => failure,
        Refusal::NoProvider => unsupported(reason).into(),
        Refusal::MetadataExpired => {
            error::login_refused("The metadata of the provider has expired.", reason).into()
        }
        Refusal::Replayed => error::login_refused("", reason).into(),
        Refusal::Response(cause) => response(&cause).into(),
    }
}

fn response(cause: &SamlError) -> ApiError {
    let reason = cause.reason();
    let detail = match cause {
        SamlError::AudienceRefused => return unsupported(reason),
        SamlError::IssuerMismatch => "Issuer doesn't match providerName".to_owned(),
        SamlError::Expired { now, expires_at } | SamlError::TooOld { now, expires_at } => {
            format!("Token expired: {now} >= {expires_at}")
        }
        SamlError::NotYetValid => "Token is not valid yet.".to_owned(),
        cause if cause.is_about_signature() => "Couldn't verify signed token.".to_owned(),
        _ => "Not a valid SAML response.".to_owned(),
    };
    error::login_refused(&detail, reason)
}

/// The words for a login of a provider that the account or the assertion does not mean.
fn unsupported(reason: &'static str) -> ApiError {
    let words = error::provider_not_supported();
    ApiError::new(error::NOT_AUTHORIZED, 400, words.message, reason)
}
