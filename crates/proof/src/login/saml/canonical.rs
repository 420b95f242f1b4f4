//! Exclusive canonical XML: the bytes that are digested and signed.
//!
//! Comments never get here, the reader has dropped them; neither do processing instructions. What is
//! left is the order of attributes, which namespaces are written where, and how characters are
//! escaped.
//!
//! **Source**: Exclusive XML Canonicalization 1.0, sections 2 and 3; Canonical XML 1.0, section 2.3;
//! requirement S42.

use std::collections::BTreeMap;
use std::ptr;

use super::xml::{Attribute, Element, Node};

/// The longest canonical form. Namespaces are repeated in it, so it can be longer than its document.
pub(super) const CANONICAL_BYTES_MAX: usize = 1_048_576;

/// The canonical form is empty, or longer than a megabyte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NotCanonical;

/// Which namespaces are written beside those that are used.
///
/// **Shape**: prefixes, the default namespace as the empty text.
pub(super) type InclusivePrefixes = [String];

/// The canonical form of `element`, with `without`, a signature inside it, left out.
pub(super) fn canonical(
    element: &Element,
    without: Option<&Element>,
    inclusive: &InclusivePrefixes,
) -> Result<Vec<u8>, NotCanonical> {
    let mut form = Form {
        bytes: Vec::new(),
        without,
        inclusive,
    };
    form.element(element, &BTreeMap::new())?;
    if form.bytes.is_empty() {
        return Err(NotCanonical);
    }
    Ok(form.bytes)
}

struct Form<'d> {
    bytes: Vec<u8>,
    without: Option<&'d Element>,
    inclusive: &'d InclusivePrefixes,
}

type Rendered<'d> = BTreeMap<&'d str, &'d str>;

impl<'d> Form<'d> {
    /// Recursion is bounded: the reader lets no document be nested deeper than its limit.
    fn element(&mut self, element: &'d Element, above: &Rendered<'d>) -> Result<(), NotCanonical> {
        if self
            .without
            .is_some_and(|signature| ptr::eq(signature, element))
        {
            return Ok(());
        }
        let mut rendered = above.clone();
        self.open(element, above, &mut rendered);
        for child in &element.children {
            match child {
                Node::Element(inside) => self.element(inside, &rendered)?,
                Node::Text(text) => self.text(text),
            }
        }
        self.bytes.extend(b"</");
        self.name(&element.prefix, &element.local);
        self.bytes.push(b'>');
        if self.bytes.len() > CANONICAL_BYTES_MAX {
            return Err(NotCanonical);
        }
        Ok(())
    }

    fn open(&mut self, element: &'d Element, above: &Rendered<'d>, rendered: &mut Rendered<'d>) {
        self.bytes.push(b'<');
        self.name(&element.prefix, &element.local);
        let used = element.attributes.iter().map(|one| one.prefix.as_str());
        let used = used.filter(|prefix| !prefix.is_empty());
        let mut prefixes: Vec<&str> = used.chain([element.prefix.as_str()]).collect();
        prefixes.extend(self.inclusive.iter().map(String::as_str));
        prefixes.sort_unstable();
        prefixes.dedup();
        for prefix in prefixes {
            // `xml` is always in force and never written; a listed prefix may not be in force.
            let Some(uri) = in_force(element, prefix) else {
                continue;
            };
            if above.get(prefix).copied().unwrap_or_default() != uri {
                rendered.insert(prefix, uri);
                self.bytes.extend(b" xmlns");
                if !prefix.is_empty() {
                    self.bytes.push(b':');
                    self.bytes.extend(prefix.as_bytes());
                }
                self.value(uri);
            }
        }
        let mut attributes: Vec<&Attribute> = element.attributes.iter().collect();
        attributes.sort_unstable_by_key(|one| (one.namespace.as_str(), one.local.as_str()));
        for attribute in attributes {
            self.bytes.push(b' ');
            self.name(&attribute.prefix, &attribute.local);
            self.value(&attribute.value);
        }
        self.bytes.push(b'>');
    }

    fn name(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.bytes.extend(prefix.as_bytes());
            self.bytes.push(b':');
        }
        self.bytes.extend(local.as_bytes());
    }

    fn value(&mut self, value: &str) {
        self.bytes.extend(b"=\"");
        for byte in value.bytes() {
            match byte {
                b'&' => self.bytes.extend(b"&amp;"),
                b'<' => self.bytes.extend(b"&lt;"),
                b'"' => self.bytes.extend(b"&quot;"),
                b'\t' => self.bytes.extend(b"&#x9;"),
                b'\n' => self.bytes.extend(b"&#xA;"),
                b'\r' => self.bytes.extend(b"&#xD;"),
                plain => self.bytes.push(plain),
            }
        }
        self.bytes.push(b'"');
    }

    fn text(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'&' => self.bytes.extend(b"&amp;"),
                b'<' => self.bytes.extend(b"&lt;"),
                b'>' => self.bytes.extend(b"&gt;"),
                b'\r' => self.bytes.extend(b"&#xD;"),
                plain => self.bytes.push(plain),
            }
        }
    }
}

/// The namespace a prefix has at an element; the empty one for no default namespace.
fn in_force<'e>(element: &'e Element, prefix: &str) -> Option<&'e str> {
    match element.scope.get(prefix) {
        Some(uri) => Some(uri),
        None if prefix.is_empty() => Some(""),
        None => None,
    }
}

#[cfg(test)]
mod tests;
