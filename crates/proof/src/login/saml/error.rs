//! Why a SAML response proves nothing.
//!
//! **Source**: requirements S39 to S45.

use super::xml::XmlError;

/// Why a SAML response is refused.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum SamlError {
    /// Not base64 in its one spelling, or longer than is read.
    #[error("the response is not base64, or too long")]
    Base64,
    /// Not a document that is read.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// The root is not a `Response`.
    #[error("the document is not a SAML response")]
    Root,
    /// A version other than 2.0.
    #[error("the version of `{0}` is not 2.0")]
    Version(&'static str),
    /// The provider did not log the user in.
    #[error("the status of the response is not success")]
    Status,
    /// Something in it is encrypted.
    #[error("encrypted parts are not accepted")]
    Encrypted,
    /// There is not exactly one `Assertion`, or not directly in the response.
    #[error("there is not exactly one assertion directly in the response")]
    Assertions,
    /// An `ID` is given twice, or is no name.
    #[error("an id is given twice or not well formed")]
    Ids,
    /// Neither the response nor the assertion is signed.
    #[error("neither the response nor the assertion is signed")]
    Unsigned,
    /// A signature that is not a direct child of the response or the assertion, or a second one.
    #[error("a signature is not where it must be, or is one too many")]
    SignaturePlace,
    /// A signature with parts other than the accepted ones.
    #[error("a signature does not have the accepted parts")]
    SignatureShape,
    /// A signature or digest algorithm that is not accepted.
    #[error("a signature or digest algorithm is not accepted")]
    Algorithm,
    /// A canonicalization other than the exclusive one, or one without a result.
    #[error("the canonicalization is not the exclusive one, or has no result")]
    Canonicalization,
    /// Transforms other than the two accepted ones.
    #[error("the transforms are not enveloped-signature and exclusive canonicalization")]
    Transforms,
    /// A reference that is not to the element the signature stands in.
    #[error("the reference does not name the element the signature stands in")]
    Reference,
    /// No certificate of the provider verifies the signature.
    #[error("no certificate of the provider verifies the signature")]
    BadSignature,
    /// What was signed has been changed.
    #[error("the digest is not that of the signed element")]
    DigestMismatch,
    /// The certificate that verifies it has expired, and such are refused.
    #[error("the certificate expired at {not_after}, it is {now}")]
    CertificateExpired {
        /// The moment of the request.
        now: i64,
        /// The last second of the certificate.
        not_after: i64,
    },
    /// An element or attribute is missing, given twice, or not of its form.
    #[error("`{0}` is missing, given twice, or not well formed")]
    Content(&'static str),
    /// Another issuer than the provider's.
    #[error("the issuer is not the provider")]
    IssuerMismatch,
    /// Meant for somebody else.
    #[error("the audience is not this service")]
    AudienceRefused,
    /// To be delivered somewhere else.
    #[error("the recipient or destination is not this service")]
    RecipientRefused,
    /// The subject is confirmed by other means than presenting the assertion.
    #[error("the subject confirmation is not a single bearer one")]
    Confirmation,
    /// A condition that is not known.
    #[error("a condition is not known")]
    UnknownCondition,
    /// Issued, or valid only, in the future.
    #[error("the assertion is not valid yet")]
    NotYetValid,
    /// No longer valid.
    #[error("the assertion expired at {expires_at}, it is {now}")]
    Expired {
        /// The moment of the request.
        now: i64,
        /// The first second it is no longer valid.
        expires_at: i64,
    },
    /// Presented too long after it was issued.
    #[error("the assertion is too old: it could be presented until {expires_at}, it is {now}")]
    TooOld {
        /// The moment of the request.
        now: i64,
        /// The last second it could be presented.
        expires_at: i64,
    },
}

impl SamlError {
    /// Whether it is the signature that is missing or does not hold, or its form.
    pub fn is_about_signature(&self) -> bool {
        matches!(
            self,
            Self::Unsigned
                | Self::SignaturePlace
                | Self::SignatureShape
                | Self::Algorithm
                | Self::Canonicalization
                | Self::Transforms
                | Self::Reference
                | Self::BadSignature
                | Self::DigestMismatch
                | Self::CertificateExpired { .. }
        )
    }

    /// The stable name of the reason.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Base64 => "saml.base64",
            Self::Xml(_) => "saml.xml",
            Self::Root => "saml.root",
            Self::Version(_) => "saml.version",
            Self::Status => "saml.status",
            Self::Encrypted => "saml.encrypted",
            Self::Assertions => "saml.assertions",
            Self::Ids => "saml.ids",
            Self::Unsigned => "saml.unsigned",
            Self::SignaturePlace => "saml.signature_place",
            Self::SignatureShape => "saml.signature_shape",
            Self::Algorithm => "saml.algorithm",
            Self::Canonicalization => "saml.canonicalization",
            Self::Transforms => "saml.transforms",
            Self::Reference => "saml.reference",
            Self::BadSignature => "saml.signature",
            Self::DigestMismatch => "saml.digest",
            Self::CertificateExpired { .. } => "saml.certificate_expired",
            Self::Content(_) => "saml.content",
            Self::IssuerMismatch => "saml.issuer",
            Self::AudienceRefused => "saml.audience",
            Self::RecipientRefused => "saml.recipient",
            Self::Confirmation => "saml.confirmation",
            Self::UnknownCondition => "saml.condition",
            Self::NotYetValid => "saml.not_yet_valid",
            Self::Expired { .. } => "saml.expired",
            Self::TooOld { .. } => "saml.too_old",
        }
    }
}
