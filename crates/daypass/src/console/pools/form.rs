//! The form of a pool's settings: what people type, what the API takes, what is to be put right.
//!
//! The rules are the API's own patterns and limits, so what passes here passes there.
//!
//! **Source**: Cognito identity API reference, *CreateIdentityPool*; users page, section 7 (S5).

use std::collections::BTreeMap;

use daypass_core::pool::{SOCIAL_PROVIDERS, is_user_pool_name};
use daypass_core::{limits, tags};
use daypass_wire::pattern::{LABEL, Pattern, WORD_DOT_DASH, WORD_SEMICOLON_SLASH, WORD_UNDERSCORE};

use crate::api::pools::{CognitoIdentityProvider, IdentityPool};
use crate::console::fields::Fields;
use crate::console::parts::{FieldError, error_of};

/// Characters of a pool's name and of a developer provider name, at most.
const NAME_CHARS_MAX: usize = 128;

/// What the lines of the preview say before anything is typed.
pub(super) const EXAMPLE_PROVIDER: &str = "login.example.app";

/// What is typed in the form.
#[derive(Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a check box, or says whether a field may be typed in"
)]
pub(super) struct PoolForm {
    /// The name.
    pub(super) name: String,
    /// Whether the name was seen to be another pool's too, and is wanted nevertheless.
    pub(super) same_name: bool,
    /// Whether guests get identities.
    pub(super) guests: bool,
    /// The developer provider name.
    pub(super) developer: String,
    /// Whether that name is set already, so that it stays.
    pub(super) developer_fixed: bool,
    /// Whether it is understood that the name can never change.
    pub(super) understood: bool,
    /// Whether the classic flow works.
    pub(super) classic: bool,
    /// Social providers.
    pub(super) social: Vec<Social>,
    /// ARNs of OpenID Connect providers, one a line.
    pub(super) oidc: String,
    /// Cognito user pools, one a line.
    pub(super) user_pools: String,
    /// ARNs of SAML providers, one a line.
    pub(super) saml: String,
    /// Tags, one a line.
    pub(super) tags: String,
    /// What is to be put right.
    pub(super) errors: Vec<FieldError>,
}

/// One social provider.
#[derive(Clone, Debug)]
pub(super) struct Social {
    /// The name of its field.
    pub(super) field: String,
    /// The provider's domain, as the API names it.
    pub(super) domain: &'static str,
    /// The app's id there; empty for none.
    pub(super) app: String,
}

impl PoolForm {
    /// The form before anything is typed.
    pub(super) fn blank() -> Self {
        Self {
            social: social(|_| String::new()),
            ..Self::default()
        }
    }

    /// What was sent. A developer provider name that is `fixed` is not read from the form.
    pub(super) fn sent(fields: &Fields, fixed: Option<&str>) -> Self {
        Self {
            name: fields.trimmed("name").to_owned(),
            same_name: fields.has("same_name"),
            guests: fields.has("guests"),
            developer: fixed
                .unwrap_or_else(|| fields.trimmed("developer"))
                .to_owned(),
            developer_fixed: fixed.is_some(),
            understood: fields.has("understood"),
            classic: fields.has("classic"),
            social: social(|domain| fields.trimmed(&social_field(domain)).to_owned()),
            oidc: fields.get("oidc").to_owned(),
            user_pools: fields.get("user_pools").to_owned(),
            saml: fields.get("saml").to_owned(),
            tags: fields.get("tags").to_owned(),
            errors: Vec::new(),
        }
    }

    /// The settings of a pool that is there.
    pub(super) fn of(pool: &IdentityPool) -> Self {
        let user_pool = |provider: &CognitoIdentityProvider| {
            let check = if provider.server_side_token_check {
                " check"
            } else {
                ""
            };
            format!("{} {}{check}", provider.provider_name, provider.client_id)
        };
        let tag = |(key, value): (&String, &String)| format!("{key}={value}");
        let social_providers = &pool.supported_login_providers;
        Self {
            name: pool.identity_pool_name.clone(),
            guests: pool.allow_unauthenticated_identities,
            developer: pool.developer_provider_name.clone().unwrap_or_default(),
            developer_fixed: pool.developer_provider_name.is_some(),
            // The API counts a pool that does not say as one that allows it.
            classic: pool.allow_classic_flow.unwrap_or(true),
            social: social(|domain| social_providers.get(domain).cloned().unwrap_or_default()),
            oidc: pool.open_id_connect_provider_arns.join("\n"),
            user_pools: lines_of(pool.cognito_identity_providers.iter().map(user_pool)),
            saml: pool.saml_provider_arns.join("\n"),
            tags: lines_of(pool.identity_pool_tags.iter().map(tag)),
            ..Self::default()
        }
    }

