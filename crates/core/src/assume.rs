//! May this identity assume this role? The trust policy decides, and nothing else.
//!
//! **Source**: IAM user guide, *trust policies for web identity*; contract pages sections 3.1, 3.2
//! and 5.4; requirements S59 and S61.

mod provider;

use daypass_policy::{
    Condition, Context, Decision, Document, DocumentKind, Effect, NamedPolicy, PolicySet,
    Principal, Request, Statement, evaluate_trust,
};

use crate::COGNITO_PROVIDER;
use crate::ids::AccountId;
use crate::role::Role;
use crate::session::{Federation, fill_federation};
use crate::tags::PrincipalTags;

pub use provider::{ProviderCall, by_provider};

const ASSUME: &str = "sts:AssumeRoleWithWebIdentity";
const TAG_SESSION: &str = "sts:TagSession";

/// Why a role is not given to an identity.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AssumeError {
    /// The stored trust policy no longer parses, so it grants nothing.
    #[error("the trust policy of role `{0}` is unreadable")]
    Unreadable(String),
    /// The trust policy would let every pool's tokens in.
    #[error("the trust policy of role `{0}` does not name an identity pool")]
    TrustsEveryPool(String),
    /// The trust policy does not allow this token.
    #[error("the trust policy of role `{role}` does not allow this token: {cause}")]
    NotTrusted {
        /// The role.
        role: String,
        /// Which part of the trust policy is in the way.
        cause: TrustGap,
    },
    /// The token carries tags and the trust policy does not allow tagging the session.
    #[error("the trust policy of role `{0}` does not allow `sts:TagSession`")]
    TaggingNotTrusted(String),
}

/// The first thing that keeps a trust policy from allowing a token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TrustGap {
    /// No statement allows the action to the identity pool principal.
    #[error("no statement allows `sts:AssumeRoleWithWebIdentity` to the identity pool principal")]
    Action,
    /// A statement denies it.
    #[error("a statement denies it")]
    Denied,
    /// The statement asks for another pool.
    #[error("the `aud` condition names another identity pool")]
    Audience,
    /// The statement asks for another kind of identity.
    #[error("the `amr` condition asks for another kind of identity")]
    Method,
    /// Some other condition is not met.
    #[error("a condition is not met")]
    Condition,
}

/// Checks that `role` trusts the identity described by `federation`.
///
/// `context` holds the keys of the request itself; the identity's own keys are added here from the
/// verified token, so that no parameter of the request can stand in for them.
pub fn by_web_identity(
    role: &Role,
    account: &AccountId,
    federation: &Federation,
    tags: &PrincipalTags,
    issuer_host: &str,
    mut context: Context,
) -> Result<(), AssumeError> {
    let document = Document::parse(&role.trust_policy, DocumentKind::Trust)
        .map_err(|_| AssumeError::Unreadable(role.name.clone()))?;
    // INVARIANT: holds for trust policies that arrived by import or restore, too.
    if trusts_every_pool(&document) {
        return Err(AssumeError::TrustsEveryPool(role.name.clone()));
    }
    fill_federation(federation, issuer_host, &mut context);
    fill_request_tags(tags, &mut context);
    let decide = |action: &str, context: &Context| {
        decide(role, account, COGNITO_PROVIDER, &document, action, context)
    };
    match decide(ASSUME, &context) {
        Decision::Allow => {}
        denied => {
            let role_name = role.name.clone();
            let cause = if denied == Decision::ExplicitDeny {
                TrustGap::Denied
            } else {
                gap(&decide, &document, context)
            };
            return Err(AssumeError::NotTrusted {
                role: role_name,
                cause,
            });
        }
    }
    if !tags.is_empty() && decide(TAG_SESSION, &context) != Decision::Allow {
        return Err(AssumeError::TaggingNotTrusted(role.name.clone()));
    }
    Ok(())
}

