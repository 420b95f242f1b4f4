//! What a policy may say without meaning it: accepted, and worth a word to its author.
//!
//! Three constructs follow the documented rules and still surprise. Under Allow, `ForAllValues` and
//! the negated operators hold when the key is absent, so a request without the key is let through.
//! Under Deny, a variable without a value makes the statement match nothing, so the refusal does
//! not happen. Each is silent where the policy itself takes care of the absent key.
//!
//! **Source**: requirements S50 and S51 of the reliability and security page; IAM user guide,
//! *Multivalued context keys*, security considerations.

use crate::condition::{Condition, Operator, SetPrefix};
use crate::document::Document;
use crate::resource::ResourceElement;
use crate::statement::{Effect, Statement};

/// One remark about a statement.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum Remark {
    /// An Allow that `ForAllValues` grants without the key.
    #[error(
        "statement {index} allows requests without `{key}`: `ForAllValues` holds for no values"
    )]
    ForAllValuesUnderAllow {
        /// The statement's place, from 0.
        index: usize,
        /// The key as written.
        key: String,
    },
    /// An Allow that a negated operator grants without the key.
    #[error(
        "statement {index} allows requests without `{key}`: `{operator}` holds when it is absent"
    )]
    NegatedUnderAllow {
        /// The statement's place, from 0.
        index: usize,
        /// The key as written.
        key: String,
        /// The operator, as documented.
        operator: &'static str,
    },
    /// A Deny that says nothing when a variable has no value.
    #[error("statement {index} denies nothing when `{key}` has no value")]
    VariableUnderDeny {
        /// The statement's place, from 0.
        index: usize,
        /// The variable's key as written.
        key: String,
    },
}

impl Document {
    /// Remarks about constructs that may say something else than was meant.
    pub fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        for (index, statement) in self.statements().iter().enumerate() {
            match statement.effect() {
                Effect::Allow => remarks.extend(under_allow(index, statement)),
                Effect::Deny => remarks.extend(under_deny(index, statement)),
            }
        }
        remarks
    }
}

fn under_allow(index: usize, statement: &Statement) -> impl Iterator<Item = Remark> {
    let conditions = statement.conditions().iter();
    let open = conditions.filter(|it| !requires_key(statement, it.key()));
    open.filter_map(move |condition| {
        let key = condition.key().to_owned();
        match condition.set_prefix() {
            Some(SetPrefix::ForAllValues) => Some(Remark::ForAllValuesUnderAllow { index, key }),
            None if condition.operator().is_negated() => Some(Remark::NegatedUnderAllow {
                index,
                key,
                operator: condition.operator().name(),
            }),
            _ => None,
        }
    })
}

/// Whether some condition fails without the key, so that its absence is taken care of.
fn requires_key(statement: &Statement, key: &str) -> bool {
    let fails_without = |condition: &Condition| {
        let by_presence = condition.operator() == Operator::Null
            && !condition.values().is_empty()
            && condition
                .values()
                .iter()
                .all(|it| it.eq_ignore_ascii_case("false"));
        by_presence || condition.is_positive_equality()
    };
    statement.conditions_on(key).any(fails_without)
}

/// Variables whose absence empties a Deny: those of `Resource`, and of positive conditions.
fn under_deny(index: usize, statement: &Statement) -> Vec<Remark> {
    let resource = statement.resource().filter(|element| !element.is_negated());
    let resources = resource.into_iter().flat_map(ResourceElement::variables);
    let conditions = statement.conditions().iter();
    let positive = conditions.filter(|condition| !condition.operator().is_negated());
    resources
        .chain(positive.flat_map(Condition::variables))
        .filter(|variable| !variable.has_default())
        .map(|variable| Remark::VariableUnderDeny {
            index,
            key: variable.name().to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentKind;

    fn remarks(statement: &str) -> Vec<String> {
        let text =
            format!(r#"{{"Version":"2012-10-17","Statement":{{"Action":"s3:*",{statement}}}}}"#);
        let document = Document::parse(&text, DocumentKind::Identity).unwrap();
        document.remarks().iter().map(ToString::to_string).collect()
    }

    fn allow(condition: &str) -> Vec<String> {
        remarks(&format!(
            r#""Effect":"Allow","Resource":"*","Condition":{{{condition}}}"#
        ))
    }

    #[test]
    fn s50_an_allow_that_holds_without_its_key_is_remarked() {
        assert_eq!(
            allow(r#""ForAllValues:StringEquals":{"aws:TagKeys":"a"}"#),
            [
                "statement 0 allows requests without `aws:TagKeys`: `ForAllValues` holds for no values"
            ]
        );
        assert_eq!(
            allow(r#""StringNotEquals":{"aws:x":"a"}"#),
            [
                "statement 0 allows requests without `aws:x`: `StringNotEquals` holds when it is absent"
            ]
        );
        for quiet in [
            r#""StringEquals":{"aws:x":"a"}"#,
            r#""ForAnyValue:StringNotEquals":{"aws:x":"a"}"#,
            r#""ForAllValues:StringEquals":{"aws:x":"a"},"Null":{"AWS:X":"false"}"#,
            r#""StringNotEquals":{"aws:x":"a"},"StringLike":{"aws:x":"*"}"#,
        ] {
            assert_eq!(allow(quiet), [""; 0], "{quiet}");
        }
        let deny = r#""Effect":"Deny","Resource":"*","Condition":{"StringNotEquals":{"k":"a"}}"#;
        assert_eq!(remarks(deny), [""; 0]);
    }

    #[test]
    fn s51_a_deny_that_hangs_on_a_variable_is_remarked() {
        let resource = |text: &str| remarks(&format!(r#""Effect":"Deny",{text}"#));
        assert_eq!(
            resource(r#""Resource":"arn:aws:s3:::b/${aws:username}/*""#),
            ["statement 0 denies nothing when `aws:username` has no value"]
        );
        assert_eq!(
            resource(r#""Resource":"*","Condition":{"StringEquals":{"k":"${aws:userid}"}}"#),
            ["statement 0 denies nothing when `aws:userid` has no value"]
        );
        for quiet in [
            r#""Resource":"arn:aws:s3:::b/${aws:username, 'x'}/*""#,
            r#""NotResource":"arn:aws:s3:::b/${aws:username}/*""#,
            r#""Resource":"*","Condition":{"StringNotEquals":{"k":"${aws:userid}"}}"#,
        ] {
            assert_eq!(resource(quiet), [""; 0], "{quiet}");
        }
    }
}
