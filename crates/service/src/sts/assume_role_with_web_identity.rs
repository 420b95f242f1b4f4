//! `AssumeRoleWithWebIdentity`: a session of a role for the identity in a token: one of ours, or one
//! of an OIDC provider that is registered in the account.
//!
//! **Source**: AWS STS API reference, *AssumeRoleWithWebIdentity*; contract page section 2.6.
//! **Errors**: `InvalidIdentityToken`, `ExpiredTokenException`, `IDPCommunicationError` when the keys
//! of the issuer cannot be fetched, `AccessDenied` from the trust policy or a missing role,
//! `MalformedPolicyDocument`, `PackedPolicyTooLarge`, and the common set. The documented
//! `IDPRejectedClaim` comes only from providers that are asked about each token, and no Region is
//! ever switched off.

use daypass_core::COGNITO_PROVIDER;
use daypass_core::assume::{self, ProviderCall};
use daypass_core::identity::State;
use daypass_core::provider_identity::ProviderIdentity;
use daypass_core::role::{Role, name_in_arn};
use daypass_core::session::{Federation, RoleSession, SessionPrincipal, role_session_lifetime};
use daypass_core::tags::PrincipalTags;
use daypass_policy::Context;
use daypass_proof::login::cognito::CognitoToken;
use daypass_store::records::Records;
use daypass_wire::constraint::Text;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::session_policies::{self, SessionPolicies};
use super::web_identity::{self, WebIdentity};
use super::{error, shapes};
use crate::aws_query::{QueryInput, QueryOutput, validation_error};
use crate::context::anonymous_context;
use crate::credentials::{self, Credentials};
use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Need, Public};
use crate::operation::Operation;

const TOKEN: Text = Text::length(4, 20_000).sensitive();
const PROVIDER_ID: Text = Text::length(4, 2_048);

pub(super) struct AssumeRoleWithWebIdentity;

pub(super) struct Input {
    role_arn: String,
    session_name: String,
    token: String,
    provider_id: Option<String>,
    policies: shapes::PolicyInput,
    duration_seconds: Option<i64>,
}

impl QueryInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            role_arn: members.required_text("RoleArn", &shapes::ARN),
            session_name: members.required_text("RoleSessionName", &shapes::SESSION_NAME),
            token: members.required_text("WebIdentityToken", &TOKEN),
            provider_id: members.optional_text("ProviderId", &PROVIDER_ID),
            policies: shapes::policies(members),
            duration_seconds: members.optional_integer("DurationSeconds", &shapes::ROLE_DURATION),
        }
    }
}

pub(super) struct Output {
    credentials: Credentials,
    subject: String,
    audience: String,
    provider: String,
    source_identity: Option<String>,
    assumed_role_id: String,
    assumed_role_arn: String,
    packed_size: Option<i64>,
}

impl QueryOutput for Output {
    fn write(self) -> Option<Element> {
        let packed = self.packed_size.map(|percent| percent.to_string());
        let result = Element::new("AssumeRoleWithWebIdentityResult")
            .text("Audience", self.audience)
            .child(shapes::assumed_role_user(
                &self.assumed_role_id,
                &self.assumed_role_arn,
            ))
            .text("Provider", self.provider)
            .child(shapes::credentials(&self.credentials))
            .text("SubjectFromWebIdentityToken", self.subject)
            .optional_text("PackedPolicySize", packed)
            .optional_text("SourceIdentity", self.source_identity);
        Some(result)
    }
}

impl Operation for AssumeRoleWithWebIdentity {
    const NAME: &'static str = "AssumeRoleWithWebIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::ACCESS_DENIED,
        error::EXPIRED_TOKEN,
        error::IDP_COMMUNICATION_ERROR,
        error::INVALID_IDENTITY_TOKEN,
        error::MALFORMED_POLICY_DOCUMENT,
        error::PACKED_POLICY_TOO_LARGE,
    ];
    type Admission = Public;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, public: Public, input: Input) -> Result<Output, Failure> {
        let circumstances = public.circumstances();
        let now = circumstances.now;
        if let Some(provider) = &input.provider_id {
            let message = format!("ProviderId {provider} is not supported.");
            return Err(validation_error(message, "operation.not_yet").into());
        }
        let identity = web_identity::verify(env, &input.token, now).await?;

        let mut records = env.read().await?;
        if let WebIdentity::Pool(token) = &identity {
            require_standing(&mut records, token).await?;
        }
        let role = find_role(env, &mut records, &input.role_arn).await?;
        let mut context = anonymous_context(env, circumstances);
        context.set("sts:RoleSessionName", input.session_name.clone());
        let behind = trusted(env, &role, identity, context)?;

        let lifetime =
            role_session_lifetime(&role, input.duration_seconds, false).map_err(error::lifetime)?;
        let SessionPolicies {
            documents,
            packed_size,
        } = session_policies::read(env, &mut records, input.policies, &behind.tags).await?;
        let assumed_role_id = format!("{}:{}", role.id, input.session_name);
        let assumed_role_arn = role.session_arn(env.account(), &input.session_name);
        let session = RoleSession {
            role_name: role.name,
            role_id: role.id,
            session_name: input.session_name,
            policies: documents,
            tags: behind.tags,
            transitive_tag_keys: behind.transitive_tag_keys,
            source_identity: behind.source_identity.clone(),
            federation: behind.federation.clone(),
            provider: behind.user,
        };
        let principal = SessionPrincipal::Role(Box::new(session));
        let credentials = credentials::mint(env, principal, lifetime, now).map_err(error::seal)?;
        if let Some(federation) = &behind.federation {
            env.activity().credentials(now, &federation.audience, &[]);
        }
        Ok(Output {
            credentials,
            subject: behind.subject,
            audience: behind.audience,
            provider: behind.provider,
            source_identity: behind.source_identity,
            assumed_role_id,
            assumed_role_arn,
            packed_size,
        })
    }
}

