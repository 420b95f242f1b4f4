//! Conditions on what an object is now: for readers, for copies, and for writers.
//!
//! **Source**: RFC 9110, section 13.2.2 (order of evaluation); S3 API reference, *GetObject* and
//! *PutObject* (conditional requests).

use daypass_store::records::Object;
use s3s::dto::{self, ETagCondition};

use super::described::seconds;
use super::error;
use crate::error::ApiError;

/// The conditions of a reader.
#[derive(Clone, Copy, Default)]
pub(super) struct Conditions<'a> {
    /// `If-Match`.
    pub matches: Option<&'a ETagCondition>,
    /// `If-None-Match`.
    pub none_matches: Option<&'a ETagCondition>,
    /// `If-Modified-Since`.
    pub modified_since: Option<&'a dto::Timestamp>,
    /// `If-Unmodified-Since`.
    pub unmodified_since: Option<&'a dto::Timestamp>,
}

/// What becomes of a reader's request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Verdict {
    /// It goes on.
    Proceed,
    /// What the client has is what there is.
    NotModified,
    /// A condition, named here, does not hold.
    Failed(&'static str),
}

impl Conditions<'_> {
    /// Judges an object.
    pub(super) fn judge(&self, object: &Object) -> Verdict {
        let modified = object.modified.seconds();
        match (self.matches, self.unmodified_since) {
            (Some(condition), _) if !names(condition, object) => {
                return Verdict::Failed("If-Match");
            }
            (None, Some(moment)) if modified > seconds(moment) => {
                return Verdict::Failed("If-Unmodified-Since");
            }
            _ => {}
        }
        match (self.none_matches, self.modified_since) {
            (Some(condition), _) if names(condition, object) => Verdict::NotModified,
            (None, Some(moment)) if modified <= seconds(moment) => Verdict::NotModified,
            _ => Verdict::Proceed,
        }
    }
}

/// Judges the write of an object where `existing` is now.
pub(super) fn may_write(
    matches: Option<&ETagCondition>,
    none_matches: Option<&ETagCondition>,
    existing: Option<&Object>,
    key: &str,
) -> Result<(), ApiError> {
    match none_matches {
        Some(ETagCondition::Any) if existing.is_some() => {
            return Err(error::precondition_failed("If-None-Match"));
        }
        // S3 has only the star here.
        Some(ETagCondition::ETag(_)) => return Err(error::not_implemented()),
        _ => {}
    }
    match (matches, existing) {
        (Some(_), None) => Err(error::no_such_key(key)),
        (Some(condition), Some(object)) if !names(condition, object) => {
            Err(error::precondition_failed("If-Match"))
        }
        _ => Ok(()),
    }
}

fn names(condition: &ETagCondition, object: &Object) -> bool {
    match condition {
        ETagCondition::Any => true,
        ETagCondition::ETag(etag) => etag.value() == object.etag,
    }
}

#[cfg(test)]
mod tests {
    use super::super::described::{etag, moment};
    use super::*;
    use daypass_core::time::Timestamp;
    use std::collections::BTreeMap;

    fn object() -> Object {
        Object {
            body: String::new(),
            size_bytes: 0,
            etag: "now".to_owned(),
            modified: Timestamp::from_millis(5_500),
            checksum: None,
            headers: BTreeMap::new(),
            metadata: BTreeMap::new(),
        }
    }

    #[test]
    fn readers_are_judged_in_the_order_of_the_rfc() {
        let (now, other) = (
            ETagCondition::ETag(etag("now")),
            ETagCondition::ETag(etag("other")),
        );
        let before = moment(Timestamp::from_seconds(4));
        let same = moment(Timestamp::from_seconds(5));
        let judge = |matches, none_matches, modified_since, unmodified_since| {
            Conditions {
                matches,
                none_matches,
                modified_since,
                unmodified_since,
            }
            .judge(&object())
        };
        assert_eq!(judge(None, None, None, None), Verdict::Proceed);
        assert_eq!(judge(Some(&now), None, None, None), Verdict::Proceed);
        assert_eq!(
            judge(Some(&ETagCondition::Any), None, None, None),
            Verdict::Proceed
        );
        assert_eq!(
            judge(Some(&other), None, None, None),
            Verdict::Failed("If-Match")
        );
        assert_eq!(
            judge(Some(&now), None, None, Some(&before)),
            Verdict::Proceed
        );
        assert_eq!(
            judge(None, None, None, Some(&before)),
            Verdict::Failed("If-Unmodified-Since")
        );
        assert_eq!(judge(None, None, None, Some(&same)), Verdict::Proceed);
        assert_eq!(judge(None, Some(&now), None, None), Verdict::NotModified);
        assert_eq!(
            judge(None, Some(&other), Some(&same), None),
            Verdict::Proceed
        );
        assert_eq!(judge(None, None, Some(&same), None), Verdict::NotModified);
        assert_eq!(judge(None, None, Some(&before), None), Verdict::Proceed);
    }

    #[test]
    fn writers_may_ask_that_there_be_nothing_or_that_it_be_this() {
        let (now, other) = (
            ETagCondition::ETag(etag("now")),
            ETagCondition::ETag(etag("other")),
        );
        let there = object();
        let code = |matches, none_matches, existing| {
            may_write(matches, none_matches, existing, "k")
                .err()
                .map(|error| error.code)
        };
        assert_eq!(code(None, None, Some(&there)), None);
        assert_eq!(code(None, Some(&ETagCondition::Any), None), None);
        assert_eq!(
            code(None, Some(&ETagCondition::Any), Some(&there)),
            Some("PreconditionFailed")
        );
        assert_eq!(code(None, Some(&now), None), Some("NotImplemented"));
        assert_eq!(code(Some(&now), None, Some(&there)), None);
        assert_eq!(
            code(Some(&other), None, Some(&there)),
            Some("PreconditionFailed")
        );
        assert_eq!(code(Some(&now), None, None), Some("NoSuchKey"));
    }
}
