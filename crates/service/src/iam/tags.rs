//! Tags of users, roles, policies and issuers: read, checked, changed, and shown to policies.
//!
//! **Source**: contract page, IAM sections 4.2 to 4.4; IAM user guide, *Tagging IAM resources*.

use std::collections::BTreeMap;

use daypass_core::limits::TAGS_MAX;
use daypass_core::tags::is_reserved;
use daypass_wire::query::Members;
use daypass_wire::xml::Element;

use super::{error, shapes};
use crate::error::ApiError;
use crate::guard::Need;

/// Tags as a request gives them.
pub(super) type Given = Vec<(String, String)>;

/// What kind of resource is tagged, and so which rules hold for its tags.
pub(super) struct Holder {
    quota: &'static str,
    ignores_case: bool,
}

/// Tags of a role: keys are the same in any case.
pub(super) const ROLE: Holder = Holder {
    quota: "TagsPerRole",
    ignores_case: true,
};

/// Tags of a user: keys are the same in any case.
pub(super) const USER: Holder = Holder {
    quota: "TagsPerUser",
    ignores_case: true,
};

/// Tags of a policy: keys in another case are other keys.
pub(super) const POLICY: Holder = Holder {
    quota: "TagsPerPolicy",
    ignores_case: false,
};

/// Tags of an OpenID Connect provider: keys in another case are other keys.
pub(super) const OPEN_ID_PROVIDER: Holder = Holder {
    quota: "TagsPerOpenIdConnectProvider",
    ignores_case: false,
};

/// Tags of a SAML provider: keys in another case are other keys.
pub(super) const SAML_PROVIDER: Holder = Holder {
    quota: "TagsPerSAMLProvider",
    ignores_case: false,
};

/// Reads `Tags`, if given.
pub(super) fn read(members: &mut Members<'_>) -> Given {
    let given = members.structures("Tags", read_one);
    members.count("Tags", 0, TAGS_MAX);
    given
}

/// Reads `Tags`, which must be given.
pub(super) fn read_required(members: &mut Members<'_>) -> Given {
    let given = members.required_structures("Tags", read_one);
    members.count("Tags", 0, TAGS_MAX);
    given
}

fn read_one(tag: &mut Members<'_>) -> (String, String) {
    let key = tag.required_text("Key", &shapes::TAG_KEY);
    (key, tag.required_text("Value", &shapes::TAG_VALUE))
}

/// Reads `TagKeys`, which must be given.
pub(super) fn read_keys(members: &mut Members<'_>) -> Vec<String> {
    members.required_list("TagKeys", &shapes::TAG_KEYS)
}

impl Holder {
    /// The tags of something new.
    ///
    /// **Errors**: as [`Holder::put`].
    pub(super) fn fresh(&self, given: &Given) -> Result<BTreeMap<String, String>, ApiError> {
        let mut tags = BTreeMap::new();
        self.put(&mut tags, given)?;
        Ok(tags)
    }

    /// Adds tags to `tags`, or replaces their values; a key keeps the case it was first put in.
    ///
    /// **Errors**: `InvalidInput` for a key given twice or one of the reserved prefix,
    /// `LimitExceeded`.
    pub(super) fn put(
        &self,
        tags: &mut BTreeMap<String, String>,
        given: &Given,
    ) -> Result<(), ApiError> {
        for (index, (key, value)) in given.iter().enumerate() {
            if is_reserved(key) || is_reserved(value) {
                let message = "Tag keys and values must not start with the reserved prefix aws:.";
                return Err(error::invalid_input(message, "tags.invalid"));
            }
            let mut earlier = given.iter().take(index);
            if earlier.any(|(other, _)| self.same(other, key)) {
                let message = if self.ignores_case {
                    "Duplicate tag keys found. Please note that Tag keys are case insensitive."
                } else {
                    "Duplicate tag keys found."
                };
                return Err(error::invalid_input(message, "tags.invalid"));
            }
            let known = tags.keys().find(|known| self.same(known, key)).cloned();
            tags.insert(known.unwrap_or_else(|| key.clone()), value.clone());
        }
        if tags.len() > TAGS_MAX {
            return Err(error::quota(self.quota, TAGS_MAX));
        }
        Ok(())
    }

