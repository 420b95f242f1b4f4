//! Who asks, and may they? The one place that makes [`Caller`] and [`Permit`].
//!
//! A [`Caller`] exists only after a signature verified against a key that is still good, and a
//! [`Permit`] only after policies allowed every need of the operation. Code that requires one takes
//! it as an argument; there is no other way to have one.
//!
//! **Source**: contract pages, SigV4 sections 6.3 to 6.6 and policy evaluation sections 5.7 to 5.9.

use std::future::Future;

use daypass_core::identity::State;
use daypass_core::role::Role;
use daypass_core::session::{Session, SessionPrincipal};
use daypass_core::user::{KeyStatus, User, root_arn};
use daypass_policy::{Decision, Explanation, PolicySet, PolicyType, Principal, Request, evaluate};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey};
use daypass_proof::sigv4::{
    self, Body, Dialect, Presentation, Presented, Rules, SignatureError, VerifiedSignature,
};
use daypass_store::records::Records;

use crate::circumstances::Circumstances;
use crate::context::request_context;
use crate::env::Env;
use crate::error::Failure;
use crate::handle::claimed_access_key_id;
use crate::incoming::Incoming;
use crate::last_used::Use;
use crate::policies::{self, CallerPolicies};
use crate::session_token;

/// What a face demands of a signature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaceRules {
    /// Its protocol.
    pub dialect: Dialect,
    /// The service name its signatures carry.
    pub service: &'static str,
    /// Whether the scope must name our own Region.
    pub own_region_only: bool,
    /// How far the client's clock may be off, either way.
    pub skew_seconds: i64,
    /// Whether credentials of `GetSessionToken` are taken. IAM refuses them unless a second factor
    /// was shown, and no device for one can be registered.
    pub user_sessions: bool,
}

/// One permission an operation needs.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// `service:Action`.
    pub action: String,
    /// The ARN it is needed on, or `*`.
    pub resource: String,
    /// Condition keys of this request, single-valued.
    pub keys: Vec<(String, String)>,
    /// Condition keys of this request, multi-valued.
    pub lists: Vec<(String, Vec<String>)>,
}

impl Need {
    /// The permission for `action` on `resource`.
    pub(crate) fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource: resource.into(),
            keys: Vec::new(),
            lists: Vec::new(),
        }
    }

    /// The same, with one more condition key.
    pub(crate) fn with(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.keys.push((key.into(), value.into()));
        self
    }

    /// The same, with one more multi-valued condition key.
    pub(crate) fn with_many(mut self, key: impl Into<String>, values: Vec<String>) -> Self {
        self.lists.push((key.into(), values));
        self
    }
}

/// What only a developer's backend does.
const DEVELOPER_ACTIONS: [&str; 4] = [
    "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
    "cognito-identity:LookupDeveloperIdentity",
    "cognito-identity:MergeDeveloperIdentities",
    "cognito-identity:UnlinkDeveloperIdentity",
];

/// A refusal by policy, with the statement that made it.
#[derive(Clone, Debug)]
pub(crate) struct Denial {
    /// Who asked.
    pub caller_arn: String,
    /// For what.
    pub action: String,
    /// On what.
    pub resource: String,
    /// Why not.
    pub explanation: Explanation,
}

impl Denial {
    /// The documented sentence.
    pub(crate) fn message(&self) -> String {
        format!(
            "User: {} is not authorized to perform: {} on resource: {} {}",
            self.caller_arn,
            self.action,
            self.resource,
            self.explanation.reason(&self.action)
        )
    }

    /// The stable code of the cause.
    pub(crate) fn reason(&self) -> &'static str {
        let developer = DEVELOPER_ACTIONS.contains(&self.action.as_str());
        match (self.explanation.decision, self.explanation.layer) {
            (Decision::ExplicitDeny, _) => "policy.explicit_deny",
            (_, PolicyType::Session) => "policy.session_scope",
            _ if developer => "developer.caller_not_allowed",
            _ => "policy.implicit_deny",
        }
    }
}

/// Who signed a request, established beyond doubt.
///
/// Holding one is the proof; only [`authenticate`] makes it.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    access_key_id: AccessKeyId,
    standing: Standing,
}

/// What kind of principal a caller is, with its record as it stands now.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// The account's root user.
    Root,
    /// A user, by a long-term key.
    User(Box<User>),
    /// The root user, by `GetSessionToken` credentials.
    RootSession(Box<Session>),
    /// A user, by `GetSessionToken` credentials.
    UserSession(Box<Session>, Box<User>),
    /// A session of a role.
    RoleSession(Box<Session>, Box<Role>),
}

