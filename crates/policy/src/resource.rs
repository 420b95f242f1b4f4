//! `Resource` and `NotResource`: which things a statement is about.
//!
//! A resource is `*` or six patterns, one for each part of an ARN. Only the sixth part may hold
//! variables. In identity-type policies, parts that are missing at the end stand for `*`.
//!
//! **Source**: IAM user guide, *Policy element reference: Resource* and *NotResource*.

use crate::arn::{ArnPattern, split_pieces};
use crate::context::Context;
use crate::document::{DocumentKind, Version};
use crate::error::DocumentError;
use crate::variable::{Piece, Reading, Variable, read};

/// The resources of a statement, or the resources it leaves out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ResourceElement {
    negated: bool,
    written: Vec<String>,
    patterns: Vec<ResourcePattern>,
}

#[derive(Clone, Debug, Eq, PartialEq)]
enum ResourcePattern {
    Any,
    Parts(Box<ArnPattern>),
}

/// A resource of a request, split once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    parts: Option<[&'a str; 6]>,
}

impl<'a> Named<'a> {
    pub(crate) fn new(resource: &'a str) -> Self {
        Self {
            parts: crate::arn::split(resource),
        }
    }
}

impl ResourceElement {
    /// Reads a list that holds at least one resource.
    pub(crate) fn read(
        negated: bool,
        written: &[&str],
        version: Version,
        kind: DocumentKind,
    ) -> Result<Self, DocumentError> {
        let patterns = written
            .iter()
            .map(|resource| ResourcePattern::read(resource, version, kind))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            negated,
            written: written.iter().map(|&text| text.to_owned()).collect(),
            patterns,
        })
    }

    /// Whether this is `NotResource`.
    pub fn is_negated(&self) -> bool {
        self.negated
    }

    /// The resources as written.
    pub fn written(&self) -> &[String] {
        &self.written
    }

    /// Whether the element covers the resource of a request.
    pub(crate) fn covers(&self, resource: Named<'_>, context: &Context) -> bool {
        let listed = self
            .patterns
            .iter()
            .any(|pattern| pattern.matches(resource, context));
        listed != self.negated
    }

    /// The variables in it.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.patterns.iter().flat_map(|pattern| {
            match pattern {
                ResourcePattern::Any => None,
                ResourcePattern::Parts(arn) => Some(arn.variables()),
            }
            .into_iter()
            .flatten()
        })
    }
}

impl ResourcePattern {
    fn read(text: &str, version: Version, kind: DocumentKind) -> Result<Self, DocumentError> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let mut parts = split_pieces(read(text, Reading::pattern(version))?);
        if parts.len() < 6 && !may_be_short(text, kind) {
            return Err(DocumentError::LegacyParsing);
        }
        parts.resize_with(6, || vec![Piece::AnyRun]);
        let variable = |piece: &Piece| matches!(piece, Piece::Variable(_));
        if parts.iter().take(5).flatten().any(variable) {
            return Err(DocumentError::Syntax);
        }
        let parts = parts.try_into().map_err(|_| DocumentError::Syntax)?;
        Ok(Self::Parts(Box::new(ArnPattern::new(parts))))
    }

    fn matches(&self, resource: Named<'_>, context: &Context) -> bool {
        match self {
            Self::Any => true,
            Self::Parts(pattern) => resource
                .parts
                .is_some_and(|parts| pattern.matches(&parts, context)),
        }
    }
}

/// Resource policies may shorten an ARN only where a wildcard shows that it is meant.
fn may_be_short(text: &str, kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::Identity | DocumentKind::Session => true,
        DocumentKind::Resource | DocumentKind::Trust => text.contains(['*', '?']),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(pattern: &str, kind: DocumentKind) -> Result<ResourceElement, DocumentError> {
        ResourceElement::read(false, &[pattern], Version::V2012, kind)
    }

    fn covers(pattern: &str, resource: &str) -> bool {
        let mut context = Context::new();
        context.set("aws:username", "ann");
        context.set("cognito-identity.amazonaws.com:sub", "us-east-1:1-2");
        element(pattern, DocumentKind::Identity)
            .unwrap()
            .covers(Named::new(resource), &context)
    }

    #[test]
    fn s52_wildcards_stay_inside_their_part() {
        assert!(covers(
            "arn:aws:s3:::demo*",
            "arn:aws:s3:::demo-2/key:with:colons"
        ));
        assert!(!covers("arn:aws:s3:::demo", "arn:aws:s3:::demo2"));
        assert!(!covers("arn:aws:s3:::demo/*", "arn:aws:s3:::demo"));
        assert!(!covers(
            "arn:aws:sns:*:topic",
            "arn:aws:sns:us-east-1:1:topic"
        ));
        assert!(!covers("arn:aws:s3:::DEMO", "arn:aws:s3:::demo"));
        assert!(covers("arn:a?s:s3:::demo", "arn:aws:s3:::demo"));
    }

    #[test]
    fn a_request_without_a_resource_is_covered_by_a_star_alone() {
        assert!(covers("*", "*"));
        assert!(!covers("arn:aws:s3:::*", "*"));
    }

    #[test]
    fn missing_parts_stand_for_a_star_in_identity_policies() {
        assert!(covers("arn:aws:sns:*", "arn:aws:sns:us-east-1:1:topic"));
        assert!(covers("arn:aws:sns", "arn:aws:sns:us-east-1:1:topic"));
        assert!(element("arn:aws:sns:*", DocumentKind::Resource).is_ok());
        assert_eq!(
            element("arn:aws:sns", DocumentKind::Resource),
            Err(DocumentError::LegacyParsing)
        );
    }

    #[test]
    fn variables_belong_to_the_sixth_part() {
        assert!(covers(
            "arn:aws:s3:::b/${aws:username}/*",
            "arn:aws:s3:::b/ann/x"
        ));
        assert!(covers(
            "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/*",
            "arn:aws:s3:::b/us-east-1:1-2/x"
        ));
        assert!(!covers(
            "arn:aws:s3:::b/${aws:nobody}/*",
            "arn:aws:s3:::b//x"
        ));
        assert_eq!(
            element(
                "arn:aws:sns::${aws:PrincipalAccount}:t",
                DocumentKind::Identity
            ),
            Err(DocumentError::Syntax)
        );
    }

    #[test]
    fn not_resource_with_an_unknown_variable_leaves_nothing_out() {
        let element = ResourceElement::read(
            true,
            &["arn:aws:s3:::b/${aws:nobody}"],
            Version::V2012,
            DocumentKind::Identity,
        )
        .unwrap();
        assert!(element.covers(Named::new("arn:aws:s3:::b/x"), &Context::new()));
    }
}
