//! Answers byte for byte, and read back.

use daypass_json::Value;
use proptest::prelude::*;

use super::*;
use crate::json::read;

#[test]
fn an_answer_keeps_its_order_and_leaves_out_what_is_absent() {
    let answer = Answer::new()
        .text("Z", "a\"\\\n\u{1}é</script>")
        .optional_text("No", None)
        .optional_text("Yes", Some(""))
        .flag("Flag", false)
        .optional_flag("NoFlag", None)
        .integer("Expiration", 1_674_147_308)
        .optional_integer("NoNumber", None)
        .timestamp("CreationDate", 1_674_147_308_123)
        .map("IdentityPoolTags", [("", ""); 0])
        .optional_map("NoMap", [("", ""); 0])
        .optional_map("Map", [("k", "v")])
        .list("List", ["a", "b"])
        .optional_list("NoList", [""; 0])
        .structure("Part", &Answer::new().integer("N", -1))
        .optional_structure("NoPart", None)
        .structures("Parts", [Answer::new(), Answer::new().flag("T", true)])
        .optional_structures("NoParts", [])
        .structure_map("Mappings", [("p", Answer::new().text("Type", "Token"))]);
    assert_eq!(
        answer.to_string(),
        "{\"Z\":\"a\\\"\\\\\\n\\u0001é</script>\",\"Yes\":\"\",\"Flag\":false,\
         \"Expiration\":1674147308,\"CreationDate\":1674147308.123,\"IdentityPoolTags\":{},\
         \"Map\":{\"k\":\"v\"},\"List\":[\"a\",\"b\"],\"Part\":{\"N\":-1},\
         \"Parts\":[{},{\"T\":true}],\"Mappings\":{\"p\":{\"Type\":\"Token\"}}}"
    );
    assert_eq!(Answer::new().to_bytes(), b"{}");
}

#[test]
fn an_error_body_has_a_bare_type_and_a_lower_case_message() {
    assert_eq!(
        Answer::error("NotAuthorizedException", "Token is inactive").to_string(),
        r#"{"__type":"NotAuthorizedException","message":"Token is inactive"}"#
    );
}

#[test]
fn an_answer_never_shows_its_text() {
    let shown = format!("{:?}", Answer::new().text("SecretKey", "wJalr"));
    assert_eq!(shown, "Answer(19 bytes)");
}

proptest! {
    #[test]
    fn what_an_answer_says_reads_back(
        name in "[^\0]*",
        text in "[^\0]*",
        number: i64,
        list in proptest::collection::vec("[^\0]*", 0..5),
    ) {
        let bytes = Answer::new()
            .structure("S", &Answer::new().text(&name, &text))
            .integer("N", number)
            .list("L", &list)
            .to_bytes();
        let value = read(&bytes).unwrap();
        let object = value.as_object().unwrap();
        let inner = object.get("S").unwrap().as_object().unwrap();
        prop_assert_eq!(inner.get(&name).unwrap().as_str(), Some(text.as_str()));
        prop_assert_eq!(object.get("N").unwrap().as_integer(), Some(number));
        let read_list = object.get("L").unwrap().as_array().unwrap();
        let read_list: Vec<_> = read_list.iter().filter_map(Value::as_str).collect();
        prop_assert_eq!(read_list, list);
    }
}