impl Caller {
    /// The key that signed.
    pub(crate) fn access_key_id(&self) -> &AccessKeyId {
        &self.access_key_id
    }

    /// What kind of principal this is.
    pub(crate) fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The caller's own ARN.
    pub(crate) fn arn(&self, env: &Env) -> String {
        match &self.standing {
            Standing::Root | Standing::RootSession(_) => root_arn(env.account()),
            Standing::User(user) | Standing::UserSession(_, user) => user.arn(env.account()),
            Standing::RoleSession(session, role) => {
                role.session_arn(env.account(), role_session_name(session))
            }
        }
    }

    /// `aws:userid`, as `GetCallerIdentity` prints it.
    pub(crate) fn user_id(&self, env: &Env) -> String {
        match &self.standing {
            Standing::Root | Standing::RootSession(_) => env.account().to_string(),
            Standing::User(user) | Standing::UserSession(_, user) => user.id.to_string(),
            Standing::RoleSession(session, role) => {
                format!("{}:{}", role.id, role_session_name(session))
            }
        }
    }

    /// The temporary session, if the credentials are temporary.
    pub(crate) fn session(&self) -> Option<&Session> {
        match &self.standing {
            Standing::Root | Standing::User(_) => None,
            Standing::RootSession(session)
            | Standing::UserSession(session, _)
            | Standing::RoleSession(session, _) => Some(session),
        }
    }

    /// Whether this is a guest of the enhanced flow, whom the scope-down policy holds.
    pub(crate) fn is_scoped_down_guest(&self) -> bool {
        let session = self.session().map(|session| &session.principal);
        let Some(SessionPrincipal::Role(role_session)) = session else {
            return false;
        };
        let federation = role_session.federation.as_ref();
        !role_session.policies.is_empty()
            && federation.is_some_and(|federation| {
                let methods = &mut federation.amr.iter();
                methods.any(|method| method == daypass_core::claims::UNAUTHENTICATED)
            })
    }

    /// The caller as policies see it.
    pub(crate) fn principal(&self, env: &Env) -> Principal {
        let account = env.account().to_string();
        match &self.standing {
            Standing::Root | Standing::RootSession(_) => Principal::Root { account },
            Standing::User(user) | Standing::UserSession(_, user) => Principal::User {
                account,
                arn: user.arn(env.account()),
                id: user.id.to_string(),
            },
            Standing::RoleSession(session, role) => Principal::RoleSession {
                account,
                role_arn: role.arn(env.account()),
                role_id: role.id.to_string(),
                session_arn: role.session_arn(env.account(), role_session_name(session)),
            },
        }
    }
}

fn role_session_name(session: &Session) -> &str {
    match &session.principal {
        SessionPrincipal::Role(role_session) => &role_session.session_name,
        SessionPrincipal::Root | SessionPrincipal::User { .. } => "",
    }
}

/// What admits a request to an operation.
pub(crate) trait Admission: Sized + Send {
    /// Whether a signature is needed.
    const SIGNED: bool;
    /// Who asks, as far as this admission wants to know.
    type Who: Send;

    /// Establishes who asks.
    fn authenticate(
        env: &Env,
        incoming: &Incoming,
        rules: &FaceRules,
    ) -> impl Future<Output = Result<Self::Who, Failure>> + Send;

    /// Decides whether they may.
    fn authorize(
        env: &Env,
        who: Self::Who,
        circumstances: &Circumstances,
        needs: &[Need],
    ) -> impl Future<Output = Result<Self, Failure>> + Send;
}

/// Admits anyone: the operation's table says public, and a signature is ignored.
#[derive(Debug)]
pub(crate) struct Public {
    circumstances: Circumstances,
}

impl Public {
    /// When, from where and how.
    pub(crate) fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }
}

impl Admission for Public {
    const SIGNED: bool = false;
    type Who = ();

    async fn authenticate(_: &Env, _: &Incoming, _: &FaceRules) -> Result<(), Failure> {
        Ok(())
    }

    async fn authorize(
        _: &Env,
        (): (),
        circumstances: &Circumstances,
        _: &[Need],
    ) -> Result<Self, Failure> {
        Ok(Self {
            circumstances: circumstances.clone(),
        })
    }
}

