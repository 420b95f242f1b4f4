//! What our tokens say.
//!
//! **Source**: contract page sections 4.3 to 4.5 (token claims and `amr` contents).

use daypass_proof::jwt::TokenClaims;

use crate::identity::{DeveloperUserIdentifier, Identity};
use crate::ids::{AccountId, IdentityId, Region, identity_pool_arn};
use crate::login::PublicLogin;
use crate::pool::IdentityPool;
use crate::tags::{PrincipalTags, TagError};
use crate::time::{Lifetime, Timestamp};

/// `amr` of an identity that showed a login.
pub const AUTHENTICATED: &str = "authenticated";
/// `amr` of a guest.
pub const UNAUTHENTICATED: &str = "unauthenticated";

/// What every token of a deployment has in common.
#[derive(Clone, Copy, Debug)]
pub struct Deployment<'a> {
    /// Who issues: the `iss` claim.
    pub issuer: &'a str,
    /// Where.
    pub region: &'a Region,
    /// For whom.
    pub account: &'a AccountId,
}

/// The claims of a token for `identity`, which showed who it is in the way of `amr`.
pub fn token(
    deployment: Deployment<'_>,
    (pool, identity): (&IdentityPool, &IdentityId),
    amr: Vec<String>,
    tags: &PrincipalTags,
    lifetime: Lifetime,
    now: Timestamp,
) -> TokenClaims {
    TokenClaims {
        subject: identity.to_string(),
        audience: pool.id.to_string(),
        amr,
        principal_tags: tags.as_map().clone(),
        issuer: deployment.issuer.to_owned(),
        pool_arn: identity_pool_arn(deployment.region, deployment.account, &pool.id),
        expires_at: now.plus(lifetime).seconds(),
        issued_at: now.seconds(),
    }
}

/// `amr` of somebody who showed these logins in this call: the developer's first, then the public
/// ones by the names of their providers. Of a guest, who showed none, that it is one.
pub fn amr(
    pool: &IdentityPool,
    user: Option<&DeveloperUserIdentifier>,
    public: &[PublicLogin],
) -> Vec<String> {
    if user.is_none() && public.is_empty() {
        return vec![UNAUTHENTICATED.to_owned()];
    }
    let mut amr = vec![AUTHENTICATED.to_owned()];
    if let (Some(provider), Some(user)) = (&pool.settings.developer_provider, user) {
        let provider = provider.as_str();
        amr.push(provider.to_owned());
        amr.push(format!("{provider}:{}:{}", pool.id, user.as_str()));
    }
    for shown in in_order(public) {
        amr.push(shown.login.provider().to_string());
        amr.push(shown.amr_entry.clone());
    }
    amr
}

/// `amr` of a token of ours, with the public logins that were shown beside it.
pub fn amr_beside(mut amr: Vec<String>, public: &[PublicLogin]) -> Vec<String> {
    for shown in in_order(public) {
        let provider = shown.login.provider().as_str();
        if !amr.iter().any(|method| method == provider) {
            amr.push(provider.to_owned());
            amr.push(shown.amr_entry.clone());
        }
    }
    amr
}

/// The tags that the pool's attribute maps make of these logins. Where two of them give one key,
/// the provider whose name comes first has its way.
///
/// **Errors**: as [`IdentityPool::tags_of_login`], and for more tags than a session has.
pub fn tags(pool: &IdentityPool, public: &[PublicLogin]) -> Result<PrincipalTags, TagError> {
    let mut all = PrincipalTags::default();
    for shown in in_order(public) {
        let claim = |name: &str| shown.claims.first(name).map(str::to_owned);
        let tags = pool.tags_of_login(shown.login.provider().as_str(), claim)?;
        all = PrincipalTags::new(all.over(tags.as_map()))?;
    }
    Ok(all)
}

fn in_order(public: &[PublicLogin]) -> Vec<&PublicLogin> {
    let mut ordered: Vec<&PublicLogin> = public.iter().collect();
    ordered.sort_by(|one, other| one.login.provider().cmp(other.login.provider()));
    ordered
}

/// Whether a login that a token of `pool` was made for is still one of `identity`.
///
/// **Shape**: in `amr` each provider's name stands before what is said of its user, which ends with
/// the user: `login.app`, `login.app:<pool>:user-1`.
pub fn is_of(pool: &IdentityPool, identity: &Identity, amr: &[String]) -> bool {
    let developer = pool.settings.developer_provider.as_ref();
    let mut pairs = amr.iter().zip(amr.iter().skip(1));
    pairs.any(|(provider, entry)| {
        if developer.is_some_and(|developer| developer.as_str() == provider) {
            let user = entry.strip_prefix(&format!("{provider}:{}:", pool.id));
            let user = user.map(|user| DeveloperUserIdentifier::new(user.to_owned()));
            return user.is_some_and(|user| identity.developer_users.contains(&user));
        }
        let mut logins = identity.public_logins.iter();
        let linked = logins.find(|(name, _)| name.as_str() == provider);
        linked.is_some_and(|(_, subject)| user_of(provider, entry) == Some(subject.as_str()))
    })
}

