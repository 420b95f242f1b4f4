//! The one signature shape that is accepted, and what it makes of the element it signs.
//!
//! A signature is a direct child of the element it signs and names it by its `ID`. What comes out is
//! a [`VerifiedSubtree`]: the canonical bytes that were digested, read again. Whoever needs to know
//! what was signed reads that value, never the document, so there is no second element to read by
//! mistake.
//!
//! **Source**: XML Signature Syntax and Processing 1.1, sections 4 and 6; SAML 2.0 core, section 5.4;
//! requirements S39 to S43.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{self, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::SamlError;
use super::canonical::{CANONICAL_BYTES_MAX, canonical};
use super::certificate::{Algorithm, SigningCertificate, without_space};
use super::markup::is_name;
use super::xml::{self, Element};
use crate::jwt::Algorithm as Rsa;

/// The namespace of signatures.
pub(super) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Exclusive canonical XML without comments; also the namespace of its parameters.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// The most prefixes a `PrefixList` names.
const PREFIXES_MAX: usize = 16;

/// The longest signature value, in bytes: that of the longest key.
const SIGNATURE_BYTES_MAX: usize = 1_024;

/// What a signature was verified over: the canonical form of an element, read again.
///
/// Only [`verify`] makes it.
#[derive(Debug)]
pub(super) struct VerifiedSubtree {
    root: Element,
    certificate: usize,
}

impl VerifiedSubtree {
    /// The element that was signed, without its signature.
    pub(super) fn root(&self) -> &Element {
        &self.root
    }

    /// The number of the certificate that verified it.
    pub(super) fn certificate(&self) -> usize {
        self.certificate
    }
}

/// Verifies `signature`, a child of `signed`, with one of `certificates`.
///
/// `is_root` says that `signed` is the whole document, which an empty reference names as well.
pub(super) fn verify(
    signed: &Element,
    signature: &Element,
    is_root: bool,
    certificates: &[SigningCertificate],
) -> Result<VerifiedSubtree, SamlError> {
    let parts = Parts::read(signature)?;
    let reference = Reference::read(parts.reference)?;
    let named = match reference.uri.strip_prefix('#') {
        Some(id) => signed.attribute("ID") == Some(id),
        None => reference.uri.is_empty() && is_root,
    };
    if !named {
        return Err(SamlError::Reference);
    }
    let bytes = canonical(parts.signed_info, None, &parts.prefixes)
        .map_err(|_| SamlError::Canonicalization)?;
    let verifies = |one: &SigningCertificate| one.verifies(parts.algorithm, &bytes, &parts.value);
    let found = certificates.iter().position(verifies);
    let certificate = found.ok_or(SamlError::BadSignature)?;
    let bytes = canonical(signed, Some(signature), &reference.prefixes)
        .map_err(|_| SamlError::Canonicalization)?;
    let found = digest(reference.digest, &bytes);
    verify_slices_are_equal(found.as_ref(), &reference.value)
        .map_err(|_| SamlError::DigestMismatch)?;
    // INVARIANT: what is read is what was digested.
    let root = xml::parse(&bytes, CANONICAL_BYTES_MAX)?;
    Ok(VerifiedSubtree { root, certificate })
}

/// The parts of a `Signature`.
struct Parts<'d> {
    signed_info: &'d Element,
    prefixes: Vec<String>,
    algorithm: Algorithm,
    reference: &'d Element,
    value: Vec<u8>,
}

impl<'d> Parts<'d> {
    fn read(signature: &'d Element) -> Result<Self, SamlError> {
        let mut parts = Children::of(signature)?;
        let signed_info = parts.next("SignedInfo")?;
        let value = parts.next("SignatureValue")?;
        // Whatever key the message carries, it is not looked at. It may stand there or not.
        parts.optional("KeyInfo");
        parts.end()?;

        let mut info = Children::of(signed_info)?;
        let method = info.next("CanonicalizationMethod")?;
        let prefixes = exclusive(method)?;
        let algorithm = signature_algorithm(info.next("SignatureMethod")?)?;
        let reference = info.next("Reference")?;
        info.end()?;
        Ok(Self {
            signed_info,
            prefixes,
            algorithm,
            reference,
            value: octets(value, SIGNATURE_BYTES_MAX)?,
        })
    }
}

/// The parts of a `Reference`.
struct Reference<'d> {
    uri: &'d str,
    prefixes: Vec<String>,
    digest: &'static digest::Algorithm,
    value: Vec<u8>,
}

