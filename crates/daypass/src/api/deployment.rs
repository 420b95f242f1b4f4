//! The deployment itself: what happens on it, and how it is set up.
//!
//! **Source**: the `daypass` face (COMPATIBILITY, what AWS has no operation for).

use bytes::Bytes;
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Api, CallError, Json, accepted, insert};

/// What has happened lately.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Activity {
    /// When counting began or the range begins, in seconds since the epoch.
    pub(crate) since: i64,
    /// The server's clock.
    pub(crate) now: i64,
    /// Every hour of the range, oldest first.
    pub(crate) hours: Vec<Hour>,
    /// Refusals by reason, most frequent first.
    pub(crate) refusals: Vec<ReasonCount>,
    /// Logins by provider.
    pub(crate) logins: Vec<ProviderCount>,
    /// Figures by pool.
    pub(crate) pools: Vec<PoolActivity>,
    /// New identities in this calendar month.
    pub(crate) identities_this_month: u64,
}

/// One hour.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Hour {
    /// When it began, in seconds since the epoch.
    pub(crate) hour: i64,
    /// Tokens minted.
    pub(crate) tokens: u64,
    /// Credentials vended.
    pub(crate) credentials: u64,
    /// Identities created.
    pub(crate) new_identities: u64,
    /// Requests refused.
    pub(crate) refusals: u64,
}

/// How often a reason refused.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ReasonCount {
    /// The reason code.
    pub(crate) reason: String,
    /// How often.
    pub(crate) count: u64,
}

/// How often a provider logged somebody in.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct ProviderCount {
    /// The provider.
    pub(crate) provider: String,
    /// How often.
    pub(crate) count: u64,
}

/// The figures of one pool.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct PoolActivity {
    /// The pool.
    pub(crate) identity_pool_id: String,
    /// Tokens minted.
    pub(crate) tokens: u64,
    /// Credentials vended.
    pub(crate) credentials: u64,
    /// Identities created.
    pub(crate) new_identities: u64,
    /// When it last minted or vended, in seconds since the epoch.
    pub(crate) last_issued: Option<i64>,
}

/// How the deployment is set up.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Deployment {
    /// The version that runs.
    pub(crate) version: String,
    /// Its id.
    pub(crate) deployment_id: String,
    /// Its account.
    pub(crate) account_id: String,
    /// Its Region.
    pub(crate) region: String,
    /// The issuer of its tokens.
    pub(crate) issuer: String,
    /// Where clients reach it.
    pub(crate) public_url: String,
    /// Whether refusals tell their reason.
    pub(crate) development: bool,
    /// The server's clock, in seconds since the epoch.
    pub(crate) now: i64,
    /// When it started.
    pub(crate) started_at: i64,
    /// The settings in force.
    pub(crate) settings: Vec<Setting>,
    /// The keys that sign tokens.
    pub(crate) signing_keys: Vec<SigningKey>,
}

/// One setting.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct Setting {
    /// Its name.
    pub(crate) name: String,
    /// Its value; secrets are stars.
    pub(crate) value: String,
    /// Where it came from.
    pub(crate) source: String,
}

/// A key that signs tokens.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct SigningKey {
    /// Its id.
    pub(crate) key_id: String,
    /// `active` or `retired`.
    pub(crate) state: String,
    /// When it was created, in seconds since the epoch, if that is known.
    pub(crate) created_at: Option<i64>,
    /// When it was retired.
    pub(crate) retired_at: Option<i64>,
}

/// How many identities a pool has.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct IdentityCount {
    /// As many as were counted.
    pub(crate) count: u64,
    /// Whether there are no more.
    pub(crate) complete: bool,
}

impl Api<'_> {
    /// What has happened in the last hours, on the whole or in one pool.
    pub(crate) async fn activity(
        &self,
        hours: u32,
        pool: Option<&str>,
    ) -> Result<Activity, CallError> {
        let mut input = json!({"Hours": hours});
        if let Some(pool) = pool {
            insert(&mut input, "IdentityPoolId", json!(pool));
        }
        self.json(Json::Daypass, "GetActivity", &input).await
    }

    /// How the deployment is set up.
    pub(crate) async fn deployment(&self) -> Result<Deployment, CallError> {
        self.json(Json::Daypass, "DescribeDeployment", &json!({}))
            .await
    }

    /// How many identities a pool has, counted up to a bound.
    pub(crate) async fn count_identities(&self, pool: &str) -> Result<IdentityCount, CallError> {
        let input = json!({"IdentityPoolId": pool});
        self.json(Json::Daypass, "CountIdentities", &input).await
    }
    /// Who issues the tokens here, as the discovery document says.
    pub(crate) async fn issuer(&self) -> Result<String, CallError> {
        let body = self.published("/.well-known/openid-configuration").await?;
        let document: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
        let issuer = document.get("issuer").and_then(|issuer| issuer.as_str());
        Ok(issuer.unwrap_or_default().to_owned())
    }

    /// The keys that tokens are verified with, as they are published.
    pub(crate) async fn key_set(&self) -> Result<Bytes, CallError> {
        self.published("/.well-known/jwks.json").await
    }

    /// A document that anybody may read.
    async fn published(&self, path: &str) -> Result<Bytes, CallError> {
        let public = self.with_keys(None);
        Ok(accepted(public.s3(Method::GET, path, Vec::new()).await?)?.body)
    }
}
