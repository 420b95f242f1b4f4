//! Conditions: one key of the request compared with the values a policy lists.
//!
//! An operator family knows one question: does this context value fit one of the listed values?
//! Everything around the question is the same for all families and stands here: absent keys,
//! `IfExists`, the set prefixes, and negation, which turns "fits one" into "fits none".
//!
//! **Source**: IAM user guide, *Policy element reference: Condition operators* and *Multivalued
//! context keys*.

mod address;
mod arn;
mod binary;
mod boolean;
mod comparison;
mod date;
mod null;
mod numeric;
mod operator;
mod string;

pub use operator::{Operator, SetPrefix};

pub(crate) use operator::Spec;

use crate::context::{self, Context};
use crate::document::Version;
use crate::error::DocumentError;
use crate::variable::Variable;

/// One key under one operator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    spec: Spec,
    key: String,
    folded: String,
    written: Vec<String>,
    test: Test,
}

/// The listed values, compiled for their family.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Test {
    String(string::Test),
    Numeric(numeric::Test),
    Date(date::Test),
    Bool(boolean::Test),
    Binary(binary::Test),
    Address(address::Test),
    Arn(arn::Test),
    Null(null::Test),
}

impl Condition {
    /// Compiles one key of a condition block.
    pub(crate) fn read(
        spec: Spec,
        key: &str,
        values: Vec<String>,
        version: Version,
    ) -> Result<Self, DocumentError> {
        // A variable is never read in a key, so a policy that writes one asks for something else.
        if key.is_empty() || (version.has_variables() && key.contains("${")) {
            return Err(DocumentError::Syntax);
        }
        Ok(Self {
            spec,
            key: key.to_owned(),
            folded: context::fold(key),
            test: Test::read(spec.operator, &values, version)?,
            written: values,
        })
    }

    /// The operator, without its prefix and suffix.
    pub fn operator(&self) -> Operator {
        self.spec.operator
    }

    /// Whether the operator ends in `IfExists`.
    pub fn if_exists(&self) -> bool {
        self.spec.if_exists
    }

    /// The set prefix before the operator.
    pub fn set_prefix(&self) -> Option<SetPrefix> {
        self.spec.set
    }

    /// The key as written. Keys are compared ignoring case: see [`Condition::tests_key`].
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Whether this condition is about a key, in any case.
    pub fn tests_key(&self, key: &str) -> bool {
        self.folded == context::fold(key)
    }

    /// The listed values as written; numbers and booleans by their text.
    pub fn values(&self) -> &[String] {
        &self.written
    }

    /// Whether it can hold only when the key is present and equal to, or like, a listed value.
    ///
    /// `IfExists` and `ForAllValues` also hold without the key, so they do not count.
    pub fn is_positive_equality(&self) -> bool {
        let equality = matches!(
            self.spec.operator,
            Operator::StringEquals | Operator::StringEqualsIgnoreCase | Operator::StringLike
        );
        equality && !self.spec.if_exists && self.spec.set != Some(SetPrefix::ForAllValues)
    }

    /// Whether the request satisfies this condition.
    pub fn holds(&self, context: &Context) -> bool {
        let values = context
            .folded(&self.folded)
            .map_or(&[][..], |value| value.values());
        if let Test::Null(test) = &self.test {
            return test.holds(!values.is_empty());
        }
        match self.spec.set {
            None => self.holds_plainly(values, context),
            // An empty text on its own counts as no value, for the set prefixes only.
            Some(SetPrefix::ForAllValues) => {
                has_no_value(values) || values.iter().all(|value| self.satisfied(value, context))
            }
            Some(SetPrefix::ForAnyValue) if values.is_empty() => self.spec.if_exists,
            Some(SetPrefix::ForAnyValue) => {
                !has_no_value(values) && values.iter().any(|value| self.satisfied(value, context))
            }
        }
    }

    /// Several values need a set prefix; without one they satisfy nothing, negated or not.
    fn holds_plainly(&self, values: &[String], context: &Context) -> bool {
        match values {
            [] => self.spec.if_exists || self.spec.operator.is_negated(),
            [value] => self.satisfied(value, context),
            _ => false,
        }
    }

    fn satisfied(&self, value: &str, context: &Context) -> bool {
        self.test.fits_one(value, context) != self.spec.operator.is_negated()
    }

    /// The variables in the listed values.
    pub(crate) fn variables(&self) -> Vec<&Variable> {
        match &self.test {
            Test::String(test) => test.variables(),
            Test::Arn(test) => test.variables(),
            Test::Bool(test) => test.variables(),
            _ => Vec::new(),
        }
    }
}

fn has_no_value(values: &[String]) -> bool {
    match values {
        [] => true,
        [value] => value.is_empty(),
        _ => false,
    }
}

impl Test {
    fn read(
        operator: Operator,
        values: &[String],
        version: Version,
    ) -> Result<Self, DocumentError> {
        use operator::Family;
        Ok(match operator.family() {
            Family::String => Self::String(string::Test::read(operator, values, version)?),
            Family::Numeric(way) => Self::Numeric(numeric::read(way, values)?),
            Family::Date(way) => Self::Date(date::read(way, values)?),
            Family::Bool => Self::Bool(boolean::Test::read(values, version)?),
            Family::Binary => Self::Binary(binary::Test::read(values)?),
            Family::Address => Self::Address(address::Test::read(values)?),
            Family::Arn => Self::Arn(arn::Test::read(values, version)?),
            Family::Null => Self::Null(null::Test::read(values)?),
        })
    }

    /// Whether a context value fits one of the listed values.
    fn fits_one(&self, value: &str, context: &Context) -> bool {
        match self {
            Self::String(test) => test.fits_one(value, context),
            Self::Numeric(test) => numeric::fits_one(test, value),
            Self::Date(test) => date::fits_one(test, value),
            Self::Bool(test) => test.fits_one(value, context),
            Self::Binary(test) => test.fits_one(value),
            Self::Address(test) => test.fits_one(value),
            Self::Arn(test) => test.fits_one(value, context),
            Self::Null(test) => test.holds(true),
        }
    }
}

#[cfg(test)]
mod tests;
