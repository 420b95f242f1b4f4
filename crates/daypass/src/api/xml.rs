//! Answers of the query protocol and of S3, as a small tree.
//!
//! Parsing is the library's; this only keeps what it found, within bounds.
//!
//! **Source**: IAM API reference, *Making query requests*; S3 API reference.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The deepest nesting that is read.
const DEPTH_MAX: usize = 32;

/// The most elements that are read.
const ELEMENTS_MAX: usize = 100_000;

/// One element: its name, its own text, its children.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Node {
    name: String,
    text: String,
    children: Vec<Node>,
}

/// Why an answer is no tree.
#[derive(Debug, thiserror::Error)]
pub(crate) enum XmlError {
    /// It is not XML.
    #[error("not XML: {0}")]
    Malformed(String),
    /// It is larger or deeper than any answer of ours.
    #[error("the document is too large or too deep")]
    TooLarge,
}

impl Node {
    /// Reads a document.
    pub(crate) fn parse(document: &[u8]) -> Result<Self, XmlError> {
        let document = std::str::from_utf8(document).map_err(|error| malformed(&error))?;
        let mut reader = Reader::from_str(document);
        let mut open = vec![Self::default()];
        let mut elements = 0_usize;
        loop {
            let event = reader.read_event().map_err(|error| malformed(&error))?;
            match event {
                Event::Start(start) => {
                    elements = elements.saturating_add(1);
                    if open.len() > DEPTH_MAX || elements > ELEMENTS_MAX {
                        return Err(XmlError::TooLarge);
                    }
                    open.push(Self::named(start.local_name().as_ref()));
                }
                Event::Empty(start) => {
                    let node = Self::named(start.local_name().as_ref());
                    if let Some(parent) = open.last_mut() {
                        parent.children.push(node);
                    }
                }
                Event::End(_) => {
                    let node = open.pop().unwrap_or_default();
                    if let Some(parent) = open.last_mut() {
                        parent.children.push(node);
                    }
                }
                Event::Text(text) => {
                    append(&mut open, &text);
                }
                Event::GeneralRef(reference) => {
                    append(&mut open, &entity(&reference)?);
                }
                Event::Eof => break,
                _ => {}
            }
        }
        let document = open.pop().unwrap_or_default();
        let root = document.children.into_iter().next();
        root.ok_or_else(|| XmlError::Malformed("it has no element".to_owned()))
    }

    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// The first child of this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of this name.
    pub(crate) fn text_of(&self, name: &str) -> Option<String> {
        self.child(name).map(|child| child.text.clone())
    }

    /// The element's own text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The members of a list: the children of the child `list`, whatever they are called.
    pub(crate) fn members(&self, list: &str) -> &[Self] {
        self.child(list).map_or(&[], |list| &list.children)
    }
}

fn append(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

/// The five named characters and numbers; nothing else exists without a document type.
fn entity(name: &str) -> Result<String, XmlError> {
    let known = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => name.strip_prefix('#').and_then(|number| {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => number.parse().ok(),
            };
            code.and_then(char::from_u32)
        }),
    };
    let known = known.ok_or_else(|| XmlError::Malformed(format!("unknown entity `{name}`")))?;
    Ok(known.to_string())
}

fn malformed(error: &dyn std::fmt::Display) -> XmlError {
    XmlError::Malformed(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_a_tree() {
        let tree = Node::parse(
            b"<?xml version='1.0'?><R xmlns='x'><Roles><member><Name>a&lt;b&#x26;</Name></member>\
              <member><Name/></member></Roles><S>t</S></R>",
        )
        .unwrap();
        let names: Vec<_> = tree
            .members("Roles")
            .iter()
            .map(|role| role.text_of("Name").unwrap())
            .collect();
        assert_eq!(names, ["a<b&", ""]);
        assert_eq!(tree.child("S").unwrap().text(), "t");
        assert!(tree.members("Absent").is_empty());
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for bad in ["", "text", "<a>", "<a></b>", "<a>&unknown;</a>"] {
            assert!(Node::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let deep = format!("{}{}", "<a>".repeat(40), "</a>".repeat(40));
        assert!(matches!(
            Node::parse(deep.as_bytes()),
            Err(XmlError::TooLarge)
        ));
    }
}
