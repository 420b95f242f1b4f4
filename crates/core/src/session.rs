//! The session: temporary credentials and everything that bounds them.
//!
//! A session is not stored. It lives, sealed, in the session token the client holds; what it may
//! do is read from its role or user at each request, cut by the policies frozen into it here.
//!
//! **Source**: STS API reference; contract page sections 2.3, 2.4, 3.4 and 5.5.

use std::collections::BTreeMap;

use daypass_policy::Context;
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};

use crate::COGNITO_PROVIDER;
use crate::ids::UniqueId;
use crate::limits;
use crate::provider_identity::ProviderIdentity;
use crate::role::Role;
use crate::tags::PrincipalTags;
use crate::time::{Lifetime, Timestamp};

/// The role session name of every `GetCredentialsForIdentity`.
pub const ENHANCED_SESSION_NAME: &str = "CognitoIdentityCredentials";

/// Temporary credentials as a client gets them, before the token is sealed.
#[derive(Clone, Debug)]
pub struct Session {
    /// `ASIA…`.
    pub access_key_id: AccessKeyId,
    /// The secret that signs.
    pub secret: SecretAccessKey,
    /// When it was made.
    pub issued: Timestamp,
    /// When it ends. Fixed here; nothing prolongs it.
    pub expires: Timestamp,
    /// Whose rights it has.
    pub principal: SessionPrincipal,
}

/// Whose rights a session has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SessionPrincipal {
    /// The root user's (`GetSessionToken`).
    Root,
    /// A user's (`GetSessionToken`).
    User {
        /// Its name.
        name: String,
        /// Its id; a user made again under that name is another.
        id: UniqueId,
    },
    /// A role's.
    Role(Box<RoleSession>),
}

/// What a role session carries beside its role.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RoleSession {
    /// The role's name.
    pub role_name: String,
    /// The role's id; a role made again under that name is another.
    pub role_id: UniqueId,
    /// The session name.
    pub session_name: String,
    /// Session policies: each document as given. Empty means not restricted.
    pub policies: Vec<String>,
    /// Session tags.
    pub tags: PrincipalTags,
    /// Keys of the tags that pass on to sessions opened from this one.
    pub transitive_tag_keys: Vec<String>,
    /// The source identity, passed on for ever.
    pub source_identity: Option<String>,
    /// The identity behind the session, when it came from an identity pool.
    pub federation: Option<Federation>,
    /// The user of an identity provider behind the session, when it came from one.
    pub provider: Option<ProviderIdentity>,
}

/// The identity pool identity behind a session.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Federation {
    /// The identity id.
    pub subject: String,
    /// The identity pool id.
    pub audience: String,
    /// How the identity showed who it is.
    pub amr: Vec<String>,
}

/// Why a lifetime is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum LifetimeError {
    /// Longer than the role allows.
    #[error("the requested duration exceeds the role's maximum")]
    OverRoleMaximum,
    /// Longer than a chained session may last.
    #[error("the requested duration exceeds the limit for role chaining")]
    OverChainingMaximum,
}

/// How long a role session lasts.
pub fn role_session_lifetime(
    role: &Role,
    requested_seconds: Option<i64>,
    chained: bool,
) -> Result<Lifetime, LifetimeError> {
    let seconds = requested_seconds.unwrap_or(limits::SESSION_SECONDS_DEFAULT);
    if chained && seconds > limits::CHAINED_SESSION_SECONDS_MAX {
        return Err(LifetimeError::OverChainingMaximum);
    }
    // INVARIANT: credentials never outlive their bound.
    if seconds > role.max_session.seconds().min(limits::SESSION_SECONDS_MAX) {
        return Err(LifetimeError::OverRoleMaximum);
    }
    Ok(Lifetime::from_seconds(seconds))
}

/// How long `GetSessionToken` credentials last. The root user's are cut, not refused.
pub fn user_session_lifetime(root: bool, requested_seconds: Option<i64>) -> Lifetime {
    let default = if root {
        limits::SESSION_SECONDS_DEFAULT
    } else {
        limits::USER_SESSION_SECONDS_DEFAULT
    };
    let max = if root {
        limits::ROOT_SESSION_SECONDS_MAX
    } else {
        limits::USER_SESSION_SECONDS_MAX
    };
    Lifetime::from_seconds(requested_seconds.unwrap_or(default).min(max))
}

impl RoleSession {
    /// The session of an enhanced flow.
    pub fn enhanced(role: &Role, federation: Federation, tags: PrincipalTags) -> Self {
        let guest = federation
            .amr
            .iter()
            .any(|method| method == crate::claims::UNAUTHENTICATED);
        // INVARIANT: an unauthenticated session never has more than the scope-down policy permits.
        let policies = if guest {
            scope_down_policies()
        } else {
            Vec::new()
        };
        Self {
            role_name: role.name.clone(),
            role_id: role.id.clone(),
            session_name: ENHANCED_SESSION_NAME.to_owned(),
            policies,
            tags,
            transitive_tag_keys: Vec::new(),
            source_identity: None,
            federation: Some(federation),
            provider: None,
        }
    }
}

