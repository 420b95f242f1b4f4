//! Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}` `${?}` `${$}`.
//!
//! A text is cut into [`Piece`]s when the policy is read. At evaluation a variable stands for its
//! value as plain text: it never passes through the reader again, so a `*`, a `?` or a `${` that a
//! caller brings along matches only itself (S51).
//!
//! **Source**: IAM user guide, *IAM policy elements: Variables and tags*.

use crate::context::{self, Context, ContextValue};
use crate::document::Version;
use crate::error::DocumentError;

/// One piece of a pattern or a condition value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Piece {
    /// Text that matches itself.
    Text(String),
    /// `?`: exactly one character.
    AnyOne,
    /// `*`: any run of characters.
    AnyRun,
    /// `${…}`: the value of a context key.
    Variable(Variable),
}

/// A reference to a context key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Variable {
    name: String,
    key: String,
    default: Option<String>,
}

impl Variable {
    /// The key as it is written in the policy.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it stands for something when its key is absent.
    pub(crate) fn has_default(&self) -> bool {
        self.default.is_some()
    }

    /// The text this variable stands for, or nothing.
    ///
    /// A multi-valued key has no single text and counts as having no value.
    pub(crate) fn value<'a>(&'a self, context: &'a Context) -> Option<&'a str> {
        match context.folded(&self.key) {
            Some(ContextValue::One(value)) => Some(value),
            Some(ContextValue::Many(_)) | None => self.default.as_deref(),
        }
    }
}

/// Which characters of a text have a meaning of their own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    /// `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// `${…}` is a variable.
    pub(crate) variables: bool,
}

impl Reading {
    /// Wildcards, and variables where the version has them.
    pub(crate) fn pattern(version: Version) -> Self {
        Self {
            wildcards: true,
            variables: version.has_variables(),
        }
    }

    /// No wildcards, and variables where the version has them.
    pub(crate) fn plain(version: Version) -> Self {
        Self {
            wildcards: false,
            variables: version.has_variables(),
        }
    }
}

/// Cuts a text into pieces; adjacent plain text is one piece.
pub(crate) fn read(text: &str, reading: Reading) -> Result<Vec<Piece>, DocumentError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if reading.variables && rest.starts_with("${") {
            let (inner, after) = reference(rest)?;
            match inner {
                "*" | "?" | "$" => plain.push_str(inner),
                _ => {
                    flush(&mut plain, &mut pieces);
                    pieces.push(Piece::Variable(variable(inner)?));
                }
            }
            rest = after;
            continue;
        }
        match first {
            '*' if reading.wildcards => {
                flush(&mut plain, &mut pieces);
                pieces.push(Piece::AnyRun);
            }
            '?' if reading.wildcards => {
                flush(&mut plain, &mut pieces);
                pieces.push(Piece::AnyOne);
            }
            other => plain.push(other),
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    flush(&mut plain, &mut pieces);
    Ok(pieces)
}

fn flush(plain: &mut String, pieces: &mut Vec<Piece>) {
    if !plain.is_empty() {
        pieces.push(Piece::Text(std::mem::take(plain)));
    }
}

/// The inside of the `${…}` that `text` starts with, and what follows it.
///
/// A closing brace inside a quoted default belongs to the default.
fn reference(text: &str) -> Result<(&str, &str), DocumentError> {
    let inside = text.strip_prefix("${").ok_or(DocumentError::Syntax)?;
    let mut quoted = false;
    for (at, character) in inside.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '}' if !quoted => {
                let (inner, after) = inside.split_at(at);
                let after = after.strip_prefix('}').ok_or(DocumentError::Syntax)?;
                return Ok((inner, after));
            }
            _ => {}
        }
    }
    Err(DocumentError::Syntax)
}

