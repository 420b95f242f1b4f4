//! Code to copy: each language's two halves of the journey, filled in for one pool.
//!
//! People who integrate a pool copy before they read, so what they copy has to run as it stands.
//! A template is a text file beside this one, whole and runnable but for its `«placeholders»`;
//! filling it in is one pure function, so that the console's page and `daypass snippet` show the
//! same words, and the lane `snippets` can execute what they show.
//!
//! **Source**: users page, section 8 (S8) and section 11 (E1 to E13); the reference pages of each
//! SDK for its names.

mod language;
mod literal;
#[cfg(test)]
mod tests;

pub(crate) use language::{Language, Side};

use literal::literal;

/// What stands where a pool has no developer provider yet.
const NO_PROVIDER: &str = "YOUR-DEVELOPER-PROVIDER-NAME";

/// What stands where no bucket is known.
const NO_BUCKET: &str = "YOUR-BUCKET";

const BACKEND_NOTE: &str = "Runs on your server. The key in Logins is the developer provider \
     name, the value your own user id. Keep the backend's keys in the environment, never in code.";

const NO_PROVIDER_NOTE: &str = "This pool has no developer provider yet: give it one, for only \
     then can a backend vouch for its users. The name can never be changed afterwards.";

const CLIENT_NOTE: &str = "Runs at your user's. Token and identityId must come from your backend \
     together. The key in Logins is always cognito-identity.amazonaws.com, never the developer \
     provider name.";

const GUESTS_NOTE: &str = "Runs at your user's. Token and identityId must come from your backend \
     together. The key in Logins is always cognito-identity.amazonaws.com, never the developer \
     provider name. This pool also lets guests in: a client that loses its Logins becomes a guest \
     without a word, so make sure that they are sent.";

const INFRASTRUCTURE_NOTE: &str = "Adopts the pool as it is and gives it a new role for its users \
     in place of the roles it has. Look at the plan before you apply it.";

/// What a snippet is filled in with: plain values, quoted here for each language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filling<'a> {
    /// The base URL that clients use.
    pub(crate) endpoint: &'a str,
    /// The region that signatures carry.
    pub(crate) region: &'a str,
    /// The pool.
    pub(crate) identity_pool_id: &'a str,
    /// The name under which the pool's backend vouches, if it has one.
    pub(crate) developer_provider_name: Option<&'a str>,
    /// The bucket that holds a folder for each identity, if one is known.
    pub(crate) bucket: Option<&'a str>,
    /// Whether the pool accepts identities without a login.
    pub(crate) guests: bool,
}

/// One half of the journey in one language, ready to be copied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Snippet {
    /// Its language.
    pub(crate) language: Language,
    /// Which half.
    pub(crate) side: Side,
    /// What the file is called when it is saved.
    pub(crate) file_name: &'static str,
    /// What a person has to know who copies this half.
    pub(crate) note: Option<&'static str>,
    /// How its packages are installed.
    pub(crate) install: &'static str,
    /// The file.
    pub(crate) text: String,
}

/// The snippet of one half in one language, if that half makes sense there.
pub(crate) fn snippet(language: Language, side: Side, filling: &Filling<'_>) -> Option<Snippet> {
    let file = language.file(side)?;
    Some(Snippet {
        language,
        side,
        file_name: file.name,
        note: Some(note(language, side, filling)),
        install: file.install,
        text: fill(file.template, language, filling),
    })
}

/// Every language, with the halves it has.
pub(crate) fn all() -> impl Iterator<Item = (Language, Vec<Side>)> {
    Language::ALL.into_iter().map(|language| {
        let halves = [Side::Backend, Side::Client].into_iter();
        let halves = halves.filter(|side| language.file(*side).is_some());
        (language, halves.collect())
    })
}

fn note(language: Language, side: Side, filling: &Filling<'_>) -> &'static str {
    match side {
        Side::Backend if filling.developer_provider_name.is_none() => NO_PROVIDER_NOTE,
        Side::Backend if language == Language::Terraform => INFRASTRUCTURE_NOTE,
        Side::Backend => BACKEND_NOTE,
        Side::Client if filling.guests => GUESTS_NOTE,
        Side::Client => CLIENT_NOTE,
    }
}

/// The template with each placeholder replaced once; what a value holds is never looked at again.
fn fill(template: &str, language: Language, filling: &Filling<'_>) -> String {
    let mut text = String::with_capacity(template.len() + 200);
    let mut rest = template;
    while let Some((before, opened)) = rest.split_once('«') {
        let (name, after) = opened.split_once('»').unwrap_or((opened, ""));
        text.push_str(before);
        text.push_str(&value(name, language, filling));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// What stands for a placeholder: a literal of the language.
fn value(name: &str, language: Language, filling: &Filling<'_>) -> String {
    let plain = match name {
        "endpoint" => filling.endpoint,
        "region" => filling.region,
        "identity-pool-id" => filling.identity_pool_id,
        "developer-provider-name" => filling.developer_provider_name.unwrap_or(NO_PROVIDER),
        "bucket" => filling.bucket.unwrap_or(NO_BUCKET),
        // Written alike in every language that has a template with it.
        "guests" => return filling.guests.to_string(),
        // The tests hold each template to the names above.
        other => return format!("«{other}»"),
    };
    literal(language, plain)
}
