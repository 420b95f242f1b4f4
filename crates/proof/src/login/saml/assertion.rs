//! What a verified assertion says: who, for whom, until when, and what of the user.
//!
//! **Source**: SAML 2.0 core, sections 2.3 to 2.7; SAML 2.0 profiles, section 4.1.4.3; requirements
//! S41, S45, S47; STS reference, section 2.7.

use std::collections::BTreeMap;

use super::xml::{Element, Node};
use super::{
    ASSERTION, Expectation, Provider, SKEW_SECONDS, SamlError, markup::is_name, moment, only,
};
use crate::login::{LoginClaims, Subject, VerifiedLogin};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The format of an identifier that names none.
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
/// The claim that names the user. Providers that put it into the `NameID` do not repeat it as an
/// attribute, so the `NameID` stands in for it. **Source**: Cognito identity reference, section 5.6.
const NAME_IDENTIFIER: &str =
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";
/// The longest `NameID`, in characters. **Source**: SAML 2.0 core, section 8.3.7.
const NAME_ID_CHARS_MAX: usize = 256;

/// An assertion whose signature, conditions and addressee were verified.
///
/// Holding one is the proof; only the verifier makes it.
///
/// ```compile_fail,E0451
/// use daypass_proof::login::saml::VerifiedAssertion;
///
/// fn prolong(assertion: VerifiedAssertion) -> VerifiedAssertion {
///     VerifiedAssertion { session_not_on_or_after: None, ..assertion }
/// }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerifiedAssertion {
    login: VerifiedLogin,
    claims: LoginClaims,
    id: String,
    issuer: String,
    format: String,
    recipient: String,
    issued_at: i64,
    one_time_use: bool,
    session_not_on_or_after: Option<i64>,
    expired_certificate: Option<i64>,
}

impl VerifiedAssertion {
    /// The provider, and the user it vouches for: the `NameID`.
    pub fn login(&self) -> &VerifiedLogin {
        &self.login
    }

    /// The attributes, by name. The `nameidentifier` claim is the `NameID` if no attribute says it.
    pub fn claims(&self) -> &LoginClaims {
        &self.claims
    }

    /// The `ID` of the assertion.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The `Issuer`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The `Format` of the `NameID`.
    pub fn format(&self) -> &str {
        &self.format
    }

    /// The `Recipient` it was delivered to.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// When it was issued, in seconds since 1970.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// Whether it may be used once only.
    pub fn one_time_use(&self) -> bool {
        self.one_time_use
    }

    /// When the session at the provider ends, in seconds since 1970, if it says so.
    pub fn session_not_on_or_after(&self) -> Option<i64> {
        self.session_not_on_or_after
    }

    /// When the certificate that verified it expired, if it has.
    pub fn expired_certificate(&self) -> Option<i64> {
        self.expired_certificate
    }

    /// The same, verified with a certificate that expired at this moment.
    pub(super) fn with_expired_certificate(self, not_after: Option<i64>) -> Self {
        Self {
            expired_certificate: not_after,
            ..self
        }
    }

    /// Takes it apart.
    pub fn into_parts(self) -> (VerifiedLogin, LoginClaims) {
        (self.login, self.claims)
    }
}

/// Reads an assertion out of what was signed, and checks everything it says about its own use.
pub(super) fn read(
    assertion: &Element,
    provider: &Provider<'_>,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<VerifiedAssertion, SamlError> {
    if assertion.attribute("Version") != Some("2.0") {
        return Err(SamlError::Version("Assertion"));
    }
    let id = assertion.attribute("ID").filter(|id| is_name(id));
    let id = id.ok_or(SamlError::Content("ID"))?.to_owned();
    let issuer = text(part(assertion, "Issuer")?, "Issuer")?;
    if issuer != provider.entity_id {
        return Err(SamlError::IssuerMismatch);
    }
    let issued_at =
        instant(assertion, "IssueInstant")?.ok_or(SamlError::Content("IssueInstant"))?;
    check_age(issued_at, expectation.age_seconds, now)?;
    let one_time_use = check_conditions(part(assertion, "Conditions")?, expectation, now)?;
    let subject = part(assertion, "Subject")?;
    let (name_id, format) = name_id(subject)?;
    let recipient = check_confirmation(subject, expectation, now)?;
    let session_not_on_or_after = session_end(assertion, now)?;
    let mut attributes = attributes(assertion)?;
    attributes
        .entry(NAME_IDENTIFIER.to_owned())
        .or_insert_with(|| vec![name_id.clone()]);
    Ok(VerifiedAssertion {
        login: VerifiedLogin {
            provider: provider.name.clone(),
            subject: Subject(name_id),
        },
        claims: LoginClaims::of_attributes(attributes),
        id,
        issuer: issuer.to_owned(),
        format,
        recipient,
        issued_at,
        one_time_use,
        session_not_on_or_after,
        expired_certificate: None,
    })
}

/// The one element of this name, of the assertion's own namespace.
fn part<'e>(parent: &'e Element, local: &'static str) -> Result<&'e Element, SamlError> {
    only(parent, ASSERTION, local, local)
}

/// The text of an element that holds text only, and some.
fn text<'e>(element: &'e Element, shown: &'static str) -> Result<&'e str, SamlError> {
    let text = element.text().filter(|text| !text.is_empty());
    text.ok_or(SamlError::Content(shown))
}

fn instant(element: &Element, name: &'static str) -> Result<Option<i64>, SamlError> {
    match element.attribute(name) {
        None => Ok(None),
        Some(text) => moment::instant(text)
            .map(Some)
            .ok_or(SamlError::Content(name)),
    }
}

