//! The names of the operators, their prefixes and their suffix.
//!
//! **Source**: IAM user guide, *Policy element reference: Condition operators*.

use super::comparison::Way;
use crate::error::DocumentError;

/// How a condition value is compared.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[expect(
    missing_docs,
    reason = "the names are the documented operators themselves"
)]
pub enum Operator {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnLike,
    ArnNotEquals,
    ArnNotLike,
    Null,
}

/// Which file compares the values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Family {
    String,
    Numeric(Way),
    Date(Way),
    Bool,
    Binary,
    Address,
    Arn,
    Null,
}

impl Operator {
    /// Every operator, in the order of the documentation.
    pub const ALL: [Self; 27] = [
        Self::StringEquals,
        Self::StringNotEquals,
        Self::StringEqualsIgnoreCase,
        Self::StringNotEqualsIgnoreCase,
        Self::StringLike,
        Self::StringNotLike,
        Self::NumericEquals,
        Self::NumericNotEquals,
        Self::NumericLessThan,
        Self::NumericLessThanEquals,
        Self::NumericGreaterThan,
        Self::NumericGreaterThanEquals,
        Self::DateEquals,
        Self::DateNotEquals,
        Self::DateLessThan,
        Self::DateLessThanEquals,
        Self::DateGreaterThan,
        Self::DateGreaterThanEquals,
        Self::Bool,
        Self::BinaryEquals,
        Self::IpAddress,
        Self::NotIpAddress,
        Self::ArnEquals,
        Self::ArnLike,
        Self::ArnNotEquals,
        Self::ArnNotLike,
        Self::Null,
    ];

    /// The documented name.
    pub fn name(self) -> &'static str {
        match self {
            Self::StringEquals => "StringEquals",
            Self::StringNotEquals => "StringNotEquals",
            Self::StringEqualsIgnoreCase => "StringEqualsIgnoreCase",
            Self::StringNotEqualsIgnoreCase => "StringNotEqualsIgnoreCase",
            Self::StringLike => "StringLike",
            Self::StringNotLike => "StringNotLike",
            Self::NumericEquals => "NumericEquals",
            Self::NumericNotEquals => "NumericNotEquals",
            Self::NumericLessThan => "NumericLessThan",
            Self::NumericLessThanEquals => "NumericLessThanEquals",
            Self::NumericGreaterThan => "NumericGreaterThan",
            Self::NumericGreaterThanEquals => "NumericGreaterThanEquals",
            Self::DateEquals => "DateEquals",
            Self::DateNotEquals => "DateNotEquals",
            Self::DateLessThan => "DateLessThan",
            Self::DateLessThanEquals => "DateLessThanEquals",
            Self::DateGreaterThan => "DateGreaterThan",
            Self::DateGreaterThanEquals => "DateGreaterThanEquals",
            Self::Bool => "Bool",
            Self::BinaryEquals => "BinaryEquals",
            Self::IpAddress => "IpAddress",
            Self::NotIpAddress => "NotIpAddress",
            Self::ArnEquals => "ArnEquals",
            Self::ArnLike => "ArnLike",
            Self::ArnNotEquals => "ArnNotEquals",
            Self::ArnNotLike => "ArnNotLike",
            Self::Null => "Null",
        }
    }

    /// Whether it holds when no listed value fits.
    pub fn is_negated(self) -> bool {
        matches!(
            self,
            Self::StringNotEquals
                | Self::StringNotEqualsIgnoreCase
                | Self::StringNotLike
                | Self::NumericNotEquals
                | Self::DateNotEquals
                | Self::NotIpAddress
                | Self::ArnNotEquals
                | Self::ArnNotLike
        )
    }

    pub(super) fn family(self) -> Family {
        match self {
            Self::StringEquals
            | Self::StringNotEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringNotEqualsIgnoreCase
            | Self::StringLike
            | Self::StringNotLike => Family::String,
            Self::NumericEquals | Self::NumericNotEquals => Family::Numeric(Way::Equal),
            Self::NumericLessThan => Family::Numeric(Way::Less),
            Self::NumericLessThanEquals => Family::Numeric(Way::LessOrEqual),
            Self::NumericGreaterThan => Family::Numeric(Way::Greater),
            Self::NumericGreaterThanEquals => Family::Numeric(Way::GreaterOrEqual),
            Self::DateEquals | Self::DateNotEquals => Family::Date(Way::Equal),
            Self::DateLessThan => Family::Date(Way::Less),
            Self::DateLessThanEquals => Family::Date(Way::LessOrEqual),
            Self::DateGreaterThan => Family::Date(Way::Greater),
            Self::DateGreaterThanEquals => Family::Date(Way::GreaterOrEqual),
            Self::Bool => Family::Bool,
            Self::BinaryEquals => Family::Binary,
            Self::IpAddress | Self::NotIpAddress => Family::Address,
            Self::ArnEquals | Self::ArnLike | Self::ArnNotEquals | Self::ArnNotLike => Family::Arn,
            Self::Null => Family::Null,
        }
    }
}

