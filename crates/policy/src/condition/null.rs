//! `Null`: whether a key is there at all.
//!
//! **Source**: IAM user guide, *Condition operator to check existence of condition keys*.

use super::boolean;
use crate::error::DocumentError;

/// The listed values of `Null`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Test {
    listed: Vec<bool>,
}

impl Test {
    pub(super) fn read(values: &[String]) -> Result<Self, DocumentError> {
        let listed = values
            .iter()
            .map(|value| boolean::read(value).ok_or(DocumentError::LegacyParsing))
            .collect::<Result<_, _>>()?;
        Ok(Self { listed })
    }

    /// `true` asks for an absent key, `false` for one that is present.
    pub(super) fn holds(&self, present: bool) -> bool {
        self.listed.contains(&!present)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_asks_for_absence_and_false_for_presence() {
        let holds = |text: &str, present| Test::read(&[text.to_owned()]).unwrap().holds(present);
        assert!(holds("true", false));
        assert!(!holds("true", true));
        assert!(holds("False", true));
        assert!(!holds("false", false));
        assert!(Test::read(&["maybe".to_owned()]).is_err());
    }
}
