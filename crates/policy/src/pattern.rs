//! Patterns with `*` and `?`, matched against a whole value.
//!
//! A pattern is cut at its `*`s when the policy is read. The chunk before the first `*` must start
//! the value, the chunk after the last must end it, and each chunk between is taken at its leftmost
//! place; taking it further right could only leave less for the rest, so nothing is ever tried
//! twice and the cost is at most pattern times value, without exponential cases (S10).
//!
//! **Source**: IAM user guide, *Policy element reference: Resource*, wildcards.

use crate::context::Context;
use crate::variable::{Piece, Variable};

/// A compiled pattern.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern {
    /// The stretches between the `*`s; always at least one.
    chunks: Vec<Vec<Part>>,
}

/// A part of a stretch without `*`.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Part {
    Text(String),
    AnyOne,
    Variable(Variable),
}

impl Pattern {
    /// A pattern of text, `*` and `?` alone.
    pub fn glob(text: &str) -> Self {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        for character in text.chars() {
            let wildcard = match character {
                '*' => Piece::AnyRun,
                '?' => Piece::AnyOne,
                other => {
                    plain.push(other);
                    continue;
                }
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(wildcard);
        }
        pieces.push(Piece::Text(plain));
        Self::from_pieces(pieces)
    }

    /// A pattern of pieces that were already read.
    pub(crate) fn from_pieces(pieces: Vec<Piece>) -> Self {
        let mut chunks = Vec::new();
        let mut chunk = Vec::new();
        for piece in pieces {
            match piece {
                // `**` is `*`: an empty stretch in the middle says nothing.
                Piece::AnyRun if chunk.is_empty() && !chunks.is_empty() => {}
                Piece::AnyRun => chunks.push(std::mem::take(&mut chunk)),
                Piece::AnyOne => chunk.push(Part::AnyOne),
                Piece::Text(text) if text.is_empty() => {}
                Piece::Text(text) => chunk.push(Part::Text(text)),
                Piece::Variable(variable) => chunk.push(Part::Variable(variable)),
            }
        }
        chunks.push(chunk);
        Self { chunks }
    }

    /// Whether the whole value fits. A variable without a value fits nothing.
    pub fn matches(&self, value: &str, context: &Context) -> bool {
        let Some((first, others)) = self.chunks.split_first() else {
            return false;
        };
        let Some(mut rest) = strip_start(first, value, context) else {
            return false;
        };
        let Some((last, middle)) = others.split_last() else {
            return rest.is_empty();
        };
        for chunk in middle {
            match find(chunk, rest, context) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        strip_end(last, rest, context).is_some()
    }

    /// The variables in it.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &Variable> {
        self.chunks.iter().flatten().filter_map(|part| match part {
            Part::Variable(variable) => Some(variable),
            _ => None,
        })
    }
}

/// What is left of `value` after `chunk` at its start.
fn strip_start<'v>(chunk: &[Part], value: &'v str, context: &Context) -> Option<&'v str> {
    chunk.iter().try_fold(value, |rest, part| match part {
        Part::Text(text) => rest.strip_prefix(text.as_str()),
        Part::Variable(variable) => rest.strip_prefix(variable.value(context)?),
        Part::AnyOne => {
            let mut characters = rest.chars();
            characters.next()?;
            Some(characters.as_str())
        }
    })
}

/// What is left of `value` before `chunk` at its end.
fn strip_end<'v>(chunk: &[Part], value: &'v str, context: &Context) -> Option<&'v str> {
    chunk.iter().rev().try_fold(value, |rest, part| match part {
        Part::Text(text) => rest.strip_suffix(text.as_str()),
        Part::Variable(variable) => rest.strip_suffix(variable.value(context)?),
        Part::AnyOne => {
            let mut characters = rest.chars();
            characters.next_back()?;
            Some(characters.as_str())
        }
    })
}

/// What is left of `value` after the leftmost place where `chunk` fits.
fn find<'v>(chunk: &[Part], value: &'v str, context: &Context) -> Option<&'v str> {
    if let [Part::Text(text)] = chunk {
        return value.split_once(text.as_str()).map(|(_, after)| after);
    }
    let starts = value.char_indices().map(|(at, _)| at);
    starts
        .chain([value.len()])
        .filter_map(|at| value.get(at..))
        .find_map(|rest| strip_start(chunk, rest, context))
}

/// One character under simple case folding, the way `StringEqualsIgnoreCase` compares.
///
/// Going up and then down brings together the letters that share a capital (`σ` and `ς`);
/// a letter whose other case is more than one character stays as it is.
pub(crate) fn fold_case(character: char) -> char {
    let upper = single(character.to_uppercase()).unwrap_or(character);
    single(upper.to_lowercase()).unwrap_or(upper)
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    let first = characters.next()?;
    characters.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests;
