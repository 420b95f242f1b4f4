//! Bodies on both sides of every rule.

use proptest::prelude::*;

use super::*;
use crate::constraint::{Choice, Integer, ListRule, MapRule, Text};
use crate::limits;
use crate::pattern;

fn object(body: &str) -> Value {
    read(body.as_bytes()).unwrap()
}

/// What reading `body` with `use_members` ends in: the message, or nothing.
fn outcome<T>(body: &str, use_members: impl FnOnce(&mut Members<'_>) -> T) -> (T, String) {
    let value = object(body);
    let mut members = Members::new(value.as_object().unwrap());
    let answer = use_members(&mut members);
    let message = members
        .finish()
        .err()
        .map(|rejection| rejection.to_string())
        .unwrap_or_default();
    (answer, message)
}

fn rejection(body: &str, use_members: impl FnOnce(&mut Members<'_>)) -> Rejection {
    let value = object(body);
    let mut members = Members::new(value.as_object().unwrap());
    use_members(&mut members);
    members.finish().unwrap_err()
}

const ID: Text = Text::length(1, 55).matching(pattern::WORD_COLON_HEX);
const TAGS: MapRule = MapRule {
    max_entries: 2,
    key: Text::length(1, 128),
    value: Text::length(0, 256),
    sensitive: false,
};

#[test]
fn a_body_is_one_object_or_nothing() {
    for body in ["", "{}", " {} "] {
        assert!(object(body).as_object().unwrap().is_empty());
    }
    for body in ["[]", "null", "\"{}\"", "1"] {
        assert_eq!(read(body.as_bytes()), Err(Malformed::NotAnObject), "{body}");
    }
    for body in [" ", "{", "{}{}", "Action=GetId"] {
        assert!(
            matches!(read(body.as_bytes()), Err(Malformed::Syntax(_))),
            "{body}"
        );
    }
}

#[test]
fn s02_a_body_nests_to_the_limit_and_no_further() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels), "]".repeat(levels));
        format!("{{\"a\":{open}{close}}}")
    };
    assert!(read(nested(limits::JSON_DEPTH_MAX - 1).as_bytes()).is_ok());
    for body in [nested(limits::JSON_DEPTH_MAX), "[".repeat(10_000)] {
        assert!(matches!(read(body.as_bytes()), Err(Malformed::Syntax(_))));
    }
}

#[test]
fn the_limits_of_shape_are_those_the_parser_enforces() {
    assert_eq!(limits::JSON_DEPTH_MAX, Bounds::WIRE.depth);
    assert_eq!(limits::JSON_MEMBERS_MAX, Bounds::WIRE.members);
    assert_eq!(limits::JSON_ELEMENTS_MAX, Bounds::WIRE.elements);
}

