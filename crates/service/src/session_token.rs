//! A session as the sealed text that its client holds.
//!
//! Nothing is written to vend credentials: what the server needs to know again is inside the token,
//! sealed under this deployment's key and bound to its account and to the one access key id.
//!
//! **Source**: requirements S23, S72, S73.

use std::collections::BTreeMap;

use daypass_core::ids::UniqueId;
use daypass_core::provider_identity::ProviderIdentity;
use daypass_core::session::{
    Federation, RoleSession, Session, SessionPrincipal, scope_down_policies,
};
use daypass_core::tags::PrincipalTags;
use daypass_core::time::Timestamp;
use daypass_proof::seal::{Purpose, SealError};
use daypass_proof::secret::{AccessKeyId, SecretAccessKey, SessionToken};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::env::Env;
use crate::error::Failure;

/// Short member names: a token travels with every request.
#[derive(Serialize, Deserialize)]
struct Form {
    s: String,
    i: i64,
    e: i64,
    p: PrincipalForm,
}

#[derive(Serialize, Deserialize)]
enum PrincipalForm {
    Root,
    User { n: String, u: String },
    Role(Box<RoleForm>),
}

#[derive(Serialize, Deserialize)]
struct RoleForm {
    n: String,
    u: String,
    sn: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    po: Vec<String>,
    /// The two policies of every guest are known here and need not travel.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    guest: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    t: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tt: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    si: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    f: Option<FederationForm>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    p: Option<ProviderForm>,
}

#[derive(Serialize, Deserialize)]
struct FederationForm {
    s: String,
    a: String,
    m: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct ProviderForm {
    a: String,
    k: BTreeMap<String, Vec<String>>,
}

/// Why a session has no token.
pub(crate) enum SealFailure {
    /// What it carries does not fit into a token.
    TooLarge,
    /// Anything else.
    Failed(Failure),
}

/// Seals a session.
pub(crate) fn seal(env: &Env, session: &Session) -> Result<String, SealFailure> {
    let internal = |error: &dyn std::fmt::Display| {
        SealFailure::Failed(Failure::Internal(format!(
            "a session cannot be sealed: {error}"
        )))
    };
    let form = to_form(session);
    let plain = Zeroizing::new(serde_json::to_vec(&form).map_err(|error| internal(&error))?);
    let nonce = env.random().map_err(SealFailure::Failed)?;
    let context = env.session_context(&session.access_key_id);
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let sealed = env
        .sealing_ring()
        .seal(Purpose::SessionToken, &context, nonce, &plain);
    sealed.map_err(|error| match error {
        SealError::TooLong => SealFailure::TooLarge,
        other => internal(&other),
    })
}

/// Opens a session token that came with `access_key_id`. Nothing says why it did not open.
pub(crate) fn open(
    env: &Env,
    access_key_id: &AccessKeyId,
    token: &SessionToken,
) -> Option<Session> {
    let context = env.session_context(access_key_id);
    let context: Vec<&str> = context.iter().map(String::as_str).collect();
    let plain = env
        .sealing_ring()
        .open(Purpose::SessionToken, &context, token.expose())
        .ok()?;
    let form: Form = serde_json::from_slice(&plain).ok()?;
    from_form(access_key_id.clone(), form)
}

fn to_form(session: &Session) -> Form {
    let principal = match &session.principal {
        SessionPrincipal::Root => PrincipalForm::Root,
        SessionPrincipal::User { name, id } => PrincipalForm::User {
            n: name.clone(),
            u: id.to_string(),
        },
        SessionPrincipal::Role(role) => {
            let guest = role.policies == scope_down_policies();
            PrincipalForm::Role(Box::new(RoleForm {
                n: role.role_name.clone(),
                u: role.role_id.to_string(),
                sn: role.session_name.clone(),
                po: if guest {
                    Vec::new()
                } else {
                    role.policies.clone()
                },
                guest,
                t: role.tags.as_map().clone(),
                tt: role.transitive_tag_keys.clone(),
                si: role.source_identity.clone(),
                f: role.federation.as_ref().map(|federation| FederationForm {
                    s: federation.subject.clone(),
                    a: federation.audience.clone(),
                    m: federation.amr.clone(),
                }),
                p: role.provider.as_ref().map(|provider| ProviderForm {
                    a: provider.provider_arn.clone(),
                    k: provider.keys.clone(),
                }),
            }))
        }
    };
    Form {
        s: session.secret.expose().to_owned(),
        i: session.issued.millis(),
        e: session.expires.millis(),
        p: principal,
    }
}

fn from_form(access_key_id: AccessKeyId, form: Form) -> Option<Session> {
    let principal = match form.p {
        PrincipalForm::Root => SessionPrincipal::Root,
        PrincipalForm::User { n, u } => SessionPrincipal::User {
            name: n,
            id: UniqueId::stored(u),
        },
        PrincipalForm::Role(role) => SessionPrincipal::Role(Box::new(RoleSession {
            role_name: role.n,
            role_id: UniqueId::stored(role.u),
            session_name: role.sn,
            policies: if role.guest {
                scope_down_policies()
            } else {
                role.po
            },
            tags: PrincipalTags::new(role.t).ok()?,
            transitive_tag_keys: role.tt,
            source_identity: role.si,
            federation: role.f.map(|federation| Federation {
                subject: federation.s,
                audience: federation.a,
                amr: federation.m,
            }),
            provider: role.p.map(|provider| ProviderIdentity {
                provider_arn: provider.a,
                keys: provider.k,
            }),
        })),
    };
    Some(Session {
        access_key_id,
        secret: form.s.parse::<SecretAccessKey>().ok()?,
        issued: Timestamp::from_millis(form.i),
        expires: Timestamp::from_millis(form.e),
        principal,
    })
}