    /// The developer provider name in the lines of the preview.
    pub(super) fn example(&self) -> &str {
        if self.developer.is_empty() {
            EXAMPLE_PROVIDER
        } else {
            &self.developer
        }
    }

    /// What is wrong with a field, or nothing.
    pub(super) fn error(&self, field: &str) -> &str {
        error_of(&self.errors, field)
    }

    /// Whether a social provider is given, or wrong.
    pub(super) fn has_social(&self) -> bool {
        let mut fields = self.social.iter();
        fields.any(|one| !one.app.is_empty() || !self.error(&one.field).is_empty())
    }

    /// Whether a field that is folded away has something to show.
    pub(super) fn shows(&self, field: &str, text: &str) -> bool {
        !text.trim().is_empty() || !self.error(field).is_empty()
    }

    /// Notes what is wrong with a field.
    pub(super) fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.errors.push(FieldError {
            field: field.to_owned(),
            message: message.into(),
        });
    }

    /// The settings as the API takes them; what is wrong with them is noted in the form.
    pub(super) fn read(&mut self) -> IdentityPool {
        self.check_name();
        self.check_developer();
        let pool = IdentityPool {
            identity_pool_id: String::new(),
            identity_pool_name: self.name.clone(),
            allow_unauthenticated_identities: self.guests,
            allow_classic_flow: Some(self.classic),
            developer_provider_name: (!self.developer.is_empty()).then(|| self.developer.clone()),
            supported_login_providers: self.read_social(),
            open_id_connect_provider_arns: self.read_arns("oidc"),
            cognito_identity_providers: self.read_user_pools(),
            saml_provider_arns: self.read_arns("saml"),
            identity_pool_tags: self.read_tags(),
        };
        if self.errors.is_empty() && !lets_anybody_in(&pool) {
            self.wrong(
                "developer",
                "A pool needs at least one way in: name your own login here, let guests in, or \
                 add another provider below.",
            );
        }
        pool
    }

    fn check_name(&mut self) {
        if self.name.is_empty() {
            self.wrong("name", "Give the pool a name.");
        } else if !fits(&self.name, &LABEL) {
            self.wrong(
                "name",
                "Use up to 128 letters (A to Z), digits, spaces and + = , . @ - _ in the name.",
            );
        }
    }

    fn check_developer(&mut self) {
        if self.developer.is_empty() || self.developer_fixed {
            return;
        }
        if !fits(&self.developer, &WORD_DOT_DASH) {
            self.wrong(
                "developer",
                "Use up to 128 letters (A to Z), digits, dots, dashes and underscores in the \
                 developer provider name, without spaces.",
            );
        } else if !self.understood {
            self.wrong(
                "understood",
                "Please tick that you know: the developer provider name can never change.",
            );
        }
    }

    fn read_social(&mut self) -> BTreeMap<String, String> {
        let given: Vec<Social> = self.social.clone();
        let given = given.into_iter().filter(|one| !one.app.is_empty());
        let mut providers = BTreeMap::new();
        for one in given {
            if !fits(&one.app, &WORD_SEMICOLON_SLASH) {
                let message = format!(
                    "The app id at {} has a character no app id has.",
                    one.domain
                );
                self.wrong(&one.field, message);
            }
            providers.insert(one.domain.to_owned(), one.app);
        }
        providers
    }

    fn read_arns(&mut self, field: &str) -> Vec<String> {
        let (text, kind) = if field == "oidc" {
            (&self.oidc, "oidc-provider/")
        } else {
            (&self.saml, "saml-provider/")
        };
        let arns: Vec<String> = lines(text).map(str::to_owned).collect();
        let wrong = arns.iter().find(|arn| !is_arn_of(arn, kind)).cloned();
        if let Some(wrong) = wrong {
            let message = format!(
                "“{wrong}” is not the ARN of such a provider. It looks like \
                 arn:aws:iam::123456789012:{kind}name."
            );
            self.wrong(field, message);
        }
        arns
    }

    fn read_user_pools(&mut self) -> Vec<CognitoIdentityProvider> {
        let mut providers = Vec::new();
        let mut wrong = None;
        for line in lines(&self.user_pools) {
            match user_pool(line) {
                Some(provider) => providers.push(provider),
                None => wrong = wrong.or(Some(line.to_owned())),
            }
        }
        if let Some(wrong) = wrong {
            let message = format!(
                "“{wrong}” does not read. Write the provider name, a space and the app client id."
            );
            self.wrong("user_pools", message);
        }
        providers
    }

    fn read_tags(&mut self) -> BTreeMap<String, String> {
        let (found, wrong) = read_tags(&self.tags);
        if let Some(wrong) = wrong {
            self.wrong("tags", wrong);
        }
        found
    }
}

