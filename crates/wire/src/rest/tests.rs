//! Paths decoded once and left alone; header values that cannot break a header.

use proptest::prelude::*;

use super::*;

fn object(path: &str) -> (String, String) {
    match resource_path(path) {
        Ok(ResourcePath::Object { bucket, key }) => (bucket, key),
        other => panic!("{path:?} is {other:?}"),
    }
}

#[test]
fn paths_name_nothing_a_bucket_or_an_object() {
    assert_eq!(resource_path("/"), Ok(ResourcePath::Root));
    for path in ["/photos", "/photos/", "/p%68otos"] {
        let bucket = ResourcePath::Bucket("photos".into());
        assert_eq!(resource_path(path), Ok(bucket));
    }
    assert_eq!(object("/photos/a"), ("photos".into(), "a".into()));
}

#[test]
fn s55_a_key_is_decoded_once_and_never_normalised() {
    for (path, key) in [
        ("/b/a%2fb", "a/b"),
        ("/b/a%252fb", "a%2fb"),
        ("/b/a//b", "a//b"),
        ("/b//a", "/a"),
        ("/b/./a", "./a"),
        ("/b/..", ".."),
        ("/b/%2e%2e/x", "../x"),
        ("/b/a/", "a/"),
        ("/b/a+b%2B", "a+b+"),
        ("/b/caf%C3%A9", "café"),
        ("/b/cafe%CC%81", "cafe\u{301}"),
        ("/b/a%5Cb", "a\\b"),
        ("/b/%0A", "\n"),
    ] {
        assert_eq!(object(path), ("b".into(), key.into()), "{path}");
    }
}

#[test]
fn s08_paths_that_are_not_text_are_refused() {
    for (path, error) in [
        ("", PathError::NotRooted),
        ("b/k", PathError::NotRooted),
        ("/b/%", PathError::Escape),
        ("/b/%4", PathError::Escape),
        ("/b/%zz", PathError::Escape),
        ("/b/%ff", PathError::Utf8),
        ("/b/%ed%a0%80", PathError::Utf8),
        ("/b/%c0%af", PathError::Utf8),
        ("/b/a%00", PathError::Nul),
        ("/b%00/a", PathError::Nul),
        ("/b%2Fk", PathError::SlashInBucket),
        ("//k", PathError::NoBucket),
        ("//", PathError::NoBucket),
    ] {
        assert_eq!(resource_path(path), Err(error), "{path}");
    }
}

#[test]
fn s09_header_values_are_printable_one_line_and_cut() {
    assert_eq!(
        printable("Pool 'é' not found.\r\nX: y"),
        "Pool '' not found.X: y"
    );
    assert_eq!(printable(&"x".repeat(1_024)).len(), 1_024);
    assert_eq!(printable(&"x".repeat(1_025)).len(), 1_024);
}

#[test]
fn documents_are_escaped_but_for_unreserved_characters() {
    assert_eq!(encode(r#"{"a": 1}"#), "%7B%22a%22%3A%201%7D");
    assert_eq!(encode("aZ09-._~"), "aZ09-._~");
    assert_eq!(encode("é*/+"), "%C3%A9%2A%2F%2B");
}

proptest! {
    #[test]
    fn what_is_encoded_decodes_to_itself(text in "[^\0]*") {
        prop_assert_eq!(decode(&encode(&text)), Ok(text));
    }

    #[test]
    fn a_key_survives_the_path(key in "[^\0]{1,40}") {
        let (bucket, decoded) = object(&format!("/b/{}", encode(&key)));
        prop_assert_eq!((bucket.as_str(), decoded), ("b", key));
    }

    #[test]
    fn any_path_is_named_or_refused_without_a_panic(path: String) {
        let _ = resource_path(&path);
        let shown = printable(&path);
        prop_assert!(shown.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}
