//! `Action` and `NotAction`: which calls a statement is about.
//!
//! An action is compared as a whole, `service:Name`, ignoring case; `*` and `?` are wildcards and
//! nothing is a variable.
//!
//! **Source**: IAM user guide, *Policy element reference: Action* and *NotAction*.

use crate::context::Context;
use crate::error::DocumentError;
use crate::pattern::Pattern;

/// The actions of a statement, or the actions it leaves out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ActionElement {
    negated: bool,
    written: Vec<String>,
    patterns: Vec<Pattern>,
}

impl ActionElement {
    /// Reads a list that holds at least one action.
    pub(crate) fn read(negated: bool, written: &[&str]) -> Result<Self, DocumentError> {
        for action in written {
            check(action)?;
        }
        Ok(Self {
            negated,
            written: written.iter().map(|&action| action.to_owned()).collect(),
            patterns: written.iter().map(|action| compile(action)).collect(),
        })
    }

    /// Whether this is `NotAction`.
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// The actions as written.
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether the element covers an action, in any case.
    pub fn covers(&self, action: &str) -> bool {
        self.covers_folded(&fold(action))
    }

    /// The same, for an action that is already folded.
    pub(crate) fn covers_folded(&self, action: &str) -> bool {
        let nothing = Context::new();
        let listed = self
            .patterns
            .iter()
            .any(|pattern| pattern.matches(action, &nothing));
        listed != self.negated
    }
}

/// The form in which actions are compared.
pub(crate) fn fold(action: &str) -> String {
    action.to_ascii_lowercase()
}

/// `*:*` is another way to write `*`: as a pattern it covers every action there is.
fn compile(action: &str) -> Pattern {
    Pattern::glob(&fold(action))
}

fn check(action: &str) -> Result<(), DocumentError> {
    if action == "*" {
        return Ok(());
    }
    let (vendor, name) = action.split_once(':').ok_or(DocumentError::NoVendor)?;
    if name.contains(':') {
        return Err(DocumentError::Colons);
    }
    let known = |character: char| character.is_ascii_alphanumeric() || "-.".contains(character);
    if vendor != "*" && (vendor.is_empty() || !vendor.chars().all(known)) {
        return Err(DocumentError::Vendor {
            vendor: vendor.to_owned(),
        });
    }
    if name.is_empty() {
        return Err(DocumentError::NoActions);
    }
    // A variable is never read here, so a policy that writes one asks for something else.
    if name.contains("${") {
        return Err(DocumentError::Syntax);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(pattern: &str, action: &str) -> bool {
        ActionElement::read(false, &[pattern])
            .unwrap()
            .covers(action)
    }

    #[test]
    fn s52_actions_ignore_case_and_match_whole() {
        assert!(covers("s3:GetObject", "S3:getobject"));
        assert!(covers("S3:GET?BJECT", "s3:GetObject"));
        assert!(covers("s3:*Object", "s3:PutObject"));
        assert!(!covers("s3:Get", "s3:GetObject"));
        assert!(!covers("s3:*", "s3-object-lambda:Get"));
        for all in ["*", "*:*"] {
            assert!(covers(all, "sts:AssumeRole"));
        }
        assert!(!covers("s3:GetObject ", "s3:GetObject"));
    }

    #[test]
    fn not_action_covers_everything_else() {
        let element = ActionElement::read(true, &["iam:*", "sts:*"]).unwrap();
        assert!(element.covers("s3:GetObject"));
        assert!(!element.covers("IAM:CreateUser"));
    }

    #[test]
    fn s49_actions_of_no_known_form_are_refused() {
        let vendor = |text: &str| DocumentError::Vendor {
            vendor: text.to_owned(),
        };
        for (action, error) in [
            ("", DocumentError::NoVendor),
            ("GetObject", DocumentError::NoVendor),
            ("s:3:Get", DocumentError::Colons),
            ("a a:Get", vendor("a a")),
            ("s*:Get", vendor("s*")),
            (":Get", vendor("")),
            ("s3:", DocumentError::NoActions),
            ("s3:${aws:x}", DocumentError::Colons),
            ("s3:${x}", DocumentError::Syntax),
        ] {
            assert_eq!(
                ActionElement::read(false, &[action]),
                Err(error),
                "{action}"
            );
        }
    }
}
