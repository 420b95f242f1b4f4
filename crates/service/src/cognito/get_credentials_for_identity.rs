//! `GetCredentialsForIdentity`: temporary credentials for an identity, the enhanced flow.
//!
//! The session is not written down: it lives, sealed, in the token that is returned. What is written
//! is what the logins change, in one transaction, after everything else was agreed to. The identity
//! that is answered is another than the one asked for if that was merged into it.
//!
//! **Source**: Cognito identity API reference, *GetCredentialsForIdentity*; contract page section 5.
//! **Errors**: `ResourceNotFoundException`, `NotAuthorizedException`, `InvalidParameterException`,
//! `InvalidIdentityPoolConfigurationException` when a role is missing or does not trust the
//! identity, `ResourceConflictException` for logins that cannot share an identity,
//! `ExternalServiceException` for a provider out of reach, and the common set.

use std::collections::BTreeMap;

use daypass_core::assume::{self, AssumeError, TrustGap};
use daypass_core::claims;
use daypass_core::ids::IdentityId;
use daypass_core::limits::ENHANCED_SESSION_SECONDS;
use daypass_core::pool::IdentityPool;
use daypass_core::role::{self, Authentication, Role, RoleError};
use daypass_core::session::{Federation, RoleSession, SessionPrincipal};
use daypass_core::tags::PrincipalTags;
use daypass_core::time::Lifetime;
use daypass_store::records::Records;
use daypass_wire::json::{Answer, Members};

use super::{error, shapes};
use crate::assertions::Presented;
use crate::aws_json::{JsonInput, JsonOutput};
use crate::context::anonymous_context;
use crate::credentials::{self, Credentials};
use crate::env::Env;
use crate::error::{ApiError, Failure};
use crate::guard::{Need, Public};
use crate::logins::{self, Proof};
use crate::operation::Operation;
use crate::session_token::SealFailure;

pub(super) struct GetCredentialsForIdentity;

pub(super) struct Input {
    identity_id: IdentityId,
    logins: BTreeMap<String, String>,
    custom_role_arn: Option<String>,
}

impl JsonInput for Input {
    fn read(members: &mut Members<'_>) -> Self {
        Self {
            identity_id: shapes::identity_id(members),
            logins: shapes::logins(members),
            custom_role_arn: members.optional_text("CustomRoleArn", &shapes::ARN),
        }
    }
}

pub(super) struct Output {
    identity_id: IdentityId,
    credentials: Credentials,
}

impl JsonOutput for Output {
    fn write(self) -> Option<Answer> {
        let credentials = Answer::new()
            .text("AccessKeyId", self.credentials.access_key_id.as_str())
            .text("SecretKey", self.credentials.secret.expose())
            .text("SessionToken", &self.credentials.session_token)
            .integer("Expiration", self.credentials.expires.seconds());
        let answer = Answer::new()
            .text("IdentityId", self.identity_id.as_str())
            .structure("Credentials", &credentials);
        Some(answer)
    }
}