/// How an operator treats a key with several values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SetPrefix {
    /// `ForAnyValue:`: some value of the key must satisfy the operator.
    ForAnyValue,
    /// `ForAllValues:`: every value of the key must satisfy the operator.
    ForAllValues,
}

/// An operator with its prefix and suffix.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Spec {
    pub(crate) operator: Operator,
    pub(crate) set: Option<SetPrefix>,
    pub(crate) if_exists: bool,
}

impl Spec {
    /// Reads an operator as written, in any case.
    pub(crate) fn read(text: &str) -> Result<Self, DocumentError> {
        let text = text.to_ascii_lowercase();
        let (set, rest) = if let Some(rest) = text.strip_prefix("foranyvalue:") {
            (Some(SetPrefix::ForAnyValue), rest)
        } else if let Some(rest) = text.strip_prefix("forallvalues:") {
            (Some(SetPrefix::ForAllValues), rest)
        } else {
            (None, text.as_str())
        };
        let (if_exists, name) = match rest.strip_suffix("ifexists") {
            Some(name) => (true, name),
            None => (false, rest),
        };
        let operator = Operator::ALL
            .into_iter()
            .find(|operator| operator.name().eq_ignore_ascii_case(name))
            .ok_or(DocumentError::Syntax)?;
        // `Null` asks about presence itself: neither prefix nor suffix has a meaning with it.
        if operator == Operator::Null && (set.is_some() || if_exists) {
            return Err(DocumentError::Syntax);
        }
        Ok(Self {
            operator,
            set,
            if_exists,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operator_is_read_with_prefix_and_suffix_in_any_case() {
        for operator in Operator::ALL {
            let name = operator.name();
            assert_eq!(Spec::read(name).unwrap().operator, operator);
            let whole = format!("FORANYVALUE:{}ifexists", name.to_ascii_lowercase());
            let spec = Spec::read(&whole);
            if operator == Operator::Null {
                assert_eq!(spec, Err(DocumentError::Syntax));
                continue;
            }
            let expected = Spec {
                operator,
                set: Some(SetPrefix::ForAnyValue),
                if_exists: true,
            };
            assert_eq!(spec, Ok(expected));
        }
    }

    #[test]
    fn s49_unknown_operators_are_refused() {
        for text in [
            "",
            "StringMatches",
            "StringEqualsIfExistsIfExists",
            "IfExistsStringEquals",
            "ForSomeValues:StringEquals",
            "ForAnyValue:ForAllValues:StringEquals",
            "ForAnyValue: StringEquals",
            " StringEquals",
            "NullIfExists",
            "ForAllValues:Null",
        ] {
            assert_eq!(Spec::read(text), Err(DocumentError::Syntax), "{text}");
        }
    }
}
