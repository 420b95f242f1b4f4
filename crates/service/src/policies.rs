//! The policies a caller holds, found in the store and parsed for one decision.
//!
//! A stored document that no longer parses grants nothing: the whole decision then falls to a deny,
//! and the log says which document it was.

use daypass_core::ids::AccountId;
use daypass_core::session::SessionPrincipal;
use daypass_core::user::Grants;
use daypass_policy::{Document, DocumentKind, NamedPolicy, PolicySet};
use daypass_store::records::Records;

use crate::env::Env;
use crate::error::Failure;
use crate::guard::{Caller, Standing};
use crate::iam::aws_managed;

/// A document under the name it is held by.
struct Held {
    name: String,
    document: Document,
}

/// Everything that bears on one caller's requests.
pub(crate) struct CallerPolicies {
    identity: Vec<Held>,
    boundary: Option<Held>,
    session: Option<Vec<Held>>,
}

impl CallerPolicies {
    /// Asks something of these policies.
    pub(crate) fn with<T>(&self, ask: impl FnOnce(&PolicySet<'_>) -> T) -> T {
        let identity: Vec<NamedPolicy<'_>> = self.identity.iter().map(named).collect();
        let session: Option<Vec<NamedPolicy<'_>>> = self
            .session
            .as_ref()
            .map(|policies| policies.iter().map(named).collect());
        ask(&PolicySet {
            identity: &identity,
            resource: None,
            boundary: self.boundary.as_ref().map(named),
            session: session.as_deref(),
        })
    }
}

fn named(held: &Held) -> NamedPolicy<'_> {
    NamedPolicy {
        name: &held.name,
        document: &held.document,
    }
}

/// What a caller holds now.
pub(crate) async fn of_caller(
    env: &Env,
    records: &mut Records,
    caller: &Caller,
) -> Result<CallerPolicies, Failure> {
    let no_grants = Grants::default();
    let grants = match caller.standing() {
        Standing::Root | Standing::RootSession(_) => &no_grants,
        Standing::User(user) | Standing::UserSession(_, user) => &user.grants,
        Standing::RoleSession(_, role) => &role.grants,
    };
    let mut identity = Vec::new();
    for (name, text) in &grants.inline {
        identity.push(parse(name, text, DocumentKind::Identity)?);
    }
    for arn in &grants.attached {
        let text = document(env.account(), records, arn).await?;
        identity.push(parse(
            arn,
            &text.ok_or_else(|| missing(arn))?,
            DocumentKind::Identity,
        )?);
    }
    let boundary = match &grants.boundary {
        None => None,
        Some(arn) => {
            let text = document(env.account(), records, arn).await?;
            Some(parse(
                arn,
                &text.ok_or_else(|| missing(arn))?,
                DocumentKind::Identity,
            )?)
        }
    };
    Ok(CallerPolicies {
        identity,
        boundary,
        session: session_policies(caller)?,
    })
}

fn session_policies(caller: &Caller) -> Result<Option<Vec<Held>>, Failure> {
    let Some(session) = caller.session() else {
        return Ok(None);
    };
    let SessionPrincipal::Role(role_session) = &session.principal else {
        return Ok(None);
    };
    if role_session.policies.is_empty() {
        return Ok(None);
    }
    let parsed: Result<Vec<Held>, Failure> = role_session
        .policies
        .iter()
        .enumerate()
        .map(|(index, text)| {
            parse(
                &format!("session policy {}", index + 1),
                text,
                DocumentKind::Session,
            )
        })
        .collect();
    Ok(Some(parsed?))
}

/// The document of a managed policy in force, ours or a built-in one.
pub(crate) async fn document(
    account: &AccountId,
    records: &mut Records,
    arn: &str,
) -> Result<Option<String>, Failure> {
    if let Some(text) = aws_managed::document(arn) {
        return Ok(Some(text.to_owned()));
    }
    let Some(name) = name_in_policy_arn(arn, account) else {
        return Ok(None);
    };
    let policy = records
        .managed_policy(name)
        .await?
        .filter(|policy| policy.arn(account) == arn);
    Ok(policy.and_then(|policy| policy.document().map(str::to_owned)))
}

/// The policy name in the ARN of a customer managed policy of `account`.
pub(crate) fn name_in_policy_arn<'a>(arn: &'a str, account: &AccountId) -> Option<&'a str> {
    let resource = arn
        .strip_prefix("arn:aws:iam::")?
        .strip_prefix(account.as_str())?;
    resource
        .strip_prefix(":policy/")?
        .rsplit('/')
        .next()
        .filter(|name| !name.is_empty())
}

fn parse(name: &str, text: &str, kind: DocumentKind) -> Result<Held, Failure> {
    match Document::parse(text, kind) {
        Ok(document) => Ok(Held {
            name: name.to_owned(),
            document,
        }),
        Err(_) => Err(Failure::Internal(format!(
            "policy `{name}` is stored but does not parse"
        ))),
    }
}

fn missing(arn: &str) -> Failure {
    Failure::Internal(format!("policy `{arn}` is attached but does not exist"))
}