    /// Takes tags away; a key that is not there is no error.
    pub(super) fn remove(&self, tags: &mut BTreeMap<String, String>, keys: &[String]) {
        tags.retain(|known, _| !keys.iter().any(|key| self.same(known, key)));
    }

    fn same(&self, one: &str, other: &str) -> bool {
        if self.ignores_case {
            one.to_lowercase() == other.to_lowercase()
        } else {
            one == other
        }
    }
}

/// The same need, with the tags that the request would put.
pub(super) fn requested(need: Need, given: &Given) -> Need {
    let keys = given.iter().map(|(key, _)| key.clone());
    let need = named(need, keys);
    given.iter().fold(need, |need, (key, value)| {
        need.with(format!("aws:RequestTag/{key}"), value)
    })
}

/// The same need, with the keys of the tags that the request would put or take away.
pub(super) fn named(need: Need, keys: impl IntoIterator<Item = String>) -> Need {
    need.with_many("aws:TagKeys", keys.into_iter().collect())
}

/// The same need, with the tags that its resource has.
pub(super) fn of_resource(need: Need, tags: &BTreeMap<String, String>) -> Need {
    tags.iter().fold(need, |need, (key, value)| {
        need.with(format!("aws:ResourceTag/{key}"), value)
            .with(format!("iam:ResourceTag/{key}"), value)
    })
}

/// Adds a `Tags` list to `parent`.
pub(super) fn write<'a>(
    parent: Element,
    tags: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> Element {
    let tags = tags
        .into_iter()
        .map(|(key, value)| Element::new("member").text("Key", key).text("Value", value));
    parent.list("Tags", tags)
}

/// The same, or nothing if there are no tags: answers about roles and users leave an empty list
/// out.
pub(super) fn write_some(parent: Element, tags: &BTreeMap<String, String>) -> Element {
    if tags.is_empty() {
        parent
    } else {
        write(parent, tags)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(tags: &[(&str, &str)]) -> Given {
        tags.iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn keys_of_roles_are_one_in_any_case_and_keys_of_policies_are_not() {
        let twice = given(&[("team", "a"), ("Team", "b")]);
        let refused = ROLE.fresh(&twice).unwrap_err();
        assert_eq!(
            refused.message,
            "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        );
        assert_eq!(POLICY.fresh(&twice).unwrap().len(), 2);
        let same = given(&[("team", "a"), ("team", "b")]);
        assert_eq!(POLICY.fresh(&same).unwrap_err().code, error::INVALID_INPUT);
    }

    #[test]
    fn a_value_is_replaced_under_the_key_that_was_there() {
        let mut tags = ROLE.fresh(&given(&[("Team", "a")])).unwrap();
        ROLE.put(&mut tags, &given(&[("team", "b")])).unwrap();
        assert_eq!(tags.get("Team").map(String::as_str), Some("b"));
        ROLE.remove(&mut tags, &["TEAM".to_owned(), "other".to_owned()]);
        assert!(tags.is_empty());
    }

    #[test]
    fn fifty_tags_fit_and_no_more() {
        let numbered = |from: usize, to: usize| -> Given {
            (from..to)
                .map(|n| (format!("k{n}"), String::new()))
                .collect()
        };
        let mut tags = ROLE.fresh(&numbered(0, 50)).unwrap();
        assert!(ROLE.put(&mut tags, &numbered(0, 1)).is_ok());
        let refused = ROLE.put(&mut tags, &numbered(50, 51)).unwrap_err();
        assert_eq!(refused.message, "Cannot exceed quota for TagsPerRole: 50");
    }

    #[test]
    fn the_reserved_prefix_is_refused_in_any_case() {
        for tag in [("AWS:x", "1"), ("x", "aws:1")] {
            let refused = USER.fresh(&given(&[tag])).unwrap_err();
            assert_eq!(refused.code, error::INVALID_INPUT, "{tag:?}");
        }
    }

    #[test]
    fn policies_see_every_tag_key_of_a_request() {
        let tags = given(&[("a", "1"), ("b", "2")]);
        let need = requested(Need::new("iam:TagUser", "*"), &tags);
        let keys = (
            "aws:TagKeys".to_owned(),
            vec!["a".to_owned(), "b".to_owned()],
        );
        assert_eq!(need.lists, [keys]);
        let value = ("aws:RequestTag/b".to_owned(), "2".to_owned());
        assert!(need.keys.contains(&value));
    }
}
