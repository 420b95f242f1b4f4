//! What holds for every response, whatever it says.

use daypass_proof::login::saml::{Metadata, SamlError};
use proptest::prelude::*;

use super::given::{Asked, NOW, USUAL, file, verdict};

fn signed() -> Vec<u8> {
    file("responses/valid_assertion_signed.xml")
}

#[test]
fn a_verified_assertion_says_what_was_signed() {
    let verified = verdict(&file("responses/valid_roles.xml"), &USUAL).unwrap();
    assert_eq!(
        verified.login().provider().as_str(),
        "arn:aws:iam::123456789012:saml-provider/idp"
    );
    assert_eq!(verified.login().subject().as_str(), "ana@example.com");
    assert_eq!(verified.id(), "_a1");
    assert_eq!(verified.issuer(), "https://idp.example.com/metadata");
    assert_eq!(verified.recipient(), "https://id.example.com/saml");
    assert_eq!(verified.issued_at(), NOW);
    assert!(!verified.one_time_use());
    let claims = verified.claims();
    assert_eq!(claims.values("groups"), ["staff", "admins"]);
    assert_eq!(
        claims.values("https://aws.amazon.com/SAML/Attributes/Role"),
        [
            "arn:aws:iam::123456789012:role/a,arn:aws:iam::123456789012:saml-provider/idp",
            "arn:aws:iam::123456789012:saml-provider/idp,arn:aws:iam::123456789012:role/b",
        ]
    );
    let name = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
    assert_eq!(claims.first(name), Some("ana@example.com"));
    let once = verdict(&file("responses/valid_one_time_use.xml"), &USUAL).unwrap();
    assert!(once.one_time_use());
}

#[test]
fn s45_age_is_counted_from_the_moment_of_issue_to_the_second() {
    let at = |now, age_seconds| {
        let asked = Asked {
            now,
            age_seconds,
            expired_certificates: true,
        };
        verdict(&signed(), &asked).map(|verified| verified.issued_at())
    };
    assert_eq!(at(NOW + 300, 300), Ok(NOW));
    let expires_at = NOW + 300;
    let now = NOW + 301;
    assert_eq!(at(now, 300), Err(SamlError::TooOld { now, expires_at }));
    // A longer age does not outlive the conditions: they end after 300 seconds, and 60 of skew.
    assert_eq!(at(NOW + 359, 3_600), Ok(NOW));
    let now = NOW + 360;
    assert_eq!(at(now, 3_600), Err(SamlError::Expired { now, expires_at }));
    assert_eq!(at(NOW - 60, 300), Ok(NOW));
    assert_eq!(at(NOW - 61, 300), Err(SamlError::NotYetValid));
}

#[test]
fn s43_an_expired_certificate_is_told_and_can_be_refused() {
    let document = file("responses/valid_expired_certificate.xml");
    let told = verdict(&document, &USUAL).unwrap().expired_certificate();
    let not_after = 1_609_459_200;
    assert_eq!(told, Some(not_after));
    let strict = Asked {
        expired_certificates: false,
        ..USUAL
    };
    let refused = SamlError::CertificateExpired {
        now: NOW,
        not_after,
    };
    assert_eq!(verdict(&document, &strict), Err(refused));
    let current = verdict(&signed(), &strict).unwrap();
    assert_eq!(current.expired_certificate(), None);
}

#[test]
fn base64_has_one_spelling_and_a_limit() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use daypass_proof::login::saml::{Expectation, Provider, verify};
    let name = "x".parse().unwrap();
    let provider = Provider {
        name: &name,
        entity_id: "x",
        certificates: &[],
    };
    let expectation = Expectation {
        recipients: &[],
        audiences: &[],
        age_seconds: 300,
        expired_certificates: true,
    };
    let refusal = |text: &str| verify(text, &provider, &expectation, NOW).unwrap_err();
    let text = STANDARD.encode(signed());
    assert_eq!(refusal(&text), SamlError::BadSignature);
    for other in [
        format!("{text}\n"),
        text.trim_end_matches('=').to_owned() + "*",
        text.replace(['+', '/'], "-"),
        "A".repeat(100_004),
    ] {
        assert_eq!(refusal(&other), SamlError::Base64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever octet of the signed element or its signature is changed, it is not accepted as
    /// something else.
    #[test]
    fn s39_a_changed_octet_never_makes_another_user(at in 0_usize..5_000, to in any::<u8>()) {
        let mut document = signed();
        let at = at % document.len();
        document[at] = to;
        if let Ok(verified) = verdict(&document, &USUAL) {
            let honest = verdict(&signed(), &USUAL).unwrap();
            prop_assert_eq!(verified, honest);
        }
    }

    #[test]
    fn s12_no_bytes_are_too_odd_for_the_readers(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = verdict(&bytes, &USUAL);
        let _ = Metadata::parse(&bytes);
    }
}
