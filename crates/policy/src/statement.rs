//! One statement: whom, what, where and under which conditions, for allow or for deny.
//!
//! **Source**: IAM user guide, *Policy element reference: Statement*.

use crate::action::ActionElement;
use crate::condition::Condition;
use crate::context::Context;
use crate::principal::{Grant, Principal, PrincipalElement};
use crate::resource::{Named, ResourceElement};
use crate::variable::Variable;

/// What a statement does to the requests it matches.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effect {
    /// It lets them through, unless something denies them.
    Allow,
    /// It refuses them, whatever allows them.
    Deny,
}

/// One compiled statement.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    pub(crate) sid: Option<String>,
    pub(crate) effect: Effect,
    pub(crate) principal: Option<PrincipalElement>,
    pub(crate) action: ActionElement,
    /// Nothing in trust policies, where the role itself is the resource.
    pub(crate) resource: Option<ResourceElement>,
    pub(crate) conditions: Vec<Condition>,
}

/// A request in the form statements compare with, made once per decision.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) principal: &'a Principal,
    pub(crate) action: String,
    pub(crate) resource: Named<'a>,
    pub(crate) context: &'a Context,
}

/// Why a statement says nothing about a request: the first element that does not match.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mismatch {
    Principal,
    Action,
    Resource,
    Condition(usize),
}

impl Statement {
    /// The statement's name; an empty `Sid` is no name.
    pub fn sid(&self) -> Option<&str> {
        self.sid.as_deref()
    }

    /// Allow or deny.
    pub fn effect(&self) -> Effect {
        self.effect
    }

    /// Whom it names, in resource-based and trust policies.
    pub fn principal(&self) -> Option<&PrincipalElement> {
        self.principal.as_ref()
    }

    /// Which actions it is about.
    pub fn action(&self) -> &ActionElement {
        &self.action
    }

    /// Which resources it is about; nothing in trust policies.
    pub fn resource(&self) -> Option<&ResourceElement> {
        self.resource.as_ref()
    }

    /// All its conditions, in the order written; every one must hold.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// Whether it is an Allow that covers an action, in any case.
    pub fn allows_action(&self, action: &str) -> bool {
        self.effect == Effect::Allow && self.action.covers(action)
    }

    /// The conditions about a key, in any case.
    pub fn conditions_on(&self, key: &str) -> impl Iterator<Item = &Condition> {
        self.conditions
            .iter()
            .filter(move |condition| condition.tests_key(key))
    }

    /// How an Allow reaches the caller, and whether it does.
    pub(crate) fn grants(&self, facts: &Facts<'_>) -> Option<Grant> {
        let element = self.principal.as_ref()?;
        let grant = element.grant(facts.principal, facts.context)?;
        self.mismatch_below(facts).is_none().then_some(grant)
    }

    /// The first element that does not match, principal included where there is one.
    pub(crate) fn mismatch(&self, facts: &Facts<'_>) -> Option<Mismatch> {
        let reached = match (&self.principal, self.effect) {
            (None, _) => true,
            (Some(element), Effect::Allow) => {
                element.grant(facts.principal, facts.context).is_some()
            }
            (Some(element), Effect::Deny) => element.denies(facts.principal, facts.context),
        };
        if reached {
            self.mismatch_below(facts)
        } else {
            Some(Mismatch::Principal)
        }
    }

    fn mismatch_below(&self, facts: &Facts<'_>) -> Option<Mismatch> {
        if !self.action.covers_folded(&facts.action) {
            return Some(Mismatch::Action);
        }
        let covered = self
            .resource
            .as_ref()
            .is_none_or(|element| element.covers(facts.resource, facts.context));
        if !covered {
            return Some(Mismatch::Resource);
        }
        self.conditions
            .iter()
            .position(|condition| !condition.holds(facts.context))
            .map(Mismatch::Condition)
    }

    /// The variables in its resources and conditions.
    pub(crate) fn variables(&self) -> Vec<&Variable> {
        let resources = self.resource.iter().flat_map(ResourceElement::variables);
        let conditions = self.conditions.iter().flat_map(Condition::variables);
        resources.chain(conditions).collect()
    }
}
