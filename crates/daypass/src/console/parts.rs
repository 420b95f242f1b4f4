//! The small values that the console's components read.
//!
//! A component is a macro in `components.html`; where it draws a list, the list is made of one of
//! these, so that every page says "a choice", "a mistake in a field" or "a step" in the same way.
//!
//! **Source**: users page, sections 7a and 8.

/// One choice of a `select` or of a group of `radios`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// What the form sends.
    pub(crate) value: String,
    /// What a person reads.
    pub(crate) label: String,
    /// One more line beside a radio; empty for none.
    pub(crate) hint: String,
    /// Whether it is the one chosen now.
    pub(crate) selected: bool,
}

impl Choice {
    /// A choice, marked when its value is the `chosen` one.
    pub(crate) fn new(value: &str, label: &str, chosen: &str) -> Self {
        Self {
            value: value.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            selected: value == chosen,
        }
    }

    /// The same choice with a line that says what it means.
    pub(crate) fn hint(self, hint: &str) -> Self {
        Self {
            hint: hint.to_owned(),
            ..self
        }
    }
}

/// Something to put right in one field of a form; `error_summary` links each to its field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FieldError {
    /// The name of the field.
    pub(crate) field: String,
    /// What to do about it, as a sentence.
    pub(crate) message: String,
}

/// What there is to say about `field`, or nothing: the `error` argument of the field components.
pub(crate) fn error_of<'a>(errors: &'a [FieldError], field: &str) -> &'a str {
    errors
        .iter()
        .find(|error| error.field == field)
        .map_or("", |error| &error.message)
}

/// One of the links in `tabs`.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    /// What a person reads.
    pub(crate) label: String,
    /// Where it leads.
    pub(crate) href: String,
    /// Whether this is the page being looked at.
    pub(crate) current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_marked_only_when_it_is_the_chosen_one() {
        assert!(Choice::new("own", "Own prefix", "own").selected);
        assert!(
            !Choice::new("own", "Own prefix", "read")
                .hint("words")
                .selected
        );
    }

    #[test]
    fn the_first_error_of_a_field_is_its_error() {
        let error = |field: &str, message: &str| FieldError {
            field: field.into(),
            message: message.into(),
        };
        let errors = [
            error("name", "give it a name"),
            error("name", "shorter"),
            error("a", "b"),
        ];
        assert_eq!(error_of(&errors, "name"), "give it a name");
        assert_eq!(error_of(&errors, "other"), "");
    }
}
