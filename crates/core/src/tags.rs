//! Principal tags: facts about a user that policies can ask for.
//!
//! **Source**: STS user guide, *passing session tags*; Cognito identity API reference,
//! *PrincipalTags*.

use std::collections::{BTreeMap, BTreeSet};

use crate::limits::{TAG_KEY_CHARS_MAX, TAG_VALUE_CHARS_MAX, TAGS_MAX};

/// Session tags of one principal. Keys are unique ignoring case; the case is kept.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct PrincipalTags(BTreeMap<String, String>);

/// Why tags are refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TagError {
    /// Two keys differ only in case.
    #[error("duplicate tag keys, ignoring case")]
    Duplicate,
    /// A key or value starts with the reserved prefix.
    #[error("tag key or value starts with the reserved prefix `aws:`")]
    Reserved,
    /// A key or value is longer than those of a session may be.
    #[error("a tag has more than {TAG_KEY_CHARS_MAX} or {TAG_VALUE_CHARS_MAX} characters")]
    TooLong,
    /// More tags than a session may have.
    #[error("more than {TAGS_MAX} tags")]
    TooMany,
}

impl PrincipalTags {
    /// Tags from what a caller or a token said.
    pub fn new(entries: BTreeMap<String, String>) -> Result<Self, TagError> {
        if entries.len() > TAGS_MAX {
            return Err(TagError::TooMany);
        }
        let mut seen = BTreeSet::new();
        for (key, value) in &entries {
            if is_reserved(key) || is_reserved(value) {
                return Err(TagError::Reserved);
            }
            if key.chars().count() > TAG_KEY_CHARS_MAX
                || value.chars().count() > TAG_VALUE_CHARS_MAX
            {
                return Err(TagError::TooLong);
            }
            if !seen.insert(key.to_lowercase()) {
                return Err(TagError::Duplicate);
            }
        }
        Ok(Self(entries))
    }

    /// Key and value of each tag, in key order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tags as a map.
    pub fn as_map(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    /// These tags laid over `under`: a key here replaces the same key there, ignoring case.
    #[must_use]
    pub fn over(&self, under: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let mine: BTreeSet<String> = self.0.keys().map(|key| key.to_lowercase()).collect();
        let mut all: BTreeMap<String, String> = under
            .iter()
            .filter(|(key, _)| !mine.contains(&key.to_lowercase()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        all.extend(self.0.clone());
        all
    }
}

/// Whether a key or value begins with `aws:` in any case.
pub fn is_reserved(text: &str) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("aws:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn keys_are_unique_ignoring_case_and_never_reserved() {
        assert!(PrincipalTags::new(map(&[("a", "1"), ("b", "2")])).is_ok());
        assert_eq!(
            PrincipalTags::new(map(&[("a", "1"), ("A", "2")])),
            Err(TagError::Duplicate)
        );
        assert_eq!(
            PrincipalTags::new(map(&[("AWS:x", "1")])),
            Err(TagError::Reserved)
        );
        assert_eq!(
            PrincipalTags::new(map(&[("x", "aws:1")])),
            Err(TagError::Reserved)
        );
        let long = |key: usize, value: usize| {
            PrincipalTags::new(map(&[(&"k".repeat(key), &"v".repeat(value))]))
        };
        assert!(long(128, 256).is_ok());
        assert_eq!(long(129, 1), Err(TagError::TooLong));
        assert_eq!(long(1, 257), Err(TagError::TooLong));
        let many = |count: usize| {
            (0..count)
                .map(|n| (format!("k{n}"), String::new()))
                .collect()
        };
        assert!(PrincipalTags::new(many(50)).is_ok());
        assert_eq!(PrincipalTags::new(many(51)), Err(TagError::TooMany));
    }

    #[test]
    fn session_tags_replace_role_tags_of_the_same_name() {
        let session = PrincipalTags::new(map(&[("Team", "a")])).unwrap();
        let all = session.over(&map(&[("team", "b"), ("env", "x")]));
        assert_eq!(all, map(&[("Team", "a"), ("env", "x")]));
    }
}
