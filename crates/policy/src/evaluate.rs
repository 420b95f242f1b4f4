//! The order of decision: Request + PolicySet → Explanation.
//!
//! 1. A Deny anywhere, in any policy of any type, decides (S48).
//! 2. The resource's policy may grant: to the caller itself (nothing else is needed), to the role
//!    or user behind it (boundary and session policy still limit), or to the account (the
//!    account's own policies decide).
//! 3. Otherwise the identity's policies must allow, within the boundary and the session policies.
//! 4. Between accounts both sides must allow.
//!
//! Evaluation is total: a document that could be read can be evaluated, and anything that is not
//! allowed is denied.
//!
//! **Source**: IAM user guide, *Policy evaluation logic*; *How IAM roles' trust policies work*.

use crate::action;
use crate::context::Context;
use crate::document::Document;
use crate::explain::{Decision, Explanation, PolicyType, StatementRef, reference};
use crate::limits::POLICIES_PER_DECISION_MAX;
use crate::principal::{Grant, Principal};
use crate::resource::Named;
use crate::statement::{Effect, Facts};

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// The action, `service:Name`, in any case.
    pub action: &'a str,
    /// The resource's ARN, or `*` for an action without one.
    pub resource: &'a str,
    /// The account the resource belongs to.
    pub resource_account: &'a str,
    /// What else is known about the request.
    pub context: &'a Context,
}

/// A document under the name answers refer to it by.
#[derive(Clone, Copy, Debug)]
pub struct NamedPolicy<'a> {
    /// The name.
    pub name: &'a str,
    /// The document.
    pub document: &'a Document,
}

/// Every policy that takes part in a decision.
#[derive(Clone, Copy, Debug, Default)]
pub struct PolicySet<'a> {
    /// Policies of the user or role: inline, attached, and through groups.
    pub identity: &'a [NamedPolicy<'a>],
    /// The policy of the resource.
    pub resource: Option<NamedPolicy<'a>>,
    /// The permissions boundary.
    pub boundary: Option<NamedPolicy<'a>>,
    /// Policies handed in when the session was made, taken as one; nothing when there were none.
    pub session: Option<&'a [NamedPolicy<'a>]>,
}

impl<'a> PolicySet<'a> {
    /// How many policies there are.
    ///
    /// **Units and limits**: past [`POLICIES_PER_DECISION_MAX`] every request is denied.
    pub fn count(&self) -> usize {
        self.identity.len()
            + usize::from(self.resource.is_some())
            + usize::from(self.boundary.is_some())
            + self.session.map_or(0, <[_]>::len)
    }

    /// Every policy with its type, in the order in which a Deny is reported.
    pub(crate) fn all(&self) -> impl Iterator<Item = (PolicyType, NamedPolicy<'a>)> {
        let resource = self.resource.map(|policy| (PolicyType::Resource, policy));
        let boundary = self.boundary.map(|policy| (PolicyType::Boundary, policy));
        let session = self.session.unwrap_or_default().iter();
        resource
            .into_iter()
            .chain(self.identity.iter().map(|it| (PolicyType::Identity, *it)))
            .chain(boundary)
            .chain(session.map(|policy| (PolicyType::Session, *policy)))
    }
}

/// Decides a request.
pub fn evaluate(request: &Request<'_>, policies: &PolicySet<'_>) -> Explanation {
    // INVARIANT: the loops below run over a bounded number of policies.
    if policies.count() > POLICIES_PER_DECISION_MAX {
        return implicit(PolicyType::Identity);
    }
    let facts = facts(request);
    if let Some(denial) = first_deny(policies, &facts) {
        return denial;
    }
    let granted = policies
        .resource
        .and_then(|policy| strongest_grant(policy, &facts));
    match request.principal.account() {
        // Nobody's account: only the resource can let them in, and only by naming everyone.
        None => match granted {
            Some((_, by)) if *request.principal == Principal::Anonymous => {
                allow(PolicyType::Resource, Some(by))
            }
            _ => implicit(PolicyType::Resource),
        },
        Some(account) if account != request.resource_account => {
            let own_side = within_account(&facts, policies);
            match granted {
                None if own_side.is_allowed() => implicit(PolicyType::Resource),
                Some(_) | None => own_side,
            }
        }
        Some(_) => match granted {
            Some((Grant::Direct, by)) => allow(PolicyType::Resource, Some(by)),
            Some((Grant::Limited, by)) => limits_refuse(&facts, policies)
                .map_or_else(|| allow(PolicyType::Resource, Some(by)), implicit),
            Some((Grant::Account, _)) | None => within_account(&facts, policies),
        },
    }
}

