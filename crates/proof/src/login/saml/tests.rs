//! Small things about the envelope that need no signature; the rest is `tests/saml/`.

use super::xml::parse;
use super::*;

fn checked(text: &str) -> Option<SamlError> {
    let root = parse(text.as_bytes(), 10_000).unwrap();
    Document::check(&root).err()
}

const RESPONSE: &str = "<p:Response xmlns:p='urn:oasis:names:tc:SAML:2.0:protocol' \
     xmlns:a='urn:oasis:names:tc:SAML:2.0:assertion'";

#[test]
fn s40_whatever_looks_like_an_id_is_a_name_and_given_once() {
    let with =
        |attributes: &str| format!("{RESPONSE} {attributes}><a:Assertion Id='y'/></p:Response>");
    assert_eq!(checked(&with("ID='x'")), None);
    for attributes in [
        "ID='y'",
        "xml:id='y'",
        "AssertionID='y'",
        "responseid='y'",
        "a:iD='y'",
        "ID=''",
        "ID='1'",
        "ID='a:b'",
        "ID='a b'",
    ] {
        assert_eq!(
            checked(&with(attributes)),
            Some(SamlError::Ids),
            "{attributes}"
        );
    }
}

#[test]
fn s39_one_assertion_directly_in_the_response() {
    let with = |inside: &str| checked(&format!("{RESPONSE}>{inside}</p:Response>"));
    assert_eq!(with("<a:Assertion/>"), None);
    for inside in [
        "",
        "<a:Assertion/><a:Assertion/>",
        "<a:Assertion/><p:x><Assertion/></p:x>",
        "<a:Assertion><a:Assertion/></a:Assertion>",
        "<p:x><a:Assertion/></p:x>",
        "<p:Assertion/>",
    ] {
        assert_eq!(with(inside), Some(SamlError::Assertions), "{inside}");
    }
    assert_eq!(with("<x><EncryptedData/></x>"), Some(SamlError::Encrypted));
    assert_eq!(checked("<Response/>"), Some(SamlError::Root));
}

#[test]
fn every_refusal_has_a_reason_of_its_own() {
    let all = [
        SamlError::Base64,
        XmlError::Depth.into(),
        SamlError::Root,
        SamlError::Version("x"),
        SamlError::Status,
        SamlError::Encrypted,
        SamlError::Assertions,
        SamlError::Ids,
        SamlError::Unsigned,
        SamlError::SignaturePlace,
        SamlError::SignatureShape,
        SamlError::Algorithm,
        SamlError::Canonicalization,
        SamlError::Transforms,
        SamlError::Reference,
        SamlError::BadSignature,
        SamlError::DigestMismatch,
        SamlError::Content("x"),
        SamlError::IssuerMismatch,
        SamlError::AudienceRefused,
        SamlError::RecipientRefused,
        SamlError::Confirmation,
        SamlError::UnknownCondition,
        SamlError::NotYetValid,
    ];
    let reasons: BTreeSet<_> = all.iter().map(SamlError::reason).collect();
    assert_eq!(reasons.len(), all.len());
    assert!(reasons.iter().all(|reason| reason.starts_with("saml.")));
}
