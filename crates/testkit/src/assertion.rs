//! A SAML provider of our own: responses as a real one signs them, with the key of the kept pack.
//!
//! What it writes is in canonical form already, so that signing needs no canonicalization and cannot
//! share a mistake with the code under test. What is asked of it may be wrong on purpose.
//!
//! **Source**: SAML 2.0 core; XML Signature Syntax and Processing 1.1.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use daypass_wire::time::iso8601;

/// The provider's name: the entity id of the kept metadata.
pub const ISSUER: &str = "https://idp.example.com/metadata";

const KEY: &str = include_str!("../../../vectors/saml/keys/test-only-idp.key");
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// What an assertion says.
#[derive(Clone, Debug)]
pub struct Assertion {
    /// Its `ID`.
    pub id: String,
    /// The user.
    pub name_id: String,
    /// Who issues it.
    pub issuer: String,
    /// Where it is delivered.
    pub recipient: String,
    /// Whom it is meant for.
    pub audience: String,
    /// When it was issued, in seconds since 1970.
    pub issued_at: i64,
    /// When the session at the provider ends.
    pub session_ends: Option<i64>,
    /// Whether it may be used once only.
    pub one_time_use: bool,
    /// Its attributes: a name and a value each; a name may come again.
    pub attributes: Vec<(String, String)>,
    /// Whether it is signed.
    pub signed: bool,
}

impl Assertion {
    /// The assertion in a response, in base64.
    ///
    /// **Errors**: what the key would not sign, in words.
    pub fn response(&self) -> Result<String, String> {
        let (head, rest) = self.parts();
        let signature = if self.signed {
            signature(&self.id, &format!("{head}{rest}"))?
        } else {
            String::new()
        };
        let issued = iso8601(self.issued_at);
        Ok(STANDARD.encode(format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_r\" \
             IssueInstant=\"{issued}\" Version=\"2.0\"><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
             {head}{signature}{rest}</samlp:Response>"
        )))
    }

    /// The canonical form, cut where the signature goes.
    fn parts(&self) -> (String, String) {
        let issued = iso8601(self.issued_at);
        let until = iso8601(self.issued_at + 300);
        let head = format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{}\" \
             IssueInstant=\"{issued}\" Version=\"2.0\"><saml:Issuer>{}</saml:Issuer>",
            self.id,
            escaped(&self.issuer),
        );
        let once = if self.one_time_use {
            "<saml:OneTimeUse></saml:OneTimeUse>"
        } else {
            ""
        };
        let ends = self.session_ends.map(iso8601);
        let ends = ends.map(|ends| format!(" SessionNotOnOrAfter=\"{ends}\""));
        let rest = format!(
            "<saml:Subject><saml:NameID \
             Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">{}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData NotOnOrAfter=\"{until}\" Recipient=\"{}\">\
             </saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{issued}\" NotOnOrAfter=\"{until}\">\
             <saml:AudienceRestriction><saml:Audience>{}</saml:Audience>\
             </saml:AudienceRestriction>{once}</saml:Conditions>\
             <saml:AuthnStatement AuthnInstant=\"{issued}\"{}></saml:AuthnStatement>\
             <saml:AttributeStatement>{}</saml:AttributeStatement></saml:Assertion>",
            escaped(&self.name_id),
            self.recipient,
            escaped(&self.audience),
            ends.unwrap_or_default(),
            self.attributes.iter().map(attribute).collect::<String>(),
        );
        (head, rest)
    }
}

fn attribute((name, value): &(String, String)) -> String {
    format!(
        "<saml:Attribute Name=\"{name}\"><saml:AttributeValue>{}</saml:AttributeValue>\
         </saml:Attribute>",
        escaped(value)
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An enveloped signature over the element `id`, whose canonical form is `element`.
fn signature(id: &str, element: &str) -> Result<String, String> {
    let digest = STANDARD.encode(digest(&SHA256, element.as_bytes()));
    let inside = format!(
        "<ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\">\
         </ds:SignatureMethod><ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{DSIG}enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">\
         </ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
    );
    // In canonical form the namespace stands on the element itself, not on the one around it.
    let signed = format!("<ds:SignedInfo xmlns:ds=\"{DSIG}\">{inside}</ds:SignedInfo>");
    let value = STANDARD.encode(sign(signed.as_bytes())?);
    Ok(format!(
        "<ds:Signature xmlns:ds=\"{DSIG}\"><ds:SignedInfo>{inside}</ds:SignedInfo>\
         <ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    ))
}

fn sign(message: &[u8]) -> Result<Vec<u8>, String> {
    let inside = KEY.lines().filter(|line| !line.starts_with('-'));
    let der = STANDARD.decode(inside.collect::<String>());
    let der = der.map_err(|error| error.to_string())?;
    let key = KeyPair::from_pkcs8(&der).map_err(|error| error.to_string())?;
    let mut signature = vec![0; key.public_modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message,
        &mut signature,
    )
    .map_err(|error| error.to_string())?;
    Ok(signature)
}
