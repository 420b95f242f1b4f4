//! The files of the pack, the provider they are for, and the verdict on one of them.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_proof::login::ProviderName;
use daypass_proof::login::saml::{
    Expectation, Provider, SamlError, SigningCertificate, VerifiedAssertion, verify,
};

/// 2026-06-01T12:00:00Z.
pub(super) const NOW: i64 = 1_780_315_200;
const ENTITY_ID: &str = "https://idp.example.com/metadata";

pub(super) fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/saml"))
}

pub(super) fn file(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The rows of a table, each with its cells.
pub(super) fn rows(name: &str) -> Vec<Vec<String>> {
    let text = String::from_utf8(file(name)).unwrap();
    let lines = text.lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split(" | ").map(str::to_owned).collect())
        .collect()
}

fn certificates() -> Vec<SigningCertificate> {
    let names = ["idp", "next", "ec", "expired"];
    let read = |name| {
        let pem = String::from_utf8(file(&format!("keys/test-only-{name}.crt"))).unwrap();
        let inside = pem.lines().filter(|line| !line.starts_with('-'));
        SigningCertificate::parse(&inside.collect::<String>()).unwrap()
    };
    names.map(read).to_vec()
}

/// What a test may set otherwise than the pack does.
pub(super) struct Asked {
    pub(super) now: i64,
    pub(super) age_seconds: i64,
    pub(super) expired_certificates: bool,
}

pub(super) const USUAL: Asked = Asked {
    now: NOW,
    age_seconds: 300,
    expired_certificates: true,
};

pub(super) fn verdict(document: &[u8], asked: &Asked) -> Result<VerifiedAssertion, SamlError> {
    let name: ProviderName = "arn:aws:iam::123456789012:saml-provider/idp"
        .parse()
        .unwrap();
    let provider = Provider {
        name: &name,
        entity_id: ENTITY_ID,
        certificates: &certificates(),
    };
    let expectation = Expectation {
        recipients: &["https://id.example.com/saml".to_owned()],
        audiences: &["urn:amazon:webservices".to_owned()],
        age_seconds: asked.age_seconds,
        expired_certificates: asked.expired_certificates,
    };
    verify(
        &STANDARD.encode(document),
        &provider,
        &expectation,
        asked.now,
    )
}
