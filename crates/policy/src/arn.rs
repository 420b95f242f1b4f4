//! Amazon resource names: six parts between five colons.
//!
//! The sixth part may hold colons of its own (an identity id in an object key does), so a name is
//! split at its first five colons and never further.
//!
//! **Source**: IAM user guide, *Identify AWS resources with Amazon Resource Names (ARNs)*.

use std::fmt;
use std::str::FromStr;

use crate::context::Context;
use crate::pattern::Pattern;
use crate::variable::{Piece, Variable};

/// An Amazon resource name.
///
/// **Shape**: `arn:partition:service:region:account:resource`.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Arn {
    /// `aws`, `aws-cn`, `aws-us-gov`, …
    pub partition: String,
    /// The service, such as `iam` or `s3`.
    pub service: String,
    /// The region; empty for global services and S3.
    pub region: String,
    /// The account; empty for S3 objects and buckets.
    pub account: String,
    /// Everything after the fifth colon, colons and slashes included.
    pub resource: String,
}

/// Why a text is not an ARN.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("not six parts between colons, starting with `arn`")]
pub struct ArnError;

impl FromStr for Arn {
    type Err = ArnError;

    fn from_str(text: &str) -> Result<Self, ArnError> {
        match split(text) {
            Some(["arn", partition, service, region, account, resource]) => Ok(Self {
                partition: partition.to_owned(),
                service: service.to_owned(),
                region: region.to_owned(),
                account: account.to_owned(),
                resource: resource.to_owned(),
            }),
            _ => Err(ArnError),
        }
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            partition,
            service,
            region,
            account,
            resource,
        } = self;
        write!(
            formatter,
            "arn:{partition}:{service}:{region}:{account}:{resource}"
        )
    }
}

/// The six parts of a value, or nothing when it has fewer than five colons.
pub(crate) fn split(value: &str) -> Option<[&str; 6]> {
    let mut parts = value.splitn(6, ':');
    let mut next = || parts.next();
    Some([next()?, next()?, next()?, next()?, next()?, next()?])
}

/// Six patterns, one for each part; a `*` never reaches past the colons around it (S52).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct ArnPattern {
    parts: [Pattern; 6],
}

impl ArnPattern {
    /// A pattern of the pieces of each part.
    pub(crate) fn new(parts: [Vec<Piece>; 6]) -> Self {
        Self {
            parts: parts.map(Pattern::from_pieces),
        }
    }

    /// Whether every part of the name fits.
    pub(crate) fn matches(&self, name: &[&str; 6], context: &Context) -> bool {
        self.parts
            .iter()
            .zip(name)
            .all(|(pattern, part)| pattern.matches(part, context))
    }

    /// The variables in it.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.parts.iter().flat_map(Pattern::variables)
    }
}

/// Cuts pieces at the first five colons of their plain text.
///
/// The colons inside a variable's name or value are not the pattern's: they never cut.
pub(crate) fn split_pieces(pieces: Vec<Piece>) -> Vec<Vec<Piece>> {
    let mut parts = Vec::new();
    let mut part = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else {
            part.push(piece);
            continue;
        };
        let mut rest = text.as_str();
        while parts.len() < 5
            && let Some((before, after)) = rest.split_once(':')
        {
            part.push(Piece::Text(before.to_owned()));
            parts.push(std::mem::take(&mut part));
            rest = after;
        }
        part.push(Piece::Text(rest.to_owned()));
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_after_the_fifth_belong_to_the_resource() {
        let text = "arn:aws:s3:::bucket/us-east-1:11111111-2222-3333-4444-555555555555/a";
        let arn: Arn = text.parse().unwrap();
        assert_eq!(
            arn.resource,
            "bucket/us-east-1:11111111-2222-3333-4444-555555555555/a"
        );
        assert_eq!((arn.region.as_str(), arn.account.as_str()), ("", ""));
        assert_eq!(arn.to_string(), text);
    }

    #[test]
    fn fewer_parts_or_another_prefix_is_no_arn() {
        for text in ["", "*", "arn:aws:s3::bucket", "urn:aws:s3:::bucket"] {
            assert_eq!(text.parse::<Arn>(), Err(ArnError), "{text:?}");
        }
    }
}