/// The keys that describe the tags of the session being opened.
pub fn fill_request_tags(tags: &PrincipalTags, context: &mut Context) {
    if tags.is_empty() {
        return;
    }
    for (key, value) in tags.iter() {
        context.set(&format!("aws:RequestTag/{key}"), value);
    }
    context.set_many(
        "aws:TagKeys",
        tags.iter().map(|(key, _)| key.to_owned()).collect(),
    );
}

fn decide(
    role: &Role,
    account: &AccountId,
    provider: &str,
    document: &Document,
    action: &str,
    context: &Context,
) -> Decision {
    let principal = Principal::WebIdentity {
        provider: provider.to_owned(),
    };
    let arn = role.arn(account);
    let request = Request {
        principal: &principal,
        action,
        resource: &arn,
        resource_account: account.as_str(),
        context,
    };
    let nobody = PolicySet {
        identity: &[],
        resource: None,
        boundary: None,
        session: None,
    };
    let trust = NamedPolicy {
        name: "trust policy",
        document,
    };
    evaluate_trust(&request, trust, &nobody).decision
}

/// Which part of a trust policy is in the way? Asked only after it said no, to tell the operator.
fn gap(
    decide: &impl Fn(&str, &Context) -> Decision,
    document: &Document,
    context: Context,
) -> TrustGap {
    let offered = document.statements().iter().any(|statement| {
        statement.effect() == Effect::Allow
            && names_pools(statement)
            && statement.allows_action(ASSUME)
    });
    if !offered {
        return TrustGap::Action;
    }
    let asked = |suffix: &str| {
        let key = format!("{COGNITO_PROVIDER}:{suffix}");
        document
            .statements()
            .iter()
            .flat_map(Statement::conditions)
            .filter(|condition| condition.tests_key(&key))
            .flat_map(|condition| condition.values().to_vec())
            .collect::<Vec<String>>()
    };
    let passes_with = |suffix: &str, context: &Context| {
        let key = format!("{COGNITO_PROVIDER}:{suffix}");
        asked(suffix).into_iter().any(|value| {
            let mut other = context.clone();
            if suffix == "amr" {
                other.set_many(&key, vec![value]);
            } else {
                other.set(&key, value);
            }
            decide(ASSUME, &other) == Decision::Allow
        })
    };
    if passes_with("aud", &context) {
        TrustGap::Audience
    } else if passes_with("amr", &context) {
        TrustGap::Method
    } else {
        TrustGap::Condition
    }
}

/// Whether some statement lets tokens of any identity pool in: no positive equality on `aud`.
///
/// Such a trust policy is refused when put, and never grants if it is found stored.
pub fn trusts_every_pool(document: &Document) -> bool {
    document.statements().iter().any(|statement| {
        statement.effect() == Effect::Allow
            && names_pools(statement)
            && statement.allows_action(ASSUME)
            && !statement.conditions().iter().any(is_positive_audience)
    })
}

/// Whether some statement lets tokens of an identity pool in and asks for no `amr`: guests of that
/// pool, too.
///
/// Such a trust policy may be put; whoever puts it is warned.
pub fn asks_for_no_amr(document: &Document) -> bool {
    let amr = format!("{COGNITO_PROVIDER}:amr");
    document.statements().iter().any(|statement| {
        statement.effect() == Effect::Allow
            && names_pools(statement)
            && statement.allows_action(ASSUME)
            && !statement.conditions().iter().any(|it| it.tests_key(&amr))
    })
}

fn names_pools(statement: &Statement) -> bool {
    statement
        .principal()
        .is_some_and(|principal| principal.names_federated(COGNITO_PROVIDER))
}

fn is_positive_audience(condition: &Condition) -> bool {
    condition.tests_key("cognito-identity.amazonaws.com:aud")
        && condition.is_positive_equality()
        && condition
            .values()
            .iter()
            .all(|value| value.chars().any(|c| c != '*' && c != '?'))
}

#[cfg(test)]
mod tests;
