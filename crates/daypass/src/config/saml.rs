//! What is expected of SAML assertions, read from its five settings.
//!
//! **Source**: requirements S43, S45 and S46.

use daypass_service::SamlSettings;

use super::layers::{Layers, Sourced, wrong};
use crate::exit::Failure;

/// The longest an assertion may be taken after it was issued, in seconds.
const AGE_SECONDS_MAX: i64 = 3_600;

/// The settings as they were given; what follows from the public URL is filled in later.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    recipients: Vec<String>,
    audiences: Vec<String>,
    age_seconds: i64,
    single_use: bool,
    expired_certificates: bool,
}

impl Given {
    /// The whole settings of a server at this URL.
    pub(crate) fn settings(&self, public_url: &str) -> SamlSettings {
        let default = SamlSettings::at(public_url);
        let given = |given: &[String], default: Vec<String>| {
            if given.is_empty() {
                default
            } else {
                given.to_vec()
            }
        };
        SamlSettings {
            recipients: given(&self.recipients, default.recipients),
            audiences: given(&self.audiences, default.audiences),
            age_seconds: self.age_seconds,
            single_use: self.single_use,
            expired_certificates: self.expired_certificates,
        }
    }
}

/// Reads and checks all of them.
pub(super) fn given(layers: &Layers) -> Result<Given, Failure> {
    Ok(Given {
        recipients: layers.list("saml_recipients")?.value,
        audiences: layers.list("saml_audiences")?.value,
        age_seconds: age(layers)?,
        single_use: layers.switch("saml_single_use")?.value,
        expired_certificates: expired_certificates(layers)?,
    })
}

fn age(layers: &Layers) -> Result<i64, Failure> {
    const NAME: &str = "saml_age_seconds";
    let Some(Sourced { value, source }) = layers.text(NAME)? else {
        return Ok(SamlSettings::at("").age_seconds);
    };
    let seconds = value.parse().ok();
    let seconds = seconds.filter(|seconds| (1..=AGE_SECONDS_MAX).contains(seconds));
    seconds.ok_or_else(|| wrong(NAME, &source, "must be a number of seconds from 1 to 3600"))
}

fn expired_certificates(layers: &Layers) -> Result<bool, Failure> {
    const NAME: &str = "saml_expired_certificates";
    let Some(Sourced { value, source }) = layers.text(NAME)? else {
        return Ok(true);
    };
    match value.as_str() {
        "warn" => Ok(true),
        "refuse" => Ok(false),
        _ => Err(wrong(NAME, &source, "must be `warn` or `refuse`")),
    }
}
