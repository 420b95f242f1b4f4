//! A policy looked at before it is put: the first fault at its place, what it may not mean, what it
//! says in words.
//!
//! The service refuses a document with one sentence and no place. Here the place is found: for text
//! that is no JSON the reader knows it; otherwise each part is put right in turn until the fault
//! goes away, and the part that made it go is the one.
//!
//! **Source**: users page, S15 and section 7a (S15); IAM user guide, *Grammar of the IAM JSON policy
//! language*.

use daypass_json::Bounds;
use daypass_policy::{Context, Document, DocumentKind, minified_len};

use crate::words::{self, PoolNames, Sentence};

mod fault;
mod lint;
mod places;

use places::Places;

/// What came of looking at a document.
#[derive(Debug, Default)]
pub(super) struct Review {
    /// What keeps it from being put.
    pub(super) fault: Option<Fault>,
    /// What it may not mean.
    pub(super) warnings: Vec<Warning>,
    /// What it says.
    pub(super) sentences: Vec<Sentence>,
}

/// Why a document cannot be put.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Fault {
    /// The sentence.
    pub(super) message: String,
    /// The line, from 1; 0 where there is none.
    pub(super) line: usize,
    /// The line itself, and under it the place.
    pub(super) mark: String,
}

/// Something that may not be meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Warning {
    /// The line, from 1.
    pub(super) line: usize,
    /// The sentence.
    pub(super) text: String,
}

/// What is known beside the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances<'a> {
    /// What the document is for.
    pub(super) kind: DocumentKind,
    /// Whether guests get this role.
    pub(super) for_guests: bool,
    /// The most characters it may have.
    pub(super) chars_max: usize,
    /// Values for its variables.
    pub(super) context: &'a Context,
    /// The names of pools.
    pub(super) pools: &'a PoolNames,
}

/// Looks at a document.
pub(super) fn review(text: &str, circumstances: &Circumstances<'_>) -> Review {
    let kind = circumstances.kind;
    let places = match read(text) {
        Ok(places) => places,
        Err(fault) => return Review::of(fault),
    };
    let document = match Document::parse(text, kind) {
        Ok(document) => document,
        Err(error) => return Review::of(fault::find(text, &places, kind, &error)),
    };
    let chars = minified_len(text);
    let max = circumstances.chars_max;
    if chars > max {
        return Review::of(Fault {
            message: format!("It has {chars} characters; {max} is the most there may be"),
            ..Fault::default()
        });
    }
    let mut review = Review {
        warnings: lint::warnings(&document, &places, circumstances),
        ..Review::default()
    };
    if kind == DocumentKind::Trust {
        if daypass_core::assume::trusts_every_pool(&document) {
            let message = "Identities of every pool would get in: ask for one pool in the condition \
                           on cognito-identity.amazonaws.com:aud";
            review.fault = Some(Fault {
                message: message.to_owned(),
                ..Fault::default()
            });
        }
        let told = words::trust(&document, circumstances.pools);
        review.sentences = told.sentences;
        let texts = told.warnings.iter().map(ToString::to_string);
        review
            .warnings
            .extend(texts.map(|text| Warning { line: 0, text }));
    } else {
        review.sentences = words::policy(&document, circumstances.context);
    }
    review
}

impl Review {
    fn of(fault: Fault) -> Self {
        Self {
            fault: Some(fault),
            ..Self::default()
        }
    }
}

/// The places of a text that is JSON.
fn read(text: &str) -> Result<Places, Fault> {
    if text.trim().is_empty() {
        return Err(Fault {
            message: "Write a policy, or start from a template".to_owned(),
            ..Fault::default()
        });
    }
    match daypass_json::parse(text.as_bytes(), &Bounds::POLICY) {
        Ok(_) => Ok(Places::of(text)),
        Err(error) => {
            let reason = match error.reason {
                "duplicate member" => "This name is there twice",
                "nested too deeply" => "This is nested too deeply",
                "too many members or elements" => "There is too much in here",
                "unexpected end" => "The text ends too early: a bracket or a quote is missing",
                _ => "This is not JSON: look for a comma, a quote or a bracket",
            };
            let mark = mark(text, error.line, error.column);
            Err(Fault {
                message: format!("{reason} (line {}, column {})", error.line, error.column),
                line: error.line,
                mark,
            })
        }
    }
}

/// A line with a caret under a column of it.
fn mark(text: &str, line: usize, column: usize) -> String {
    /// A longer line is not shown: the caret would be out of sight.
    const CHARS_MAX: usize = 400;
    let Some(shown) = text.lines().nth(line.saturating_sub(1)) else {
        return String::new();
    };
    if shown.chars().count() > CHARS_MAX {
        return String::new();
    }
    let before = column.saturating_sub(1);
    let before = shown
        .char_indices()
        .take_while(|(at, _)| *at < before)
        .count();
    format!("{shown}\n{}^", " ".repeat(before))
}

#[cfg(test)]
mod tests;