impl<'d> Reference<'d> {
    fn read(reference: &'d Element) -> Result<Self, SamlError> {
        let uri = reference.attribute("URI").ok_or(SamlError::Reference)?;
        let mut parts = Children::of(reference)?;
        let mut transforms = Children::of(parts.next("Transforms")?)?;
        let enveloped = transforms.transform()?;
        if algorithm(enveloped) != Some(ENVELOPED) || !is_empty(enveloped) {
            return Err(SamlError::Transforms);
        }
        let prefixes = exclusive(transforms.transform()?).map_err(|_| SamlError::Transforms)?;
        transforms.end().map_err(|_| SamlError::Transforms)?;
        let digest = digest_algorithm(parts.next("DigestMethod")?)?;
        let value = octets(parts.next("DigestValue")?, digest.output_len())?;
        parts.end()?;
        Ok(Self {
            uri,
            prefixes,
            digest,
            value,
        })
    }
}

/// The elements inside a part of a signature, taken one by one in their one order.
struct Children<'d>(std::iter::Peekable<std::vec::IntoIter<&'d Element>>);

impl<'d> Children<'d> {
    fn of(element: &'d Element) -> Result<Self, SamlError> {
        if !element.is_without_text() {
            return Err(SamlError::SignatureShape);
        }
        let inside: Vec<_> = element.elements().collect();
        Ok(Self(inside.into_iter().peekable()))
    }

    fn next(&mut self, local: &str) -> Result<&'d Element, SamlError> {
        self.optional(local).ok_or(SamlError::SignatureShape)
    }

    fn optional(&mut self, local: &str) -> Option<&'d Element> {
        self.0.next_if(|element| element.is(DSIG, local))
    }

    fn transform(&mut self) -> Result<&'d Element, SamlError> {
        self.optional("Transform").ok_or(SamlError::Transforms)
    }

    fn end(mut self) -> Result<(), SamlError> {
        match self.0.next() {
            None => Ok(()),
            Some(_) => Err(SamlError::SignatureShape),
        }
    }
}

fn algorithm(element: &Element) -> Option<&str> {
    element.attribute("Algorithm")
}

fn is_empty(element: &Element) -> bool {
    element.elements().next().is_none() && element.is_without_text()
}

/// The prefixes that an exclusive canonicalization writes in any case.
fn exclusive(method: &Element) -> Result<Vec<String>, SamlError> {
    if algorithm(method) != Some(EXCLUSIVE) {
        return Err(SamlError::Canonicalization);
    }
    let mut inside = method.elements();
    let (Some(parameter), None, true) = (inside.next(), inside.next(), method.is_without_text())
    else {
        return if is_empty(method) {
            Ok(Vec::new())
        } else {
            Err(SamlError::Canonicalization)
        };
    };
    let list = parameter.attribute("PrefixList");
    if !parameter.is(EXCLUSIVE, "InclusiveNamespaces") || !is_empty(parameter) {
        return Err(SamlError::Canonicalization);
    }
    let prefixes = list.ok_or(SamlError::Canonicalization)?;
    let prefixes: Vec<_> = prefixes.split_ascii_whitespace().collect();
    if prefixes.len() > PREFIXES_MAX {
        return Err(SamlError::Canonicalization);
    }
    let read = |prefix: &&str| match *prefix {
        "#default" => Ok(String::new()),
        name if is_name(name) => Ok(name.to_owned()),
        _ => Err(SamlError::Canonicalization),
    };
    prefixes.iter().map(read).collect()
}

fn signature_algorithm(method: &Element) -> Result<Algorithm, SamlError> {
    let name = algorithm(method).filter(|_| is_empty(method));
    match name.and_then(|name| name.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#")) {
        Some("rsa-sha256") => Ok(Algorithm::Rsa(Rsa::Rs256)),
        Some("rsa-sha384") => Ok(Algorithm::Rsa(Rsa::Rs384)),
        Some("rsa-sha512") => Ok(Algorithm::Rsa(Rsa::Rs512)),
        Some("ecdsa-sha256") => Ok(Algorithm::EcdsaSha256),
        _ => Err(SamlError::Algorithm),
    }
}

fn digest_algorithm(method: &Element) -> Result<&'static digest::Algorithm, SamlError> {
    match algorithm(method).filter(|_| is_empty(method)) {
        Some("http://www.w3.org/2001/04/xmlenc#sha256") => Ok(&digest::SHA256),
        Some("http://www.w3.org/2001/04/xmldsig-more#sha384") => Ok(&digest::SHA384),
        Some("http://www.w3.org/2001/04/xmlenc#sha512") => Ok(&digest::SHA512),
        _ => Err(SamlError::Algorithm),
    }
}

/// The octets of an element that holds base64 and nothing else.
fn octets(element: &Element, bytes_max: usize) -> Result<Vec<u8>, SamlError> {
    let digits = without_space(element.text().ok_or(SamlError::SignatureShape)?);
    if digits.len() > bytes_max.div_ceil(3) * 4 {
        return Err(SamlError::SignatureShape);
    }
    STANDARD
        .decode(digits)
        .ok()
        .filter(|octets| !octets.is_empty())
        .ok_or(SamlError::SignatureShape)
}
