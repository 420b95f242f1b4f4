//! What an identity may effectively do: the role it gets, whether the role lets it in, what the
//! role's policies say with this identity's own values in them.
//!
//! **Source**: users page, section 7 (S13) and rows 37 to 40; Cognito developer guide, *Role trust
//! and permissions*; contract page, policy evaluation section 5.10.

use daypass_core::COGNITO_PROVIDER;
use daypass_core::session::{
    ENHANCED_SESSION_NAME, Federation, fill_federation, scope_down_policies,
};
use daypass_policy::{Context, Document, DocumentKind, NamedPolicy, PolicySet, Principal};

use super::checks::{self, Check, Subject, Target};
use crate::api::roles::Role;
use crate::api::{Api, CallError};
use crate::console::segment;
use crate::console::visit::Visit;
use crate::readiness::{Answer, Look, RoleState, ask};
use crate::templates::{self, IdentityKind};
use crate::words::{self, PoolNames, Sentence, Span};

/// Whose access is looked at.
#[derive(Debug)]
pub(super) struct Person<'a> {
    /// The identity id.
    pub(super) identity: &'a str,
    /// One of its developer users, when it has one.
    pub(super) user: Option<&'a str>,
    /// As which kind it comes.
    pub(super) kind: IdentityKind,
    /// Our issuer without its scheme.
    pub(super) issuer_host: &'a str,
}

/// What it gets.
#[derive(Debug)]
pub(super) enum Access {
    /// The pool has no role for its kind.
    NoRole,
    /// There is no such role.
    Absent(String),
    /// The caller may not look at the role.
    Hidden(String),
    /// Everything about it.
    Known(Box<Known>),
}

/// A role and what it means for one identity.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) role: String,
    pub(super) href: String,
    pub(super) arn: String,
    pub(super) trusted: Trusted,
    pub(super) trust: Vec<Sentence>,
    pub(super) warnings: Vec<Sentence>,
    pub(super) policies: Vec<PolicyView>,
    pub(super) checks: Vec<Check>,
    pub(super) bucket: String,
    pub(super) guest: bool,
    pub(super) boundary: String,
}

/// Whether the trust policy lets it in.
#[derive(Debug)]
pub(super) struct Trusted {
    pub(super) badge: &'static str,
    pub(super) verdict: &'static str,
    pub(super) why: String,
}

/// A policy for one identity.
#[derive(Debug)]
pub(super) struct PolicyView {
    pub(super) name: String,
    pub(super) statements: Vec<Sentence>,
    pub(super) source: Vec<Span>,
    pub(super) unreadable: String,
}

/// Looks at what a person of a pool gets.
pub(super) async fn of(
    api: Api<'_>,
    look: &Look,
    person: &Person<'_>,
    bucket: &str,
) -> Result<Access, CallError> {
    let Some(arn) = look.roles.roles.get(person.kind.word()) else {
        return Ok(Access::NoRole);
    };
    let name = templates::role_in(arn).unwrap_or(arn).to_owned();
    match look.documents.get(arn) {
        Some(RoleState::Known(role, policies)) => {
            let boundary = boundary(api, &name).await?;
            let known = known(look, person, role, policies, boundary, bucket);
            Ok(Access::Known(Box::new(known)))
        }
        Some(RoleState::Absent) => Ok(Access::Absent(name)),
        Some(RoleState::Hidden) | None => Ok(Access::Hidden(name)),
    }
}

/// A permissions boundary: its name, and its document if it reads.
type Boundary = (String, Option<Document>);

async fn boundary(api: Api<'_>, role: &str) -> Result<Option<Boundary>, CallError> {
    let input = [("RoleName", role)];
    let result = api.query(crate::api::Query::Iam, "GetRole", &input).await?;
    let node = result
        .child("Role")
        .and_then(|it| it.child("PermissionsBoundary"));
    let Some(arn) = node.and_then(|it| it.text_of("PermissionsBoundaryArn")) else {
        return Ok(None);
    };
    let name = arn.rsplit('/').next().unwrap_or_default().to_owned();
    let text = match api.managed_policy(&arn).await {
        Ok((_, text)) => text,
        Err(error) if error.is_denied() => String::new(),
        Err(error) => return Err(error),
    };
    let document = Document::parse(&text, DocumentKind::Identity).ok();
    Ok(Some((name, document)))
}

fn known(
    look: &Look,
    person: &Person<'_>,
    role: &Role,
    policies: &[(String, String)],
    boundary: Option<Boundary>,
    bucket: &str,
) -> Known {
    let federation = federation(look, person);
    let context = context(role, &federation, person.issuer_host);
    let documents: Vec<(String, Document)> = policies
        .iter()
        .filter_map(|(name, text)| {
            let document = Document::parse(text, DocumentKind::Identity).ok()?;
            Some((name.clone(), document))
        })
        .collect();
    let guest = person.kind == IdentityKind::Unauthenticated;
    let (target, checks) = answers(
        person,
        role,
        &context,
        &documents,
        boundary.as_ref(),
        bucket,
    );
    let told = Document::parse(&role.assume_role_policy_document, DocumentKind::Trust)
        .map(|document| words::trust(&document, &pool_names(look)))
        .unwrap_or_default();
    Known {
        role: role.role_name.clone(),
        href: format!("/console/roles/{}", segment(&role.role_name)),
        arn: role.arn.clone(),
        trusted: trusted(&ask(role, &federation)),
        trust: told.sentences,
        warnings: told.warnings,
        policies: policies.iter().map(|it| view(it, &context)).collect(),
        checks,
        bucket: target.bucket,
        guest,
        boundary: boundary.map(|it| it.0).unwrap_or_default(),
    }
}

