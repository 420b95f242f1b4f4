//! Where each part of a JSON text stands.
//!
//! The text was read before, so that this may trust its shape and depth.
//!
//! **Source**: RFC 8259.

use std::collections::HashMap;

/// What separates the steps of a path; no policy holds it outside of text.
const STEP: char = '\u{1f}';

/// Line and column of every member name and every element, by path.
#[derive(Debug, Default)]
pub(super) struct Places(HashMap<String, (usize, usize)>);

impl Places {
    /// The places in a text that is JSON.
    pub(super) fn of(text: &str) -> Self {
        let mut reader = Reader {
            bytes: text.as_bytes(),
            at: 0,
            line: 1,
            line_start: 0,
            places: HashMap::new(),
        };
        reader.value(&mut String::new());
        Self(reader.places)
    }

    /// Line and column of a part, both from 1; those of its nearest parent where it is not there.
    pub(super) fn find(&self, path: &[&str]) -> Option<(usize, usize)> {
        let (_, parent) = path.split_last()?;
        match self.0.get(&join(path)) {
            Some(place) => Some(*place),
            None => self.find(parent),
        }
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, path: &[&str]) -> bool {
        self.0.contains_key(&join(path))
    }

    /// The path of a statement, which may stand alone or in a list.
    pub(super) fn statement(&self, index: usize) -> Vec<String> {
        let number = index.to_string();
        let listed = ["Statement", number.as_str()];
        if self.0.contains_key(&join(&listed)) {
            listed.map(str::to_owned).to_vec()
        } else {
            vec!["Statement".to_owned()]
        }
    }
}

fn join(path: &[&str]) -> String {
    path.join(&STEP.to_string())
}

/// Goes one step down a path and answers how long it was before.
fn step(path: &mut String, name: &str) -> usize {
    let length = path.len();
    if length > 0 {
        path.push(STEP);
    }
    path.push_str(name);
    length
}

struct Reader<'t> {
    bytes: &'t [u8],
    at: usize,
    line: usize,
    line_start: usize,
    places: HashMap<String, (usize, usize)>,
}

impl Reader<'_> {
    fn peek(&mut self) -> u8 {
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.line_start = self.at + 1;
                }
                b' ' | b'\t' | b'\r' => {}
                other => return *other,
            }
            self.at += 1;
        }
        0
    }

    fn value(&mut self, path: &mut String) {
        match self.peek() {
            b'{' => self.members(path),
            b'[' => self.elements(path),
            b'"' => {
                self.text();
            }
            _ => {
                let ends = |byte: &u8| b",]} \t\r\n".contains(byte);
                while self.bytes.get(self.at).is_some_and(|byte| !ends(byte)) {
                    self.at += 1;
                }
            }
        }
    }

    fn members(&mut self, path: &mut String) {
        self.at += 1;
        while self.peek() == b'"' {
            let place = self.place();
            let name = self.text();
            let length = step(path, &name);
            self.places.insert(path.clone(), place);
            if self.peek() == b':' {
                self.at += 1;
            }
            self.value(path);
            path.truncate(length);
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn elements(&mut self, path: &mut String) {
        self.at += 1;
        let mut index = 0_usize;
        while !matches!(self.peek(), b']' | 0) {
            let length = step(path, &index.to_string());
            self.places.insert(path.clone(), self.place());
            self.value(path);
            path.truncate(length);
            index += 1;
            if self.peek() == b',' {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn place(&self) -> (usize, usize) {
        (self.line, self.at - self.line_start + 1)
    }

    /// Reads over a string and answers what it says.
    fn text(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at) {
            self.at += match byte {
                b'\\' => 2,
                b'"' => break,
                _ => 1,
            };
        }
        self.at += 1;
        let written = self.bytes.get(start..self.at).unwrap_or_default();
        serde_json::from_slice(written).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_has_its_line_and_column() {
        let text = "{\n \"Statement\": [\n  {\"Action\": [\"a\", \"b\\\"]\"], \"x\":1.5},\n  true\n ],\n \"Version\":\"1\"}";
        let places = Places::of(text);
        assert_eq!(places.find(&["Statement"]), Some((2, 2)));
        assert_eq!(places.find(&["Statement", "0"]), Some((3, 3)));
        assert_eq!(
            places.find(&["Statement", "0", "Action", "1"]),
            Some((3, 20))
        );
        assert_eq!(places.find(&["Statement", "0", "x"]), Some((3, 29)));
        assert_eq!(places.find(&["Statement", "1"]), Some((4, 3)));
        assert_eq!(places.find(&["Version"]), Some((6, 2)));
        assert_eq!(places.find(&["Statement", "0", "Resource"]), Some((3, 3)));
        assert_eq!(places.find(&["Absent"]), None);
        assert_eq!(places.statement(1), ["Statement", "1"]);
        assert_eq!(
            Places::of(r#"{"Statement":{}}"#).statement(0),
            ["Statement"]
        );
    }
}
