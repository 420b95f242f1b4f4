//! The canonical forms of the recommendation's own rules, one by one.

use proptest::prelude::*;

use super::super::xml::parse;
use super::*;

fn form(text: &str) -> String {
    with(text, &[])
}

fn with(text: &str, prefixes: &[&str]) -> String {
    let root = parse(text.as_bytes(), 100_000).unwrap();
    let prefixes: Vec<String> = prefixes.iter().map(|one| (*one).to_owned()).collect();
    String::from_utf8(canonical(&root, None, &prefixes).unwrap()).unwrap()
}

/// The form of the first element inside.
fn inside(text: &str, prefixes: &[&str]) -> String {
    let root = parse(text.as_bytes(), 100_000).unwrap();
    let prefixes: Vec<String> = prefixes.iter().map(|one| (*one).to_owned()).collect();
    let element = root.elements().next().unwrap();
    String::from_utf8(canonical(element, None, &prefixes).unwrap()).unwrap()
}

#[test]
fn empty_tags_are_written_out_and_quotes_are_double() {
    assert_eq!(form("<r  a = 'x' />"), "<r a=\"x\"></r>");
    assert_eq!(form("<?xml version='1.0'?><!-- x -->\n<r/>\n"), "<r></r>");
}

#[test]
fn attributes_stand_in_order_of_namespace_and_name() {
    let text = "<r xmlns:a='urn:z' xmlns:b='urn:y' b:x='1' a:x='2' z='3' c='4' xml:lang='5'/>";
    let wanted = "<r xmlns:a=\"urn:z\" xmlns:b=\"urn:y\" c=\"4\" z=\"3\" xml:lang=\"5\" b:x=\"1\" a:x=\"2\"></r>";
    assert_eq!(form(text), wanted);
}

#[test]
fn characters_are_escaped_in_text_and_in_values() {
    let text = "<r a='&lt;&gt;&amp;&quot;&apos;&#9;&#10;&#13;'>&lt;&gt;&amp;&quot;&#9;&#13;</r>";
    let wanted = "<r a=\"&lt;>&amp;&quot;'&#x9;&#xA;&#xD;\">&lt;&gt;&amp;\"\t&#xD;</r>";
    assert_eq!(form(text), wanted);
}

#[test]
fn only_namespaces_in_use_are_written_where_they_are_first_used() {
    let text = "<r xmlns:a='urn:a' xmlns:b='urn:b'><a:x><a:y b:z='1'/></a:x><a:x/></r>";
    let wanted = "<r><a:x xmlns:a=\"urn:a\"><a:y xmlns:b=\"urn:b\" b:z=\"1\"></a:y></a:x>\
                  <a:x xmlns:a=\"urn:a\"></a:x></r>";
    assert_eq!(form(text), wanted);
    assert_eq!(
        inside(text, &[]),
        "<a:x xmlns:a=\"urn:a\"><a:y xmlns:b=\"urn:b\" b:z=\"1\"></a:y></a:x>"
    );
    let listed = "<a:x xmlns:a=\"urn:a\" xmlns:b=\"urn:b\"><a:y b:z=\"1\"></a:y></a:x>";
    assert_eq!(inside(text, &["b", "unknown", "xml"]), listed);
}

#[test]
fn the_default_namespace_comes_and_goes() {
    let text = "<r xmlns='urn:d'><x xmlns=''><y/></x></r>";
    assert_eq!(
        form(text),
        "<r xmlns=\"urn:d\"><x xmlns=\"\"><y></y></x></r>"
    );
    assert_eq!(inside(text, &[""]), "<x><y></y></x>");
    let unused = "<a:r xmlns='urn:d' xmlns:a='urn:a'><a:x/></a:r>";
    assert_eq!(form(unused), "<a:r xmlns:a=\"urn:a\"><a:x></a:x></a:r>");
    let listed = "<a:r xmlns=\"urn:d\" xmlns:a=\"urn:a\"><a:x></a:x></a:r>";
    assert_eq!(with(unused, &[""]), listed);
}

#[test]
fn a_prefix_may_change_its_meaning() {
    let text = "<a:r xmlns:a='urn:1'><a:x xmlns:a='urn:2'><a:y xmlns:a='urn:1'/></a:x></a:r>";
    let wanted =
        "<a:r xmlns:a=\"urn:1\"><a:x xmlns:a=\"urn:2\"><a:y xmlns:a=\"urn:1\"></a:y></a:x></a:r>";
    assert_eq!(form(text), wanted);
}

#[test]
fn what_is_left_out_is_that_element_and_no_other_like_it() {
    let root = parse(b"<r><s/>t<s/></r>", 100).unwrap();
    let second = root.elements().nth(1).unwrap();
    let bytes = canonical(&root, Some(second), &[]).unwrap();
    assert_eq!(bytes, b"<r><s></s>t</r>");
    // Nothing is left of an element that is left out itself.
    assert_eq!(canonical(&root, Some(&root), &[]), Err(NotCanonical));
}

#[test]
fn s42_a_form_that_grows_without_bound_is_refused() {
    let long = format!("urn:{}", "x".repeat(2_000));
    let text = format!("<r xmlns:a='{long}'>{}</r>", "<a:x/>".repeat(1_000));
    let root = parse(text.as_bytes(), 100_000).unwrap();
    assert_eq!(canonical(&root, None, &[]), Err(NotCanonical));
}

proptest! {
    /// The canonical form of a canonical form is itself, so reading it back changes nothing.
    #[test]
    fn a_canonical_form_is_stable(
        names in prop::collection::vec("[ab]:[xy]|[xy]", 1..6),
        values in prop::collection::vec("[ -~\t\n]{0,6}", 6),
    ) {
        let escaped = |value: &str| {
            value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('>', "&gt;")
        };
        let mut text = String::new();
        for (name, value) in names.iter().zip(&values) {
            text = format!(
                "<{name} xmlns:a=\"urn:a\" xmlns:b=\"urn:b\" v=\"{0}\">{0}{text}</{name}>",
                escaped(value)
            );
        }
        let once = form(&text);
        prop_assert_eq!(form(&once), once);
    }
}