fn answers(
    person: &Person<'_>,
    role: &Role,
    context: &Context,
    documents: &[(String, Document)],
    boundary: Option<&Boundary>,
    bucket: &str,
) -> (Target, Vec<Check>) {
    let account = templates::account_in(&role.arn).unwrap_or_default();
    let name = &role.role_name;
    let principal = Principal::RoleSession {
        account: account.to_owned(),
        role_arn: role.arn.clone(),
        role_id: role.role_id.clone(),
        session_arn: format!("arn:aws:sts::{account}:assumed-role/{name}/{ENHANCED_SESSION_NAME}"),
    };
    let subject = Subject {
        identity: person.identity,
        principal: &principal,
        account,
        context,
    };
    let named = |(name, document)| NamedPolicy { name, document };
    let identity: Vec<NamedPolicy<'_>> = documents
        .iter()
        .map(|(name, document)| named((name.as_str(), document)))
        .collect();
    let limits = scope_down(person.kind);
    let session: Vec<NamedPolicy<'_>> = limits
        .iter()
        .map(|it| named(("the limit on guests", it)))
        .collect();
    let limit = boundary.and_then(|(name, document)| Some((name.as_str(), document.as_ref()?)));
    let policies = PolicySet {
        identity: &identity,
        boundary: limit.map(named),
        session: (!session.is_empty()).then_some(session.as_slice()),
        ..PolicySet::default()
    };
    let target = checks::target(documents, &subject, bucket);
    let checks = checks::ask(&subject, &policies, &target);
    (target, checks)
}

/// What every guest's session is limited by.
fn scope_down(kind: IdentityKind) -> Vec<Document> {
    if kind == IdentityKind::Authenticated {
        return Vec::new();
    }
    let texts = scope_down_policies();
    let parse = |text: &String| Document::parse(text, DocumentKind::Session).ok();
    texts.iter().filter_map(parse).collect()
}

fn view((name, text): &(String, String), context: &Context) -> PolicyView {
    let parsed = Document::parse(text, DocumentKind::Identity);
    PolicyView {
        name: name.clone(),
        unreadable: match &parsed {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        },
        statements: parsed.map_or_else(|_| Vec::new(), |it| words::policy(&it, context)),
        source: words::expand(text, context),
    }
}

/// The identity as its token would describe it.
fn federation(look: &Look, person: &Person<'_>) -> Federation {
    let pool = &look.pool.identity_pool_id;
    let mut amr = vec![person.kind.word().to_owned()];
    if let (IdentityKind::Authenticated, Some(provider)) =
        (person.kind, &look.pool.developer_provider_name)
    {
        amr.push(provider.clone());
        if let Some(user) = person.user {
            amr.push(format!("{provider}:{pool}:{user}"));
        }
    }
    Federation {
        subject: person.identity.to_owned(),
        audience: pool.clone(),
        amr,
    }
}

/// What is known about every request of this identity, before there is one.
pub(in crate::console) fn context(
    role: &Role,
    federation: &Federation,
    issuer_host: &str,
) -> Context {
    let mut context = Context::new();
    fill_federation(federation, issuer_host, &mut context);
    context.set(
        "aws:userid",
        format!("{}:{ENHANCED_SESSION_NAME}", role.role_id),
    );
    context.set("aws:PrincipalArn", role.arn.clone());
    context.set("aws:PrincipalType", "AssumedRole");
    context.set("aws:FederatedProvider", COGNITO_PROVIDER);
    if let Some(account) = templates::account_in(&role.arn) {
        context.set("aws:PrincipalAccount", account);
    }
    context
}

fn pool_names(look: &Look) -> PoolNames {
    let pool = &look.pool;
    PoolNames::from([(
        pool.identity_pool_id.clone(),
        pool.identity_pool_name.clone(),
    )])
}

fn trusted(answer: &Answer) -> Trusted {
    let (badge, verdict, why) = match answer {
        Answer::Yes => ("ok", "Lets it in", String::new()),
        Answer::No(error) => ("bad", "Keeps it out", format!("Because {error}.")),
        Answer::Depends => (
            "warn",
            "Depends on the request",
            "A condition asks for something that only a request says.".to_owned(),
        ),
        Answer::Unknown => ("neutral", "Unknown", "The role does not read.".to_owned()),
    };
    Trusted {
        badge,
        verdict,
        why,
    }
}

/// Our issuer without its scheme; the public address where the issuer may not be asked for.
pub(in crate::console) async fn issuer_host(visit: &Visit) -> String {
    let issuer = match visit.api().deployment().await {
        Ok(deployment) => deployment.issuer,
        Err(_) => visit.place().public_url.clone(),
    };
    issuer
        .split_once("://")
        .map_or(issuer.clone(), |(_, host)| host.to_owned())
}