/// Decides whether a caller may assume a role, or tag the session while doing so.
///
/// `request.resource` is the role, `caller` the caller's own policies (its `resource` is not
/// looked at: the trust policy is the role's resource policy). Unlike other resources, a role is
/// never reached by the caller's own policies alone.
pub fn evaluate_trust(
    request: &Request<'_>,
    trust: NamedPolicy<'_>,
    caller: &PolicySet<'_>,
) -> Explanation {
    let caller = PolicySet {
        resource: None,
        ..*caller
    };
    // INVARIANT: the loops below run over a bounded number of policies; the trust policy is one.
    if caller.count() >= POLICIES_PER_DECISION_MAX {
        return implicit(PolicyType::Trust);
    }
    let facts = facts(request);
    if let Some(by) = first_match(&trust, Effect::Deny, &facts) {
        return explicit(PolicyType::Trust, by);
    }
    if let Some(denial) = first_deny(&caller, &facts) {
        return denial;
    }
    let Some((grant, by)) = strongest_grant(trust, &facts) else {
        return implicit(PolicyType::Trust);
    };
    let trusted = || allow(PolicyType::Trust, Some(by.clone()));
    let refused = match request.principal {
        // Assuming a role needs a signature or a verified token.
        Principal::Anonymous => return implicit(PolicyType::Trust),
        Principal::WebIdentity { .. } => None,
        known if known.account() != Some(request.resource_account) => {
            own_side_refuses(&facts, &caller)
        }
        _ => match grant {
            Grant::Direct => None,
            Grant::Limited => limits_refuse(&facts, &caller),
            Grant::Account => own_side_refuses(&facts, &caller),
        },
    };
    refused.map_or_else(trusted, implicit)
}

/// The request in the form statements compare with.
pub(crate) fn facts<'a>(request: &Request<'a>) -> Facts<'a> {
    Facts {
        principal: request.principal,
        action: action::fold(request.action),
        resource: Named::new(request.resource),
        context: request.context,
    }
}

/// What the caller's own account says: identity policies, within boundary and session policies.
fn within_account(facts: &Facts<'_>, policies: &PolicySet<'_>) -> Explanation {
    match own_side_refuses(facts, policies) {
        Some(layer) => implicit(layer),
        None => allow(PolicyType::Identity, first_allow(policies.identity, facts)),
    }
}

/// The layer of the caller's own account that does not allow, if one does not.
fn own_side_refuses(facts: &Facts<'_>, policies: &PolicySet<'_>) -> Option<PolicyType> {
    // The root of an account may do everything in it; only a limit can hold it back.
    let is_root = matches!(facts.principal, Principal::Root { .. });
    if !is_root && first_allow(policies.identity, facts).is_none() {
        return Some(PolicyType::Identity);
    }
    limits_refuse(facts, policies)
}

/// The limit that does not allow, if one does not.
fn limits_refuse(facts: &Facts<'_>, policies: &PolicySet<'_>) -> Option<PolicyType> {
    if let Some(boundary) = &policies.boundary
        && first_allow(std::slice::from_ref(boundary), facts).is_none()
    {
        return Some(PolicyType::Boundary);
    }
    let within_session = match policies.session {
        Some(session) => first_allow(session, facts).is_some(),
        // A federated user has what the session policies give and nothing without them.
        None => !matches!(facts.principal, Principal::FederatedUser { .. }),
    };
    (!within_session).then_some(PolicyType::Session)
}

fn first_deny(policies: &PolicySet<'_>, facts: &Facts<'_>) -> Option<Explanation> {
    policies.all().find_map(|(layer, policy)| {
        first_match(&policy, Effect::Deny, facts).map(|by| explicit(layer, by))
    })
}

fn first_allow(policies: &[NamedPolicy<'_>], facts: &Facts<'_>) -> Option<StatementRef> {
    policies
        .iter()
        .find_map(|policy| first_match(policy, Effect::Allow, facts))
}

fn first_match(
    policy: &NamedPolicy<'_>,
    effect: Effect,
    facts: &Facts<'_>,
) -> Option<StatementRef> {
    let mut statements = policy.document.statements().iter().enumerate();
    statements
        .find(|(_, it)| it.effect() == effect && it.mismatch(facts).is_none())
        .map(|(index, statement)| reference(policy.name, index, statement))
}

/// The strongest way in which a resource-based policy grants, and the statement that does.
///
/// A statement without a principal grants nothing here.
fn strongest_grant(policy: NamedPolicy<'_>, facts: &Facts<'_>) -> Option<(Grant, StatementRef)> {
    let mut strongest: Option<(Grant, StatementRef)> = None;
    for (index, statement) in policy.document.statements().iter().enumerate() {
        if statement.effect() != Effect::Allow {
            continue;
        }
        let Some(grant) = statement.grants(facts) else {
            continue;
        };
        if strongest.as_ref().is_none_or(|(known, _)| *known < grant) {
            strongest = Some((grant, reference(policy.name, index, statement)));
        }
    }
    strongest
}

fn allow(layer: PolicyType, statement: Option<StatementRef>) -> Explanation {
    Explanation {
        decision: Decision::Allow,
        layer,
        statement,
    }
}

fn explicit(layer: PolicyType, by: StatementRef) -> Explanation {
    Explanation {
        decision: Decision::ExplicitDeny,
        layer,
        statement: Some(by),
    }
}

fn implicit(layer: PolicyType) -> Explanation {
    Explanation {
        decision: Decision::ImplicitDeny,
        layer,
        statement: None,
    }
}

#[cfg(test)]
mod tests;
