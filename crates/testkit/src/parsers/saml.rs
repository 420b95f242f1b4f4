//! SAML: responses, and the metadata of providers.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_proof::login::ProviderName;
use daypass_proof::login::saml::{AGE_SECONDS, Expectation, Metadata, Provider, verify};

/// A SAML response, as XML, for the provider whose certificate signs the kept pack.
pub fn saml(bytes: &[u8]) {
    static PROVIDER: LazyLock<Option<(ProviderName, Metadata)>> = LazyLock::new(|| {
        let document = include_bytes!("../../../../vectors/saml/metadata/one_certificate.xml");
        Some((
            "saml-provider".parse().ok()?,
            Metadata::parse(document).ok()?,
        ))
    });
    let Some((name, metadata)) = PROVIDER.as_ref() else {
        return;
    };
    let provider = Provider {
        name,
        entity_id: metadata.entity_id(),
        certificates: metadata.certificates(),
    };
    let expectation = Expectation {
        recipients: &["https://id.example.com/saml".to_owned()],
        audiences: &["urn:amazon:webservices".to_owned()],
        age_seconds: AGE_SECONDS,
        expired_certificates: true,
    };
    let verified = verify(
        &STANDARD.encode(bytes),
        &provider,
        &expectation,
        1_780_315_200,
    );
    let _ = verified.map_err(|error| error.to_string());
}

/// The metadata of a SAML provider.
pub fn saml_metadata(bytes: &[u8]) {
    let _ = Metadata::parse(bytes).map_err(|error| error.to_string());
}
