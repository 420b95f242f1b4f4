//! A SAML 2.0 response, coming in as a login: one accepted shape, and nothing beside it.
//!
//! A response is read into one tree, its signatures are verified, and what was signed comes back as
//! a value of its own; issuer, user, conditions and attributes are read from that value. The provider
//! is chosen by the `Logins` key, never by the response, and so are the certificates.
//!
//! **Source**: SAML 2.0 core; SAML 2.0 profiles, section 4.1.4; requirements S39 to S47.

mod assertion;
mod canonical;
mod certificate;
mod error;
mod markup;
mod metadata;
mod moment;
mod signature;
mod xml;

pub use assertion::VerifiedAssertion;
pub use certificate::{CertificateError, SigningCertificate};
pub use error::SamlError;
pub use metadata::{METADATA_BYTES_MAX, Metadata, MetadataError};
pub use xml::XmlError;

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use self::signature::{DSIG, VerifiedSubtree};
use self::xml::Element;
use super::ProviderName;

/// The namespace of assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of responses.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// The longest response in base64. **Source**: limits page; STS reference, section 2.2.
pub const RESPONSE_CHARS_MAX: usize = 100_000;
/// The clock difference forgiven, in seconds. **Source**: requirement S45.
pub const SKEW_SECONDS: i64 = 60;
/// How long after it was issued an assertion is taken, in seconds. **Source**: requirement S45.
pub const AGE_SECONDS: i64 = 300;
/// The longest that can be set for it, in seconds. **Source**: requirement S45.
pub const AGE_SECONDS_MAX: i64 = 3_600;

/// One configured provider.
#[derive(Clone, Copy, Debug)]
pub struct Provider<'p> {
    /// The `Logins` key: its ARN.
    pub name: &'p ProviderName,
    /// The `Issuer` of its assertions, byte for byte.
    pub entity_id: &'p str,
    /// The certificates it signs with.
    pub certificates: &'p [SigningCertificate],
}

/// What is expected of every assertion.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'e> {
    /// Where assertions are to be delivered; one of these is their `Recipient`.
    pub recipients: &'e [String],
    /// Whom they are meant for; one of these is among their audiences.
    pub audiences: &'e [String],
    /// How long after it was issued one is taken, in seconds.
    pub age_seconds: i64,
    /// Whether a certificate past its time still verifies.
    pub expired_certificates: bool,
}

/// Checks a response, in base64, and says whom the provider vouches for.
pub fn verify(
    base64: &str,
    provider: &Provider<'_>,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<VerifiedAssertion, SamlError> {
    if base64.len() > RESPONSE_CHARS_MAX {
        return Err(SamlError::Base64);
    }
    let bytes = STANDARD.decode(base64).map_err(|_| SamlError::Base64)?;
    let root = xml::parse(&bytes, RESPONSE_CHARS_MAX)?;
    let document = Document::check(&root)?;
    let verified = document.verified(provider.certificates)?;
    let certificate = provider.certificates.get(verified.certificate());
    let expired_since = certificate.map(SigningCertificate::not_after);
    let expired_since = expired_since.filter(|not_after| *not_after < now);
    if let Some(not_after) = expired_since
        && !expectation.expired_certificates
    {
        return Err(SamlError::CertificateExpired { now, not_after });
    }
    document.check_envelope(provider, expectation)?;
    let assertion = assertion_of(verified.root())?;
    assertion::read(assertion, provider, expectation, now)
        .map(|verified| verified.with_expired_certificate(expired_since))
}

/// A response whose parts are where they must be; nothing in it is verified yet.
struct Document<'d> {
    root: &'d Element,
    assertion: &'d Element,
    of_response: Option<&'d Element>,
    of_assertion: Option<&'d Element>,
}