/// A caller whom policies allowed everything the operation needs.
///
/// Holding one is the proof; only this file makes it.
#[derive(Clone, Debug)]
pub(crate) struct Permit {
    caller: Caller,
    circumstances: Circumstances,
}

impl Permit {
    /// Who.
    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    /// When, from where and how.
    pub(crate) fn circumstances(&self) -> &Circumstances {
        &self.circumstances
    }

    /// Whether the same caller may do something more; operations that hand on rights ask this.
    pub(crate) async fn also(&self, env: &Env, need: &Need) -> Result<Option<Denial>, Failure> {
        let mut records = env.read().await?;
        decide(
            env,
            &mut records,
            &self.caller,
            &self.circumstances,
            std::slice::from_ref(need),
        )
        .await
    }
}

impl Admission for Permit {
    const SIGNED: bool = true;
    type Who = Caller;

    async fn authenticate(
        env: &Env,
        incoming: &Incoming,
        rules: &FaceRules,
    ) -> Result<Caller, Failure> {
        authenticate(env, incoming, rules, Body::Whole(&incoming.body))
            .await
            .map(|(caller, _)| caller)
    }

    async fn authorize(
        env: &Env,
        caller: Caller,
        circumstances: &Circumstances,
        needs: &[Need],
    ) -> Result<Self, Failure> {
        authorize(env, caller, circumstances, needs).await
    }
}

/// Allows a caller everything in `needs`, or nothing.
pub(crate) async fn authorize(
    env: &Env,
    caller: Caller,
    circumstances: &Circumstances,
    needs: &[Need],
) -> Result<Permit, Failure> {
    if !needs.is_empty() {
        let mut records = env.read().await?;
        if let Some(denial) = decide(env, &mut records, &caller, circumstances, needs).await? {
            return Err(Failure::Denied(Box::new(denial)));
        }
    }
    Ok(Permit {
        caller,
        circumstances: circumstances.clone(),
    })
}

