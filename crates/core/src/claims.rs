//! What our tokens say.
//!
//! **Source**: contract page sections 4.3 to 4.5 (token claims and `amr` contents).

use daypass_proof::jwt::TokenClaims;

use crate::identity::DeveloperUserIdentifier;
use crate::ids::{AccountId, IdentityId, Region, identity_pool_arn};
use crate::pool::IdentityPool;
use crate::tags::PrincipalTags;
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

/// The claims of a developer token.
pub fn developer(
    deployment: Deployment<'_>,
    pool: &IdentityPool,
    identity: &IdentityId,
    user: &DeveloperUserIdentifier,
    tags: &PrincipalTags,
    lifetime: Lifetime,
    now: Timestamp,
) -> TokenClaims {
    let mut amr = vec![AUTHENTICATED.to_owned()];
    if let Some(provider) = &pool.settings.developer_provider {
        amr.push(provider.as_str().to_owned());
        amr.push(format!(
            "{}:{}:{}",
            provider.as_str(),
            pool.id,
            user.as_str()
        ));
    }
    claims(deployment, pool, identity, amr, tags, lifetime, now)
}

/// The developer user a token of `pool` was made for, as its `amr` names them.
pub fn developer_user(pool: &IdentityPool, amr: &[String]) -> Option<DeveloperUserIdentifier> {
    let provider = pool.settings.developer_provider.as_ref()?;
    let before = format!("{}:{}:", provider.as_str(), pool.id);
    let user = amr.iter().find_map(|method| method.strip_prefix(&before))?;
    Some(DeveloperUserIdentifier::new(user.to_owned()))
}

/// The claims of a guest's token.
pub fn guest(
    deployment: Deployment<'_>,
    pool: &IdentityPool,
    identity: &IdentityId,
    lifetime: Lifetime,
    now: Timestamp,
) -> TokenClaims {
    let amr = vec![UNAUTHENTICATED.to_owned()];
    claims(
        deployment,
        pool,
        identity,
        amr,
        &PrincipalTags::default(),
        lifetime,
        now,
    )
}

fn claims(
    deployment: Deployment<'_>,
    pool: &IdentityPool,
    identity: &IdentityId,
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
        let claims = developer(
            deployment,
            &pool,
            &identity,
            &user,
            &tags,
            Lifetime::from_seconds(900),
            now,
        );
        assert_eq!(
            claims.amr,
            ["authenticated", "login.app", "login.app:us-east-1:bb:a:b|c"]
        );
        assert_eq!(developer_user(&pool, &claims.amr), Some(user));
        assert_eq!(developer_user(&pool, &claims.amr[..2]), None);
        assert_eq!((claims.issued_at, claims.expires_at), (1, 901));
        assert_eq!(
            claims.pool_arn,
            "arn:aws:cognito-identity:us-east-1:000000000000:identitypool/us-east-1:bb"
        );
        let guest = guest(
            deployment,
            &pool,
            &identity,
            Lifetime::from_seconds(600),
            now,
        );
        assert_eq!(guest.amr, ["unauthenticated"]);
    }
}
