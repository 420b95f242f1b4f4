//! Envelopes as the reference shows them, escapes, and round trips through a reader.

use proptest::prelude::*;
use quick_xml::Reader;

use super::*;

const STS: &str = "https://sts.amazonaws.com/doc/2011-06-15/";
const ID: &str = "c6104cbe-af31-11e0-8154-cbc7ccf896c7";

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_success_has_a_result_and_the_request_id() {
    let result = Element::new("Result")
        .child(
            Element::new("AssumedRoleUser")
                .text("AssumedRoleId", "AROA:s")
                .optional_text("Arn", None::<String>),
        )
        .integer("PackedPolicySize", 6)
        .flag("IsTruncated", false)
        .optional_text("SourceIdentity", Some("x"));
    assert_eq!(
        text(success("AssumeRole", STS, Some(&result), ID)),
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId>\
         </AssumedRoleUser><PackedPolicySize>6</PackedPolicySize><IsTruncated>false</IsTruncated>\
         <SourceIdentity>x</SourceIdentity></AssumeRoleResult><ResponseMetadata>\
         <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata>\
         </AssumeRoleResponse>"
    );
}

#[test]
fn no_output_and_an_empty_output_differ() {
    let none = text(success("PutRolePolicy", STS, None, ID));
    assert!(none.contains("/\"><ResponseMetadata>") && !none.contains("Result"));
    let empty = Element::new("Result");
    assert!(text(success("UpdateRole", STS, Some(&empty), ID)).contains("<UpdateRoleResult/>"));
}

#[test]
fn lists_and_maps_have_their_wrappers() {
    let tag = Element::new("Tag").text("Key", "k").text("Value", "v");
    let element = Element::new("R")
        .list("Tags", [tag])
        .list("None", [])
        .texts("PolicyNames", ["a", "b"])
        .map("SummaryMap", [("Users", "3")]);
    assert_eq!(
        text(element.to_bytes()),
        "<R><Tags><member><Key>k</Key><Value>v</Value></member></Tags><None/>\
         <PolicyNames><member>a</member><member>b</member></PolicyNames>\
         <SummaryMap><entry><key>Users</key><value>3</value></entry></SummaryMap></R>"
    );
}

#[test]
fn an_error_has_type_code_message_and_a_sibling_request_id() {
    assert_eq!(
        text(error(STS, Fault::Sender, "AccessDenied", "a < b", ID)),
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error>\
         <Type>Sender</Type><Code>AccessDenied</Code><Message>a &lt; b</Message></Error>\
         <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ErrorResponse>"
    );
    assert!(text(error(STS, Fault::Receiver, "c", "m", ID)).contains("<Type>Receiver</Type>"));
    assert_eq!(Fault::of_status(499), Fault::Sender);
    assert_eq!(Fault::of_status(500), Fault::Receiver);
}

#[test]
fn a_bare_error_has_no_wrapper_and_no_namespace() {
    let details = [("AWSAccessKeyId", "AKIA<")];
    assert_eq!(
        text(bare_error("InvalidAccessKeyId", "no", &details, "1", "2")),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>InvalidAccessKeyId</Code>\
         <Message>no</Message><AWSAccessKeyId>AKIA&lt;</AWSAccessKeyId><RequestId>1</RequestId>\
         <HostId>2</HostId></Error>"
    );
}

#[test]
fn s09_markup_is_text_and_impossible_characters_are_dropped() {
    let hostile = "<script>&]]>\"'\u{0}\u{1b}[0m\u{fffe}\u{ffff}\r\n\té\u{1f600}";
    assert_eq!(
        text(Element::leaf("V", hostile).to_bytes()),
        "<V>&lt;script&gt;&amp;]]&gt;\"'[0m&#13;\n\té\u{1f600}</V>"
    );
}

#[test]
fn empty_text_is_an_element_with_nothing_in_it() {
    assert_eq!(
        text(Element::new("R").text("V", "").to_bytes()),
        "<R><V></V></R>"
    );
}

#[test]
fn an_element_never_shows_its_text() {
    let element = Element::new("Credentials").text("SecretAccessKey", "wJalr");
    assert_eq!(format!("{element:?}"), "<Credentials>");
}

/// The text between `<V>` and `</V>` as a reader hands it out.
fn read_back(document: &str) -> String {
    let mut reader = Reader::from_str(document);
    let mut value = String::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Text(piece) => value.push_str(&piece),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", &*name);
                value.push_str(&quick_xml::escape::unescape(&entity).unwrap());
            }
            Event::Eof => return value,
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn any_text_reads_back_but_for_what_xml_cannot_carry(value: String) {
        let document = text(Element::leaf("V", value.as_str()).to_bytes());
        prop_assert_eq!(read_back(&document), carried(&value));
    }
}