fn variable(inner: &str) -> Result<Variable, DocumentError> {
    let (name, default) = match inner.split_once(',') {
        None => (inner, None),
        Some((name, rest)) => {
            let quoted = rest.trim_matches(' ');
            let default = quoted
                .strip_prefix('\'')
                .and_then(|text| text.strip_suffix('\''))
                .filter(|text| !text.contains('\''))
                .ok_or(DocumentError::Syntax)?;
            (name, Some(default.to_owned()))
        }
    };
    let odd = |character: char| character.is_control() || "${}'*?".contains(character);
    if name.is_empty() || name.trim() != name || name.contains(odd) {
        return Err(DocumentError::Syntax);
    }
    Ok(Variable {
        name: name.to_owned(),
        key: context::fold(name),
        default,
    })
}

/// A text with variables and without wildcards, compared as a whole.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    /// Reads a condition value of an operator without wildcards.
    pub(crate) fn read(text: &str, version: Version) -> Result<Self, DocumentError> {
        let pieces = read(text, Reading::plain(version))?;
        Ok(Self { pieces })
    }

    /// Whether the value is the same text, character by character under `fold`.
    ///
    /// A variable without a value makes the whole text equal to nothing.
    pub(crate) fn equals(
        &self,
        value: &str,
        context: &Context,
        fold: impl Fn(char) -> char,
    ) -> bool {
        let mut left = value.chars();
        for piece in &self.pieces {
            let text = match piece {
                Piece::Text(text) => text.as_str(),
                Piece::Variable(variable) => match variable.value(context) {
                    Some(text) => text,
                    None => return false,
                },
                Piece::AnyOne | Piece::AnyRun => return false,
            };
            for expected in text.chars() {
                if left.next().map(&fold) != Some(fold(expected)) {
                    return false;
                }
            }
        }
        left.next().is_none()
    }

    /// The plain text, when there is no variable in it.
    pub(crate) fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The variables in it.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::read(text, Version::V2012).unwrap()
    }

    fn same(character: char) -> char {
        character
    }

    #[test]
    fn a_variable_is_its_value_and_nothing_more() {
        let mut context = Context::new();
        context.set("aws:username", "a*b${aws:userid}");
        context.set("aws:userid", "secret");
        let text = template("home/${AWS:UserName}/x");
        assert!(text.equals("home/a*b${aws:userid}/x", &context, same));
        assert!(!text.equals("home/aXb${aws:userid}/x", &context, same));
        assert!(!text.equals("home/a*bsecret/x", &context, same));
    }

    #[test]
    fn defaults_stand_in_for_absent_and_multi_valued_keys() {
        let mut context = Context::new();
        context.set_many("aws:tagkeys", vec!["one".to_owned()]);
        assert!(template("${aws:PrincipalTag/team, 'a}b'}").equals("a}b", &context, same));
        assert!(template("${aws:TagKeys,'none'}").equals("none", &context, same));
        assert!(!template("${aws:TagKeys}").equals("one", &context, same));
        assert!(!template("${aws:missing}").equals("", &context, same));
        context.set("aws:PrincipalTag/team", "red");
        assert!(template("${aws:PrincipalTag/team, 'x'}").equals("red", &context, same));
    }

    #[test]
    fn escapes_are_plain_text() {
        let context = Context::new();
        assert!(template("${*}${?}${$}").equals("*?$", &context, same));
        assert_eq!(template("a${$}{b}").literal(), Some("a${b}"));
    }

    #[test]
    fn s49_broken_variables_are_refused() {
        for text in [
            "${",
            "${aws:username",
            "${}",
            "${ }",
            "${ aws:username}",
            "${aws:${aws:userid}}",
            "${aws:username, default}",
            "${aws:username, 'a}",
            "${aws:username, 'a' 'b'}",
            "${aws:username,}",
            "${a*b}",
        ] {
            assert_eq!(
                Template::read(text, Version::V2012),
                Err(DocumentError::Syntax),
                "{text}"
            );
        }
    }

    #[test]
    fn the_older_version_has_no_variables() {
        let text = Template::read("${aws:username", Version::V2008).unwrap();
        assert_eq!(text.literal(), Some("${aws:username"));
        let pieces = read("${*}", Reading::pattern(Version::V2008)).unwrap();
        assert_eq!(
            pieces,
            [
                Piece::Text("${".to_owned()),
                Piece::AnyRun,
                Piece::Text("}".to_owned())
            ]
        );
    }
}
