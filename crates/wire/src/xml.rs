//! Answers in XML: the query protocol's envelopes and the bare error body of the REST face.
//!
//! Element names come from the program and never from a request; text comes from anywhere, so it
//! is escaped, and characters XML 1.0 cannot carry are left out.
//!
//! **Source**: STS reference page, sections 1.2 and 6.6; XML 1.0, sections 2.2 (characters) and
//! 2.11 (why a carriage return must be escaped).

use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// One element: its name, and either text or child elements.
#[derive(Clone, Eq, PartialEq)]
pub struct Element {
    name: &'static str,
    content: Content,
}

#[derive(Clone, Eq, PartialEq)]
enum Content {
    Text(String),
    Children(Vec<Element>),
}

impl Element {
    /// An element without content.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            content: Content::Children(Vec::new()),
        }
    }

    /// An element that holds text, such as the member of a list of strings.
    pub fn leaf(name: &'static str, text: impl Into<String>) -> Self {
        Self {
            name,
            content: Content::Text(text.into()),
        }
    }

    /// Adds `<name>value</name>`.
    #[must_use]
    pub fn text(self, name: &'static str, value: impl Into<String>) -> Self {
        self.child(Self::leaf(name, value))
    }

    /// Adds `<name>value</name>`, if there is a value.
    #[must_use]
    pub fn optional_text(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        self.optional_child(value.map(|value| Self::leaf(name, value)))
    }

    /// Adds `<name>true</name>` or `<name>false</name>`.
    #[must_use]
    pub fn flag(self, name: &'static str, value: bool) -> Self {
        self.text(name, value.to_string())
    }

    /// Adds a number.
    #[must_use]
    pub fn integer(self, name: &'static str, value: i64) -> Self {
        self.text(name, value.to_string())
    }

    /// Adds a child element, and drops any text of this one.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        match &mut self.content {
            Content::Children(children) => children.push(child),
            Content::Text(_) => self.content = Content::Children(vec![child]),
        }
        self
    }

    /// Adds a child element, if there is one.
    #[must_use]
    pub fn optional_child(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds `<name>` around the content of each item as `<member>`; an empty list is `<name/>`.
    #[must_use]
    pub fn list(self, name: &'static str, items: impl IntoIterator<Item = Self>) -> Self {
        let members = items.into_iter().map(|item| item.renamed("member"));
        self.child(Self {
            name,
            content: Content::Children(members.collect()),
        })
    }

    /// Adds a list of strings.
    #[must_use]
    pub fn texts<T: Into<String>>(
        self,
        name: &'static str,
        items: impl IntoIterator<Item = T>,
    ) -> Self {
        let items = items.into_iter().map(|text| Self::leaf("member", text));
        self.list(name, items)
    }

    /// Adds a map as `<entry><key/><value/></entry>` elements.
    #[must_use]
    pub fn map<K: Into<String>, V: Into<String>>(
        self,
        name: &'static str,
        entries: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let entries = entries
            .into_iter()
            .map(|(key, value)| Self::new("entry").text("key", key).text("value", value));
        self.child(Self {
            name,
            content: Content::Children(entries.collect()),
        })
    }

    /// The element as a document, without declaration or namespace.
    pub fn to_bytes(&self) -> Vec<u8> {
        written(|writer| self.write(writer))
    }

    fn renamed(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
        self.write_as(self.name, None, writer)
    }

    fn write_as(
        &self,
        name: &str,
        namespace: Option<&'static str>,
        writer: &mut Writer<Vec<u8>>,
    ) -> io::Result<()> {
        let mut start = BytesStart::new(name);
        if let Some(namespace) = namespace {
            start.push_attribute(("xmlns", namespace));
        }
        match &self.content {
            Content::Children(children) if children.is_empty() => {
                return writer.write_event(Event::Empty(start));
            }
            Content::Children(children) => {
                writer.write_event(Event::Start(start))?;
                children.iter().try_for_each(|child| child.write(writer))?;
            }
            Content::Text(text) => {
                writer.write_event(Event::Start(start))?;
                let text = carried(text);
                let escaped = BytesText::from_escaped(partial_escape(text.as_str()));
                writer.write_event(Event::Text(escaped))?;
            }
        }
        writer.write_event(Event::End(BytesEnd::new(name)))
    }
}

/// Answers carry secrets, so only the element's name is shown.
impl std::fmt::Debug for Element {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "<{}>", self.name)
    }
}

/// Whose fault an error is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The caller's: statuses 400 to 499.
    Sender,
    /// Ours: statuses from 500.
    Receiver,
}

impl Fault {
    /// The fault of a status.
    pub const fn of_status(status: u16) -> Self {
        if status < 500 {
            Self::Sender
        } else {
            Self::Receiver
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// The envelope of a success: `<{operation}Response>`.
///
/// `result` is the output's members; its own name is replaced by `{operation}Result`. An operation
/// without an output shape has `None`; an output shape without members is an empty element.
pub fn success(
    operation: &str,
    namespace: &'static str,
    result: Option<&Element>,
    request_id: &str,
) -> Vec<u8> {
    let response = format!("{operation}Response");
    written(|writer| {
        let mut start = BytesStart::new(response.as_str());
        start.push_attribute(("xmlns", namespace));
        writer.write_event(Event::Start(start))?;
        if let Some(result) = result {
            result.write_as(&format!("{operation}Result"), None, writer)?;
        }
        Element::new("ResponseMetadata")
            .text("RequestId", request_id)
            .write(writer)?;
        writer.write_event(Event::End(BytesEnd::new(response.as_str())))
    })
}

/// The envelope of an error: `<ErrorResponse>`.
pub fn error(
    namespace: &'static str,
    fault: Fault,
    code: &str,
    message: &str,
    request_id: &str,
) -> Vec<u8> {
    let error = Element::new("Error")
        .text("Type", fault.text())
        .text("Code", code)
        .text("Message", message);
    let response = Element::new("ErrorResponse")
        .child(error)
        .text("RequestId", request_id);
    written(|writer| response.write_as(response.name, Some(namespace), writer))
}

/// The error body of the REST face: no namespace, no wrapper, `details` after the message.
pub fn bare_error(
    code: &str,
    message: &str,
    details: &[(&'static str, &str)],
    request_id: &str,
    host_id: &str,
) -> Vec<u8> {
    let error = Element::new("Error")
        .text("Code", code)
        .text("Message", message);
    let error = details
        .iter()
        .fold(error, |error, (name, value)| error.text(name, *value))
        .text("RequestId", request_id)
        .text("HostId", host_id);
    written(|writer| {
        let declaration = BytesDecl::new("1.0", Some("UTF-8"), None);
        writer.write_event(Event::Decl(declaration))?;
        error.write(writer)
    })
}

/// The text without the characters XML 1.0 cannot carry, escaped or not.
fn carried(text: &str) -> String {
    let carries = |c: &char| {
        matches!(
            c,
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..
        )
    };
    text.chars().filter(carries).collect()
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory has no way to fail, and there is no answer to give without it"
)]
fn written(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new());
    write(&mut writer).expect("writing to memory succeeds");
    writer.into_inner()
}

#[cfg(test)]
mod tests;
