//! Placeholders: names for what a run brings about, and short forms of long texts.
//!
//! **Shape**
//! - `<NAME>`: what is bound to the name. A name is never that of an XML element.
//! - `<NAME=any>` in an answer: matches anything and binds it; `<any>` matches anything.
//! - `<ACCOUNT>`, `<REGION>`, `<HOST>`, `<ISSUER>`: the house's own.
//! - `<NOW>`, `<NOW+900>`, `<NOW-1>`: seconds since the epoch; with ` as iso` the form of XML
//!   answers, with ` as stamp` the form of signatures, with ` as date` its day.
//! - `<x*1025>`: the text before the star, so many times. `<U+202E>`: that character.
//!
//! **Source**: STYLE §7.

use std::collections::BTreeMap;

use daypass_proof::sigv4::Timestamp;
use daypass_wire::time::iso8601;

/// The names that are bound.
#[derive(Clone, Debug, Default)]
pub struct Places {
    bound: BTreeMap<String, String>,
}

impl Places {
    /// Binds `name`.
    pub fn bind(&mut self, name: &str, value: impl Into<String>) {
        self.bound.insert(name.to_owned(), value.into());
    }

    /// What `name` is bound to.
    ///
    /// **Errors**: an unbound name, in words.
    pub fn get(&self, name: &str) -> Result<&str, String> {
        let value = self.bound.get(name).map(String::as_str);
        value.ok_or_else(|| format!("nothing is bound to `{name}`"))
    }

    /// Everything that is bound.
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        self.bound.values().map(String::as_str)
    }

    /// Replaces every placeholder that is known, each value passed through `write`; what is not
    /// known stays as it is.
    pub fn fill(&self, text: &str, now_seconds: i64, write: impl Fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            filled.push_str(before);
            let known = after
                .split_once('>')
                .and_then(|(name, tail)| Some((self.value(name, now_seconds)?, tail)));
            if let Some((value, tail)) = known {
                filled.push_str(&write(&value));
                rest = tail;
            } else {
                filled.push('<');
                rest = after;
            }
        }
        filled.push_str(rest);
        filled
    }

    fn value(&self, name: &str, now_seconds: i64) -> Option<String> {
        if let Some(value) = self.bound.get(name) {
            return Some(value.clone());
        }
        if let Some(rest) = name.strip_prefix("NOW") {
            return moment(rest, now_seconds);
        }
        if let Some(hex) = name.strip_prefix("U+") {
            let code = u32::from_str_radix(hex, 16).ok()?;
            return char::from_u32(code).map(String::from);
        }
        let (piece, count) = name.rsplit_once('*')?;
        let count: usize = count.parse().ok()?;
        (!piece.is_empty()).then(|| piece.repeat(count))
    }
}

/// `+900 as iso`, and the like.
fn moment(rest: &str, now_seconds: i64) -> Option<String> {
    let (offset, form) = rest.split_once(" as ").unwrap_or((rest, ""));
    let offset: i64 = if offset.is_empty() {
        0
    } else {
        offset.parse().ok()?
    };
    let seconds = now_seconds.checked_add(offset)?;
    let stamp = Timestamp::from_epoch_seconds(seconds);
    match form {
        "" => Some(seconds.to_string()),
        "iso" => Some(iso8601(seconds)),
        "stamp" => Some(stamp?.as_str().to_owned()),
        "date" => Some(stamp?.date().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let mut places = Places::default();
        places.bind("P", "us-east-1:ab");
        places.fill(text, 1_767_225_600, str::to_owned)
    }

    #[test]
    fn known_names_are_filled_and_others_stay() {
        assert_eq!(filled("a<P>b<any><X><"), "aus-east-1:abb<any><X><");
        assert_eq!(filled("<ab*3>"), "ababab");
        assert_eq!(filled("<U+0041>"), "A");
        assert_eq!(filled("<Arn>x</Arn>"), "<Arn>x</Arn>");
    }

    #[test]
    fn moments_have_four_forms() {
        assert_eq!(filled("<NOW+900>"), "1767226500");
        assert_eq!(filled("<NOW-1 as iso>"), "2025-12-31T23:59:59Z");
        assert_eq!(filled("<NOW as stamp>"), "20260101T000000Z");
        assert_eq!(filled("<NOW as date>"), "20260101");
    }
}
