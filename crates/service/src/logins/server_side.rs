//! The server-side token check of a user pool: is the user still there?
//!
//! A pool asks for it with `ServerSideTokenCheck`. Amazon asks its own user pools from within. From
//! outside, an ID token opens no operation of a user pool; what says whether a user exists and is
//! enabled is `AdminGetUser`. It is asked here, unsigned, as user pools that stand in for Amazon's
//! answer it; Amazon's own refuse, and then so do we.
//!
//! **Source**: contract page, Cognito identity sections 6.2 and 6.3; Amazon Cognito user pools API
//! reference, *AdminGetUser*.

use daypass_json::{Bounds, Value, parse};
use daypass_proof::jwt::VerifiedToken;
use serde_json::json;

use crate::cognito::error;
use crate::env::Env;
use crate::error::ApiError;
use crate::outbound::OutboundRequest;

/// Refuses the token of a user who was deleted or disabled, and one whose user pool does not say.
///
/// **Errors**: `Token is inactive`; `ExternalServiceException` when the user pool gives no answer.
pub(super) async fn require_active(
    env: &Env,
    key: &str,
    token: &VerifiedToken,
) -> Result<(), ApiError> {
    let silent = |reason| {
        let message = "The user pool does not say whether the user is active.";
        error::external_service(message, reason)
    };
    let Some((host, pool)) = key.split_once('/') else {
        return Err(silent("issuer.unusable"));
    };
    let user = token.claim("cognito:username").and_then(Value::as_str);
    let user = user.unwrap_or_else(|| token.subject());
    let endpoint = env.settings().issuers.endpoint(key);
    let base = endpoint.as_deref().and_then(|url| url.strip_suffix(pool));
    let url = base.map_or_else(|| format!("https://{host}/"), str::to_owned);
    let body = json!({ "UserPoolId": pool, "Username": user }).to_string();
    let target = "AWSCognitoIdentityProviderService.AdminGetUser";
    let request = OutboundRequest::post(url, "application/x-amz-json-1.1", body)
        .with_header("x-amz-target", target);
    let answer = env.outbound().fetch(request).await;
    let answer = answer.map_err(|_| silent("issuer.unreachable"))?;
    let document = parse(&answer.body, &Bounds::WIRE);
    let document = document.map_err(|_| silent("issuer.unusable"))?;
    let member = |name: &str| document.as_object().and_then(|object| object.get(name));
    let code = member("__type").and_then(Value::as_str).unwrap_or_default();
    if code.ends_with("UserNotFoundException") {
        return Err(error::token_inactive());
    }
    match (answer.status, member("Enabled")) {
        (200, Some(Value::Bool(false))) => Err(error::token_inactive()),
        (200, None | Some(Value::Bool(true))) if member("Username").is_some() => Ok(()),
        _ => Err(silent("issuer.unusable")),
    }
}