impl<'d> Document<'d> {
    fn check(root: &'d Element) -> Result<Self, SamlError> {
        if !root.is(PROTOCOL, "Response") {
            return Err(SamlError::Root);
        }
        let all = root.descendants();
        check_ids(&all)?;
        let encrypted = [
            "EncryptedAssertion",
            "EncryptedID",
            "EncryptedAttribute",
            "EncryptedData",
        ];
        if all
            .iter()
            .any(|one| encrypted.contains(&one.local.as_str()))
        {
            return Err(SamlError::Encrypted);
        }
        // Whatever its namespace and however deep: a second one is one too many.
        if all.iter().filter(|one| one.local == "Assertion").count() != 1 {
            return Err(SamlError::Assertions);
        }
        let assertion = assertion_of(root)?;
        let of_response = signature_in(root)?;
        let of_assertion = signature_in(assertion)?;
        let placed = [of_response, of_assertion].into_iter().flatten().count();
        if all.iter().filter(|one| one.is(DSIG, "Signature")).count() != placed {
            return Err(SamlError::SignaturePlace);
        }
        Ok(Self {
            root,
            assertion,
            of_response,
            of_assertion,
        })
    }

    /// What is signed. When both are, both signatures must hold, and the assertion is what counts.
    fn verified(&self, certificates: &[SigningCertificate]) -> Result<VerifiedSubtree, SamlError> {
        let mut verified = None;
        if let Some(signature) = self.of_response {
            verified = Some(signature::verify(self.root, signature, true, certificates)?);
        }
        if let Some(signature) = self.of_assertion {
            verified = Some(signature::verify(
                self.assertion,
                signature,
                false,
                certificates,
            )?);
        }
        verified.ok_or(SamlError::Unsigned)
    }

    /// The response around the assertion. It may be unsigned, so it can only refuse.
    fn check_envelope(
        &self,
        provider: &Provider<'_>,
        expectation: &Expectation<'_>,
    ) -> Result<(), SamlError> {
        if self.root.attribute("Version") != Some("2.0") {
            return Err(SamlError::Version("Response"));
        }
        let mut issuers = self
            .root
            .elements()
            .filter(|one| one.is(ASSERTION, "Issuer"));
        if issuers.any(|issuer| issuer.text() != Some(provider.entity_id)) {
            return Err(SamlError::IssuerMismatch);
        }
        let destination = self.root.attribute("Destination");
        if destination.is_some_and(|one| !expectation.recipients.iter().any(|ours| ours == one)) {
            return Err(SamlError::RecipientRefused);
        }
        let status = only(self.root, PROTOCOL, "Status", "Status")?;
        let code = only(status, PROTOCOL, "StatusCode", "StatusCode")?;
        if code.attribute("Value") == Some(SUCCESS) {
            Ok(())
        } else {
            Err(SamlError::Status)
        }
    }
}

/// The assertion of a response, or the element itself if that is one.
fn assertion_of(element: &Element) -> Result<&Element, SamlError> {
    if element.is(ASSERTION, "Assertion") {
        return Ok(element);
    }
    let mut inside = element
        .elements()
        .filter(|one| one.is(ASSERTION, "Assertion"));
    match (inside.next(), inside.next()) {
        (Some(assertion), None) => Ok(assertion),
        _ => Err(SamlError::Assertions),
    }
}

fn signature_in(element: &Element) -> Result<Option<&Element>, SamlError> {
    let mut signatures = element.elements().filter(|one| one.is(DSIG, "Signature"));
    match (signatures.next(), signatures.next()) {
        (signature, None) => Ok(signature),
        _ => Err(SamlError::SignaturePlace),
    }
}

/// Checks that whatever may be taken for an id is a name, and given once in the document.
fn check_ids(all: &[&Element]) -> Result<(), SamlError> {
    const ID_LIKE: [&str; 4] = ["id", "assertionid", "requestid", "responseid"];
    let attributes = all.iter().flat_map(|element| element.attributes.iter());
    let mut ids = attributes
        .filter(|one| ID_LIKE.contains(&one.local.to_ascii_lowercase().as_str()))
        .map(|one| one.value.as_str());
    let mut known = BTreeSet::new();
    if ids.all(|id| markup::is_name(id) && known.insert(id)) {
        Ok(())
    } else {
        Err(SamlError::Ids)
    }
}

/// The one element of this name directly inside.
fn only<'e>(
    parent: &'e Element,
    namespace: &str,
    local: &str,
    shown: &'static str,
) -> Result<&'e Element, SamlError> {
    let mut found = parent.elements().filter(|one| one.is(namespace, local));
    match (found.next(), found.next()) {
        (Some(element), None) => Ok(element),
        _ => Err(SamlError::Content(shown)),
    }
}

#[cfg(test)]
mod tests;
