//! The documents by which others verify our tokens: discovery and public keys.
//!
//! **Source**: OpenID Connect Discovery 1.0; contract pages, Cognito identity section 4.6 and STS
//! section 8.1.

use http::{HeaderValue, Response, header};

use crate::env::Env;
use crate::handle::{Body, full_body};
use crate::route::WellKnown;

/// How long verifiers may keep the keys: thirty days, as documented.
const KEYS_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=2592000");
const DISCOVERY_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// The document.
pub(crate) fn answer(env: &Env, document: WellKnown) -> Response<Body> {
    let (body, cache) = match document {
        WellKnown::KeySet => (env.signer().key_set().to_json(), KEYS_CACHE),
        WellKnown::OpenIdConfiguration => (configuration(env), DISCOVERY_CACHE),
    };
    let mut response = Response::new(full_body(body.into_bytes()));
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, cache);
    response
}

/// The keys are always served here, whatever name the tokens carry as their issuer.
fn configuration(env: &Env) -> String {
    let base = &env.settings().public_url;
    serde_json::json!({
        "issuer": env.issuer(),
        "jwks_uri": format!("{base}/.well-known/jwks_uri"),
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS512"],
        "scopes_supported": ["openid"],
        "claims_supported": ["sub", "aud", "iss", "exp", "iat", "amr"],
    })
    .to_string()
}