/// The first need that is not allowed.
async fn decide(
    env: &Env,
    records: &mut Records,
    caller: &Caller,
    circumstances: &Circumstances,
    needs: &[Need],
) -> Result<Option<Denial>, Failure> {
    let held = policies::of_caller(env, records, caller).await?;
    let principal = caller.principal(env);
    let base = request_context(env, caller, circumstances);
    for need in needs {
        let mut context = base.clone();
        for (key, value) in &need.keys {
            context.set(key, value.clone());
        }
        for (key, values) in &need.lists {
            context.set_many(key, values.clone());
        }
        let request = Request {
            principal: &principal,
            action: &need.action,
            resource: &need.resource,
            resource_account: env.account().as_str(),
            context: &context,
        };
        let explanation = held.with(|set: &PolicySet<'_>| evaluate(&request, set));
        if explanation.decision != Decision::Allow {
            return Ok(Some(Denial {
                caller_arn: caller.arn(env),
                action: need.action.clone(),
                resource: need.resource.clone(),
                explanation,
            }));
        }
    }
    Ok(None)
}

/// What the caller holds, for operations whose decision is not an identity policy's alone.
pub(crate) async fn held_by(env: &Env, permit: &Permit) -> Result<CallerPolicies, Failure> {
    let mut records = env.read().await?;
    policies::of_caller(env, &mut records, &permit.caller).await
}

/// Establishes who signed a request, in the documented order: structure, scope, key, token, time,
/// signature, and then whether the principal still stands.
pub(crate) async fn authenticate(
    env: &Env,
    incoming: &Incoming,
    rules: &FaceRules,
    body: Body<'_>,
) -> Result<(Caller, VerifiedSignature), Failure> {
    let circumstances = &incoming.circumstances;
    let result = establish(env, incoming, rules, body).await;
    if matches!(result, Err(Failure::Signature(_))) {
        let key = claimed_access_key_id(incoming);
        env.quota().failed_signature(&key, circumstances)?;
    }
    result
}

async fn establish(
    env: &Env,
    incoming: &Incoming,
    rules: &FaceRules,
    body: Body<'_>,
) -> Result<(Caller, VerifiedSignature), Failure> {
    let view = incoming.view();
    let Presented::Signed(presentation) = sigv4::presented(&view, rules.dialect)? else {
        return Err(SignatureError::Missing.into());
    };
    let face = rules;
    let rules = Rules {
        dialect: rules.dialect,
        service: rules.service,
        region: rules.own_region_only.then(|| env.region().as_str()),
        skew_seconds: rules.skew_seconds,
    };
    sigv4::check_scope(&presentation, &rules)?;
    let now = incoming.circumstances.now;
    let mut records = env.read().await?;
    let key = find_key(env, &mut records, &presentation, now.seconds()).await?;
    let secret = match &key {
        Key::LongTerm { secret, .. } => secret,
        Key::Session(session) => &session.secret,
    };
    let verified = sigv4::verify(&presentation, &view, body, secret, &rules, now.seconds())?;
    let standing = standing(&mut records, key).await?;
    if !face.user_sessions
        && matches!(
            standing,
            Standing::RootSession(_) | Standing::UserSession(..)
        )
    {
        return Err(SignatureError::TokenInvalid.into());
    }
    let access_key_id = presentation.access_key_id().clone();
    if matches!(standing, Standing::Root | Standing::User(_)) {
        let this = Use {
            at: now,
            service: face.service,
            region: presentation.scope().region().to_owned(),
        };
        env.last_used().note(&access_key_id, this);
    }
    Ok((
        Caller {
            access_key_id,
            standing,
        },
        verified,
    ))
}

/// A key that could have signed.
enum Key {
    LongTerm {
        secret: SecretAccessKey,
        user_name: Option<String>,
    },
    Session(Box<Session>),
}

async fn find_key(
    env: &Env,
    records: &mut Records,
    presentation: &Presentation,
    now_seconds: i64,
) -> Result<Key, Failure> {
    let id = presentation.access_key_id();
    if id.is_temporary() {
        let token = presentation
            .session_token()
            .ok_or(SignatureError::TokenMissing)?;
        let session = session_token::open(env, id, token).ok_or(SignatureError::TokenInvalid)?;
        // INVARIANT: no credential is accepted at or after its expiry.
        if now_seconds >= session.expires.seconds() {
            return Err(SignatureError::TokenExpired.into());
        }
        return Ok(Key::Session(Box::new(session)));
    }
    if presentation.session_token().is_some() {
        return Err(SignatureError::TokenInvalid.into());
    }
    if let Some(root) = env
        .configured_root()
        .filter(|root| root.access_key_id == *id)
    {
        return Ok(Key::LongTerm {
            secret: root.secret_access_key.clone(),
            user_name: None,
        });
    }
    match records.access_key(id).await? {
        Some(key) if key.status == KeyStatus::Active => Ok(Key::LongTerm {
            secret: key.secret,
            user_name: key.user_name,
        }),
        Some(_) | None => Err(SignatureError::UnknownAccessKey.into()),
    }
}

/// The principal behind a key as it stands now: a deleted user, role or identity stands no more.
async fn standing(records: &mut Records, key: Key) -> Result<Standing, Failure> {
    let gone = || Failure::from(SignatureError::UnknownAccessKey);
    let session = match key {
        Key::LongTerm {
            user_name: None, ..
        } => return Ok(Standing::Root),
        Key::LongTerm {
            user_name: Some(name),
            ..
        } => {
            let user = records.user(&name).await?.ok_or_else(gone)?;
            return Ok(Standing::User(Box::new(user)));
        }
        Key::Session(session) => session,
    };
    let revoked = || Failure::from(SignatureError::TokenInvalid);
    match &session.principal {
        SessionPrincipal::Root => Ok(Standing::RootSession(session)),
        SessionPrincipal::User { name, id } => {
            let user = records.user(name).await?.filter(|user| user.id == *id);
            Ok(Standing::UserSession(
                session,
                Box::new(user.ok_or_else(revoked)?),
            ))
        }
        SessionPrincipal::Role(role_session) => {
            let role = records.role(&role_session.role_name).await?;
            let role = role
                .filter(|role| role.id == role_session.role_id)
                .ok_or_else(revoked)?;
            if let Some(federation) = &role_session.federation
                && !identity_stands(records, &federation.subject).await?
            {
                return Err(revoked());
            }
            Ok(Standing::RoleSession(session, Box::new(role)))
        }
    }
}

/// Whether the identity behind a session may still be used.
async fn identity_stands(records: &mut Records, identity_id: &str) -> Result<bool, Failure> {
    let Ok(id) = identity_id.parse() else {
        return Ok(false);
    };
    let identity = records.identity(&id).await?;
    Ok(identity
        .is_some_and(|identity| matches!(identity.state(), State::Guest | State::Authenticated)))
}
