//! Keys: lists of text parts, written so that text order is list order.
//!
//! Two records must never share a key (`pool` + `user` glued together), and a range over one pool
//! must never touch another. So a key is a list of parts in an encoding that is injective, keeps
//! the order of the lists, and stays readable in `sqlite3` or `psql`.
//!
//! **Shape**: parts are separated by one space. Inside a part every byte up to `0x21` (controls,
//! space, `!`) becomes `!` and two lower-case hex digits; an empty part is a lone `!`. So
//! `["identity", "eu-west-1:7", "my user"]` is `identity eu-west-1:7 my!20user`.
//!
//! Why order holds: separator (`0x20`) < escape (`0x21`) < every byte left as it is, and escapes
//! order among themselves as the bytes they stand for.
//!
//! **Source**: requirement S67; the bytes compare as SQLite's `binary` and PostgreSQL's `"C"` do.

use std::borrow::Borrow;
use std::fmt;

const SEPARATOR: char = ' ';
const ESCAPE: char = '!';

/// The name of one value: a list of parts, ordered part by part.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Key(String);

impl Key {
    /// The key of these parts. No parts at all is a prefix of every key.
    pub fn of(parts: &[&str]) -> Self {
        let mut text = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                text.push(SEPARATOR);
            }
            if part.is_empty() {
                text.push(ESCAPE);
            }
            escape_into(&mut text, part);
        }
        Self(text)
    }

    /// Reads a key back from its text, or `None` if no list of parts is written so.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = decode(text)?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let key = Self::of(&parts);
        (key.0 == text).then_some(key)
    }

    /// The parts this key was made of.
    pub fn parts(&self) -> Vec<String> {
        decode(&self.0).unwrap_or_default()
    }

    /// The text an engine stores and compares bytewise.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A stretch of keys to scan, with the most pairs to return.
///
/// Engines need only its two bounds: keys from [`Range::from`] on, before [`Range::to`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Range {
    from: String,
    to: Option<String>,
    limit: usize,
}

impl Range {
    /// The keys that begin with the parts of `prefix`, `prefix` itself included.
    ///
    /// Whole parts count: the prefix `["identity", "pool"]` does not reach `["identity", "pool2"]`.
    pub fn prefix(prefix: &Key, limit: usize) -> Self {
        let from = prefix.0.clone();
        // Every continuation of the key starts with the separator, which sorts just below `!`.
        let to = (!from.is_empty()).then(|| format!("{from}{ESCAPE}"));
        Self { from, to, limit }
    }

    /// The keys that begin with `parts` and whose next part begins with the text `partial`.
    pub fn text_prefix(parts: &[&str], partial: &str, limit: usize) -> Self {
        let from = text_prefix(parts, partial);
        let to = after_all(&from);
        Self { from, to, limit }
    }

    /// The same stretch, from just behind `key`.
    #[must_use]
    pub fn after(self, key: &Key) -> Self {
        // No key lies between `key` and its first possible continuation.
        self.starting_at(format!("{}{SEPARATOR}", key.0))
    }

    /// The same stretch, from behind every key that [`Range::text_prefix`] of these would return.
    #[must_use]
    pub fn after_text_prefix(self, parts: &[&str], partial: &str) -> Self {
        match after_all(&text_prefix(parts, partial)) {
            Some(from) => self.starting_at(from),
            None => Self { limit: 0, ..self },
        }
    }

    fn starting_at(self, from: String) -> Self {
        Self {
            from: self.from.max(from),
            ..self
        }
    }

    /// The lowest key text of the stretch, itself included.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The key text that ends the stretch, itself excluded; `None` is the end of all keys.
    pub fn to(&self) -> Option<&str> {
        self.to.as_deref()
    }

    /// The most pairs a scan returns.
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Whether `key` lies in the stretch.
    pub fn contains(&self, key: &Key) -> bool {
        key.0 >= self.from && self.to.as_ref().is_none_or(|to| key.0 < *to)
    }
}

fn text_prefix(parts: &[&str], partial: &str) -> String {
    let mut text = Key::of(parts).0;
    if !text.is_empty() {
        text.push(SEPARATOR);
    }
    escape_into(&mut text, partial);
    text
}

/// The least text above everything that starts with `prefix`; `None` if nothing is.
fn after_all(prefix: &str) -> Option<String> {
    let mut rest = prefix.to_owned();
    while let Some(last) = rest.pop() {
        // The range of characters steps over the surrogates by itself.
        if let Some(next) = (last..=char::MAX).nth(1) {
            rest.push(next);
            return Some(rest);
        }
    }
    None
}

fn escape_into(text: &mut String, part: &str) {
    for character in part.chars() {
        if character <= ESCAPE {
            let code = u32::from(character);
            text.push(ESCAPE);
            text.extend(
                [code >> 4, code & 0xf]
                    .into_iter()
                    .filter_map(|d| char::from_digit(d, 16)),
            );
        } else {
            text.push(character);
        }
    }
}

fn decode(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(Vec::new());
    }
    text.split(SEPARATOR).map(decode_part).collect()
}

fn decode_part(text: &str) -> Option<String> {
    let mut part = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != ESCAPE {
            part.push(character);
            continue;
        }
        match (characters.next(), characters.next()) {
            (None, _) if text.len() == 1 => return Some(part),
            (Some(high), Some(low)) => {
                let code = high.to_digit(16)? << 4 | low.to_digit(16)?;
                part.push(char::from_u32(code)?);
            }
            _ => return None,
        }
    }
    Some(part)
}

#[cfg(test)]
mod tests;
