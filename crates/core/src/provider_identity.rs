//! Who an identity provider of the account says is behind a session.
//!
//! Identity pools vouch for identities of ours; an OIDC provider that is registered in the account
//! vouches for somebody we know nothing else about. What it says goes into the trust decision, and a
//! little of it stays with the session.
//!
//! **Source**: contract page, STS sections 2.6, 3.3 and 3.4.

use std::collections::BTreeMap;

use daypass_policy::Context;
use daypass_proof::jwt::VerifiedToken;
use daypass_proof::login::LoginClaims;

/// The claim that names the source identity of a session.
const SOURCE_IDENTITY: &str = "https://aws.amazon.com/source_identity";

/// A user of an identity provider, as a session carries them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProviderIdentity {
    /// The provider's ARN.
    pub provider_arn: String,
    /// The condition keys that every request of the session has.
    pub keys: BTreeMap<String, Vec<String>>,
}

/// What a verified token says, for a trust policy and for the session it opens.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PresentedIdentity {
    /// Who it is, as the session will carry it.
    pub identity: ProviderIdentity,
    /// Further condition keys of the trust decision alone.
    pub trust_keys: BTreeMap<String, Vec<String>>,
    /// The user, by the provider's name.
    pub subject: String,
    /// The client the token is for.
    pub audience: String,
    /// The source identity the token asks for.
    pub source_identity: Option<String>,
}

impl PresentedIdentity {
    /// What an ID token of a registered provider says.
    ///
    /// **Shape**: `name` is the provider's host and path. In the session stay `<name>:aud`, `:sub`
    /// and `:amr`; the trust decision has `<name>:<claim>` for every claim that is a text or a list
    /// of texts, too.
    pub fn of_token(provider_arn: String, name: &str, token: &VerifiedToken) -> Self {
        let name = name.strip_suffix('/').unwrap_or(name);
        let key = |suffix: &str| format!("{name}:{suffix}");
        let claims = LoginClaims::of_token(token);
        let mut trust_keys: BTreeMap<_, _> = claims
            .iter()
            .map(|(claim, values)| (key(claim), values.to_vec()))
            .collect();
        let audience = match token.authorized_party() {
            Some(party) => {
                trust_keys.insert(key("oaud"), token.audience().to_vec());
                vec![party.to_owned()]
            }
            None => token.audience().to_vec(),
        };
        let subject = token.subject().to_owned();
        let mut keys = BTreeMap::from([
            (key("aud"), audience.clone()),
            (key("sub"), vec![subject.clone()]),
        ]);
        if !token.amr().is_empty() {
            keys.insert(key("amr"), token.amr().to_vec());
        }
        trust_keys.retain(|key, _| !keys.contains_key(key));
        Self {
            audience: audience.into_iter().next().unwrap_or_default(),
            identity: ProviderIdentity { provider_arn, keys },
            source_identity: claims.first(SOURCE_IDENTITY).map(str::to_owned),
            trust_keys,
            subject,
        }
    }
}

impl ProviderIdentity {
    /// Fills the keys that a session of this user carries into every request.
    pub fn fill(&self, context: &mut Context) {
        context.set("aws:FederatedProvider", self.provider_arn.clone());
        fill(&self.keys, context);
    }
}

/// Fills condition keys. The methods of an authentication are a list even if there is one.
pub fn fill(keys: &BTreeMap<String, Vec<String>>, context: &mut Context) {
    for (key, values) in keys {
        match values.as_slice() {
            [one] if !key.ends_with(":amr") => context.set(key, one.clone()),
            _ => context.set_many(key, values.clone()),
        }
    }
}
