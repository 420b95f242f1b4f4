//! Every setting there is: one table for flags, variables, the file and their documentation.
//!
//! **Source**: users page, section 10 (Configuration); requirements S11 and S77.

/// What a setting's value looks like.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A text.
    Text,
    /// A list of texts; separated by commas outside the file.
    List,
    /// True or false.
    Switch,
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name in the file; `DAYPASS_` and upper case make the variable.
    pub(crate) name: &'static str,
    /// What its value looks like.
    pub(crate) kind: Kind,
    /// Whether its value must never be shown; such a setting has no flag.
    pub(crate) secret: bool,
}

const fn text(name: &'static str) -> Key {
    Key {
        name,
        kind: Kind::Text,
        secret: false,
    }
}

const fn list(name: &'static str) -> Key {
    Key {
        name,
        kind: Kind::List,
        secret: false,
    }
}

const fn switch(name: &'static str) -> Key {
    Key {
        name,
        kind: Kind::Switch,
        secret: false,
    }
}

/// All settings, in the order they are shown.
pub(crate) const KEYS: &[Key] = &[
    text("listen"),
    text("data"),
    // Shown without its password; with one it has no place on a command line.
    text("database_url"),
    text("database_url_file"),
    text("region"),
    text("account_id"),
    text("public_url"),
    text("issuer"),
    text("master_key_file"),
    text("root_access_key_id"),
    text("root_access_key_id_file"),
    Key {
        name: "root_secret_access_key",
        kind: Kind::Text,
        secret: true,
    },
    text("root_secret_access_key_file"),
    list("allowed_hosts"),
    switch("behind_proxy"),
    list("trusted_proxies"),
    text("rates"),
    list("rates_account"),
    list("rates_pool"),
    list("rates_address"),
    switch("rate_loopback"),
    list("private_issuers"),
    list("provider_endpoints"),
    list("elliptic_issuers"),
    list("issuer_keys"),
    list("saml_recipients"),
    list("saml_audiences"),
    text("saml_age_seconds"),
    switch("saml_single_use"),
    text("saml_expired_certificates"),
    text("log"),
    text("log_format"),
    switch("dev"),
    // Where the file is; not a setting of the file itself.
    text("config"),
];

/// The prefix of every variable.
pub(crate) const PREFIX: &str = "DAYPASS_";

/// Variables that the client commands read and the server does not.
pub(crate) const CLIENT_VARIABLES: [&str; 1] = ["DAYPASS_ENDPOINT"];

/// The setting of this name, if there is one.
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The setting a person most likely meant.
pub(crate) fn nearest(name: &str) -> &'static str {
    let plain = name.to_ascii_lowercase().replace('-', "_");
    KEYS.iter()
        .map(|key| key.name)
        .min_by_key(|known| strsim::damerau_levenshtein(&plain, known))
        .unwrap_or_default()
}

/// The variable of a setting.
pub(crate) fn variable(name: &str) -> String {
    format!("{PREFIX}{}", name.to_ascii_uppercase())
}

/// The flag of a setting.
pub(crate) fn flag(name: &str) -> String {
    format!("--{}", name.replace('_', "-"))
}
