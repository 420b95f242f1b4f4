//! A bounded reader of the small part of XML that SAML needs, into a tree that knows its namespaces.
//!
//! Every trick that makes two readers see two documents starts with a feature nobody needs here:
//! document types, entities, processing instructions, character sections, comments inside a value.
//! They are refused, so what is left means one thing only. Line ends and attribute values are
//! normalized as every XML processor does; names are ASCII.
//!
//! **Source**: XML 1.0 (fifth edition); Namespaces in XML 1.0; requirements S02, S41, S42 and the
//! limits page.

use std::collections::BTreeMap;
use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::markup::{attributes, character, declaration, is_name, reference};

/// The deepest nesting. **Source**: limits page.
pub(super) const DEPTH_MAX: usize = 32;
/// The most elements of a document. **Source**: limits page.
pub(super) const ELEMENTS_MAX: usize = 2_000;
/// The most attributes of an element, namespace declarations among them. **Source**: limits page.
pub(super) const ATTRIBUTES_MAX: usize = 32;

/// The namespace every document has for the prefix `xml`.
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Why bytes are not a document that is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum XmlError {
    /// More bytes than are read.
    #[error("the document is too long")]
    TooLong,
    /// Not UTF-8, or declared to be something else, or begun with a byte order mark.
    #[error("the document is not plain UTF-8")]
    Encoding,
    /// Not well formed.
    #[error("the document is not well formed")]
    NotWellFormed,
    /// A character that XML has not.
    #[error("the document holds a character that XML does not allow")]
    Character,
    /// A document type declaration.
    #[error("document types are not accepted")]
    DocumentType,
    /// A processing instruction.
    #[error("processing instructions are not accepted")]
    ProcessingInstruction,
    /// A CDATA section.
    #[error("CDATA sections are not accepted")]
    CharacterSection,
    /// An entity other than the five, or a reference to a character that XML has not.
    #[error("an entity is not one of the five predefined ones")]
    Entity,
    /// A comment in an element that has text, or has nothing else.
    #[error("a comment stands inside a value")]
    Comment,
    /// Nested deeper than 32 elements.
    #[error("the document is nested too deeply")]
    Depth,
    /// More than 2,000 elements.
    #[error("the document has too many elements")]
    Elements,
    /// More than 32 attributes of one element.
    #[error("an element has too many attributes")]
    Attributes,
    /// A name that is no plain qualified name, or given twice on one element.
    #[error("a name is not well formed, or given twice")]
    Name,
    /// A prefix without a namespace, or a namespace that is not absolute.
    #[error("a namespace is missing, relative or reserved")]
    Namespace,
}

/// One element of a document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Element {
    /// Its prefix; empty without one.
    pub prefix: String,
    /// Its name without the prefix.
    pub local: String,
    /// Its namespace; empty for none.
    pub namespace: String,
    /// The namespaces in force here, by prefix. The prefix `xml` is not among them.
    pub scope: Arc<BTreeMap<String, String>>,
    /// Its attributes, namespace declarations left out.
    pub attributes: Vec<Attribute>,
    /// What it holds, in order. Comments are gone, and neighbouring texts are one.
    pub children: Vec<Node>,
    commented: bool,
}

/// One attribute, its value normalized.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Attribute {
    /// Its prefix; empty without one.
    pub prefix: String,
    /// Its name without the prefix.
    pub local: String,
    /// Its namespace; empty for none.
    pub namespace: String,
    /// Its value.
    pub value: String,
}

/// What an element holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Node {
    /// Another element.
    Element(Element),
    /// Text.
    Text(String),
}

/// Reads a document of at most `bytes_max` bytes and gives its root.
pub(super) fn parse(bytes: &[u8], bytes_max: usize) -> Result<Element, XmlError> {
    if bytes.len() > bytes_max {
        return Err(XmlError::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| XmlError::Encoding)?;
    if text.starts_with('\u{feff}') {
        return Err(XmlError::Encoding);
    }
    if !text.chars().all(character) {
        return Err(XmlError::Character);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_comments = true;
    let mut tree = Tree::default();
    let mut first = true;
    loop {
        let event = reader.read_event().map_err(|_| XmlError::NotWellFormed)?;
        if matches!(event, Event::Eof) {
            return tree.finish();
        }
        tree.take(&event, first)?;
        first = false;
    }
}

/// The elements that are open, and the root once it is closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn take(&mut self, event: &Event<'_>, first: bool) -> Result<(), XmlError> {
        match event {
            Event::Start(tag) => self.start(tag.name().as_ref(), tag.attributes_raw()),
            Event::Empty(tag) => {
                self.start(tag.name().as_ref(), tag.attributes_raw())?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) if text.contains("]]>") => Err(XmlError::NotWellFormed),
            Event::Text(text) => self.text(text),
            Event::GeneralRef(name) => self.character(reference(name)?),
            Event::Comment(_) => {
                if let Some(element) = self.open.last_mut() {
                    element.commented = true;
                }
                Ok(())
            }
            Event::Decl(content) if first => declaration(content),
            Event::Decl(_) | Event::PI(_) => Err(XmlError::ProcessingInstruction),
            Event::CData(_) => Err(XmlError::CharacterSection),
            Event::DocType(_) => Err(XmlError::DocumentType),
            Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, name: &str, raw: &str) -> Result<(), XmlError> {
        self.elements += 1;
        if self.elements > ELEMENTS_MAX {
            return Err(XmlError::Elements);
        }
        if self.open.len() >= DEPTH_MAX {
            return Err(XmlError::Depth);
        }
        if self.root.is_some() {
            return Err(XmlError::NotWellFormed);
        }
        let outer = self.open.last().map(|parent| Arc::clone(&parent.scope));
        self.open
            .push(Element::open(name, raw, outer.unwrap_or_default())?);
        Ok(())
    }

    fn end(&mut self) -> Result<(), XmlError> {
        let element = self.open.pop().ok_or(XmlError::NotWellFormed)?;
        if element.commented && !element.only_elements() {
            return Err(XmlError::Comment);
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        let Some(element) = self.open.last_mut() else {
            return if is_blank(text) {
                Ok(())
            } else {
                Err(XmlError::NotWellFormed)
            };
        };
        if let Some(Node::Text(before)) = element.children.last_mut() {
            before.push_str(text);
        } else {
            element.children.push(Node::Text(text.to_owned()));
        }
        Ok(())
    }

    fn character(&mut self, one: char) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return Err(XmlError::NotWellFormed);
        }
        self.text(one.encode_utf8(&mut [0; 4]))
    }

    fn finish(self) -> Result<Element, XmlError> {
        if self.open.is_empty() {
            self.root.ok_or(XmlError::NotWellFormed)
        } else {
            Err(XmlError::NotWellFormed)
        }
    }
}