/// The user in what `amr` says of a public login. All but SAML providers put a client or a kind
/// before the user.
fn user_of<'e>(provider: &str, entry: &'e str) -> Option<&'e str> {
    let (_, said) = entry.split_once(provider)?;
    let said = said.strip_prefix(':')?;
    if provider.starts_with("arn:") {
        return Some(said);
    }
    said.split_once(':').map(|(_, user)| user)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::pool::{DeveloperProvider, Settings};

    #[test]
    fn a_developer_token_names_provider_pool_and_user() {
        let settings = Settings {
            developer_provider: Some(DeveloperProvider::new("login.app".into())),
            ..Settings::default()
        };
        let now = Timestamp::from_millis(1_999);
        let pool = IdentityPool::create(
            "us-east-1:bb".parse().unwrap(),
            settings,
            BTreeMap::new(),
            now,
        )
        .unwrap();
        let (region, account) = (
            "us-east-1".parse().unwrap(),
            "000000000000".parse().unwrap(),
        );
        let deployment = Deployment {
            issuer: "https://id.example",
            region: &region,
            account: &account,
        };
        let user = DeveloperUserIdentifier::new("a:b|c".into());
        let identity = "us-east-1:aa".parse().unwrap();
        let tags = PrincipalTags::default();
        let lifetime = Lifetime::from_seconds(900);
        let amr = amr(&pool, Some(&user), &[]);
        let claims = token(deployment, (&pool, &identity), amr, &tags, lifetime, now);
        assert_eq!(
            claims.amr,
            ["authenticated", "login.app", "login.app:us-east-1:bb:a:b|c"]
        );
        assert_eq!((claims.issued_at, claims.expires_at), (1, 901));
        assert_eq!(
            claims.pool_arn,
            "arn:aws:cognito-identity:us-east-1:000000000000:identitypool/us-east-1:bb"
        );
        assert_eq!(super::amr(&pool, None, &[]), ["unauthenticated"]);
    }

    #[test]
    fn a_token_is_of_an_identity_that_has_a_login_it_was_made_for() {
        let settings = Settings {
            developer_provider: Some(DeveloperProvider::new("login.app".into())),
            ..Settings::default()
        };
        let (pool_id, now) = ("r:bb".parse().unwrap(), Timestamp::from_seconds(1));
        let pool = IdentityPool::create(pool_id, settings, BTreeMap::new(), now).unwrap();
        let mut identity = Identity::guest("r:aa".parse().unwrap(), pool.id.clone(), now);
        let saml = "arn:aws:iam::123456789012:saml-provider/corp";
        let user_pool = "cognito-idp.us-east-1.amazonaws.com/us-east-1_A";
        let logins = [
            ("id.example/x", "1"),
            (saml, "a:7"),
            (user_pool, "u:2"),
            ("www.amazon.com", "3"),
        ];
        for (provider, user) in logins {
            let user = daypass_proof::login::Subject::stored(user.to_owned());
            identity
                .public_logins
                .insert(provider.parse().unwrap(), user);
        }
        identity
            .developer_users
            .insert(DeveloperUserIdentifier::new("ana".into()));
        let is_of = |provider: &str, entry: &str| {
            let amr = ["authenticated", provider, entry].map(str::to_owned);
            is_of(&pool, &identity, &amr)
        };
        let oidc = "arn:aws:iam::123456789012:oidc-provider/id.example/x:OIDC:1";
        assert!(is_of("id.example/x", oidc));
        assert!(!is_of("id.example/x", &oidc.replace("OIDC:1", "OIDC:x:1")));
        assert!(is_of(saml, &format!("{saml}:a:7")));
        assert!(!is_of(saml, &format!("{saml}:7")));
        assert!(is_of(user_pool, &format!("{user_pool}:CognitoSignIn:u:2")));
        assert!(is_of("www.amazon.com", "www.amazon.com:app:3"));
        assert!(!is_of("www.amazon.com", "www.amazon.com:app:4"));
        assert!(is_of("login.app", "login.app:r:bb:ana"));
        assert!(!is_of("login.app", "login.app:r:bb:bob"));
        assert!(!is_of("login.app", "login.app:r:cc:ana"));
        assert!(!is_of("graph.facebook.com", "graph.facebook.com:app:3"));
    }
}
