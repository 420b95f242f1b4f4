//! `ArnEquals`, `ArnLike` and their negations: resource names, part by part.
//!
//! The two positive operators are one, and so are the two negated ones: both read wildcards. A
//! listed value that is one variable and nothing else stands for the ARN the variable holds.
//!
//! **Source**: IAM user guide, *Amazon Resource Name (ARN) condition operators*.

use crate::arn::{self, ArnPattern, split_pieces};
use crate::context::Context;
use crate::document::Version;
use crate::error::DocumentError;
use crate::variable::{Piece, Reading, Variable, read};

/// The listed values of an ARN operator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Test {
    listed: Vec<Listed>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum Listed {
    Parts(Box<ArnPattern>),
    Whole(Variable),
}

impl Test {
    pub(super) fn read(values: &[String], version: Version) -> Result<Self, DocumentError> {
        let listed = values
            .iter()
            .map(|value| Listed::read(value, version))
            .collect::<Result<_, _>>()?;
        Ok(Self { listed })
    }

    pub(super) fn fits_one(&self, value: &str, context: &Context) -> bool {
        arn::split(value).is_some_and(|parts| {
            self.listed.iter().any(|listed| match listed {
                Listed::Parts(pattern) => pattern.matches(&parts, context),
                Listed::Whole(variable) => variable.value(context) == Some(value),
            })
        })
    }

    pub(super) fn variables(&self) -> Vec<&Variable> {
        let mut variables = Vec::new();
        for listed in &self.listed {
            match listed {
                Listed::Parts(pattern) => variables.extend(pattern.variables()),
                Listed::Whole(variable) => variables.push(variable),
            }
        }
        variables
    }
}

impl Listed {
    fn read(text: &str, version: Version) -> Result<Self, DocumentError> {
        let pieces = read(text, Reading::pattern(version))?;
        if let [Piece::Variable(variable)] = pieces.as_slice() {
            return Ok(Self::Whole(variable.clone()));
        }
        let parts = split_pieces(pieces)
            .try_into()
            .map_err(|_| DocumentError::LegacyParsing)?;
        Ok(Self::Parts(Box::new(ArnPattern::new(parts))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/app-1";

    fn fits(listed: &str, value: &str) -> bool {
        let mut context = Context::new();
        context.set("aws:PrincipalAccount", "123456789012");
        context.set("aws:PrincipalArn", ROLE);
        context.set("aws:username", "12:role/app");
        Test::read(&[listed.to_owned()], Version::V2012)
            .unwrap()
            .fits_one(value, &context)
    }

    #[test]
    fn s52_parts_are_compared_one_by_one() {
        assert!(fits("arn:aws:iam::123456789012:role/app-*", ROLE));
        assert!(fits("arn:*:*:*:*:*", ROLE));
        assert!(!fits(
            "arn:aws:*:1:role/app-1:x",
            "arn:aws:iam::1:role/app-1:x"
        ));
        assert!(!fits("arn:aws:iam::123456789012:role/APP-1", ROLE));
        assert!(!fits("arn:*:*:*:*:*", "role/app-1"));
        assert!(!fits("arn:*:*:*:*:*", "*"));
    }

    #[test]
    fn s51_variables_stay_inside_their_part() {
        assert!(fits(
            "arn:aws:iam::${aws:PrincipalAccount}:role/app-1",
            ROLE
        ));
        assert!(fits("${aws:PrincipalArn}", ROLE));
        assert!(!fits("${aws:username}", "12:role/app"));
        assert!(!fits(
            "arn:aws:iam::${aws:username}:x",
            "arn:aws:iam::12:role/app:x"
        ));
    }

    #[test]
    fn s49_a_listed_value_of_fewer_parts_is_refused() {
        for text in ["*", "arn:aws:sns:*", "${aws:PrincipalArn}*", ""] {
            let read = Test::read(&[text.to_owned()], Version::V2012);
            assert_eq!(read, Err(DocumentError::LegacyParsing), "{text}");
        }
    }
}