impl Element {
    fn open(name: &str, raw: &str, outer: Arc<BTreeMap<String, String>>) -> Result<Self, XmlError> {
        let given = attributes(raw)?;
        if given.len() > ATTRIBUTES_MAX {
            return Err(XmlError::Attributes);
        }
        let mut scope = outer;
        let mut plain = Vec::new();
        for (name, value) in given {
            match name.split_once(':') {
                None if name == "xmlns" => declare(&mut scope, "", value)?,
                Some(("xmlns", prefix)) => declare(&mut scope, prefix, value)?,
                _ => plain.push((name, value)),
            }
        }
        let (prefix, local) = qualified(name)?;
        let mut element = Self {
            namespace: namespace(&scope, prefix)?,
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            attributes: Vec::with_capacity(plain.len()),
            children: Vec::new(),
            commented: false,
            scope,
        };
        for (name, value) in plain {
            let attribute = Attribute::new(name, value, &element.scope)?;
            if element
                .attributes
                .iter()
                .any(|one| one.is_named_as(&attribute))
            {
                return Err(XmlError::Name);
            }
            element.attributes.push(attribute);
        }
        Ok(element)
    }

    /// Whether this is the element `local` of `namespace`.
    pub(super) fn is(&self, namespace: &str, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }

    /// The elements directly inside.
    pub(super) fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// This element and all inside it, in document order.
    pub(super) fn descendants(&self) -> Vec<&Self> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(element) = waiting.pop() {
            found.push(element);
            let inside: Vec<_> = element.elements().collect();
            waiting.extend(inside.into_iter().rev());
        }
        found
    }

    /// The value of the attribute `local` that has no namespace.
    pub(super) fn attribute(&self, local: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|one| one.namespace.is_empty() && one.local == local)
            .map(|one| one.value.as_str())
    }

    /// The whole text of an element that holds nothing but text; nothing if it holds an element.
    pub(super) fn text(&self) -> Option<&str> {
        match self.children.as_slice() {
            [] => Some(""),
            [Node::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether it holds elements, and between them white space at most.
    pub(super) fn only_elements(&self) -> bool {
        self.elements().next().is_some() && self.is_without_text()
    }

    /// Whether its own text is white space at most.
    pub(super) fn is_without_text(&self) -> bool {
        self.children.iter().all(|child| match child {
            Node::Element(_) => true,
            Node::Text(text) => is_blank(text),
        })
    }
}

impl Attribute {
    fn new(name: &str, value: String, scope: &BTreeMap<String, String>) -> Result<Self, XmlError> {
        let (prefix, local) = qualified(name)?;
        let namespace = if prefix.is_empty() {
            String::new()
        } else {
            namespace(scope, prefix)?
        };
        Ok(Self {
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            namespace,
            value,
        })
    }

    fn is_named_as(&self, other: &Self) -> bool {
        self.local == other.local && self.namespace == other.namespace
    }
}

/// Whether a text is XML's white space at most.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Splits a qualified name.
fn qualified(name: &str) -> Result<(&str, &str), XmlError> {
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let plain = is_name(local) && (prefix.is_empty() || is_name(prefix));
    if plain && !name.starts_with(':') && prefix != "xmlns" {
        Ok((prefix, local))
    } else {
        Err(XmlError::Name)
    }
}

fn namespace(scope: &BTreeMap<String, String>, prefix: &str) -> Result<String, XmlError> {
    match scope.get(prefix) {
        Some(uri) => Ok(uri.clone()),
        None if prefix.is_empty() => Ok(String::new()),
        None if prefix == "xml" => Ok(XML.to_owned()),
        None => Err(XmlError::Namespace),
    }
}

/// Puts a namespace declaration in force.
///
/// Canonical forms are not defined for relative namespaces, and whether a text is one is answered
/// differently here and there: the schemes that SAML's own namespaces use are taken, no others.
fn declare(
    scope: &mut Arc<BTreeMap<String, String>>,
    prefix: &str,
    uri: String,
) -> Result<(), XmlError> {
    let absolute = ["http://", "https://", "urn:"].iter().any(|scheme| {
        uri.strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    });
    let undeclared = prefix.is_empty() && uri.is_empty();
    let reserved = uri == XML || uri == "http://www.w3.org/2000/xmlns/" || prefix == "xmlns";
    let plain = uri.bytes().all(|byte| byte.is_ascii_graphic());
    if reserved || prefix == "xml" || !plain || !(absolute || undeclared) {
        return Err(XmlError::Namespace);
    }
    if !prefix.is_empty() && !is_name(prefix) {
        return Err(XmlError::Name);
    }
    let scope = Arc::make_mut(scope);
    if undeclared {
        scope.remove("");
    } else {
        scope.insert(prefix.to_owned(), uri);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