#[test]
fn s03_a_doubled_member_is_refused_at_any_depth() {
    for body in [
        r#"{"IdentityPoolId":"a","IdentityPoolId":"b"}"#,
        r#"{"Logins":{"a":"1","\u0061":"2"}}"#,
    ] {
        let error = read(body.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("duplicate member"), "{error}");
    }
    assert!(read(br#"{"IdentityPoolId":"a","identityPoolId":"b"}"#).is_ok());
}

#[test]
fn s07_integers_are_whole_64_bit_numbers() {
    let duration = |text: &str| {
        outcome(&format!("{{\"TokenDuration\":{text}}}"), |members| {
            members.required_integer("TokenDuration", &Integer::range(1, 86_400))
        })
    };
    for (text, number) in [("1", 1), ("86400", 86_400)] {
        assert_eq!(duration(text), (number, String::new()));
    }
    for text in [
        "1e3",
        "900.0",
        "9223372036854775808",
        "\"900\"",
        "true",
        "[1]",
    ] {
        assert_eq!(
            duration(text).1,
            "`tokenDuration` must be a 64-bit integer",
            "{text}"
        );
    }
    assert!(duration("-1").1.contains("Value '-1' at 'tokenDuration'"));
    assert!(
        duration("0")
            .1
            .ends_with("Member must have value greater than or equal to 1")
    );
    assert!(
        duration("86401")
            .1
            .ends_with("Member must have value less than or equal to 86400")
    );
    assert!(read(br#"{"a":1e400}"#).is_err());
}

#[test]
fn s08_text_that_is_not_text_is_refused_and_the_rest_kept_as_given() {
    for body in [
        &br#"{"a":"\u0000"}"#[..],
        br#"{"a":{"b\u0000":1}}"#,
        br#"{"a":["x",{"b":"\u0000"}]}"#,
    ] {
        assert_eq!(read(body), Err(Malformed::Nul));
    }
    for body in [
        &b"{\"a\":\"\xc0\xaf\"}"[..],
        b"{\"a\":\"\xff\"}",
        br#"{"a":"\ud800"}"#,
    ] {
        assert!(matches!(read(body), Err(Malformed::Syntax(_))));
    }
    let user = |body: &str| outcome(body, |m| m.required_text("U", &Text::ANY)).0;
    let (composed, decomposed) = (user("{\"U\":\"\u{e9}\"}"), user("{\"U\":\"e\u{301}\"}"));
    assert_eq!(
        (composed.as_str(), decomposed.as_str()),
        ("\u{e9}", "e\u{301}")
    );
}

#[test]
fn null_is_absent_and_unknown_members_are_ignored() {
    let body = r#"{"A":null,"Other":{"deep":[1]}}"#;
    let (answer, message) = outcome(body, |members| {
        (
            members.has("A"),
            members.has("Other"),
            members.optional_text("A", &ID),
        )
    });
    assert_eq!((answer, message.as_str()), ((false, true, None), ""));
    let (text, message) = outcome(body, |members| members.required_text("A", &ID));
    assert_eq!(text, "");
    assert_eq!(
        message,
        "1 validation error detected: Value null at 'a' failed to satisfy constraint: Member must \
         not be null"
    );
}

#[test]
fn every_required_kind_reports_its_absence() {
    let list = ListRule {
        min: 1,
        max: 60,
        item: ID,
    };
    let found = rejection("{}", |members| {
        members.required_text("A", &ID);
        members.required_flag("B");
        members.required_integer("C", &Integer::range(1, 2));
        members.required_choice("D", &Choice(&["x"]));
        members.required_map("E", &TAGS);
        members.required_list("F", &list);
        members.required_structures("G", |_| ());
        members.required_structure("H", |_| ());
    });
    let Rejection::Violations(violations) = found else {
        panic!("{found}");
    };
    let paths: Vec<_> = violations
        .iter()
        .map(crate::constraint::Violation::path)
        .collect();
    assert_eq!(paths, ["a", "b", "c", "d", "e", "f", "g", "h"]);
}

#[test]
fn a_wrong_type_outranks_broken_constraints_and_the_first_one_is_named() {
    let found = rejection(r#"{"A":"","B":1,"C":2}"#, |members| {
        members.optional_text("A", &ID);
        members.optional_text("B", &ID);
        members.optional_flag("C");
    });
    assert_eq!(found.to_string(), "`b` must be a string");
}

#[test]
fn values_of_a_wrong_type_are_malformed_and_never_echoed() {
    let list = ListRule {
        min: 0,
        max: 9,
        item: Text::ANY,
    };
    for (body, message) in [
        (r#"{"Name":7}"#, "`name` must be a string"),
        (r#"{"Flag":"true"}"#, "`flag` must be a boolean"),
        (r#"{"Map":[]}"#, "`map` must be an object"),
        (r#"{"Map":{"k":1}}"#, "`map.k` must be a string"),
        (r#"{"List":{}}"#, "`list` must be an array"),
        (r#"{"List":["a",2]}"#, "`list.2.member` must be a string"),
        (r#"{"Items":["a"]}"#, "`items.1.member` must be an object"),
        (r#"{"Part":3}"#, "`part` must be an object"),
        (
            r#"{"Parts":{"k":"v"}}"#,
            "`parts.k.member` must be an object",
        ),
    ] {
        let found = rejection(body, |members| {
            members.optional_text("Name", &ID);
            members.optional_flag("Flag");
            members.optional_map("Map", &TAGS);
            members.optional_list("List", &list);
            members.optional_structures("Items", |_| ());
            members.optional_structure("Part", |_| ());
            members.optional_structure_map("Parts", &Text::ANY, |_| ());
        });
        assert!(
            matches!(found, Rejection::Malformed(Malformed::Type { .. })),
            "{body}"
        );
        assert_eq!(found.to_string(), message);
    }
}

#[test]
fn maps_are_checked_and_answered() {
    let (map, message) = outcome(r#"{"Tags":{"b":"2","a":""}}"#, |members| {
        members.required_map("Tags", &TAGS)
    });
    assert_eq!(message, "");
    assert_eq!(
        map.into_iter().collect::<Vec<_>>(),
        [
            ("a".to_owned(), String::new()),
            ("b".to_owned(), "2".to_owned())
        ]
    );
    let (map, message) = outcome(r#"{"Tags":{}}"#, |members| {
        members.required_map("Tags", &TAGS)
    });
    assert_eq!((map.len(), message.as_str()), (0, ""));
    let (_, message) = outcome(r#"{"Tags":{"a":"1","b":"2","c":"3"}}"#, |members| {
        members.optional_map("Tags", &TAGS)
    });
    assert_eq!(
        message,
        "1 validation error detected: Value '{a=1, b=2, c=3}' at 'tags' failed to satisfy \
         constraint: Member must have length less than or equal to 2"
    );
}

#[test]
fn list_items_have_numbered_paths() {
    let rule = ListRule {
        min: 1,
        max: 2,
        item: ID,
    };
    let read = |body: &str| outcome(body, |m| m.required_list("IdentityIdsToDelete", &rule));
    let (items, message) = read(r#"{"IdentityIdsToDelete":["r:1","r:2"]}"#);
    assert_eq!((items.len(), message.as_str()), (2, ""));
    assert_eq!(
        read(r#"{"IdentityIdsToDelete":["r:1","X"]}"#).1,
        "1 validation error detected: Value 'X' at 'identityIdsToDelete.2.member' failed to \
         satisfy constraint: Member must satisfy regular expression pattern: [\\w-]+:[0-9a-f-]+"
    );
    assert!(read(r#"{"IdentityIdsToDelete":[null]}"#).1.contains(
        "Value null at 'identityIdsToDelete.1.member' failed to satisfy constraint: Member must \
         not be null"
    ));
    assert!(
        read(r#"{"IdentityIdsToDelete":[]}"#)
            .1
            .contains("Value '[]' at 'identityIdsToDelete'")
    );
    assert!(read(r#"{"IdentityIdsToDelete":["r:1","r:2","r:3"]}"#).1.contains(
        "Value '[r:1, r:2, r:3]' at 'identityIdsToDelete' failed to satisfy constraint: Member \
         must have length less than or equal to 2"
    ));
}

#[test]
fn nested_structures_share_one_message() {
    let kind = Choice(&["Token", "Rules"]);
    let body = r#"{"RoleMappings":{"p":{"Type":"Other","RulesConfiguration":{"Rules":[{}]}}},
        "Tags":[{"Key":"k"},{}]}"#;
    let ((), message) = outcome(body, |members| {
        members.count("Tags", 0, 1);
        members.required_structures("Tags", |tag| tag.required_text("Key", &Text::ANY));
        members.optional_structure_map("RoleMappings", &Text::length(1, 128), |mapping| {
            mapping.required_choice("Type", &kind);
            mapping.optional_structure("RulesConfiguration", |rules| {
                rules.required_structures("Rules", |rule| rule.required_text("Claim", &Text::ANY))
            });
        });
    });
    assert_eq!(
        message,
        "4 validation errors detected: Value '[...]' at 'tags' failed to satisfy constraint: \
         Member must have length less than or equal to 1; Value null at 'tags.2.member.key' failed \
         to satisfy constraint: Member must not be null; Value 'Other' at \
         'roleMappings.p.member.type' failed to satisfy constraint: Member must satisfy enum value \
         set: [Token, Rules]; Value null at \
         'roleMappings.p.member.rulesConfiguration.rules.1.member.claim' failed to satisfy \
         constraint: Member must not be null"
    );
}

#[test]
fn s09_a_hostile_key_cannot_leave_its_line() {
    let body = "{\"Parts\":{\"a\\r\\nX: \u{202e}\":{}}}";
    let (_, message) = outcome(body, |members| {
        members.optional_structure_map("Parts", &Text::length(1, 3), |part| {
            part.required_flag("F");
        })
    });
    assert!(
        message.contains("'parts.a\\u{d}\\u{a}X: \\u{202e}.member.f'"),
        "{message}"
    );
    assert!(message.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(body: Vec<u8>) {
        let _ = read(&body);
    }
}
