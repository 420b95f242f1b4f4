//! The first pass over a document: is everything of the right shape?
//!
//! What is read here still borrows from the JSON; values are looked at afterwards, by `save` and by
//! the elements themselves.
//!
//! **Source**: IAM user guide, *Grammar of the IAM JSON policy language*.

use daypass_json::{Object, Value};

use crate::action::ActionElement;
use crate::condition::{Condition, Spec};
use crate::document::{DocumentKind, Version};
use crate::error::DocumentError;
use crate::limits::{CONDITION_VALUES_MAX, STATEMENTS_MAX};
use crate::principal::{self, PrincipalElement};
use crate::resource::ResourceElement;
use crate::statement::{Effect, Statement};

/// A statement whose shape is right, before its values were looked at.
#[derive(Debug)]
pub(crate) struct Raw<'a> {
    pub(crate) sid: Option<&'a str>,
    pub(crate) effect: &'a str,
    pub(crate) principal: Option<(bool, &'a Value)>,
    pub(crate) actions: Option<(bool, Vec<&'a str>)>,
    pub(crate) resources: Option<(bool, Vec<&'a str>)>,
    conditions: Vec<RawCondition<'a>>,
}

/// One key under one operator, with its values by their text.
type RawCondition<'a> = (Spec, &'a str, Vec<String>);

impl<'a> Raw<'a> {
    fn read(object: &'a Object) -> Result<Self, DocumentError> {
        const MEMBERS: [&str; 9] = [
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition",
        ];
        if object.iter().any(|(name, _)| !MEMBERS.contains(&name)) {
            return Err(DocumentError::Syntax);
        }
        let text = |name| match object.get(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or(DocumentError::Syntax),
        };
        let principal = either(object, "Principal", "NotPrincipal")?;
        if principal.is_some_and(|(_, value)| !principal::is_well_shaped(value)) {
            return Err(DocumentError::Syntax);
        }
        Ok(Self {
            sid: text("Sid")?,
            effect: text("Effect")?.ok_or(DocumentError::Syntax)?,
            principal,
            actions: list(either(object, "Action", "NotAction")?)?,
            resources: list(either(object, "Resource", "NotResource")?)?,
            conditions: match object.get("Condition") {
                None => Vec::new(),
                Some(value) => conditions(value)?,
            },
        })
    }

    /// The effect, once its spelling was checked.
    fn compiled_effect(&self) -> Effect {
        if self.effect == "Allow" {
            Effect::Allow
        } else {
            Effect::Deny
        }
    }

    /// Compiles the conditions, which IAM checks before all other values.
    pub(crate) fn compile_conditions(
        &self,
        version: Version,
    ) -> Result<Vec<Condition>, DocumentError> {
        self.conditions
            .iter()
            .map(|(spec, key, values)| Condition::read(*spec, key, values.clone(), version))
            .collect()
    }

    /// Compiles the statement around its conditions.
    pub(crate) fn compile(
        &self,
        conditions: Vec<Condition>,
        version: Version,
        kind: DocumentKind,
    ) -> Result<Statement, DocumentError> {
        let effect = self.compiled_effect();
        let (not_action, actions) = self.actions.as_ref().ok_or(DocumentError::NoActions)?;
        Ok(Statement {
            sid: self.sid.filter(|sid| !sid.is_empty()).map(str::to_owned),
            effect,
            principal: match self.principal {
                None => None,
                Some((negated, value)) => {
                    Some(PrincipalElement::read(negated, value, kind, effect)?)
                }
            },
            action: ActionElement::read(*not_action, actions)?,
            resource: match &self.resources {
                None => None,
                Some((negated, resources)) => {
                    Some(ResourceElement::read(*negated, resources, version, kind)?)
                }
            },
            conditions,
        })
    }
}

/// The statements of a document, one by one or in a list.
pub(crate) fn statements(top: &Object) -> Result<Vec<Raw<'_>>, DocumentError> {
    let elements = match top.get("Statement") {
        Some(Value::Object(object)) => return Ok(vec![Raw::read(object)?]),
        Some(Value::Array(elements)) if !elements.is_empty() => elements,
        _ => return Err(DocumentError::Syntax),
    };
    if elements.len() > STATEMENTS_MAX {
        return Err(DocumentError::TooManyStatements);
    }
    elements
        .iter()
        .map(|element| Raw::read(element.as_object().ok_or(DocumentError::Syntax)?))
        .collect()
}

/// One of two members that exclude each other, and whether it is the negated one.
fn either<'a>(
    object: &'a Object,
    plain: &str,
    negated: &str,
) -> Result<Option<(bool, &'a Value)>, DocumentError> {
    match (object.get(plain), object.get(negated)) {
        (Some(_), Some(_)) => Err(DocumentError::Syntax),
        (Some(value), None) => Ok(Some((false, value))),
        (None, Some(value)) => Ok(Some((true, value))),
        (None, None) => Ok(None),
    }
}

type List<'a> = Option<(bool, Vec<&'a str>)>;

fn list(member: Option<(bool, &Value)>) -> Result<List<'_>, DocumentError> {
    let Some((negated, value)) = member else {
        return Ok(None);
    };
    let texts = match value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(elements) => elements
            .iter()
            .map(|element| element.as_str().ok_or(DocumentError::Syntax))
            .collect::<Result<_, _>>()?,
        _ => return Err(DocumentError::Syntax),
    };
    Ok(Some((negated, texts)))
}

fn conditions(value: &Value) -> Result<Vec<RawCondition<'_>>, DocumentError> {
    let operators = value.as_object().ok_or(DocumentError::Syntax)?;
    let mut all = Vec::new();
    for (operator, keys) in operators.iter() {
        let spec = Spec::read(operator)?;
        for (key, values) in keys.as_object().ok_or(DocumentError::Syntax)?.iter() {
            let values = match values {
                Value::Array(values) => values.iter().map(scalar).collect::<Result<_, _>>()?,
                single => vec![scalar(single)?],
            };
            all.push((spec, key, values));
        }
    }
    let count: usize = all.iter().map(|(_, _, values)| values.len()).sum();
    if count > CONDITION_VALUES_MAX {
        return Err(DocumentError::TooManyConditionValues);
    }
    Ok(all)
}

/// A condition value by its text.
fn scalar(value: &Value) -> Result<String, DocumentError> {
    /// Past this a whole number was rounded when it was read: its text is no longer the one given.
    const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(truth) => Ok(truth.to_string()),
        Value::Integer(number) => Ok(number.to_string()),
        Value::Fraction(number) if number.abs() < EXACT_MAX => Ok(number.to_string()),
        _ => Err(DocumentError::Syntax),
    }
}