/// Fills the keys that a session carries into every later request.
///
/// `issuer_host` is our own issuer without its scheme: policies written for other stores name it.
pub fn fill_context(
    session: &Session,
    role: Option<&Role>,
    issuer_host: &str,
    context: &mut Context,
) {
    context.set("aws:TokenIssueTime", session.issued.seconds().to_string());
    context.set("aws:MultiFactorAuthPresent", "false");
    let SessionPrincipal::Role(role_session) = &session.principal else {
        return;
    };
    let no_tags = BTreeMap::new();
    let role_tags = role.map_or(&no_tags, |role| &role.tags);
    for (key, value) in role_session.tags.over(role_tags) {
        context.set(&format!("aws:PrincipalTag/{key}"), value);
    }
    if let Some(source) = &role_session.source_identity {
        context.set("aws:SourceIdentity", source.clone());
    }
    if let Some(federation) = &role_session.federation {
        context.set("aws:FederatedProvider", COGNITO_PROVIDER);
        fill_federation(federation, issuer_host, context);
    }
    if let Some(provider) = &role_session.provider {
        provider.fill(context);
    }
}

/// Fills the identity's own keys under the well-known name and under our issuer's host.
pub fn fill_federation(federation: &Federation, issuer_host: &str, context: &mut Context) {
    for host in [COGNITO_PROVIDER, issuer_host] {
        context.set(&format!("{host}:sub"), federation.subject.clone());
        context.set(&format!("{host}:aud"), federation.audience.clone());
        context.set_many(&format!("{host}:amr"), federation.amr.clone());
    }
}

/// The two session policies of every guest in the enhanced flow.
///
/// **Source**: Cognito developer guide, *access policies for unauthenticated identities*; contract
/// page section 5.5.
pub fn scope_down_policies() -> Vec<String> {
    [SCOPE_DOWN_INLINE, SCOPE_DOWN_MANAGED]
        .map(allow_everywhere)
        .to_vec()
}

fn allow_everywhere(actions: &str) -> String {
    let list: Vec<String> = actions
        .split_whitespace()
        .map(|name| format!("\"{name}\""))
        .collect();
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}}"#,
        list.join(",")
    )
}

const SCOPE_DOWN_INLINE: &str = "\
    cloudwatch:* logs:* dynamodb:* kinesis:* mobileanalytics:* s3:* ses:* sns:* sqs:* lambda:* \
    machinelearning:* execute-api:* iot:* gamelift:* cognito-identity:* cognito-idp:* lex:* \
    polly:* comprehend:* translate:* transcribe:* rekognition:* mobiletargeting:* firehose:* \
    appsync:* personalize:* sagemaker:InvokeEndpoint cognito-sync:* codewhisperer:* \
    textract:DetectDocumentText textract:AnalyzeDocument sdb:*";

const SCOPE_DOWN_MANAGED: &str = "\
    rum:PutRumEvents sagemaker:InvokeEndpoint polly:* comprehend:* translate:* transcribe:* \
    rekognition:* mobiletargeting:* firehose:* personalize:* geo:GetMap* geo:ListMaps \
    geo:SearchPlaceIndex* geo:GetPlace geo:CalculateRoute* geo:*Geofence geo:*Geofences \
    geo:*DevicePosition* kms:Encrypt kms:Decrypt kms:ReEncryptTo kms:ReEncryptFrom \
    kms:GenerateDataKey kms:GenerateDataKeyPair kms:GenerateDataKeyPairWithoutPlaintext \
    kms:GenerateDataKeyWithoutPlaintext";

#[cfg(test)]
mod tests {
    use super::*;
    use daypass_policy::{Document, DocumentKind};

    fn role(max_seconds: i64) -> Role {
        Role {
            name: "App".into(),
            path: "/".into(),
            id: UniqueId::stored("AROAX".into()),
            trust_policy: String::new(),
            description: None,
            max_session: Lifetime::from_seconds(max_seconds),
            grants: crate::user::Grants::default(),
            tags: BTreeMap::new(),
            created: Timestamp::from_seconds(0),
        }
    }

    fn federation(amr: &str) -> Federation {
        Federation {
            subject: "r:a".into(),
            audience: "r:b".into(),
            amr: vec![amr.into()],
        }
    }

    #[test]
    fn s73_a_session_never_outlives_its_bound() {
        let seconds = |max, requested, chained| {
            role_session_lifetime(&role(max), requested, chained).map(Lifetime::seconds)
        };
        assert_eq!(seconds(3_600, None, false), Ok(3_600));
        assert_eq!(
            seconds(3_600, Some(3_601), false),
            Err(LifetimeError::OverRoleMaximum)
        );
        assert_eq!(seconds(43_200, Some(43_200), false), Ok(43_200));
        assert_eq!(seconds(43_200, Some(3_600), true), Ok(3_600));
        assert_eq!(
            seconds(43_200, Some(3_601), true),
            Err(LifetimeError::OverChainingMaximum)
        );
        assert_eq!(user_session_lifetime(true, Some(7_200)).seconds(), 3_600);
        assert_eq!(user_session_lifetime(false, None).seconds(), 43_200);
        assert_eq!(
            user_session_lifetime(false, Some(129_600)).seconds(),
            129_600
        );
    }

    #[test]
    fn s65_only_guests_are_scoped_down_and_the_policies_parse() {
        let guest = RoleSession::enhanced(
            &role(3_600),
            federation("unauthenticated"),
            PrincipalTags::default(),
        );
        assert_eq!(guest.policies.len(), 2);
        for text in &guest.policies {
            Document::parse(text, DocumentKind::Session).unwrap();
        }
        let known = RoleSession::enhanced(
            &role(3_600),
            federation("authenticated"),
            PrincipalTags::default(),
        );
        assert!(known.policies.is_empty());
    }
}
