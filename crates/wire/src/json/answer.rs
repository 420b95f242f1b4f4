//! The body of an answer, written member by member.
//!
//! Absent optional members are left out rather than written as null, since clients tell the two
//! apart; members stand in the order they were written, so the same answer has the same bytes.
//!
//! **Source**: Cognito identity reference page, sections 1.2 and 1.3.

use crate::time;

/// One JSON object being written.
///
/// **Shape**:
///
/// ```
/// use daypass_wire::json::Answer;
///
/// let answer = Answer::new().text("Name", "a").optional_text("NextToken", None);
/// assert_eq!(answer.to_bytes(), br#"{"Name":"a"}"#);
/// ```
#[derive(Clone, Default, Eq, PartialEq)]
pub struct Answer {
    /// The members so far, without the braces.
    members: String,
}

impl Answer {
    /// An object without members.
    pub fn new() -> Self {
        Self::default()
    }

    /// The body of an error.
    pub fn error(code: &str, message: &str) -> Self {
        Self::new().text("__type", code).text("message", message)
    }

    /// Adds a string.
    #[must_use]
    pub fn text(self, name: &str, value: &str) -> Self {
        self.member(name, |out| write_string(out, value))
    }

    /// Adds a string, if there is one.
    #[must_use]
    pub fn optional_text(self, name: &str, value: Option<&str>) -> Self {
        self.maybe(value, |answer, value| answer.text(name, value))
    }

    /// Adds a boolean.
    #[must_use]
    pub fn flag(self, name: &str, value: bool) -> Self {
        self.member(name, |out| {
            out.push_str(if value { "true" } else { "false" });
        })
    }

    /// Adds a boolean, if there is one.
    #[must_use]
    pub fn optional_flag(self, name: &str, value: Option<bool>) -> Self {
        self.maybe(value, |answer, value| answer.flag(name, value))
    }

    /// Adds an integer; also the form of a time given in whole seconds.
    #[must_use]
    pub fn integer(self, name: &str, value: i64) -> Self {
        self.member(name, |out| out.push_str(&value.to_string()))
    }

    /// Adds an integer, if there is one.
    #[must_use]
    pub fn optional_integer(self, name: &str, value: Option<i64>) -> Self {
        self.maybe(value, |answer, value| answer.integer(name, value))
    }

    /// Adds a time as epoch seconds in plain decimals, up to millisecond fraction.
    ///
    /// **Units and limits**: milliseconds since the epoch.
    #[must_use]
    pub fn timestamp(self, name: &str, milliseconds: i64) -> Self {
        self.member(name, |out| out.push_str(&time::epoch_number(milliseconds)))
    }

    /// Adds a map of strings, also when it is empty.
    #[must_use]
    pub fn map<K: AsRef<str>, V: AsRef<str>>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let map = entries.into_iter().fold(Self::new(), |map, (key, value)| {
            map.text(key.as_ref(), value.as_ref())
        });
        self.structure(name, &map)
    }

    /// Adds a map of strings, unless it is empty.
    #[must_use]
    pub fn optional_map<K: AsRef<str>, V: AsRef<str>>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut entries = entries.into_iter().peekable();
        if entries.peek().is_none() {
            return self;
        }
        self.map(name, entries)
    }

    /// Adds a list of strings, also when it is empty.
    #[must_use]
    pub fn list<V: AsRef<str>>(self, name: &str, items: impl IntoIterator<Item = V>) -> Self {
        self.array(name, items, |out, item| write_string(out, item.as_ref()))
    }

    /// Adds a list of strings, unless it is empty.
    #[must_use]
    pub fn optional_list<V: AsRef<str>>(
        self,
        name: &str,
        items: impl IntoIterator<Item = V>,
    ) -> Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return self;
        }
        self.list(name, items)
    }

    /// Adds a structure.
    #[must_use]
    pub fn structure(self, name: &str, value: &Self) -> Self {
        self.member(name, |out| value.write(out))
    }

    /// Adds a structure, if there is one.
    #[must_use]
    pub fn optional_structure(self, name: &str, value: Option<&Self>) -> Self {
        self.maybe(value, |answer, value| answer.structure(name, value))
    }

    /// Adds a list of structures, also when it is empty.
    #[must_use]
    pub fn structures(self, name: &str, items: impl IntoIterator<Item = Self>) -> Self {
        self.array(name, items, |out, item| item.write(out))
    }

    /// Adds a list of structures, unless it is empty.
    #[must_use]
    pub fn optional_structures(self, name: &str, items: impl IntoIterator<Item = Self>) -> Self {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return self;
        }
        self.structures(name, items)
    }

    /// Adds a map of structures, also when it is empty.
    #[must_use]
    pub fn structure_map<K: AsRef<str>>(
        self,
        name: &str,
        entries: impl IntoIterator<Item = (K, Self)>,
    ) -> Self {
        let map = entries.into_iter().fold(Self::new(), |map, (key, value)| {
            map.structure(key.as_ref(), &value)
        });
        self.structure(name, &map)
    }

    /// The body.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.to_string().into_bytes()
    }

    fn member(mut self, name: &str, write: impl FnOnce(&mut String)) -> Self {
        if !self.members.is_empty() {
            self.members.push(',');
        }
        write_string(&mut self.members, name);
        self.members.push(':');
        write(&mut self.members);
        self
    }

    fn maybe<T>(self, value: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match value {
            Some(value) => add(self, value),
            None => self,
        }
    }

    fn array<T>(
        self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        write: impl Fn(&mut String, T),
    ) -> Self {
        self.member(name, |out| {
            out.push('[');
            for (index, item) in items.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(out, item);
            }
            out.push(']');
        })
    }

    fn write(&self, out: &mut String) {
        out.push('{');
        out.push_str(&self.members);
        out.push('}');
    }
}

/// The body as text.
impl std::fmt::Display for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{{{}}}", self.members)
    }
}

/// Answers carry tokens and keys, so their text is not shown.
impl std::fmt::Debug for Answer {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Answer({} bytes)", self.members.len())
    }
}

fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control < ' ' => {
                let code = format!("{:04x}", u32::from(control));
                out.push_str("\\u");
                out.push_str(&code);
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests;