/// Who is behind a session that a role's trust policy allowed.
struct Behind {
    subject: String,
    audience: String,
    provider: String,
    tags: PrincipalTags,
    transitive_tag_keys: Vec<String>,
    source_identity: Option<String>,
    federation: Option<Federation>,
    user: Option<ProviderIdentity>,
}

/// Asks the role's trust policy about a verified token.
fn trusted(
    env: &Env,
    role: &Role,
    identity: WebIdentity,
    context: Context,
) -> Result<Behind, Failure> {
    let refused = |error| Failure::from(error::web_identity_refused(Some(&error)));
    match identity {
        WebIdentity::Pool(token) => {
            let tags = PrincipalTags::new(token.token().principal_tags().clone())
                .map_err(|error| Failure::Internal(format!("a token of ours carries {error}")))?;
            let federation = Federation {
                subject: token.identity_id().to_owned(),
                audience: token.pool_id().to_owned(),
                amr: token.token().amr().to_vec(),
            };
            let host = env.issuer_host();
            assume::by_web_identity(role, env.account(), &federation, &tags, host, context)
                .map_err(refused)?;
            Ok(Behind {
                subject: federation.subject.clone(),
                audience: federation.audience.clone(),
                provider: COGNITO_PROVIDER.to_owned(),
                tags,
                transitive_tag_keys: token.token().transitive_tag_keys().to_vec(),
                source_identity: None,
                federation: Some(federation),
                user: None,
            })
        }
        WebIdentity::Provider(presented, token) => {
            let tags = PrincipalTags::new(token.principal_tags().clone());
            let tags = tags.map_err(|_| error::unusable_tags())?;
            let call = ProviderCall {
                action: "sts:AssumeRoleWithWebIdentity",
                identity: &presented.identity,
                trust_keys: &presented.trust_keys,
                tags: &tags,
                source_identity: presented.source_identity.as_deref(),
            };
            assume::by_provider(role, env.account(), &call, context).map_err(refused)?;
            Ok(Behind {
                subject: presented.subject,
                audience: presented.audience,
                provider: presented.identity.provider_arn.clone(),
                tags,
                transitive_tag_keys: token.transitive_tag_keys().to_vec(),
                source_identity: presented.source_identity,
                federation: None,
                user: Some(presented.identity),
            })
        }
    }
}

/// The identity and pool in a token must still be what the token says.
async fn require_standing(records: &mut Records, token: &CognitoToken) -> Result<(), Failure> {
    let out_of_place = |reason| Failure::from(error::token_out_of_place(reason));
    let id = token
        .identity_id()
        .parse()
        .map_err(|_| out_of_place("token.claims"))?;
    let identity = records
        .identity(&id)
        .await?
        .ok_or_else(|| out_of_place("identity.not_found"))?;
    if identity.pool_id.as_str() != token.pool_id() {
        return Err(out_of_place("token.wrong_pool"));
    }
    if records.pool(&identity.pool_id).await?.is_none() {
        return Err(out_of_place("pool.not_found"));
    }
    match (identity.state(), token.authenticated()) {
        (State::Authenticated, true) | (State::Guest, false) => Ok(()),
        _ => Err(out_of_place("identity.disabled")),
    }
}

async fn find_role(env: &Env, records: &mut Records, arn: &str) -> Result<Role, Failure> {
    let missing = || Failure::from(error::web_identity_refused(None));
    let name = name_in_arn(arn, env.account()).ok_or_else(missing)?;
    let role = records
        .role(name)
        .await?
        .filter(|role| role.arn(env.account()) == arn);
    role.ok_or_else(missing)
}