impl Operation for GetCredentialsForIdentity {
    const NAME: &'static str = "GetCredentialsForIdentity";
    const ERRORS: &'static [&'static str] = &[
        error::EXTERNAL_SERVICE,
        error::INVALID_CONFIGURATION,
        error::INVALID_PARAMETER,
        error::NOT_AUTHORIZED,
        error::RESOURCE_CONFLICT,
        error::RESOURCE_NOT_FOUND,
    ];
    type Admission = Public;
    type Input = Input;
    type Output = Output;

    async fn needs(_: &Env, _: &Input) -> Result<Vec<Need>, Failure> {
        Ok(Vec::new())
    }

    async fn call(env: &Env, public: Public, input: Input) -> Result<Output, Failure> {
        let circumstances = public.circumstances();
        let mut records = env.read().await?;
        let (_, pool) =
            logins::load_identity(env, &mut records, &input.identity_id, circumstances).await?;
        drop(records);
        let now = circumstances.now;
        env.quota().pool(Self::NAME, &pool.id, now)?;
        let presented = Presented::to(Self::NAME, circumstances);
        let (mut settled, proof) =
            logins::prove(env, &pool, &input.identity_id, &input.logins, &presented).await?;
        let (authentication, amr, tags) = describe(&settled.pool, &proof)?;

        let custom = input.custom_role_arn.as_deref();
        let choice = role::choose(&settled.pool, env.account(), authentication, custom);
        let choice = choice.map_err(refuse_choice)?;
        let role = load_role(env, &mut settled.records, choice.role_arn).await?;
        let federation = Federation {
            subject: settled.identity.id.to_string(),
            audience: settled.pool.id.to_string(),
            amr,
        };
        let context = anonymous_context(env, circumstances);
        let host = env.issuer_host();
        assume::by_web_identity(&role, env.account(), &federation, &tags, host, context)
            .map_err(|error| refuse_assume(&error))?;

        // Whoever is refused by now has linked nothing.
        let (identity, pool) = settled.commit(env, now).await?;
        let session = RoleSession::enhanced(&role, federation, tags);
        let principal = SessionPrincipal::Role(Box::new(session));
        let lifetime = Lifetime::from_seconds(ENHANCED_SESSION_SECONDS);
        let credentials = credentials::mint(env, principal, lifetime, now).map_err(refuse_seal)?;
        env.activity()
            .credentials(now, pool.id.as_str(), &proof.providers());
        Ok(Output {
            identity_id: identity.id,
            credentials,
        })
    }
}

/// How the identity showed who it is, and what its token says of it.
fn describe<'p>(
    pool: &IdentityPool,
    proof: &'p Proof,
) -> Result<(Authentication<'p>, Vec<String>, PrincipalTags), Failure> {
    match proof {
        Proof::OwnToken { token, beside } => {
            let token = token.token();
            let tags = PrincipalTags::new(token.principal_tags().clone())
                .map_err(|error| Failure::Internal(format!("a token of ours carries {error}")))?;
            let amr = claims::amr_beside(token.amr().to_vec(), beside);
            Ok((Authentication::DeveloperToken, amr, tags))
        }
        Proof::Public(public) => {
            let authentication = if public.is_empty() {
                Authentication::Guest
            } else {
                Authentication::PublicLogins(public)
            };
            let tags = claims::tags(pool, public).map_err(error::invalid_tags)?;
            Ok((authentication, claims::amr(pool, None, public), tags))
        }
    }
}

async fn load_role(env: &Env, records: &mut Records, arn: &str) -> Result<Role, Failure> {
    let missing = || Failure::from(error::invalid_configuration("role.missing"));
    let name = role::name_in_arn(arn, env.account()).ok_or_else(missing)?;
    let role = records
        .role(name)
        .await?
        .filter(|role| role.arn(env.account()) == arn);
    role.ok_or_else(missing)
}

fn refuse_choice(error: RoleError) -> ApiError {
    match error {
        RoleError::NoRole => error::invalid_configuration("role.none"),
        RoleError::NotOffered(arn) => error::role_forbidden(&arn),
        RoleError::Ambiguous(provider) => error::role_ambiguous(&provider),
    }
}

fn refuse_assume(error: &AssumeError) -> ApiError {
    error::invalid_configuration(match error {
        AssumeError::Unreadable(_) => "role.trust_unreadable",
        AssumeError::TrustsEveryPool(_) => "role.trust_aud",
        AssumeError::TaggingNotTrusted(_) => "role.trust_tag",
        AssumeError::NotTrusted { cause, .. } => match cause {
            TrustGap::Action => "role.trust_action",
            TrustGap::Denied => "role.trust_denied",
            TrustGap::Audience => "role.trust_aud",
            TrustGap::Method => "role.trust_amr",
            TrustGap::Condition => "role.trust_condition",
        },
    })
}

fn refuse_seal(failure: SealFailure) -> Failure {
    match failure {
        SealFailure::TooLarge => {
            let message = "The identity's logins and tags do not fit into a session token.";
            error::invalid_parameter(message, "limit.session_token").into()
        }
        SealFailure::Failed(failure) => failure,
    }
}
