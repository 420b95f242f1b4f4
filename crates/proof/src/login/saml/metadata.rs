//! The metadata of a SAML provider: its name, and the certificates it signs with.
//!
//! An operator uploads it. Nothing in it can switch a check off: a document that gives no usable
//! signing certificate is not a provider, and a key without a stated use signs.
//!
//! **Source**: SAML 2.0 metadata, sections 2.3.2, 2.4.1 and 2.4.3; requirements S43, S44; IAM
//! reference, section 4.4.

use super::certificate::SigningCertificate;
use super::moment;
use super::signature::DSIG;
use super::xml::{self, Element, XmlError};

const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The longest metadata document. **Source**: limits page: a request of this face is no longer.
pub const METADATA_BYTES_MAX: usize = 524_288;
/// The most signing certificates. **Source**: requirement S43.
const CERTIFICATES_MAX: usize = 4;
/// The longest entity id. **Source**: SAML 2.0 metadata, section 2.2.1.
const ENTITY_ID_CHARS_MAX: usize = 1_024;

/// Why a document is not the metadata of a usable provider.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum MetadataError {
    /// Not a document that is read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The root is not one entity.
    #[error("the document is not the description of one entity")]
    Root,
    /// No entity id, or one longer than 1,024 characters.
    #[error("the entity id is missing or too long")]
    EntityId,
    /// Not exactly one role of an identity provider that speaks SAML 2.0.
    #[error("the entity is not an identity provider of SAML 2.0")]
    Role,
    /// A key descriptor that does not hold exactly one certificate, or has an unknown use.
    #[error("a key descriptor does not hold exactly one certificate")]
    KeyDescriptor,
    /// More than four signing certificates.
    #[error("there are more than 4 signing certificates")]
    TooManyCertificates,
    /// No certificate that can check a signature.
    #[error("there is no usable signing certificate")]
    NoUsableCertificate,
    /// A `validUntil` that is no moment.
    #[error("`validUntil` is not a moment in UTC")]
    ValidUntil,
}

/// What a provider's metadata says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Metadata {
    entity_id: String,
    certificates: Vec<SigningCertificate>,
    valid_until: Option<i64>,
}

impl Metadata {
    /// Reads a metadata document.
    pub fn parse(document: &[u8]) -> Result<Self, MetadataError> {
        let root = xml::parse(document, METADATA_BYTES_MAX)?;
        if !root.is(METADATA, "EntityDescriptor") {
            return Err(MetadataError::Root);
        }
        let entity_id = root.attribute("entityID");
        let entity_id =
            entity_id.filter(|id| (1..=ENTITY_ID_CHARS_MAX).contains(&id.chars().count()));
        let entity_id = entity_id.ok_or(MetadataError::EntityId)?.to_owned();
        let mut roles = root
            .elements()
            .filter(|one| one.is(METADATA, "IDPSSODescriptor"));
        let (Some(role), None) = (roles.next(), roles.next()) else {
            return Err(MetadataError::Role);
        };
        let protocols = role
            .attribute("protocolSupportEnumeration")
            .unwrap_or_default();
        if !protocols
            .split_ascii_whitespace()
            .any(|one| one == PROTOCOL)
        {
            return Err(MetadataError::Role);
        }
        Ok(Self {
            entity_id,
            certificates: signing_certificates(role)?,
            valid_until: earliest(valid_until(&root)?, valid_until(role)?),
        })
    }

    /// The provider's name: the `Issuer` of its assertions.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The certificates it signs with: one to four.
    pub fn certificates(&self) -> &[SigningCertificate] {
        &self.certificates
    }

    /// When the metadata stops being valid, in seconds since 1970, if it says so.
    pub fn valid_until(&self) -> Option<i64> {
        self.valid_until
    }
}

fn signing_certificates(role: &Element) -> Result<Vec<SigningCertificate>, MetadataError> {
    let mut given = 0;
    let mut usable = Vec::new();
    let descriptors = role.elements();
    for descriptor in descriptors.filter(|one| one.is(METADATA, "KeyDescriptor")) {
        match descriptor.attribute("use") {
            // Without a use, a key is for everything.
            None | Some("signing") => {}
            Some("encryption") => continue,
            Some(_) => return Err(MetadataError::KeyDescriptor),
        }
        given += 1;
        if given > CERTIFICATES_MAX {
            return Err(MetadataError::TooManyCertificates);
        }
        usable.extend(SigningCertificate::parse(certificate(descriptor)?).ok());
    }
    if usable.is_empty() {
        return Err(MetadataError::NoUsableCertificate);
    }
    Ok(usable)
}

/// The text of the one certificate in a key descriptor. With several it would not be said which of
/// them signs, and the others may be authorities that sign for anybody.
fn certificate(descriptor: &Element) -> Result<&str, MetadataError> {
    let mut inside = descriptor.elements().filter(|one| one.is(DSIG, "KeyInfo"));
    let (Some(key_info), None) = (inside.next(), inside.next()) else {
        return Err(MetadataError::KeyDescriptor);
    };
    let data = key_info.elements().filter(|one| one.is(DSIG, "X509Data"));
    let mut certificates = data
        .flat_map(Element::elements)
        .filter(|one| one.is(DSIG, "X509Certificate"));
    let (Some(certificate), None) = (certificates.next(), certificates.next()) else {
        return Err(MetadataError::KeyDescriptor);
    };
    certificate.text().ok_or(MetadataError::KeyDescriptor)
}

fn valid_until(element: &Element) -> Result<Option<i64>, MetadataError> {
    match element.attribute("validUntil") {
        None => Ok(None),
        Some(text) => moment::instant(text)
            .map(Some)
            .ok_or(MetadataError::ValidUntil),
    }
}

fn earliest(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    [one, other].into_iter().flatten().min()
}
