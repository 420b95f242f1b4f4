//! `String…`: text, exact, ignoring case, or with wildcards.
//!
//! **Source**: IAM user guide, *String condition operators*.

use super::Operator;
use crate::context::Context;
use crate::document::Version;
use crate::error::DocumentError;
use crate::pattern::{Pattern, fold_case};
use crate::variable::{Reading, Template, Variable, read};

/// The listed values of a string operator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Test {
    /// `StringEquals`, `StringNotEquals`.
    Exact(Vec<Template>),
    /// `StringEqualsIgnoreCase`, `StringNotEqualsIgnoreCase`.
    IgnoringCase(Vec<Template>),
    /// `StringLike`, `StringNotLike`.
    Like(Vec<Pattern>),
}

impl Test {
    pub(super) fn read(
        operator: Operator,
        values: &[String],
        version: Version,
    ) -> Result<Self, DocumentError> {
        let templates = || values.iter().map(|value| Template::read(value, version));
        Ok(match operator {
            Operator::StringLike | Operator::StringNotLike => Self::Like(
                values
                    .iter()
                    .map(|value| read(value, Reading::pattern(version)).map(Pattern::from_pieces))
                    .collect::<Result<_, _>>()?,
            ),
            Operator::StringEqualsIgnoreCase | Operator::StringNotEqualsIgnoreCase => {
                Self::IgnoringCase(templates().collect::<Result<_, _>>()?)
            }
            _ => Self::Exact(templates().collect::<Result<_, _>>()?),
        })
    }

    pub(super) fn fits_one(&self, value: &str, context: &Context) -> bool {
        match self {
            Self::Exact(listed) => listed
                .iter()
                .any(|text| text.equals(value, context, |character| character)),
            Self::IgnoringCase(listed) => listed
                .iter()
                .any(|text| text.equals(value, context, fold_case)),
            Self::Like(listed) => listed.iter().any(|text| text.matches(value, context)),
        }
    }

    pub(super) fn variables(&self) -> Vec<&Variable> {
        match self {
            Self::Exact(listed) | Self::IgnoringCase(listed) => {
                listed.iter().flat_map(Template::variables).collect()
            }
            Self::Like(listed) => listed.iter().flat_map(Pattern::variables).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(operator: Operator, listed: &str, value: &str) -> bool {
        let mut context = Context::new();
        context.set("aws:username", "A*n");
        Test::read(operator, &[listed.to_owned()], Version::V2012)
            .unwrap()
            .fits_one(value, &context)
    }

    #[test]
    fn wildcards_count_in_like_only() {
        assert!(fits(Operator::StringEquals, "a*", "a*"));
        assert!(!fits(Operator::StringEquals, "a*", "ab"));
        assert!(fits(Operator::StringLike, "a*", "ab"));
        assert!(!fits(Operator::StringLike, "a*", "Ab"));
        assert!(!fits(Operator::StringLike, "a${*}", "ab"));
        assert!(fits(Operator::StringLike, "a${*}", "a*"));
        assert!(fits(Operator::StringEquals, "a${*}", "a*"));
    }

    #[test]
    fn ignoring_case_includes_the_values_of_variables() {
        let operator = Operator::StringEqualsIgnoreCase;
        assert!(fits(operator, "STRASSE", "strasse"));
        assert!(fits(operator, "ÄΣ", "äς"));
        assert!(fits(operator, "x${aws:username}", "Xa*N"));
        assert!(!fits(operator, "a*", "ab"));
    }

    #[test]
    fn s51_a_variable_in_like_is_literal() {
        assert!(fits(Operator::StringLike, "${aws:username}/*", "A*n/x"));
        assert!(!fits(Operator::StringLike, "${aws:username}/*", "Axn/x"));
        assert!(!fits(Operator::StringLike, "${aws:nobody}*", "x"));
    }
}
