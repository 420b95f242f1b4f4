//! Would a role let an identity of this pool in? The service's own rule is asked.
//!
//! **Source**: requirements S59 and S60; STS API reference, *AssumeRoleWithWebIdentity*.

use std::collections::BTreeMap;

use daypass_core::assume::{AssumeError, TrustGap, by_web_identity};
use daypass_core::ids::{AccountId, UniqueId};
use daypass_core::role::Role as Rule;
use daypass_core::session::Federation;
use daypass_core::tags::PrincipalTags;
use daypass_core::time::{Lifetime, Timestamp};
use daypass_core::user::Grants;
use daypass_core::{COGNITO_PROVIDER, limits};
use daypass_policy::{Context, Effect, Statement};

use super::{Gap, Level};
use crate::api::pools::IdentityPool;
use crate::api::roles::Role;
use crate::templates::{self, IdentityKind};

/// A user nobody has; what a trust policy asks of users by name it does not fulfil.
const USER: &str = "user-17";

/// What a trust policy says to an identity of a pool.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    /// It may have the role.
    Yes,
    /// It may not, for this reason.
    No(AssumeError),
    /// That hangs on a condition about the request itself.
    Depends,
    /// The role has no readable account, so nothing can be said.
    Unknown,
}

/// Whether an identity of this kind, of this pool, may have this role.
pub(crate) fn would_trust(pool: &IdentityPool, role: &Role, kind: IdentityKind) -> Answer {
    ask(role, &federation(pool, kind))
}

/// Whether an identity, as its token describes it, may have this role.
pub(crate) fn ask(role: &Role, federation: &Federation) -> Answer {
    let account = templates::account_in(&role.arn).and_then(|text| text.parse::<AccountId>().ok());
    let Some(account) = account else {
        return Answer::Unknown;
    };
    let asked = by_web_identity(
        &rule(role),
        &account,
        federation,
        &PrincipalTags::default(),
        COGNITO_PROVIDER,
        Context::new(),
    );
    match asked {
        Ok(()) => Answer::Yes,
        Err(AssumeError::NotTrusted {
            cause: TrustGap::Condition,
            ..
        }) => Answer::Depends,
        Err(error) => Answer::No(error),
    }
}

/// What is wrong with the trust of the role of one kind.
pub(super) fn gaps(pool: &IdentityPool, role: &Role, kind: IdentityKind) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let name = &role.role_name;
    let gap = |code, level, title, detail, fix: &str| Gap {
        code,
        level,
        title,
        detail,
        fix: fix.to_owned(),
        kind: Some(kind),
    };
    match would_trust(pool, role, kind) {
        Answer::Yes => {}
        Answer::No(error) => gaps.push(gap(
            code(&error),
            Level::Fail,
            "The role does not trust this pool",
            format!("{}.", sentence(&error)),
            "Replace the trust policy by the one made for this pool.",
        )),
        Answer::Depends => gaps.push(gap(
            "role.trust_condition",
            Level::Note,
            "The trust policy has further conditions",
            format!("Role `{name}` lets this pool in only under conditions about the request."),
            "Check that every user fulfils them; the test exchange shows it.",
        )),
        Answer::Unknown => gaps.push(gap(
            "role.hidden",
            Level::Note,
            "The role could not be judged",
            format!("`{}` does not read as a role of an account.", role.arn),
            "Choose another role.",
        )),
    }
    let for_users = kind == IdentityKind::Authenticated;
    if for_users && would_trust(pool, role, IdentityKind::Unauthenticated) == Answer::Yes {
        let guests_on = pool.allow_unauthenticated_identities;
        gaps.push(gap(
            "role.guests_get_in",
            if guests_on { Level::Fail } else { Level::Warn },
            "Guests could take the users' role",
            if guests_on {
                format!("Role `{name}` asks for no `amr`, and guests are on: anybody gets it.")
            } else {
                format!("Role `{name}` asks for no `amr`; only that guests are off keeps them out.")
            },
            "Add the condition that `amr` is `authenticated`.",
        ));
    }
    gaps
}

/// The stable name of a refusal.
fn code(error: &AssumeError) -> &'static str {
    match error {
        AssumeError::Unreadable(_) => "role.trust_unreadable",
        AssumeError::TrustsEveryPool(_) => "role.trust_every_pool",
        AssumeError::TaggingNotTrusted(_) => "role.trust_tag",
        AssumeError::NotTrusted { cause, .. } => match cause {
            TrustGap::Action => "role.trust_action",
            TrustGap::Denied => "role.trust_denied",
            TrustGap::Audience => "role.trust_aud",
            TrustGap::Method => "role.trust_amr",
            TrustGap::Condition => "role.trust_condition",
        },
    }
}

/// A rule's sentence as a person begins one.
fn sentence(error: &AssumeError) -> String {
    let text = error.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// Whether a statement lets its holder overwrite every object.
pub(super) fn writes_everything(statement: &Statement) -> bool {
    let everywhere = |resource: &daypass_policy::ResourceElement| {
        let all = ["*", "arn:aws:s3:::*", "arn:aws:s3:::*/*"];
        let mut written = resource.written().iter();
        !resource.is_negated() && written.any(|text| all.contains(&text.as_str()))
    };
    statement.effect() == Effect::Allow
        && statement.action().covers("s3:PutObject")
        && statement.resource().is_some_and(everywhere)
        && statement.conditions().is_empty()
}

fn rule(role: &Role) -> Rule {
    let path = role.arn.split_once(":role").map(|(_, rest)| rest);
    let path = path.and_then(|rest| rest.strip_suffix(role.role_name.as_str()));
    Rule {
        name: role.role_name.clone(),
        path: path.unwrap_or("/").to_owned(),
        id: UniqueId::stored(role.role_id.clone()),
        trust_policy: role.assume_role_policy_document.clone(),
        description: None,
        max_session: Lifetime::from_seconds(limits::SESSION_SECONDS_DEFAULT),
        grants: Grants::default(),
        tags: BTreeMap::new(),
        created: Timestamp::from_seconds(0),
    }
}

/// An identity of the pool as its token would describe it.
fn federation(pool: &IdentityPool, kind: IdentityKind) -> Federation {
    let mut amr = vec![kind.word().to_owned()];
    if let (IdentityKind::Authenticated, Some(provider)) = (kind, &pool.developer_provider_name) {
        amr.push(provider.clone());
        amr.push(format!("{provider}:{}:{USER}", pool.identity_pool_id));
    }
    let region = pool.identity_pool_id.split(':').next().unwrap_or_default();
    Federation {
        subject: format!("{region}:00000000-0000-4000-8000-000000000000"),
        audience: pool.identity_pool_id.clone(),
        amr,
    }
}
