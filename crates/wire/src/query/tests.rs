//! Forms on both sides of every rule.

use proptest::prelude::*;

use super::*;

fn body(text: &str) -> Result<Parameters, QueryError> {
    read("", text.as_bytes())
}

#[test]
fn form_encoding_is_undone_once() {
    for (text, value) in [
        ("A=a+b", "a b"),
        ("A=a%2Bb", "a+b"),
        ("A=a%252Bb", "a%2Bb"),
        ("A=a=b", "a=b"),
        ("A", ""),
        ("A=", ""),
        ("&&A=x&", "x"),
        ("%41=x", "x"),
        ("A=%C3%A9", "é"),
    ] {
        assert_eq!(body(text).unwrap().get("A"), Some(value), "{text}");
    }
}

#[test]
fn query_string_and_body_are_both_read_and_the_body_wins() {
    let parameters = read("Action=A&X=query&Only=q", b"X=body").unwrap();
    assert_eq!(parameters.action(), Some("A"));
    assert_eq!(parameters.get("X"), Some("body"));
    assert_eq!(parameters.get("Only"), Some("q"));
    assert_eq!(parameters.len(), 3);
    assert!(read("", b"").unwrap().is_empty());
}

#[test]
fn s04_repeated_parameters_are_refused() {
    for text in [
        "Action=A&Action=B",
        "Action=A&Action=A",
        "X-Amz-Credential=a&X-Amz-Credential=b",
        "RoleArn=a&RoleArn=b",
        "RoleArn=a&Role%41rn=b",
        "Tags.member.1.Key=a&Tags.member.1.Key=b",
    ] {
        assert!(matches!(body(text), Err(QueryError::Repeated(_))), "{text}");
        assert!(
            matches!(read(text, b""), Err(QueryError::Repeated(_))),
            "{text}"
        );
    }
}

#[test]
fn s04_case_variants_are_refused() {
    for text in [
        "action=A",
        "ACTION=A",
        "Action=A&action=B",
        "version=1",
        "x-amz-expires=1",
        "X-Amz-Expires=1&x-amz-expires=2",
        "X-AMZ-DATE=1",
        "X-Amz-date=1",
        "x-amz-content-sha256=1",
        "RoleArn=a&rolearn=b",
    ] {
        assert!(
            matches!(body(text), Err(QueryError::CaseVariant(_))),
            "{text}"
        );
    }
    assert!(matches!(
        read("RoleArn=a", b"roleArn=b"),
        Err(QueryError::CaseVariant(_))
    ));
}

#[test]
fn s08_text_that_is_not_text_is_refused() {
    for (text, error) in [
        ("A=%ff", QueryError::Utf8),
        ("A=%c0%af", QueryError::Utf8),
        ("A=%ed%a0%80", QueryError::Utf8),
        ("A=%00", QueryError::Nul),
        ("%00=a", QueryError::Nul),
        ("A=%", QueryError::Escape),
        ("A=%4", QueryError::Escape),
        ("A=%zz", QueryError::Escape),
    ] {
        assert_eq!(body(text), Err(error), "{text}");
    }
    assert_eq!(read("", b"A=\xff"), Err(QueryError::Utf8));
    assert_eq!(read("", b"A=\0"), Err(QueryError::Nul));
}

#[test]
fn the_number_of_parameters_is_bounded_on_both_sides() {
    let many = |count: usize| {
        let pairs: Vec<_> = (0..count).map(|number| format!("P{number}=")).collect();
        pairs.join("&")
    };
    assert_eq!(body(&many(1_000)).unwrap().len(), 1_000);
    assert_eq!(body(&many(1_001)), Err(QueryError::TooMany));
    assert_eq!(
        read("Extra=1", many(1_000).as_bytes()),
        Err(QueryError::TooMany)
    );
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(query: String, body: Vec<u8>) {
        let _ = read(&query, &body);
    }

    #[test]
    fn what_a_form_says_reads_back(
        pairs in proptest::collection::btree_map("[^\0]{1,9}", "[^\0]{0,9}", 0..9)
    ) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&pairs);
        // Names that differ only by case are refused by design; they are not this test's subject.
        if let Ok(parameters) = body(&form.finish()) {
            let read: Vec<_> = parameters.iter().collect();
            let sent: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            prop_assert_eq!(read, sent);
        }
    }

}