fn check_age(issued_at: i64, age_seconds: i64, now: i64) -> Result<(), SamlError> {
    if issued_at > now.saturating_add(SKEW_SECONDS) {
        return Err(SamlError::NotYetValid);
    }
    let expires_at = issued_at.saturating_add(age_seconds);
    if now > expires_at {
        return Err(SamlError::TooOld { now, expires_at });
    }
    Ok(())
}

/// Checks `NotBefore` and `NotOnOrAfter`; the second must be there if it is `required`.
fn check_window(element: &Element, required: bool, now: i64) -> Result<(), SamlError> {
    let not_before = instant(element, "NotBefore")?;
    if not_before.is_some_and(|first| first > now.saturating_add(SKEW_SECONDS)) {
        return Err(SamlError::NotYetValid);
    }
    match instant(element, "NotOnOrAfter")? {
        Some(end) if end.saturating_add(SKEW_SECONDS) <= now => Err(SamlError::Expired {
            now,
            expires_at: end,
        }),
        None if required => Err(SamlError::Content("NotOnOrAfter")),
        _ => Ok(()),
    }
}

/// Checks every condition, and says whether one of them is `OneTimeUse`.
fn check_conditions(
    conditions: &Element,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<bool, SamlError> {
    check_window(conditions, false, now)?;
    let mut for_us = false;
    let mut one_time_use = false;
    for condition in conditions.elements() {
        if condition.is(ASSERTION, "AudienceRestriction") {
            check_audience(condition, expectation.audiences)?;
            for_us = true;
        } else if condition.is(ASSERTION, "OneTimeUse") {
            one_time_use = true;
        } else {
            return Err(SamlError::UnknownCondition);
        }
    }
    if for_us {
        Ok(one_time_use)
    } else {
        Err(SamlError::AudienceRefused)
    }
}

fn check_audience(restriction: &Element, ours: &[String]) -> Result<(), SamlError> {
    let mut for_us = false;
    for audience in restriction.elements() {
        if !audience.is(ASSERTION, "Audience") {
            return Err(SamlError::UnknownCondition);
        }
        let audience = text(audience, "Audience")?;
        for_us |= ours.iter().any(|one| one == audience);
    }
    if for_us {
        Ok(())
    } else {
        Err(SamlError::AudienceRefused)
    }
}

fn name_id(subject: &Element) -> Result<(String, String), SamlError> {
    let name_id = part(subject, "NameID")?;
    let text = text(name_id, "NameID")?;
    let plain = !text.chars().any(char::is_control) && text.trim() == text;
    if !plain || text.chars().count() > NAME_ID_CHARS_MAX {
        return Err(SamlError::Content("NameID"));
    }
    let format = name_id.attribute("Format").unwrap_or(UNSPECIFIED);
    Ok((text.to_owned(), format.to_owned()))
}

/// Checks the one bearer confirmation, and gives the recipient it names.
fn check_confirmation(
    subject: &Element,
    expectation: &Expectation<'_>,
    now: i64,
) -> Result<String, SamlError> {
    let confirmation = only(
        subject,
        ASSERTION,
        "SubjectConfirmation",
        "SubjectConfirmation",
    )
    .map_err(|_| SamlError::Confirmation)?;
    if confirmation.attribute("Method") != Some(BEARER) {
        return Err(SamlError::Confirmation);
    }
    let data = part(confirmation, "SubjectConfirmationData")?;
    let recipient = data.attribute("Recipient");
    let recipient = recipient.ok_or(SamlError::Content("Recipient"))?;
    if !expectation.recipients.iter().any(|ours| ours == recipient) {
        return Err(SamlError::RecipientRefused);
    }
    check_window(data, true, now)?;
    Ok(recipient.to_owned())
}

/// The earliest end of a session at the provider, which must be ahead.
fn session_end(assertion: &Element, now: i64) -> Result<Option<i64>, SamlError> {
    let mut earliest: Option<i64> = None;
    let statements = assertion.elements();
    for statement in statements.filter(|one| one.is(ASSERTION, "AuthnStatement")) {
        if let Some(end) = instant(statement, "SessionNotOnOrAfter")? {
            if end <= now {
                return Err(SamlError::Expired {
                    now,
                    expires_at: end,
                });
            }
            earliest = Some(earliest.map_or(end, |known| known.min(end)));
        }
    }
    Ok(earliest)
}

/// The attributes of all statements, by name.
fn attributes(assertion: &Element) -> Result<BTreeMap<String, Vec<String>>, SamlError> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let statements = assertion.elements();
    let statements = statements.filter(|one| one.is(ASSERTION, "AttributeStatement"));
    for attribute in statements.flat_map(Element::elements) {
        let name = attribute.attribute("Name").filter(|name| !name.is_empty());
        let name = name.ok_or(SamlError::Content("Attribute"))?;
        if !attribute.is(ASSERTION, "Attribute") {
            return Err(SamlError::Content("Attribute"));
        }
        let values = found.entry(name.to_owned()).or_default();
        for value in attribute.elements() {
            let text = value
                .text()
                .filter(|_| value.is(ASSERTION, "AttributeValue"));
            values.push(text.ok_or(SamlError::Content("AttributeValue"))?.to_owned());
        }
        let only_values =
            |child: &Node| !matches!(child, Node::Text(text) if !text.trim().is_empty());
        if !attribute.children.iter().all(only_values) {
            return Err(SamlError::Content("Attribute"));
        }
    }
    Ok(found)
}
