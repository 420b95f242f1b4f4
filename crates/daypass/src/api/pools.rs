//! Identity pools, their roles, and the exchange itself.
//!
//! **Source**: Amazon Cognito identity API reference.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::mappings::RoleMapping;
use super::{Api, CallError, Json, PAGES_MAX, insert};

/// An identity pool as the API shows it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct IdentityPool {
    /// Its id.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) identity_pool_id: String,
    /// Its name.
    pub(crate) identity_pool_name: String,
    /// Whether guests get identities.
    pub(crate) allow_unauthenticated_identities: bool,
    /// Whether the classic flow works.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allow_classic_flow: Option<bool>,
    /// Social providers: their key and the app's id there.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) supported_login_providers: BTreeMap<String, String>,
    /// What the developer's own login is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) developer_provider_name: Option<String>,
    /// OpenID Connect providers.
    #[serde(
        rename = "OpenIdConnectProviderARNs",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(crate) open_id_connect_provider_arns: Vec<String>,
    /// Cognito user pools.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) cognito_identity_providers: Vec<CognitoIdentityProvider>,
    /// SAML providers.
    #[serde(rename = "SamlProviderARNs", skip_serializing_if = "Vec::is_empty")]
    pub(crate) saml_provider_arns: Vec<String>,
    /// Tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) identity_pool_tags: BTreeMap<String, String>,
}

/// A Cognito user pool that identities log in with.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct CognitoIdentityProvider {
    /// `cognito-idp.<region>.amazonaws.com/<pool>`.
    pub(crate) provider_name: String,
    /// The app's id there.
    pub(crate) client_id: String,
    /// Whether a token is checked with the user pool, too.
    pub(crate) server_side_token_check: bool,
}

/// A row of the list of pools.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PoolRow {
    /// Its id.
    pub(crate) identity_pool_id: String,
    /// Its name.
    pub(crate) identity_pool_name: String,
}

/// The roles of a pool.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PoolRoles {
    /// `authenticated` and `unauthenticated`, each an ARN.
    pub(crate) roles: BTreeMap<String, String>,
    /// Role mappings, by provider.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) role_mappings: BTreeMap<String, RoleMapping>,
}

/// A page of the list of pools.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PoolPage {
    /// The rows.
    pub(crate) identity_pools: Vec<PoolRow>,
    /// Where the next page begins.
    pub(crate) next_token: Option<String>,
}

/// A token for a developer's user.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct DeveloperToken {
    /// The identity.
    pub(crate) identity_id: String,
    /// The token.
    pub(crate) token: String,
}

/// What a developer token is asked with.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenRequest<'a> {
    /// The pool.
    pub(crate) identity_pool_id: &'a str,
    /// The developer provider name.
    pub(crate) provider: &'a str,
    /// The user's id in the developer's own system.
    pub(crate) user: &'a str,
    /// The identity to link to, if it is known.
    pub(crate) identity_id: Option<&'a str>,
    /// How long the token lives.
    pub(crate) duration_seconds: Option<i64>,
    /// Principal tags.
    pub(crate) tags: BTreeMap<String, String>,
}

impl TokenRequest<'_> {
    /// The operation's input.
    pub(crate) fn input(&self) -> serde_json::Value {
        let mut input = json!({
            "IdentityPoolId": self.identity_pool_id,
            "Logins": {self.provider: self.user},
        });
        if let Some(identity) = self.identity_id {
            insert(&mut input, "IdentityId", json!(identity));
        }
        if let Some(seconds) = self.duration_seconds {
            insert(&mut input, "TokenDuration", json!(seconds));
        }
        if !self.tags.is_empty() {
            insert(&mut input, "PrincipalTags", json!(self.tags));
        }
        input
    }
}

impl Api<'_> {
    /// One page of the pools.
    pub(crate) async fn pool_page(&self, next_token: Option<&str>) -> Result<PoolPage, CallError> {
        let mut input = json!({"MaxResults": 60});
        if let Some(token) = next_token {
            insert(&mut input, "NextToken", json!(token));
        }
        self.json(Json::Cognito, "ListIdentityPools", &input).await
    }

    /// All pools, as far as a list of them is bearable.
    pub(crate) async fn pools(&self) -> Result<Vec<PoolRow>, CallError> {
        let mut rows = Vec::new();
        let mut next: Option<String> = None;
        for _ in 0..PAGES_MAX {
            let page = self.pool_page(next.as_deref()).await?;
            rows.extend(page.identity_pools);
            next = page.next_token;
            if next.is_none() {
                break;
            }
        }
        Ok(rows)
    }

    /// A pool.
    pub(crate) async fn pool(&self, id: &str) -> Result<IdentityPool, CallError> {
        let input = json!({"IdentityPoolId": id});
        self.json(Json::Cognito, "DescribeIdentityPool", &input)
            .await
    }

    /// Creates a pool.
    pub(crate) async fn create_pool(&self, pool: &IdentityPool) -> Result<IdentityPool, CallError> {
        self.json(Json::Cognito, "CreateIdentityPool", &json!(pool))
            .await
    }

    /// Replaces a pool's settings by these.
    pub(crate) async fn update_pool(&self, pool: &IdentityPool) -> Result<IdentityPool, CallError> {
        self.json(Json::Cognito, "UpdateIdentityPool", &json!(pool))
            .await
    }

    /// Deletes a pool and its identities.
    pub(crate) async fn delete_pool(&self, id: &str) -> Result<(), CallError> {
        let input = json!({"IdentityPoolId": id});
        self.json::<serde_json::Value>(Json::Cognito, "DeleteIdentityPool", &input)
            .await?;
        Ok(())
    }

    /// The roles of a pool.
    pub(crate) async fn pool_roles(&self, id: &str) -> Result<PoolRoles, CallError> {
        let input = json!({"IdentityPoolId": id});
        self.json(Json::Cognito, "GetIdentityPoolRoles", &input)
            .await
    }

    /// Gives a pool its roles; mappings that are not given are gone.
    pub(crate) async fn set_pool_roles(
        &self,
        id: &str,
        roles: &PoolRoles,
    ) -> Result<(), CallError> {
        let mut input = json!(roles);
        insert(&mut input, "IdentityPoolId", json!(id));
        self.json::<serde_json::Value>(Json::Cognito, "SetIdentityPoolRoles", &input)
            .await?;
        Ok(())
    }

    /// A token for a developer's user.
    pub(crate) async fn developer_token(
        &self,
        request: &TokenRequest<'_>,
    ) -> Result<DeveloperToken, CallError> {
        let operation = "GetOpenIdTokenForDeveloperIdentity";
        self.json(Json::Cognito, operation, &request.input()).await
    }
}
