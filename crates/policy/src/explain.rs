//! Answers that explain themselves: which statement decided, and why the others did not.
//!
//! **Source**: IAM user guide, *Troubleshoot access denied error messages*.

use crate::evaluate::{PolicySet, Request, facts};
use crate::statement::{Effect, Mismatch, Statement};

/// What was decided about a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// It may go on.
    Allow,
    /// A statement denies it.
    ExplicitDeny,
    /// Nothing allows it.
    ImplicitDeny,
}

/// Which kind of policy decided.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PolicyType {
    /// Policies of the user, role or group.
    Identity,
    /// The policy of the resource.
    Resource,
    /// The permissions boundary.
    Boundary,
    /// Policies handed in when the session was made.
    Session,
    /// The trust policy of the role.
    Trust,
}

impl PolicyType {
    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity-based policy",
            Self::Resource => "resource-based policy",
            Self::Boundary => "permissions boundary",
            Self::Session => "session policy",
            Self::Trust => "role trust policy",
        }
    }

    fn article(self) -> &'static str {
        match self {
            Self::Identity => "an",
            Self::Trust => "the",
            Self::Resource | Self::Boundary | Self::Session => "a",
        }
    }
}

/// A statement, by policy and place.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StatementRef {
    /// The name the policy was handed in under.
    pub policy: String,
    /// Its place in the policy, from 0.
    pub index: usize,
    /// Its `Sid`, if it has one.
    pub sid: Option<String>,
}

/// A decision and what made it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Explanation {
    /// What was decided.
    pub decision: Decision,
    /// Which kind of policy decided.
    pub layer: PolicyType,
    /// The statement that decided; nothing when no statement did.
    pub statement: Option<StatementRef>,
}

impl Explanation {
    /// Whether the request may go on.
    pub fn is_allowed(&self) -> bool {
        self.decision == Decision::Allow
    }

    /// The reason, in the words that end an access-denied message.
    pub fn reason(&self, action: &str) -> String {
        let (article, name) = (self.layer.article(), self.layer.name());
        match self.decision {
            Decision::Allow => format!("because {article} {name} allows the {action} action"),
            Decision::ExplicitDeny => format!("with an explicit deny in {article} {name}"),
            Decision::ImplicitDeny => format!("because no {name} allows the {action} action"),
        }
    }

    /// The whole access-denied message for a caller, by the ARN it is shown under.
    pub fn denial(&self, caller_arn: &str, action: &str, resource: &str) -> String {
        let reason = self.reason(action);
        format!(
            "User: {caller_arn} is not authorized to perform: {action} on resource: {resource} \
             {reason}"
        )
    }
}

/// Why a statement said nothing about a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Miss {
    /// It names other callers.
    Principal,
    /// It is about other actions.
    Action,
    /// It is about other resources.
    Resource,
    /// A condition does not hold.
    Condition {
        /// The condition's operator, as documented.
        operator: &'static str,
        /// The condition's key, as written.
        key: String,
    },
}

/// What one statement said about a request.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trace {
    /// The kind of policy it stands in.
    pub layer: PolicyType,
    /// The statement.
    pub statement: StatementRef,
    /// Allow or deny.
    pub effect: Effect,
    /// The first element that does not match; nothing when the statement applies.
    pub miss: Option<Miss>,
}

/// What every statement of a policy set says about a request, in order.
pub fn trace(request: &Request<'_>, policies: &PolicySet<'_>) -> Vec<Trace> {
    let facts = facts(request);
    let mut traces = Vec::new();
    for (layer, policy) in policies.all() {
        for (index, statement) in policy.document.statements().iter().enumerate() {
            traces.push(Trace {
                layer,
                statement: reference(policy.name, index, statement),
                effect: statement.effect(),
                miss: statement
                    .mismatch(&facts)
                    .map(|miss| describe(miss, statement)),
            });
        }
    }
    traces
}

fn describe(mismatch: Mismatch, statement: &Statement) -> Miss {
    match mismatch {
        Mismatch::Principal => Miss::Principal,
        Mismatch::Action => Miss::Action,
        Mismatch::Resource => Miss::Resource,
        Mismatch::Condition(index) => {
            let condition = statement.conditions().get(index);
            Miss::Condition {
                operator: condition.map_or("", |it| it.operator().name()),
                key: condition.map_or_else(String::new, |it| it.key().to_owned()),
            }
        }
    }
}

/// Names a statement.
pub(crate) fn reference(policy: &str, index: usize, statement: &Statement) -> StatementRef {
    StatementRef {
        policy: policy.to_owned(),
        index,
        sid: statement.sid().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_the_documented_sentences() {
        let reason = |decision, layer| {
            let explanation = Explanation {
                decision,
                layer,
                statement: None,
            };
            explanation.reason("s3:PutObject")
        };
        let implicit = |layer| reason(Decision::ImplicitDeny, layer);
        let explicit = |layer| reason(Decision::ExplicitDeny, layer);
        assert_eq!(
            implicit(PolicyType::Identity),
            "because no identity-based policy allows the s3:PutObject action"
        );
        assert_eq!(
            implicit(PolicyType::Boundary),
            "because no permissions boundary allows the s3:PutObject action"
        );
        assert_eq!(
            implicit(PolicyType::Trust),
            "because no role trust policy allows the s3:PutObject action"
        );
        for (layer, text) in [
            (PolicyType::Identity, "an identity-based policy"),
            (PolicyType::Resource, "a resource-based policy"),
            (PolicyType::Boundary, "a permissions boundary"),
            (PolicyType::Session, "a session policy"),
            (PolicyType::Trust, "the role trust policy"),
        ] {
            assert_eq!(explicit(layer), format!("with an explicit deny in {text}"));
        }
    }

    #[test]
    fn a_denial_names_caller_action_resource_and_reason() {
        let explanation = Explanation {
            decision: Decision::ImplicitDeny,
            layer: PolicyType::Session,
            statement: None,
        };
        assert_eq!(
            explanation.denial("arn:aws:iam::1:user/a", "s3:GetObject", "arn:aws:s3:::b/k"),
            "User: arn:aws:iam::1:user/a is not authorized to perform: s3:GetObject on resource: \
             arn:aws:s3:::b/k because no session policy allows the s3:GetObject action"
        );
    }
}
