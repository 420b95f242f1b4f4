//! Members on both sides of every rule, and the messages about them.

use proptest::prelude::*;

use super::*;
use crate::pattern;
use crate::query::read;

fn body(text: &str) -> Result<Parameters, QueryError> {
    read("", text.as_bytes())
}

fn outcome<T>(text: &str, use_members: impl FnOnce(&mut Members<'_>) -> T) -> (T, String) {
    let parameters = body(text).unwrap();
    let mut members = Members::new(&parameters);
    let answer = use_members(&mut members);
    let message = members
        .finish()
        .err()
        .map(|rejection| rejection.to_string())
        .unwrap_or_default();
    (answer, message)
}

const NAME: Text = Text::length(2, 64).matching(pattern::NAME_OR_EMPTY);
const KEYS: ListRule = ListRule {
    min: 0,
    max: 3,
    item: Text::length(1, 128).matching(pattern::TAG_KEY),
};

fn tags(members: &mut Members<'_>) -> Option<Vec<(String, String)>> {
    members.optional_structures("Tags", |tag| {
        let key = Text::length(1, 128).matching(pattern::TAG_KEY);
        (
            tag.required_text("Key", &key),
            tag.required_text("Value", &Text::length(0, 256)),
        )
    })
}

#[test]
fn the_published_request_reads() {
    let text = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3A\
                role%2Fdemo&RoleSessionName=s1&Tags.member.1.Key=Project&Tags.member.1.Value=Uni\
                &TransitiveTagKeys.member.1=Project";
    let parameters = body(text).unwrap();
    assert_eq!(parameters.action(), Some("AssumeRole"));
    assert_eq!(parameters.version(), Some("2011-06-15"));
    let (answer, message) = outcome(text, |members| {
        let arn = members.required_text("RoleArn", &Text::length(20, 2_048));
        let session = members.required_text("RoleSessionName", &NAME);
        (
            arn,
            session,
            tags(members),
            members.texts("TransitiveTagKeys", &KEYS),
        )
    });
    assert_eq!(message, "");
    assert_eq!(
        answer,
        (
            "arn:aws:iam::123456789012:role/demo".to_owned(),
            "s1".to_owned(),
            Some(vec![("Project".to_owned(), "Uni".to_owned())]),
            vec!["Project".to_owned()],
        )
    );
}

#[test]
fn s04_a_case_variant_of_a_member_asked_for_is_refused() {
    for text in [
        "rolesessionname=s1",
        "tags.member.1.Key=k",
        "Tags.member.1.key=k",
    ] {
        let ((), message) = outcome(text, |members| {
            members.optional_text("RoleSessionName", &NAME);
            tags(members);
        });
        assert!(
            message.ends_with("is spelled in another case"),
            "{text}: {message}"
        );
    }
    assert_eq!(
        outcome("Unknown=1&unknown.x=2", tags),
        (None, String::new())
    );
}

#[test]
fn s07_integers_are_whole_64_bit_numbers() {
    let duration = |text: &str| {
        outcome(&format!("DurationSeconds={text}"), |members| {
            members.required_integer("DurationSeconds", &Integer::range(900, 43_200))
        })
    };
    assert_eq!(duration("900"), (900, String::new()));
    assert_eq!(duration("43200"), (43_200, String::new()));
    assert_eq!(
        duration("899").1,
        "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy \
         constraint: Member must have value greater than or equal to 900"
    );
    assert!(
        duration("43201")
            .1
            .ends_with("Member must have value less than or equal to 43200")
    );
    assert!(duration("-1").1.contains("Value '-1'"));
    for text in [
        "",
        "1e3",
        "900.0",
        "%2B900",
        "+900",
        "9223372036854775808",
        "0x384",
        "٩٠٠",
    ] {
        assert_eq!(
            duration(text).1,
            "`durationSeconds` must be a 64-bit integer",
            "{text}"
        );
    }
}

#[test]
fn flags_and_choices_are_exact() {
    let read = |text: &str| {
        outcome(text, |members| {
            let flag = members.optional_flag("OnlyAttached");
            (
                flag,
                members.optional_choice("Status", &Choice(&["Active", "Inactive"])),
            )
        })
    };
    let good = read("OnlyAttached=false&Status=Inactive");
    assert_eq!(good, ((Some(false), Some("Inactive")), String::new()));
    assert_eq!(read("OnlyAttached=true").0, (Some(true), None));
    for text in ["OnlyAttached=True", "OnlyAttached=1", "OnlyAttached="] {
        assert_eq!(read(text).1, "`onlyAttached` must be `true` or `false`");
    }
    assert_eq!(
        read("Status=active").1,
        "1 validation error detected: Value 'active' at 'status' failed to satisfy constraint: \
         Member must satisfy enum value set: [Active, Inactive]"
    );
}

#[test]
fn lists_are_sorted_by_number_and_may_have_holes() {
    let keys = |text: &str| outcome(text, |members| members.optional_list("TagKeys", &KEYS));
    let (items, message) = keys("TagKeys.member.10=c&TagKeys.member.2=b&TagKeys.member.1=a");
    assert_eq!(items.unwrap(), ["a", "b", "c"]);
    assert_eq!(message, "");
    assert_eq!(keys("TagKeys="), (Some(vec![]), String::new()));
    assert_eq!(keys("Other=1"), (None, String::new()));
    assert_eq!(keys("TagKeys=a").1, "`tagKeys` must be a list");
    assert_eq!(
        keys("TagKeys.member.1.Key=a").1,
        "`tagKeys.1.member` must be a string"
    );
    for number in ["0", "01", "x", "-1", "%2B1", "4294967296", ""] {
        let message = keys(&format!("TagKeys.member.{number}=a")).1;
        assert!(
            message.ends_with("has a list index that is not a number from 1"),
            "{number}"
        );
    }
    assert_eq!(
        keys("TagKeys.member.7=%23").1,
        "1 validation error detected: Value '#' at 'tagKeys.7.member' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+"
    );
    assert!(
        keys("TagKeys.member.1=a&TagKeys.member.2=b&TagKeys.member.3=c")
            .1
            .is_empty()
    );
    let four = "TagKeys.member.1=a&TagKeys.member.2=b&TagKeys.member.3=c&TagKeys.member.4=d";
    assert!(
        keys(four)
            .1
            .ends_with("Member must have length less than or equal to 3")
    );
}

#[test]
fn structures_have_numbered_paths() {
    assert_eq!(outcome("Tags=", tags), (Some(vec![]), String::new()));
    assert_eq!(outcome("A=1", tags), (None, String::new()));
    assert_eq!(
        outcome("Tags.member.1=x", tags).1,
        "`tags.1.member` must be a structure"
    );
    assert_eq!(
        outcome(
            "Tags.member.1.Key=k&Tags.member.1.Value=&Tags.member.3.Key=%23",
            tags
        )
        .1,
        "2 validation errors detected: Value '#' at 'tags.3.member.key' failed to satisfy \
         constraint: Member must satisfy regular expression pattern: \
         [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+; Value null at 'tags.3.member.value' failed to satisfy \
         constraint: Member must not be null"
    );
    let ((), message) = outcome("Tags.member.1.Key=k&Tags.member.2.Key=k", |members| {
        members.count("Tags", 0, 1);
    });
    assert!(message.contains("Value '[...]' at 'tags'"), "{message}");
    let (arns, message) = outcome("PolicyArns.member.1.arn=a", |members| {
        members.structures("PolicyArns", |policy| {
            policy.required_text("arn", &Text::ANY)
        })
    });
    assert_eq!((arns, message.as_str()), (vec!["a".to_owned()], ""));
}

#[test]
fn every_required_kind_reports_its_absence() {
    let ((), message) = outcome("Tags=", |members| {
        assert!(members.has("Tags") && !members.has("A"));
        members.required_text("A", &NAME);
        members.required_flag("B");
        members.required_integer("C", &Integer::range(1, 2));
        members.required_choice("D", &Choice(&["x"]));
        members.required_list("E", &KEYS);
        members.required_structures("F", |_| ());
        members.required_structures("Tags", |_| ());
    });
    assert!(
        message.starts_with("6 validation errors detected: Value null at 'a'"),
        "{message}"
    );
}

#[test]
fn s09_values_are_cut_and_sensitive_ones_are_hidden() {
    let long = "x".repeat(300);
    let text = format!("RoleSessionName={long}&Token=secret%0D%0A");
    let ((), message) = outcome(&text, |members| {
        members.required_text("RoleSessionName", &NAME);
        members.required_text("Token", &Text::length(99, 100).sensitive());
    });
    assert!(
        message.contains(&format!("Value '{}...' at", "x".repeat(253))),
        "{message}"
    );
    assert!(!message.contains("secret"));
    assert!(message.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    let shown = format!("{:?}", body("Token=secret").unwrap());
    assert_eq!(shown, "{\"Token\"}");
    let error = body("A%0D%0A=secret&A%0D%0A=secret").unwrap_err();
    assert_eq!(error.to_string(), "parameter `A\\u{d}\\u{a}` is repeated");
}

proptest! {
    #[test]
    fn any_members_are_read_or_refused_in_one_printable_line(
        pairs in proptest::collection::btree_map(
            "(Tags|TagKeys|N|[a-zA-Z]{1,3})(\\.member)?(\\.[0-9]{1,2})?(\\.Key|\\.Value)?",
            "[^\0]{0,9}",
            0..12,
        )
    ) {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(&pairs);
        if let Ok(parameters) = body(&form.finish()) {
            let mut members = Members::new(&parameters);
            tags(&mut members);
            members.texts("TagKeys", &KEYS);
            members.optional_integer("N", &Integer::range(0, 9));
            members.optional_flag("N");
            members.count("Tags", 1, 2);
            if let Err(rejection) = members.finish() {
                let message = rejection.to_string();
                prop_assert!(message.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
            }
        }
    }

    #[test]
    fn lists_read_back_in_order(items in proptest::collection::vec("[a-z]{1,9}", 0..40)) {
        let mut form = form_urlencoded::Serializer::new(String::from("L="));
        for (index, item) in items.iter().enumerate() {
            form.append_pair(&format!("L.member.{}", index + 1), item);
        }
        let rule = ListRule { min: 0, max: 99, item: Text::ANY };
        let (read, message) = outcome(&form.finish(), |members| members.texts("L", &rule));
        prop_assert_eq!(message, "");
        prop_assert_eq!(read, items);
    }
}
