//! Which face is meant? Decided by method, path and headers as they came, before anything is
//! decoded.
//!
//! **Source**: DESIGN §5; contract pages, protocols.

use daypass_wire::query::Parameters;
use http::{HeaderMap, Method};

use crate::{cognito, daypass, iam, sts};

/// Where a request goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Route {
    /// Is the process alive?
    Health,
    /// Can it serve?
    Ready,
    /// A document of the token issuer.
    WellKnown(WellKnown),
    /// Cognito identity, or what it has no operation for.
    Json,
    /// STS or IAM.
    Query,
    /// Objects.
    S3,
}

/// A document of the token issuer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum WellKnown {
    /// The discovery document.
    OpenIdConfiguration,
    /// The public keys.
    KeySet,
}

/// Routes a request.
pub(crate) fn route(method: &Method, path: &str, query: &str, headers: &HeaderMap) -> Route {
    let reads = method == Method::GET || method == Method::HEAD;
    match path {
        "/healthz" if reads => return Route::Health,
        "/readyz" if reads => return Route::Ready,
        "/.well-known/openid-configuration" if reads => {
            return Route::WellKnown(WellKnown::OpenIdConfiguration);
        }
        // The first is where Cognito has it, the second where other verifiers look.
        "/.well-known/jwks_uri" | "/.well-known/jwks.json" if reads => {
            return Route::WellKnown(WellKnown::KeySet);
        }
        "/" => {}
        _ => return Route::S3,
    }
    let content_type = headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let media_type = content_type
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    let names_action = query.split('&').any(|piece| piece.starts_with("Action="));
    if method == Method::POST {
        if headers.contains_key("x-amz-target") || media_type.contains("json") {
            return Route::Json;
        }
        return Route::Query;
    }
    if reads && names_action {
        Route::Query
    } else {
        Route::S3
    }
}

/// Which query face the parameters mean.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum QueryFace {
    /// STS.
    Sts,
    /// IAM.
    Iam,
}

/// The query face that a signature is for, wherever it stands: all that is known of a request whose
/// parameters are not read.
pub(crate) fn signed_for(authorization: Option<&str>, query: &str) -> QueryFace {
    let in_header = authorization.is_some_and(|text| text.contains("/iam/aws4_request"));
    if in_header || query.contains("%2Fiam%2Faws4_request") {
        QueryFace::Iam
    } else {
        QueryFace::Sts
    }
}

/// Tells the query faces apart by the version of the interface; without one, by the operation.
pub(crate) fn query_face(parameters: &Parameters) -> QueryFace {
    let of_iam = |action: &str| {
        iam::OPERATIONS
            .iter()
            .any(|operation| operation.name == action)
    };
    let iam = match parameters.version() {
        Some(version) => version == iam::VERSION,
        None => parameters.action().is_some_and(of_iam),
    };
    if iam { QueryFace::Iam } else { QueryFace::Sts }
}

/// Which JSON face a target means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum JsonFace {
    /// Cognito identity.
    CognitoIdentity,
    /// What AWS has no operation for.
    Daypass,
}

impl JsonFace {
    /// Its name in the log: the service its signatures name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::CognitoIdentity => cognito::RULES.service,
            Self::Daypass => daypass::RULES.service,
        }
    }
}

/// The face and the operation in `X-Amz-Target`. A target of another service means no operation.
pub(crate) fn json_operation(target: &str) -> (JsonFace, &str) {
    if let Some(operation) = target.strip_prefix(daypass::TARGET_PREFIX) {
        return (JsonFace::Daypass, operation);
    }
    let operation = target.strip_prefix(cognito::TARGET_PREFIX);
    (JsonFace::CognitoIdentity, operation.unwrap_or_default())
}

/// The version a query face speaks.
pub(crate) fn version_of(face: QueryFace) -> &'static str {
    match face {
        QueryFace::Sts => sts::VERSION,
        QueryFace::Iam => iam::VERSION,
    }
}
