//! What is read, and what is refused by its name.

use super::*;

fn refusal(text: &str) -> XmlError {
    parse(text.as_bytes(), 100_000).unwrap_err()
}

#[test]
fn a_document_is_read_with_its_namespaces() {
    let text =
        "<a:r xmlns:a=\"urn:a\" xmlns='urn:d' x='1' a:y='2'><c>t&amp;<z xmlns=''/></c></a:r>";
    let root = parse(text.as_bytes(), 100).unwrap();
    assert!(root.is("urn:a", "r"));
    assert_eq!(root.attribute("x"), Some("1"));
    // An attribute with a namespace is another attribute, and one without has none by default.
    assert_eq!(root.attribute("y"), None);
    let namespaces: Vec<_> = root
        .attributes
        .iter()
        .map(|one| one.namespace.as_str())
        .collect();
    assert_eq!(namespaces, ["", "urn:a"]);
    let inside = root.elements().next().unwrap();
    assert!(inside.is("urn:d", "c"));
    assert_eq!(inside.text(), None);
    assert!(inside.elements().next().unwrap().is("", "z"));
    let names: Vec<_> = root
        .descendants()
        .iter()
        .map(|one| one.local.as_str())
        .collect();
    assert_eq!(names, ["r", "c", "z"]);
}

#[test]
fn line_ends_and_values_are_normalized() {
    let root = parse(b"<r a='x\r\ny\tz&#13;'>1\r\n2\r3&#13;</r>", 100).unwrap();
    assert_eq!(root.attribute("a"), Some("x y z\r"));
    assert_eq!(root.text(), Some("1\n2\n3\r"));
}

#[test]
fn s41_what_makes_two_readers_differ_is_refused() {
    let refused = [
        ("<!DOCTYPE r><r/>", XmlError::DocumentType),
        ("<r><?x?></r>", XmlError::ProcessingInstruction),
        ("<r/><?x?>", XmlError::ProcessingInstruction),
        (
            "<r><?xml version='1.0'?></r>",
            XmlError::ProcessingInstruction,
        ),
        ("<r><![CDATA[x]]></r>", XmlError::CharacterSection),
        ("<r>&x;</r>", XmlError::Entity),
        ("<r>a<!-- -->b</r>", XmlError::Comment),
        ("<r><!-- --></r>", XmlError::Comment),
        ("<r><a/>t<!-- --></r>", XmlError::Comment),
        ("<r><!-- a -- b --><a/></r>", XmlError::NotWellFormed),
        ("<r/><r/>", XmlError::NotWellFormed),
        ("<r/>x", XmlError::NotWellFormed),
        ("&amp;<r/>", XmlError::NotWellFormed),
        ("<r>]]></r>", XmlError::NotWellFormed),
        ("<r><a></r></a>", XmlError::NotWellFormed),
        ("<r", XmlError::NotWellFormed),
        ("</r>", XmlError::NotWellFormed),
        ("", XmlError::NotWellFormed),
        ("\u{feff}<r/>", XmlError::Encoding),
        ("<r>\u{1}</r>", XmlError::Character),
        ("<r>\u{fffe}</r>", XmlError::Character),
    ];
    for (text, error) in refused {
        assert_eq!(refusal(text), error, "{text}");
    }
    for text in ["<!-- --><r><!-- --><a/> <!-- --></r><!-- -->", "<r> </r>\n"] {
        assert!(parse(text.as_bytes(), 100).is_ok(), "{text}");
    }
    assert_eq!(parse(b"<r>\xff</r>", 100), Err(XmlError::Encoding));
}

#[test]
fn names_and_namespaces_are_plain() {
    for text in [
        "<:r/>",
        "<r:/>",
        "<a:b:c/>",
        "<1/>",
        "<r 1='x'/>",
        "<xmlns:r/>",
        "<ä/>",
    ] {
        assert_eq!(refusal(text), XmlError::Name, "{text}");
    }
    let twice = "<r xmlns:a='urn:x' xmlns:b='urn:x' a:c='1' b:c='2'/>";
    assert_eq!(refusal(twice), XmlError::Name);
    for text in [
        "<a:r/>",
        "<r a:x='1'/>",
        "<r xmlns:a=''/>",
        "<r xmlns:a='relative'/>",
        "<r xmlns='../up'/>",
        "<r xmlns:a='a:b'/>",
        "<r xmlns:a='urn:'/>",
        "<r xmlns:a='urn:a b'/>",
        "<r xmlns:xml='urn:x'/>",
        "<r xmlns:xmlns='urn:x'/>",
        "<r xmlns:a='http://www.w3.org/XML/1998/namespace'/>",
    ] {
        assert_eq!(refusal(text), XmlError::Namespace, "{text}");
    }
}

#[test]
fn s02_depth_size_and_number_have_limits() {
    let nested = |depth: usize| format!("{}{}", "<r>".repeat(depth), "</r>".repeat(depth));
    assert!(parse(nested(32).as_bytes(), 1_000).is_ok());
    assert_eq!(refusal(&nested(33)), XmlError::Depth);
    let elements = |number: usize| format!("<r>{}</r>", "<a/>".repeat(number));
    assert!(parse(elements(1_999).as_bytes(), 100_000).is_ok());
    assert_eq!(refusal(&elements(2_000)), XmlError::Elements);
    let attributes = |number: usize| {
        let each = (0..number).map(|at| format!(" a{at}='1'"));
        format!("<r{}/>", each.collect::<String>())
    };
    assert!(parse(attributes(32).as_bytes(), 1_000).is_ok());
    assert_eq!(refusal(&attributes(33)), XmlError::Attributes);
    assert_eq!(parse(b"<r/>", 3), Err(XmlError::TooLong));
    assert!(parse(b"<r/>", 4).is_ok());
}