/// Whether anybody gets an identity of a pool.
fn lets_anybody_in(pool: &IdentityPool) -> bool {
    pool.allow_unauthenticated_identities
        || pool.developer_provider_name.is_some()
        || !pool.supported_login_providers.is_empty()
        || !pool.open_id_connect_provider_arns.is_empty()
        || !pool.cognito_identity_providers.is_empty()
        || !pool.saml_provider_arns.is_empty()
}

fn social(app: impl Fn(&'static str) -> String) -> Vec<Social> {
    let one = |domain| Social {
        field: social_field(domain),
        domain,
        app: app(domain),
    };
    SOCIAL_PROVIDERS.into_iter().map(one).collect()
}

fn social_field(domain: &str) -> String {
    format!("social-{}", domain.replace('.', "-"))
}

fn fits(text: &str, pattern: &Pattern) -> bool {
    text.chars().count() <= NAME_CHARS_MAX && (pattern.matches)(text)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn lines_of(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

fn is_arn_of(arn: &str, kind: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let named = |resource: &str| {
        resource
            .strip_prefix(kind)
            .is_some_and(|name| !name.is_empty())
    };
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource] => {
            !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && named(resource)
                && arn.len() <= 2_048
        }
        _ => false,
    }
}

/// `cognito-idp.<region>.amazonaws.com/<pool> <client id>`, and `check` behind it or not.
fn user_pool(line: &str) -> Option<CognitoIdentityProvider> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (name, client, check) = match words.as_slice() {
        [name, client] => (name, client, false),
        [name, client, "check"] => (name, client, true),
        _ => return None,
    };
    let reads = is_user_pool_name(name) && name.len() <= 128 && fits(client, &WORD_UNDERSCORE);
    reads.then(|| CognitoIdentityProvider {
        provider_name: (*name).to_owned(),
        client_id: (*client).to_owned(),
        server_side_token_check: check,
    })
}

/// The tags, and the first thing that is wrong with them.
fn read_tags(text: &str) -> (BTreeMap<String, String>, Option<String>) {
    let mut found = BTreeMap::new();
    let mut wrong = None;
    for line in lines(text) {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        let fault = if key.is_empty() || key.chars().count() > limits::TAG_KEY_CHARS_MAX {
            "needs a key of 1 to 128 characters before the ="
        } else if value.chars().count() > limits::TAG_VALUE_CHARS_MAX {
            "has a value of more than 256 characters"
        } else if tags::is_reserved(key) {
            "begins with aws:, which is reserved"
        } else if found.contains_key(key) {
            "has a key that comes twice"
        } else {
            found.insert(key.to_owned(), value.to_owned());
            continue;
        };
        wrong = wrong.or_else(|| Some(format!("The tag “{line}” {fault}.")));
    }
    if found.len() > limits::TAGS_MAX {
        wrong = wrong.or_else(|| Some("A pool has at most 50 tags.".to_owned()));
    }
    (found, wrong)
}

#[cfg(test)]
mod tests;
