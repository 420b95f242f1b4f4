//! `Bool`: `true` or `false`, ignoring case.
//!
//! **Source**: IAM user guide, *Boolean condition operators*.

use crate::context::Context;
use crate::document::Version;
use crate::error::DocumentError;
use crate::variable::{Template, Variable};

/// The listed values of `Bool`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Test {
    listed: Vec<Template>,
}

impl Test {
    pub(super) fn read(values: &[String], version: Version) -> Result<Self, DocumentError> {
        let listed = values
            .iter()
            .map(|value| {
                let text = Template::read(value, version)?;
                match text.literal() {
                    Some(literal) if read(literal).is_none() => Err(DocumentError::LegacyParsing),
                    _ => Ok(text),
                }
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { listed })
    }

    /// A context value that is neither `true` nor `false` fits nothing, not even itself.
    pub(super) fn fits_one(&self, value: &str, context: &Context) -> bool {
        let lower = |character: char| character.to_ascii_lowercase();
        read(value).is_some()
            && self
                .listed
                .iter()
                .any(|text| text.equals(value, context, lower))
    }

    pub(super) fn variables(&self) -> Vec<&Variable> {
        self.listed.iter().flat_map(Template::variables).collect()
    }
}

/// A truth value in any case.
pub(super) fn read(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(listed: &str, value: &str) -> bool {
        let mut context = Context::new();
        context.set("aws:SecureTransport", "True");
        context.set("aws:username", "maybe");
        Test::read(&[listed.to_owned()], Version::V2012)
            .unwrap()
            .fits_one(value, &context)
    }

    #[test]
    fn truth_ignores_case_and_nothing_else_is_truth() {
        assert!(fits("true", "TRUE"));
        assert!(!fits("true", "false"));
        assert!(!fits("true", "1"));
        assert!(fits("${aws:SecureTransport}", "true"));
        assert!(!fits("${aws:username}", "maybe"));
    }

    #[test]
    fn s49_a_listed_value_that_is_no_truth_is_refused() {
        for text in ["", "yes", "1"] {
            let read = Test::read(&[text.to_owned()], Version::V2012);
            assert_eq!(read, Err(DocumentError::LegacyParsing), "{text}");
        }
    }
}
