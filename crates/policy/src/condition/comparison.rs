//! Values with an order, shared by the numeric and the date operators.
//!
//! **Source**: IAM user guide, *Numeric condition operators* and *Date condition operators*.

use std::cmp::Ordering;

/// Which orders count as fitting.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The listed values of an ordered family.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Ordered<T> {
    pub(super) way: Way,
    pub(super) values: Vec<T>,
}

impl<T: Ord> Ordered<T> {
    /// Whether a context value stands to one of the listed values the way the operator says.
    pub(super) fn fits_one(&self, value: &T) -> bool {
        self.values.iter().any(|listed| {
            let order = value.cmp(listed);
            match self.way {
                Way::Equal => order == Ordering::Equal,
                Way::Less => order == Ordering::Less,
                Way::LessOrEqual => order != Ordering::Greater,
                Way::Greater => order == Ordering::Greater,
                Way::GreaterOrEqual => order != Ordering::Less,
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_context_value_stands_on_the_left() {
        let fits = |way, value: i32| {
            let values = vec![10];
            Ordered { way, values }.fits_one(&value)
        };
        for (way, expected) in [
            (Way::Equal, [false, true, false]),
            (Way::Less, [true, false, false]),
            (Way::LessOrEqual, [true, true, false]),
            (Way::Greater, [false, false, true]),
            (Way::GreaterOrEqual, [false, true, true]),
        ] {
            assert_eq!(
                [9, 10, 11].map(|value| fits(way, value)),
                expected,
                "{way:?}"
            );
        }
    }
}
