//! Certificates that are taken, and those that cannot check a signature.

use super::*;

fn pem(name: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/saml/keys");
    let text = std::fs::read_to_string(format!("{path}/test-only-{name}.crt")).unwrap();
    text.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn rsa_and_p_256_are_taken_with_the_time_they_hold() {
    let expired = SigningCertificate::parse(&pem("expired")).unwrap();
    assert_eq!(expired.not_after(), 1_609_459_200);
    assert_eq!(expired.fingerprint().len(), 64);
    assert!(SigningCertificate::parse(&pem("ec")).is_ok());
    let spaced = pem("idp").replace('A', " A\n");
    let read = SigningCertificate::parse(&spaced).unwrap();
    assert_eq!(read, SigningCertificate::parse(&pem("idp")).unwrap());
    assert_ne!(read, expired);
    // They hold for a hundred years, so their second moment is written with four digits of the year.
    assert!(read.not_after() > 4_000_000_000);
}

#[test]
fn s43_small_keys_and_other_curves_are_refused() {
    for name in ["small", "ec384"] {
        let refused = SigningCertificate::parse(&pem(name)).unwrap_err();
        assert_eq!(refused, CertificateError::Key, "{name}");
    }
}

#[test]
fn a_certificate_cut_short_or_prolonged_is_none() {
    let der = STANDARD.decode(pem("idp")).unwrap();
    for length in (0..der.len()).step_by(7) {
        assert!(
            SigningCertificate::from_der(&der[..length]).is_err(),
            "{length}"
        );
    }
    let mut longer = der;
    longer.push(0);
    let refused = SigningCertificate::from_der(&longer).unwrap_err();
    assert_eq!(refused, CertificateError::Malformed);
    for text in ["", "AAAA", "not base64", &"A".repeat(30_000)] {
        assert_eq!(
            SigningCertificate::parse(text).unwrap_err(),
            CertificateError::Malformed
        );
    }
}

#[test]
fn a_key_verifies_its_own_algorithm_only() {
    let ec = SigningCertificate::parse(&pem("ec")).unwrap();
    let rsa = SigningCertificate::parse(&pem("idp")).unwrap();
    let any = Algorithm::Rsa(RsaAlgorithm::Rs256);
    assert!(!ec.verifies(any, b"x", &[1; 64]));
    assert!(!rsa.verifies(any, b"x", &[1; 256]));
    assert!(!rsa.verifies(Algorithm::EcdsaSha256, b"x", &[1; 64]));
}
